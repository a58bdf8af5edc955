"""glu.ffn: a feed-forward layer, with its down projection, as one kernel."""

from . import _threads
from ._dispatch import dispatcher
from ._gating import Gating, get_gating
from ._unit import Shape, Unit, plan, positions_of, require, weight_operands

_arguments = ("x", "w_gate", "w_value", "w_down", "bias_gate", "bias_value",
              "bias_down")
_by_extras = {}


def ffn(x, w_gate, w_value=None, w_down=None, bias_gate=None, bias_value=None,
        bias_down=None, *, gate="silu", extras=(), out=None, threads=None):
    """A gated feed-forward layer: f(x @ w_gate, x @ w_value) @ w_down.

    Parameters:
        x, w_gate, w_value, bias_gate, bias_value, gate, extras, out, threads:
            as in `glu.gated_projection`; extras broadcast to the shape of what
            is gated, (..., N).
        w_down: shape (N, D), or (B, N, D).
        bias_down: shape (D,), or (B, D); optional.
        w_gate may be what `glu.pack` gave for all three weights; then there is
            no w_value and no w_down.

    Returns: shape (..., D), the element type and the kind of array of x; `out`
        if there is one. What is gated is rounded to the element type of x
        before the down projection.

    Raises: TypeError or ValueError that begin with the argument's name.

    >>> import numpy as np, glu
    >>> x = np.ones((2, 8), np.float32)
    >>> w_gate, w_value = np.ones((2, 8, 16), np.float32)
    >>> glu.ffn(x, w_gate, w_value, np.ones((16, 8), np.float32)).shape
    (2, 8)

    Source: Shazeer 2020 (arXiv:2002.05202).
    """
    if type(gate) is not Gating:
        gate = get_gating(gate)
    if w_value is None and w_down is None and hasattr(w_gate, "_apply"):
        return w_gate._apply("ffn", x, (bias_gate, bias_value, bias_down), gate,
                             extras, out, threads)
    dispatch = _by_extras.get(len(extras)) or _make(len(extras))
    return dispatch((gate, threads), (
        x, w_gate, w_value, w_down, bias_gate, bias_value, bias_down, *extras,
        out))


def _make(extras):
    names = [*_arguments, *[f"extras[{i}]" for i in range(extras)], "out"]
    return _by_extras.setdefault(extras, dispatcher(names)(_plan))


def _plan(options, *layouts):
    unit = make_unit(options[0], *layouts)
    return plan(unit, layouts[0], _threads.choose(options[1], unit.work))


def make_unit(gate, x, w_gate, w_value, w_down, bias_gate, bias_value,
              bias_down, *rest):
    """The `Unit` of these layouts; after them come the extras and the result."""
    *extras, out = rest
    require("x", x)
    require("w_down", w_down)
    positions = positions_of(_arguments, extras)
    return Unit(Shape(w_gate, w_value, w_down), gate, x,
                weight_operands([w_gate, w_value, w_down], positions),
                (bias_gate, bias_value, bias_down), extras, out, positions)
