"""`glu` for JAX: functions that go under `jax.jit`, `jax.grad` and `jax.vmap`.

>>> import jax, jax.numpy as jnp, glu.jax
>>> x, w = jnp.ones((2, 8)), jnp.ones((2, 8, 4))
>>> layer = jax.jit(lambda x, w: glu.jax.gated_projection(x, w[0], w[1]))
>>> layer(x, w).shape
(2, 4)
>>> jax.grad(lambda w: layer(x, w).sum())(w).shape
(2, 8, 4)

Compiled functions call kernels as XLA's own code, without Python. Derivatives
are made in reverse mode (`jax.grad`, `jax.vjp`), by JAX's own operations. Needs
JAX 0.5 or newer, and arrays on the CPU.
"""

try:
    import jax as _jax
except ImportError as error:
    raise ImportError("glu.jax needs JAX: pip install jax") from error
try:
    import jax.ffi as _ffi  # noqa: F401
except ImportError as error:
    raise ImportError("glu.jax needs JAX 0.5 or newer, got "
                      + _jax.__version__) from error

from ._functions import ffn, gated_projection

__all__ = ["ffn", "gated_projection"]
