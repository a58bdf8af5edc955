"""Scalar functions for gating functions that are written in Python.

They take the placeholders that `glu.gating` calls a function with; numbers are
taken where there is a placeholder too.
"""

from . import _trace
from ._errors import GatingError


def _check(name, *values):
    if not any(isinstance(value, _trace.Traced) for value in values):
        kinds = ", ".join(type(value).__name__ for value in values)
        raise GatingError(
            f"glu.{name}: expected an argument of a function under glu.gating, "
            f"got {kinds}; for numbers and arrays use math or numpy")


def _unary(name, operation, text):
    def function(x):
        _check(name, x)
        return _trace.unary(operation, x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{text}, in a gating function; raises GatingError outside."
    return function


exp = _unary("exp", "math.exp", "e to the power of x")
expm1 = _unary("expm1", "math.expm1", "exp(x) - 1")
log = _unary("log", "math.log", "The natural logarithm")
log1p = _unary("log1p", "math.log1p", "log(1 + x)")
sqrt = _unary("sqrt", "math.sqrt", "The square root")
rsqrt = _unary("rsqrt", "math.rsqrt", "1 / sqrt(x)")
erf = _unary("erf", "math.erf", "The error function")
absolute = _unary("absolute", "math.absf", "The absolute value")


def maximum(a, b):
    """The larger of two values, in a gating function; NaN if one is."""
    _check("maximum", a, b)
    return _trace.binary("arith.maximumf", a, b)


def minimum(a, b):
    """The smaller of two values, in a gating function; NaN if one is."""
    _check("minimum", a, b)
    return _trace.binary("arith.minimumf", a, b)


def clip(x, low, high):
    """x between two limits, in a gating function."""
    _check("clip", x, low, high)
    return minimum(maximum(x, low), high)


def where(condition, a, b):
    """a where the condition (a comparison) holds, else b, in a gating function."""
    _check("where", condition, a, b)
    return _trace.select(condition, a, b)
