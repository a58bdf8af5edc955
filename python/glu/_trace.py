"""Traces Python functions to the regions of gated operations."""

import numbers

from ._errors import GatingError
from ._gating import Gating


class Tracer:
    """The operations that are recorded so far; types are `{T}`."""

    def __init__(self, name):
        self.name = name
        self.lines = []
        self.known = {}

    def emit(self, operation):
        """The value of an operation, recorded once."""
        value = self.known.get(operation)
        if value is None:
            value = f"%{len(self.known)}"
            self.known[operation] = value
            self.lines.append(f"{value} = {operation}")
        return value


class Traced:
    """A number that is not known yet."""

    __slots__ = ("tracer", "value", "is_bool")
    __hash__ = object.__hash__

    def __init__(self, tracer, value, is_bool=False):
        self.tracer = tracer
        self.value = value
        self.is_bool = is_bool

    # Arithmetic.
    def __add__(self, other): return binary("arith.addf", self, other)
    def __radd__(self, other): return binary("arith.addf", other, self)
    def __sub__(self, other): return binary("arith.subf", self, other)
    def __rsub__(self, other): return binary("arith.subf", other, self)
    def __mul__(self, other): return binary("arith.mulf", self, other)
    def __rmul__(self, other): return binary("arith.mulf", other, self)
    def __truediv__(self, other): return binary("arith.divf", self, other)
    def __rtruediv__(self, other): return binary("arith.divf", other, self)
    def __neg__(self): return unary("arith.negf", self)
    def __pos__(self): return self
    def __abs__(self): return unary("math.absf", self)

    def __pow__(self, exponent):
        if (isinstance(exponent, numbers.Integral)
                and not isinstance(exponent, bool) and 1 <= exponent <= 8):
            result = self
            for _ in range(int(exponent) - 1):
                result = result * self
            return result
        return binary("math.powf", self, exponent)

    def __rpow__(self, base): return binary("math.powf", base, self)

    # Comparisons and logic.
    def __lt__(self, other): return compare("olt", self, other)
    def __le__(self, other): return compare("ole", self, other)
    def __gt__(self, other): return compare("ogt", self, other)
    def __ge__(self, other): return compare("oge", self, other)
    def __eq__(self, other): return compare("oeq", self, other)
    def __ne__(self, other): return compare("une", self, other)
    def __and__(self, other): return logic("arith.andi", self, other)
    def __or__(self, other): return logic("arith.ori", self, other)

    # What cannot be recorded.
    def _fail(self, what, instead):
        raise GatingError(
            f"gating function '{self.tracer.name}': {what} cannot be traced; "
            + instead)

    def __bool__(self):
        self._fail("a branch on a value ('if', 'and', 'or', 'min', 'max')",
                   "use glu.where, '&', '|', glu.minimum or glu.maximum")

    def _no_number(self):
        self._fail("turning a value into a Python number",
                   "use the functions of glu, such as glu.exp")

    __float__ = __int__ = __index__ = __complex__ = _no_number

    def __iter__(self):
        self._fail("a loop over a value", "the function sees single numbers")

    def __getitem__(self, index):
        self._fail("indexing", "the function sees single numbers")

    def __array__(self, *args, **kwargs):
        self._fail("turning a value into an array",
                   "use the functions of glu, such as glu.exp")

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        from . import _functions, _named

        name = {"absolute": "absolute", "fmax": "maximum", "fmin": "minimum",
                "true_divide": "divide"}.get(ufunc.__name__, ufunc.__name__)
        function = _ufuncs.get(name) or getattr(_functions, name, None) or (
            getattr(_named, name, None) if name == "tanh" else None)
        if method != "__call__" or kwargs or function is None:
            self._fail(f"numpy.{ufunc.__name__}", "there is no such operation")
        # NumPy's scalars would ask their ufunc again.
        inputs = [x.item() if hasattr(type(x), "item") and getattr(
            x, "size", 0) == 1 else x for x in inputs]
        if any(hasattr(type(x), "__array_ufunc__") and not isinstance(x, Traced)
               for x in inputs):
            self._fail("arithmetic with an array", "use `extras` for arrays")
        return function(*inputs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._fail(f"the attribute '{name}' of a value",
                   "use the functions of glu, such as glu.exp")

    def __repr__(self):
        return f"<traced {self.value}>"


_ufuncs = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b, "divide": lambda a, b: a / b,
    "negative": lambda a: -a, "power": lambda a, b: a ** b,
    "square": lambda a: a * a, "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b, "greater": lambda a, b: a > b,
    "greater_equal": lambda a, b: a >= b, "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
}


