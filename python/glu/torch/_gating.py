"""Gating functions as operators carry them (text), and in PyTorch's operations."""

import ast
import re
from functools import lru_cache

import torch
import torch.nn.functional as F

from .. import _named
from .._evaluate import interpret
from .._gating import Gating, get_gating


def encode(gate):
    """The text that stands for a gating function in an operator's arguments.

    Operators take no Python objects, and an exported program may be loaded by
    another process: the text holds all there is to know.
    """
    gate = get_gating(gate)
    if gate._named is None:
        return repr(gate.__reduce__()[1])
    items = ", ".join(f"{name}={value!r}" for name, value in gate.parameters)
    return gate.name + (f"({items})" if items else "")


@lru_cache(maxsize=1024)
def decode(text):
    """The `Gating` of a text of `encode`, or of a name. Raises ValueError."""
    if text.startswith("("):
        try:
            return Gating._intern(*ast.literal_eval(text))
        except (SyntaxError, TypeError, ValueError):
            raise ValueError("gate: no text of a gating function") from None
    match = re.fullmatch(r"(\w+)\((.*)\)", text)
    if not match:
        return get_gating(text)
    name, items = match.groups()
    if name not in _named.functions:
        return get_gating(name)  # Says which there are.
    pairs = (item.split("=") for item in items.split(",") if item.strip())
    try:
        values = {key.strip(): float(value) for key, value in pairs}
    except ValueError:
        raise ValueError("gate: no text of a gating function") from None
    return _named.functions[name](**values)


def evaluate(gate, g, v, extras=()):
    """f(g, v, *extras) by PyTorch's operations, with derivatives.

    g, v: tensors of any shape, extras broadcast to them.
    """
    if gate._named is None:
        def constant(value):
            return torch.full((), value, dtype=g.dtype, device=g.device)

        operations = {**_operations, "constant": constant}
        result = interpret(gate, operations, (g, v, *extras))
        return result.expand(torch.broadcast_shapes(result.shape, g.shape))
    parameters = dict(_named.functions[gate.name]._defaults)
    parameters.update(gate.parameters)
    return formulas[gate.name](g, v, **parameters)


def _gelu_tanh(g, v, scale):
    return 0.5 * g * (1 + torch.tanh(scale * (g + 0.044715 * g * g * g))) * v


def _swiglu_oai(g, v, alpha, limit):
    g, v = g.clamp(max=limit), v.clamp(-limit, limit)
    return g * torch.sigmoid(alpha * g) * (v + 1)


#: Each named gating function. Where the dialect's formula overflows in
#: between, so that a derivative would be NaN, these do not.
formulas = {
    "identity": lambda g, v: g * v,
    "sigmoid": lambda g, v: torch.sigmoid(g) * v,
    "tanh": lambda g, v: torch.tanh(g) * v,
    "tanh_sigmoid": lambda g, v: torch.sigmoid(g) * torch.tanh(v),
    "relu": lambda g, v: F.relu(g) * v,
    "drelu": lambda g, v: F.relu(g) * F.relu(v),
    "relu_squared": lambda g, v: F.relu(g) ** 2 * v,
    "leaky_relu": lambda g, v, slope: torch.where(g >= 0, g, slope * g) * v,
    "elu": lambda g, v, alpha: F.elu(g, alpha) * v,
    "gelu": lambda g, v: F.gelu(g) * v,
    "gelu_tanh": _gelu_tanh,
    "silu": lambda g, v, beta: g * torch.sigmoid(beta * g) * v,
    "swish": lambda g, v, beta: g * torch.sigmoid(beta * g) * v,
    "quick_gelu": lambda g, v: g * torch.sigmoid(1.702 * g) * v,
    "hard_sigmoid": lambda g, v: F.hardsigmoid(g) * v,
    "hard_swish": lambda g, v: F.hardswish(g) * v,
    "softplus": lambda g, v: F.softplus(g, threshold=80.0) * v,
    "sigmoid_softplus": lambda g, v: (
        torch.sigmoid(g) * F.softplus(v, threshold=80.0)),
    "mish": lambda g, v: F.mish(g) * v,
    "clamped_silu": lambda g, v, limit: (
        F.silu(g.clamp(max=limit)) * v.clamp(-limit, limit)),
    "silu_clamped": lambda g, v, limit: (
        F.silu(g).clamp(max=limit) * v.clamp(-limit, limit)),
    "swiglu_oai": _swiglu_oai,
}

_operations = {
    "arith.negf": torch.neg, "math.absf": torch.abs, "math.exp": torch.exp,
    "math.expm1": torch.expm1, "math.log": torch.log,
    "math.log1p": torch.log1p, "math.sqrt": torch.sqrt,
    "math.rsqrt": torch.rsqrt, "math.erf": torch.erf, "math.tanh": torch.tanh,
    "arith.addf": torch.add, "arith.subf": torch.sub, "arith.mulf": torch.mul,
    "arith.divf": torch.div, "math.powf": torch.pow,
    "arith.maximumf": torch.maximum, "arith.minimumf": torch.minimum,
    "arith.andi": torch.logical_and, "arith.ori": torch.logical_or,
    "arith.select": torch.where, "olt": torch.lt, "ole": torch.le,
    "ogt": torch.gt, "oge": torch.ge, "oeq": torch.eq, "une": torch.ne,
    "sigmoid": torch.sigmoid,
}
