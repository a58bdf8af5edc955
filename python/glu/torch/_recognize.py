"""Recognises gated layers of models by their weights and activations."""

from dataclasses import dataclass
from itertools import product

import torch
from torch import nn

from .. import _named
from . import _check, _layouts
from ._gating import decode, encode, evaluate


@dataclass(frozen=True)
class Spec:
    """How the weights of a module make a gated layer.

    `names` are those of (gate, value, down), or of (packed, down) with an
    `order`; `experts` is how many layers there are in one module, or None, whose
    weights are (E, in, out) if `transposed`, else (E, out, in).
    """

    names: tuple
    gate: str
    order: str = ""
    experts: int = None
    transposed: bool = False

    def __str__(self):
        text = f"gate={self.gate}, weights {', '.join(self.names)}"
        text += f" {self.order}" if self.order else ""
        return text + (f", {self.experts} experts" if self.experts else "")

    def dtype(self, module):
        weight = getattr(module, self.names[0])
        return getattr(weight, "weight", weight).dtype

    def parameters(self, module):
        """The parameters that weights and biases are made of."""
        if self.experts:
            names = [*self.names, *[name + "_bias" for name in self.names]]
            every = [getattr(module, name, None) for name in names]
        else:
            layers = [getattr(module, name) for name in self.names]
            every = [p for layer in layers for p in (layer.weight, layer.bias)]
        return [p for p in every if p is not None]

    def weights(self, module):
        """Weights and biases by the names of `glu.torch.ffn`."""
        if self.experts:
            return self._expert_weights(module)
        layers = [getattr(module, name) for name in self.names]
        weights = [layer.weight for layer in layers]
        biases = [layer.bias for layer in layers]
        if self.order:
            weights[:1] = _layouts.split(weights[0], self.order)
            biases[:1] = _layouts.split(biases[0], self.order)
        return dict(zip(("w_gate", "w_value", "w_down", "bias_gate",
                         "bias_value", "bias_down"), weights + biases))

    def _expert_weights(self, module):
        both, down = (getattr(module, name) for name in self.names)
        if self.transposed:
            both, down = both.mT, down.mT
        biases = [getattr(module, name + "_bias", None) for name in self.names]
        weights = [*_layouts.split(both, self.order, 1), down,
                   *_layouts.split(biases[0], self.order, 1), biases[1]]
        return dict(zip(("w_gate", "w_value", "w_down", "bias_gate",
                         "bias_value", "bias_down"), weights))


def recognize(module):
    """None if it is no gated layer, a text why it cannot be one, or `Spec`s.

    Of several, that with the original's results is right.
    """
    children = dict(module.named_children())
    for names in _layouts.separate:
        if all(name in children for name in names):
            return _linear_layer(module, names)
    for names in _layouts.packed:
        if all(name in children for name in names):
            return _linear_layer(module, names)
        if all(isinstance(getattr(module, name, None), nn.Parameter)
               for name in names):
            return _experts(module, names)
    kind = type(module).__name__.lower()
    linear = [name for name, child in children.items()
              if isinstance(child, nn.Linear)]
    if linear and any(word in kind for word in (
            "mlp", "feedforward", "ffn", "dense")):
        return f"weights {', '.join(linear)} are of no known gated layout"
    return None


def _linear_layer(module, names):
    layers = [getattr(module, name) for name in names]
    for name, layer in zip(names, layers):
        if type(layer) is not nn.Linear:
            return f"{name} is no nn.Linear but {type(layer).__name__}"
    reason = _unfit([layer.weight for layer in layers])
    if reason:
        return reason
    columns = layers[-1].in_features
    for name, layer in zip(names[:-1], layers):
        want = columns * (2 if len(names) == 2 else 1)
        if (layer.out_features != want
                or layer.in_features != layers[0].in_features):
            return (f"{name} is ({layer.out_features}, {layer.in_features}), "
                    f"which does not fit {names[-1]}")
    gates = _gates(module)
    if isinstance(gates, str):
        return gates
    orders = _layouts.orders if len(names) == 2 else ("",)
    return [Spec(names, gate, order) for gate, order in product(gates, orders)]


def _experts(module, names):
    both, down = (getattr(module, name) for name in names)
    if both.dim() != 3 or down.dim() != 3:
        return f"{names[0]} and {names[1]} are not of three dimensions"
    reason = _unfit([both, down])
    if reason:
        return reason
    alpha, limit = (getattr(module, name, None) for name in ("alpha", "limit"))
    if isinstance(alpha, (int, float)) and isinstance(limit, (int, float)):
        gates = [encode(_named.functions["swiglu_oai"](alpha=alpha, limit=limit))]
    else:
        gates = _gates(module)
        if isinstance(gates, str):
            return gates
    specs = []
    for transposed in True, False:
        wide, narrow = (w.mT if transposed else w for w in (both, down))
        if (wide.shape[1] == 2 * narrow.shape[2]
                and wide.shape[2] == narrow.shape[1]):
            specs += [Spec(names, gate, order, both.shape[0], transposed)
                      for gate, order in product(gates, _layouts.orders)]
    return specs or (f"{names[0]} {tuple(both.shape)} does not fit {names[1]} "
                     f"{tuple(down.shape)}")


def _unfit(weights):
    """Why kernels cannot take these weights, or None."""
    for weight in weights:
        if weight.device.type != "cpu":
            return f"its weights are on {weight.device}, not on the CPU"
    kinds = {weight.dtype for weight in weights}
    if len(kinds) > 1:
        return "its weights are of different element types"
    if not kinds <= set(_check.dtypes):
        return f"its weights are of type {kinds.pop()}"
    return None


#: Named functions that are act(g) * v.
_activations = [name for name, function in _named.functions.items()
                if function._activation is not None and name != "identity"]


def _gates(module):
    """The gating functions that it may have, or why none is known."""
    activation = None
    for name in "act_fn", "activation_fn", "act", "activation":
        activation = getattr(module, name, None)
        if callable(activation):
            break
    else:
        return _activations  # Its code calls it: the results will tell.
    t = torch.linspace(-9, 9, 361, dtype=torch.float64)
    try:
        with torch.no_grad():
            values = activation(t)
    except Exception as error:
        return f"its activation could not be run: {error}"
    for gate in _activations:
        want = evaluate(decode(gate), t, torch.ones_like(t))
        if torch.allclose(values, want, rtol=1e-6, atol=1e-6):
            return [gate]
    shown = getattr(activation, "__name__", type(activation).__name__)
    return f"its activation {shown} is that of no named gating function"
