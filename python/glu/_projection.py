"""glu.gated_projection: the whole unit on arrays."""

from . import _threads
from ._dispatch import dispatcher
from ._gating import Gating, get_gating
from ._unit import Shape, Unit, plan, positions_of, require, weight_operands

_arguments = ("x", "w_gate", "w_value", "bias_gate", "bias_value")
_by_extras = {}


def gated_projection(x, w_gate, w_value=None, bias_gate=None, bias_value=None,
                     *, gate="silu", extras=(), out=None, threads=None):
    """A gated linear unit: f(x @ w_gate + bias_gate, x @ w_value + bias_value).

    Arrays are NumPy's (with ml_dtypes' bfloat16), PyTorch's, JAX's, or any that
    speak DLPack or the buffer protocol, in the memory of the CPU. Nothing is
    copied: weights may be transposed (``w.T``) or slices of a packed weight.

    Parameters:
        x: shape (..., K); float16, bfloat16, float32 or float64.
        w_gate, w_value: shape (K, N), or (B, K, N) for x of shape (B, ..., K);
            the element type of x. Or w_gate is what `glu.pack` gave, and there
            is no w_value and no bias.
        bias_gate, bias_value: shape (N,), or (B, N); optional.
        gate: the gating function f: a name ("silu", "gelu", "sigmoid", ...), a
            named function with parameters (``glu.swiglu_oai(limit=10)``), or a
            function under `glu.gating`.
        extras: arrays for the further arguments of the gating function, of
            shapes that broadcast to the result's.
        out: where to write the result; shares no memory with the others.
        threads: how many threads may work on it; None: `glu.get_threads`,
            one for little work.

    Returns: shape (..., N), the element type and the kind of array of x; `out`
        if there is one. Sums are made in float32 (float64 for float64), and
        rounded once, after the gating function.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import numpy as np, glu
    >>> x = np.array([[1.0, 2.0]])
    >>> w = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> glu.gated_projection(x, w, w, gate="relu")
    array([[1., 4.]])

    The weights of a layer that stores them as (2 N, K), gate first:

    >>> packed = np.arange(12.0).reshape(6, 2)
    >>> glu.gated_projection(x, packed[:3].T, packed[3:].T, gate="identity").shape
    (1, 3)

    Sources: Dauphin et al. 2017 (arXiv:1612.08083), Shazeer 2020
    (arXiv:2002.05202).
    """
    if type(gate) is not Gating:
        gate = get_gating(gate)
    if w_value is None and hasattr(w_gate, "_apply"):
        return w_gate._apply("gated_projection", x, (bias_gate, bias_value),
                             gate, extras, out, threads)
    dispatch = _by_extras.get(len(extras)) or _make(len(extras))
    return dispatch((gate, threads), (x, w_gate, w_value, bias_gate, bias_value,
                                      *extras, out))


def _make(extras):
    names = [*_arguments, *[f"extras[{i}]" for i in range(extras)], "out"]
    return _by_extras.setdefault(extras, dispatcher(names)(_plan))


def _plan(options, *layouts):
    unit = make_unit(options[0], *layouts)
    return plan(unit, layouts[0], _threads.choose(options[1], unit.work))


def make_unit(gate, x, w_gate, w_value, bias_gate, bias_value, *rest):
    """The `Unit` of these layouts; after them come the extras and the result."""
    *extras, out = rest
    require("x", x)
    positions = positions_of(_arguments, extras)
    return Unit(Shape(w_gate, w_value), gate, x,
                weight_operands([w_gate, w_value], positions),
                (bias_gate, bias_value), extras, out, positions)
