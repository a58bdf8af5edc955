"""Weights of modules that are packed once, for inference."""

import functools
import weakref

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from .._errors import CompileError
from .._pack import pack
from . import _check
from ._gating import decode


def _keys():
    # What PyTorch's dispatcher sees in plain tensors and in a plain thread.
    return torch._C._dispatch_keys(torch.empty(0)), (
        torch._C._dispatch_tls_local_include_set())


with torch.inference_mode(False):
    _plain = [_keys()]
with torch.inference_mode():
    _plain.append(_keys())
_tensors, _threads = map(list, zip(*_plain))


def is_plain(x, weights):
    """Whether a kernel may read these tensors with nothing of PyTorch between.

    That is not so while something is to be differentiated, traced, mapped, cast
    or watched: all this is the operators' business.
    """
    return (
        type(x) is Tensor and torch._C._dispatch_keys(x) in _tensors
        and torch._C._dispatch_tls_local_include_set() in _threads
        and not torch._C._len_torch_function_stack()
        and not torch.is_autocast_enabled("cpu")
        and forward_ad._current_level < 0
        and not (torch.is_grad_enabled() and (
            x.requires_grad or any(w.requires_grad for w in weights))))


def _mark(weight):
    return (weight.data_ptr(), weight._version, weight.shape, weight.stride(),
            weight.dtype)


_integers = {torch.float16: torch.int16, torch.bfloat16: torch.int16,
             torch.float32: torch.int32, torch.float64: torch.int64}


def _sample(weight):
    """A view of eight or more elements a dimension, as integers: NaN is NaN."""
    steps = [slice(None, None, max(1, size // 8)) for size in weight.shape]
    return weight.detach()[tuple(steps)].view(_integers[weight.dtype])


class _State:
    """What weights were when they were seen, and panels of them."""

    __slots__ = "_references", "_marks", "_samples", "_panels"

    def __init__(self, weights, forget):
        self._references = [weakref.ref(w, forget) for w in weights]
        self._marks = [_mark(w) for w in weights]
        # What is written past the counter (`weight.data.copy_`) mostly shows in
        # these. They also keep the memory: no other weight gets its place.
        self._samples = [(s, s.clone()) for s in map(_sample, weights)]
        self._panels = {}

    def holds(self, weights):
        """Whether these are the same weights, unchanged."""
        return (
            len(weights) == len(self._references)
            and all(r() is w for r, w in zip(self._references, weights))
            and all(m == _mark(w) for m, w in zip(self._marks, weights))
            and all(torch.equal(now, then) for now, then in self._samples))

    def apply(self, function, x, gate, tensors, index=None):
        """`function` of x and panels; None where the operator has to do it.

        tensors: gives the arguments of `glu.pack` as the operators take them;
            called once for each `index`.
        """
        packed = self._panels.get(index)
        if packed is False:
            return None
        try:
            if packed is None:
                packed = self._panels[index] = pack(**{
                    name: t.detach().mT if name.startswith("w_") else t.detach()
                    for name, t in tensors().items() if t is not None})
            return function(x, packed, gate=decode(gate))
        except CompileError:  # No kernel reads these panels for such an x.
            self._panels[index] = False
        except (TypeError, ValueError):
            pass  # The operator says it in its layout.
        return None


class _GraphState(_State):
    """The same of weights that an operator sees, of which graphs make views anew
    for each call: known by their memory, which it does not keep."""

    __slots__ = ()

    def __init__(self, weights, forget):
        self._references = [weakref.ref(w.untyped_storage(), forget)
                            for w in weights]
        self._marks = [_mark(w) for w in weights]
        self._samples = [_sample(w).clone() for w in weights]
        self._panels = {}

    def holds(self, weights):
        return (
            all(r() is w.untyped_storage()
                for r, w in zip(self._references, weights))
            and all(m == _mark(w) for m, w in zip(self._marks, weights))
            and all(torch.equal(_sample(w), s)
                    for s, w in zip(self._samples, weights)))


_states = {}


def _is_constant(weight):
    """Whether it is a parameter, or a view of one, whose writes are counted."""
    base = weight._base if weight._is_view() else weight
    return (type(base) is nn.Parameter
            and type(weight) in (nn.Parameter, Tensor)
            and torch._C._dispatch_keys(weight) == _tensors[0]
            and not weight.is_inference() and not weight.is_shared())


def apply_in_graph(function, x, gate, named):
    """`function` of x and panels of the weights and biases `named`, which are
    kept from the second call on; None where they cannot be."""
    weights = [w for w in named.values() if w is not None]
    if x.dtype not in _integers or not all(
            w.dtype == x.dtype and _is_constant(w) for w in weights):
        return None
    key = tuple((name, w.data_ptr(), w.shape, w.stride())
                for name, w in named.items() if w is not None)
    state = _states.get(key)
    if state is None or not state.holds(weights):
        _states[key] = _GraphState(
            weights, lambda _: _states.pop(key, None))
        return None
    return state.apply(function, x, gate, lambda: named)


class Packed:
    """The panels of a module's weights; copies of it and pickles are empty.

    Weights are packed when they are seen for the second time, and dropped when
    they turn out to have changed: those that change between any two calls are
    not packed at all.
    """

    __slots__ = "_state", "__weakref__"

    def __init__(self):
        self._state = None

    def __reduce__(self):
        return Packed, ()

    def clear(self):
        self._state = None

    def get(self, x, weights):
        """The state of these parameters; None where the operator is to be used."""
        first = weights[0]
        if (not is_plain(x, weights) or x.dtype != first.dtype
                or x.dtype not in _integers):
            return None
        state = self._state
        if state is not None and state.holds(weights):
            return state
        self._state = None
        # Subclasses may have anything in the place of their memory, tensors that
        # are no parameters may be made anew for each call, and changes of
        # inference tensors are not counted.
        if all(type(w) is nn.Parameter and w.dtype == first.dtype
               and torch._C._dispatch_keys(w) == _tensors[0]
               and not w.is_inference() and not w.is_shared() for w in weights):
            forget = functools.partial(_forget, weakref.ref(self))
            self._state = _State(weights, forget)
        return None


def _forget(reference, _):
    packed = reference()
    if packed is not None:
        packed.clear()


class Packing:
    """A base of modules that keep panels of their weights.

    In graphs the operators do, for modules that do not train: `_pack_in_graph`.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._packed = Packed()
        self._pack = True

    @property
    def pack(self):
        """Whether panels of the weights are kept for inference."""
        return self._pack

    @pack.setter
    def pack(self, value):
        _check.boolean("pack", value)
        self._pack = value
        self._packed.clear()

    @property
    def _pack_in_graph(self):
        return (torch.compiler.is_compiling() and self._pack
                and not self.training)

    def train(self, mode=True):
        if mode:
            self._packed.clear()
        return super().train(mode)

    def _apply(self, *args, **kwargs):
        # Weights go elsewhere, or become others.
        self._packed.clear()
        return super()._apply(*args, **kwargs)
