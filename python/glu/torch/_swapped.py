"""The modules that stand in a model in the place of others."""

import inspect

import torch
from torch import nn

from .. import _ffn
from . import _ops
from ._packed import Packing


class Converted(Packing, nn.Module):
    """A gated feed-forward layer in the place of another of the same weights.

    Shares parameters, submodules and their names with the original, and runs
    its code where the kernel cannot: see `glu.torch.convert`. `pack` says
    whether panels of the weights are kept for calls that need no gradients.
    """

    def __init__(self, original, spec):
        super().__init__()
        # Not a submodule: names of parameters stay as they are.
        object.__setattr__(self, "_original", original)
        self._spec = spec
        self._parameters = original._parameters
        self._buffers = original._buffers
        self._modules = original._modules
        self.training = original.training

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "_original":  # While it is being copied.
                raise
            return getattr(self._original, name)

    def train(self, mode=True):
        self._original.training = mode
        return super().train(mode)

    def forward(self, x):
        if not self._takes(x):
            return self._original(x)
        state = self._state(x)
        if state is not None:
            y = state.apply(_ffn.ffn, x, self._spec.gate,
                            lambda: self._spec.weights(self))
            if y is not None:
                return y
        return _ops.ffn(x, **self._spec.weights(self), gate=self._spec.gate,
                        pack=self._pack_in_graph)

    def _state(self, x):
        """What is kept of the weights, or None: then the operator is used."""
        if not self._pack or torch.compiler.is_compiling():
            return None
        return self._packed.get(x, self._spec.parameters(self))

    def _takes(self, x):
        """Whether the kernel does what the original would."""
        if not isinstance(x, torch.Tensor) or x.device.type != "cpu":
            return False
        for child in self._modules.values():
            if child is None:
                continue
            if (child._forward_hooks or child._forward_pre_hooks
                    or child._backward_hooks or child._backward_pre_hooks
                    or "forward" in child.__dict__):
                return False
            if isinstance(child, nn.Dropout) and child.training and child.p > 0:
                return False
        kinds = set()
        for name in self._spec.names:
            weight = getattr(self, name)
            if isinstance(weight, nn.Module):
                if type(weight) is not nn.Linear:
                    return False
                weight = weight.weight
            kinds.add(weight.dtype)
        return torch.is_autocast_enabled("cpu") or kinds == {x.dtype}

    def extra_repr(self):
        return f"{type(self._original).__name__}, {self._spec}"


class ConvertedExperts(Converted):
    """Experts of a mixture, in one module: (tokens, indices, weights)."""

    def __init__(self, original, spec):
        super().__init__(original, spec)
        parameters = list(inspect.signature(type(original).forward).parameters)
        self._names = tuple(parameters[2:4])

    def forward(self, x, *args, **kwargs):
        indices, scales = (
            args[i] if i < len(args) else kwargs.get(name)
            for i, name in enumerate(self._names))
        if not self._takes(x) or x.dim() != 2 or indices is None or scales is None:
            return self._original(x, *args, **kwargs)
        weights = self._spec.weights(self)
        state = self._state(x)
        result = torch.zeros_like(x)
        for expert in torch.unique(indices).tolist():
            if not 0 <= expert < self._spec.experts:
                continue  # Masked.
            tokens, slots = torch.where(indices == expert)
            y = self._expert(state, x[tokens], weights, expert)
            y = y * scales[tokens, slots, None]
            result.index_add_(0, tokens, y.to(x.dtype))
        return result

    def _expert(self, state, x, weights, expert):
        def own():
            return {name: w if w is None else w[expert]
                    for name, w in weights.items()}

        y = None
        if state is not None:
            y = state.apply(_ffn.ffn, x, self._spec.gate, own, expert)
        return _ops.ffn(x, **own(), gate=self._spec.gate) if y is None else y
