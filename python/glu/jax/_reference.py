"""Gated layers by JAX's operations, which have derivatives."""

import jax
import jax.numpy as jnp

from .. import _named
from .._evaluate import interpret


def reference(gate, arrays, biases, extras):
    """A gated projection, or with three weights a feed-forward layer."""
    x, w_gate, w_value, *w_down = arrays
    batch = w_gate.shape[:-2]
    wide = jnp.promote_types(x.dtype, jnp.float32)

    def project(x, weight, bias):
        rows = x.reshape(*batch, -1, x.shape[-1])
        y = jnp.matmul(rows, weight, preferred_element_type=wide,
                       precision="highest")
        if bias is not None:
            y = y + jnp.expand_dims(bias.astype(wide), -2)
        return y.reshape(*x.shape[:-1], weight.shape[-1])

    g, v = (project(x, w, b) for w, b in zip((w_gate, w_value), biases))
    y = evaluate(gate, g, v, [extra.astype(wide) for extra in extras])
    y = y.astype(x.dtype)
    if w_down:
        y = project(y, w_down[0], biases[2]).astype(x.dtype)
    return y


def evaluate(gate, g, v, extras):
    if gate._named is None:
        y = interpret(gate, _operations, (g, v, *extras))
        return jnp.broadcast_to(y, jnp.broadcast_shapes(jnp.shape(y), g.shape))
    parameters = dict(_named.functions[gate.name]._defaults)
    parameters.update(gate.parameters)
    return _formulas[gate.name](g, v, **parameters)


_nn = jax.nn


def _gelu_tanh(g, v, scale):
    return 0.5 * g * (1 + jnp.tanh(scale * (g + 0.044715 * g ** 3))) * v


def _swiglu_oai(g, v, alpha, limit):
    g, v = jnp.minimum(g, limit), jnp.clip(v, -limit, limit)
    return g * _nn.sigmoid(alpha * g) * (v + 1)


# Each named gating function, so that derivatives are finite too.
_formulas = {
    "identity": lambda g, v: g * v,
    "sigmoid": lambda g, v: _nn.sigmoid(g) * v,
    "tanh": lambda g, v: jnp.tanh(g) * v,
    "tanh_sigmoid": lambda g, v: _nn.sigmoid(g) * jnp.tanh(v),
    "relu": lambda g, v: _nn.relu(g) * v,
    "drelu": lambda g, v: _nn.relu(g) * _nn.relu(v),
    "relu_squared": lambda g, v: _nn.relu(g) ** 2 * v,
    "leaky_relu": lambda g, v, slope: _nn.leaky_relu(g, slope) * v,
    "elu": lambda g, v, alpha: _nn.elu(g, alpha) * v,
    "gelu": lambda g, v: _nn.gelu(g, approximate=False) * v,
    "gelu_tanh": _gelu_tanh,
    "silu": lambda g, v, beta: g * _nn.sigmoid(beta * g) * v,
    "swish": lambda g, v, beta: g * _nn.sigmoid(beta * g) * v,
    "quick_gelu": lambda g, v: g * _nn.sigmoid(1.702 * g) * v,
    "hard_sigmoid": lambda g, v: _nn.hard_sigmoid(g) * v,
    "hard_swish": lambda g, v: _nn.hard_swish(g) * v,
    "softplus": lambda g, v: _nn.softplus(g) * v,
    "sigmoid_softplus": lambda g, v: _nn.sigmoid(g) * _nn.softplus(v),
    "mish": lambda g, v: _nn.mish(g) * v,
    "clamped_silu": lambda g, v, limit: (
        _nn.silu(jnp.minimum(g, limit)) * jnp.clip(v, -limit, limit)),
    "silu_clamped": lambda g, v, limit: (
        jnp.minimum(_nn.silu(g), limit) * jnp.clip(v, -limit, limit)),
    "swiglu_oai": _swiglu_oai,
}

_operations = {
    "arith.negf": jnp.negative, "math.absf": jnp.abs, "math.exp": jnp.exp,
    "math.expm1": jnp.expm1, "math.log": jnp.log, "math.log1p": jnp.log1p,
    "math.sqrt": jnp.sqrt, "math.rsqrt": jax.lax.rsqrt,
    "math.erf": jax.scipy.special.erf, "math.tanh": jnp.tanh,
    "arith.addf": jnp.add, "arith.subf": jnp.subtract,
    "arith.mulf": jnp.multiply, "arith.divf": jnp.divide,
    "math.powf": jnp.power, "arith.maximumf": jnp.maximum,
    "arith.minimumf": jnp.minimum, "arith.andi": jnp.logical_and,
    "arith.ori": jnp.logical_or, "arith.select": jnp.where, "olt": jnp.less,
    "ole": jnp.less_equal, "ogt": jnp.greater, "oge": jnp.greater_equal,
    "oeq": jnp.equal, "une": jnp.not_equal, "sigmoid": _nn.sigmoid,
    "constant": float,
}
