"""Gating functions: the f of y = f(x Wg, x Wv)."""

from types import FunctionType

from ._errors import GatingError


class Gating:
    """A gating function, immutable; equal ones are the same object.

    Made by the named functions (``glu.silu()``, ``glu.swiglu_oai(limit=10)``)
    or from a Python function by `glu.gating`.
    """

    __slots__ = ("name", "parameters", "_named", "_lines", "_value",
                 "num_extras", "__weakref__")
    _interned = {}

    def __init__(self):
        raise TypeError("use glu.gating, or a named function such as glu.silu()")

    @classmethod
    def _intern(cls, name, parameters, named, lines=(), value=None,
                num_extras=0):
        key = (name, parameters, named, lines, value, num_extras)
        found = cls._interned.get(key)
        if found is None:
            found = object.__new__(cls)
            for slot, item in zip(cls.__slots__, key):
                object.__setattr__(found, slot, item)
            # Of two threads that get here, one object stays.
            found = cls._interned.setdefault(key, found)
        return found

    def __setattr__(self, name, value):
        raise AttributeError("gating functions are immutable")

    def __repr__(self):
        if self._named is None:
            return f"<glu gating function {self.name}>"
        items = ", ".join(f"{k}={v!r}" for k, v in self.parameters)
        return f"glu.{self.name}({items})"

    def __reduce__(self):
        return _restore, (self.name, self.parameters, self._named, self._lines,
                          self._value, self.num_extras)

    @property
    def ir(self):
        """The function as the dialect writes it."""
        prefix, region = self.render("f32", "f32")
        return (prefix + region).strip()

    def render(self, accumulator, result):
        """What stands before ``gate(...)``, and after the attributes.

        `accumulator` is the type of g and v (and of constants), `result` that
        of what is yielded; MLIR's names of float types.
        """
        if self._named is not None:
            return self._named + " ", ""
        types = [f"%g: {accumulator}", f"%v: {accumulator}"]
        types += [f"%x{i}: {result}" for i in range(self.num_extras)]
        body = [f"  ^bb0({', '.join(types)}):"]
        if result != accumulator:
            body += [f"    %e{i} = arith.extf %x{i} : {result} to {accumulator}"
                     for i in range(self.num_extras)]
        extra = "%x" if result == accumulator else "%e"
        body += ["    " + line.replace("{T}", accumulator)
                 .replace("%extra", extra) for line in self._lines]
        value = self._value.replace("%extra", extra)
        if result != accumulator:
            body.append(f"    %rounded = arith.truncf {value} : "
                        f"{accumulator} to {result}")
            value = "%rounded"
        body.append(f"    glu.yield {value} : {result}")
        return "", " {\n" + "\n".join(body) + "\n  }"


def _restore(*key):
    return Gating._intern(*key)


def resolve(gate):
    """The `Gating` that the argument `gate` of a function stands for."""
    if type(gate) is Gating:
        return gate
    from . import _named

    if isinstance(gate, str):
        function = _named.functions.get(gate)
        if function is None:
            raise ValueError(
                f"gate: no gating function is called '{gate}'; there are "
                + ", ".join(_named.functions))
        return function()
    if isinstance(gate, _named.NamedFunction):
        return gate()
    if isinstance(gate, FunctionType):
        return gating(gate)
    raise TypeError(
        "gate: expected a name, a gating function or a Python function of "
        f"(g, v), got {type(gate).__name__}")


_by_name = {}


def get_gating(gate):
    """Like `resolve`, and fast for names."""
    if type(gate) is not str:
        return resolve(gate)
    found = _by_name.get(gate)
    if found is None:
        found = _by_name[gate] = resolve(gate)
    return found


def gating(function):
    """Makes a gating function of a Python function of (g, v).

    The function is called once with placeholders, and what it does with them is
    recorded: arithmetic operators, comparisons, ``glu.where``, ``glu.exp``,
    ``glu.tanh``, ``glu.sigmoid``, ``glu.silu`` and the others, NumPy's ufuncs of
    the same names, and numbers. Further arguments stand for the arrays of
    `extras` of `glu.gated_projection`.

    Raises GatingError (a TypeError) where it does something else: a branch or
    loop on a placeholder, another library's function, no result.

    >>> import glu
    >>> @glu.gating
    ... def gtu(g, v):
    ...     return glu.sigmoid(g) * glu.tanh(v)
    >>> gtu
    <glu gating function gtu>

    The same by a lambda:

    >>> glu.gating(lambda g, v: glu.where(g > 0, g, 0.1 * g) * v)
    <glu gating function <lambda>>
    """
    from ._trace import trace

    if isinstance(function, Gating):
        return function
    if not callable(function):
        raise GatingError("glu.gating: expected a function of (g, v), got "
                          + type(function).__name__)
    return trace(function)


def gating_functions():
    """The names of all gating functions that have one, and their parameters.

    >>> import glu
    >>> glu.gating_functions()["swiglu_oai"]
    {'alpha': 1.702, 'limit': 7.0}
    """
    from ._gating_table import table

    return {name: dict(parameters) for name, parameters in table}