def format_number(value):
    """A finite float as MLIR writes it, which wants a point."""
    text = repr(float(value))
    mantissa, e, exponent = text.partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + e + exponent


def get_tracer(*values):
    """The tracer of those that are traced; None if none is."""
    tracers = {id(v.tracer): v.tracer for v in values if isinstance(v, Traced)}
    if len(tracers) > 1:
        raise GatingError("values of two gating functions do not mix")
    return next(iter(tracers.values()), None)


def constant(tracer, value, what):
    """The SSA value of a number or of a traced float."""
    if isinstance(value, Traced):
        if value.is_bool:
            value._fail(f"{what} of a condition", "use glu.where")
        return value.value
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        try:  # NumPy's scalars, arrays of one element.
            value = value.item()
        except (AttributeError, TypeError, ValueError):
            pass
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise GatingError(
            f"gating function '{tracer.name}': {what} takes numbers and the "
            f"function's arguments, not {type(value).__name__}")
    try:
        number = float(value)
    except OverflowError:
        raise GatingError(f"gating function '{tracer.name}': {value} does not "
                          "fit into a float") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise GatingError(f"gating function '{tracer.name}': {number} is no "
                          "constant that can be written; use a finite one")
    return tracer.emit(f"arith.constant {format_number(number)} : {{T}}")


def unary(operation, x):
    tracer = get_tracer(x)
    return Traced(tracer, tracer.emit(
        f"{operation} {constant(tracer, x, operation)} : {{T}}"))


def binary(operation, a, b):
    tracer = get_tracer(a, b)
    left = constant(tracer, a, operation)
    right = constant(tracer, b, operation)
    return Traced(tracer, tracer.emit(f"{operation} {left}, {right} : {{T}}"))


def compare(predicate, a, b):
    tracer = get_tracer(a, b)
    left = constant(tracer, a, "a comparison")
    right = constant(tracer, b, "a comparison")
    return Traced(tracer, tracer.emit(
        f"arith.cmpf {predicate}, {left}, {right} : {{T}}"), is_bool=True)


def logic(operation, a, b):
    tracer = get_tracer(a, b)
    for value in a, b:
        if not (isinstance(value, Traced) and value.is_bool):
            raise GatingError(f"gating function '{tracer.name}': '&' and '|' "
                              "take comparisons")
    return Traced(tracer, tracer.emit(
        f"{operation} {a.value}, {b.value} : i1"), is_bool=True)


def select(condition, a, b):
    tracer = get_tracer(condition, a, b)
    if not isinstance(condition, Traced):
        return a if condition else b
    if not condition.is_bool:
        raise GatingError(f"gating function '{tracer.name}': glu.where takes a "
                          "comparison first")
    left = constant(tracer, a, "glu.where")
    right = constant(tracer, b, "glu.where")
    return Traced(tracer, tracer.emit(
        f"arith.select {condition.value}, {left}, {right} : {{T}}"))


def count_extras(function, name):
    """Arguments of `function` after g and v."""
    import inspect  # Slow to load, and named functions do not need it.

    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return 0
    names = [p for p in parameters
             if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
             and p.default is p.empty]
    if any(p.kind == p.KEYWORD_ONLY and p.default is p.empty
           for p in parameters) or (len(names) < 2 and not any(
               p.kind == p.VAR_POSITIONAL for p in parameters)
               and len(parameters) < 2):
        raise GatingError(f"gating function '{name}': expected a function of "
                          "(g, v) and perhaps extras")
    return max(0, len(names) - 2)


def trace(function):
    """The `Gating` of a Python function."""
    name = getattr(function, "__name__", type(function).__name__)
    extras = count_extras(function, name)
    tracer = Tracer(name)
    arguments = [Traced(tracer, "%g"), Traced(tracer, "%v")]
    arguments += [Traced(tracer, f"%extra{i}") for i in range(extras)]
    try:
        result = function(*arguments)
    except GatingError:
        raise
    except Exception as error:
        raise GatingError(f"gating function '{name}': {type(error).__name__}: "
                          f"{error}") from error
    if not isinstance(result, Traced):
        raise GatingError(
            f"gating function '{name}': expected a number that depends on g and "
            f"v as the result, got {type(result).__name__}")
    if result.is_bool:
        raise GatingError(f"gating function '{name}': the result is a "
                          "condition; glu.where makes a number of it")
    if result.tracer is not tracer:
        raise GatingError(f"gating function '{name}': the result belongs to "
                          "another function")
    return Gating._intern(name, (), None, tuple(tracer.lines), result.value,
                          extras)
