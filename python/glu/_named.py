"""The gating functions that have a name.

Each is an object that does three things: ``glu.silu`` and ``glu.silu()`` are the
gating function silu(g) * v, ``glu.swish(beta=1.5)`` is one with a parameter, and
``glu.silu(g)`` of a placeholder is the activation alone, inside a function under
`glu.gating`.
"""

from . import _functions as f
from ._errors import GatingError
from ._gating import Gating
from ._gating_table import table
from ._trace import Traced, format_number, unary


class NamedFunction:
    # A gating function with a name and parameters; its docstring is the
    # function's own.
    __slots__ = ("name", "_defaults", "_activation", "__doc__")

    def __init__(self, name, defaults, formula, activation):
        self.name = name
        self._defaults = defaults
        self._activation = activation
        self.__doc__ = f"f(g, v) = {formula}"
        if defaults:
            self.__doc__ += "\n\nParameters: " + ", ".join(
                f"{name} = {value}" for name, value in defaults.items())

    def __call__(self, x=None, /, **parameters):
        values = self._get_parameters(parameters)
        if x is None:
            return self._get_gating(values)
        if not isinstance(x, Traced):
            raise GatingError(
                f"glu.{self.name}: expected parameters by name, or an argument "
                f"of a function under glu.gating, got {type(x).__name__}")
        if self._activation is None:
            raise GatingError(f"glu.{self.name}: is not an activation of the "
                              "gate alone; write it out")
        return self._activation(x, *values)

    def _get_parameters(self, parameters):
        for name, value in parameters.items():
            if name not in self._defaults:
                known = ", ".join(self._defaults) or "none"
                raise TypeError(f"glu.{self.name}: has no parameter '{name}'; "
                                f"there are: {known}")
            try:
                number = float(value)
            except (TypeError, ValueError, OverflowError):
                raise TypeError(f"glu.{self.name}: {name}: expected a number, "
                                f"got {type(value).__name__}") from None
            if not abs(number) < 1e300:
                raise ValueError(f"glu.{self.name}: {name}: expected a finite "
                                 f"number, got {number}")
        return [float(parameters.get(name, default))
                for name, default in self._defaults.items()]

    def _get_gating(self, values):
        # silu with a factor is what the dialect calls swish.
        name, pairs = self.name, list(zip(self._defaults, values))
        if name == "silu":
            name, pairs = ("silu", []) if values == [1.0] else ("swish", pairs)
        defaults = dict(table)[name]
        given = [f"{k} = {format_number(v)}" for k, v in pairs
                 if v != dict(defaults)[k]]
        text = name + (f"<{', '.join(given)}>" if given else "")
        shown = tuple((k, v) for k, v in zip(self._defaults, values)
                      if v != self._defaults[k])
        return Gating._intern(self.name, shown, text)

    def __repr__(self):
        return f"<glu gating function {self.name}>"


def _sigmoid(x):
    return 1.0 / (1.0 + f.exp(-x))


def _swish(x, beta=1.0):
    return x / (1.0 + f.exp(-(x if beta == 1.0 else x * beta)))


def _softplus(x):
    return f.maximum(x, 0.0) + f.log1p(f.exp(-abs(x)))


def _tanh(x):
    return unary("math.tanh", x)


def _relu(x):
    return f.maximum(x, 0.0)


def _hard_sigmoid(x):
    return f.clip(x + 3.0, 0.0, 6.0) / 6.0


# The formula, and the activation if f(g, v) = activation(g) * v.
_formulas = {
    "identity": ("g * v (Bilinear)", lambda x: x),
    "sigmoid": ("sigmoid(g) * v (GLU, Dauphin 2017)", _sigmoid),
    "tanh": ("tanh(g) * v", _tanh),
    "tanh_sigmoid": ("sigmoid(g) * tanh(v) (GTU, WaveNet)", None),
    "relu": ("max(g, 0) * v (ReGLU, Shazeer 2020)", _relu),
    "drelu": ("max(g, 0) * max(v, 0) (TurboSparse)", None),
    "relu_squared": ("max(g, 0)^2 * v", lambda x: _relu(x) * _relu(x)),
    "leaky_relu": ("(g >= 0 ? g : slope g) * v",
                   lambda x, slope: f.where(x >= 0.0, x, x * slope)),
    "elu": ("(g > 0 ? g : alpha (e^g - 1)) * v",
            lambda x, alpha: f.where(x > 0.0, x, f.expm1(x) * alpha)),
    "gelu": ("g Phi(g) * v, by erf (GEGLU, Shazeer 2020)",
             lambda x: x * 0.5 * (f.erf(x * 0.5 ** 0.5) + 1.0)),
    "gelu_tanh": ("g/2 (1 + tanh(scale (g + 0.044715 g^3))) * v (Gemma, T5)",
                  lambda x, scale: x * 0.5 * (
                      _tanh((x + x * x * x * 0.044715) * scale) + 1.0)),
    "silu": ("g sigmoid(beta g) * v (SwiGLU, Shazeer 2020)", _swish),
    "swish": ("g sigmoid(beta g) * v", _swish),
    "quick_gelu": ("g sigmoid(1.702 g) * v", lambda x: _swish(x, 1.702)),
    "hard_sigmoid": ("min(max(g + 3, 0), 6) / 6 * v", _hard_sigmoid),
    "hard_swish": ("g min(max(g + 3, 0), 6) / 6 * v",
                   lambda x: x * _hard_sigmoid(x)),
    "softplus": ("log(1 + e^g) * v", _softplus),
    "sigmoid_softplus": ("sigmoid(g) * log(1 + e^v)", None),
    "mish": ("g tanh(log(1 + e^g)) * v", lambda x: x * _tanh(_softplus(x))),
    "clamped_silu": ("silu(min(g, limit)) * clamp(v, limit) (DeepSeek)", None),
    "silu_clamped": ("min(silu(g), limit) * clamp(v, limit)", None),
    "swiglu_oai": ("c sigmoid(alpha c) * (clamp(v, limit) + 1), c = min(g, "
                   "limit) (gpt-oss)", None),
}

#: Every function by its name.
functions = {}
for _name, _parameters in table:
    if _name == "silu":
        _parameters = (("beta", 1.0),)
    functions[_name] = NamedFunction(
        _name, dict(_parameters), *_formulas.get(_name, (_name, None)))
globals().update(functions)
