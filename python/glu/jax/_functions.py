"""The functions of glu.jax: checks of arguments, and derivatives."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from .._gating import resolve
from .._threads import check as _check_threads
from ._call import call
from ._reference import reference

_dtypes = "float16", "bfloat16", "float32", "float64"


def gated_projection(x, w_gate, w_value, bias_gate=None, bias_value=None, *,
                     gate="silu", extras=(), threads=None):
    """A gated linear unit: f(x @ w_gate + bias_gate, x @ w_value + bias_value).

    Parameters:
        x: shape (..., K); float16, bfloat16, float32 or float64.
        w_gate, w_value: shape (K, N), or (B, K, N) for x of shape (B, ..., K);
            the element type of x.
        bias_gate, bias_value: shape (N,), or (B, N); optional.
        gate: the gating function, as in `glu.gated_projection`; static.
        extras: arrays for the further arguments of the gating function.
        threads: as in `glu.gated_projection`; static.

    Under `jax.vmap` any arguments may be mapped, and the whole is one call: a
    mapped x is more rows, mapped weights are batches.

    Returns: shape (..., N), the element type of x.

    Raises: TypeError or ValueError that begin with the argument's name, when it
        is traced. TypeError of JAX for forward mode (`jax.jvp`).
        NotImplementedError when it is compiled for another device than the CPU,
        or for shapes that are not known (`jax.export.symbolic_shape`).
    """
    return _call("gated_projection", (x, w_gate, w_value),
                 (bias_gate, bias_value), extras, gate, threads)


def ffn(x, w_gate, w_value, w_down, bias_gate=None, bias_value=None,
        bias_down=None, *, gate="silu", extras=(), threads=None):
    """A gated feed-forward layer: f(x @ w_gate, x @ w_value) @ w_down.

    Parameters:
        x, w_gate, w_value, bias_gate, bias_value, gate, extras, threads: as in
            `glu.jax.gated_projection`.
        w_down: shape (N, D), or (B, N, D).
        bias_down: shape (D,), or (B, D); optional.

    Returns: shape (..., D), the element type of x. What is gated is rounded to
        it before the down projection.

    Raises: as `glu.jax.gated_projection`.
    """
    return _call("ffn", (x, w_gate, w_value, w_down),
                 (bias_gate, bias_value, bias_down), extras, gate, threads)


_names = {
    "gated_projection": ("x", "w_gate", "w_value", "bias_gate", "bias_value"),
    "ffn": ("x", "w_gate", "w_value", "w_down", "bias_gate", "bias_value",
            "bias_down"),
}


def _call(function, arrays, biases, extras, gate, threads):
    gate = resolve(gate)
    if threads is not None:
        _check_threads(threads)
    extras = tuple(extras)
    if len(extras) != gate.num_extras:
        raise TypeError(f"extras: the gating function takes {gate.num_extras} "
                        f"arrays, got {len(extras)}")
    names = [*_names[function], *[f"extras[{i}]" for i in range(len(extras))]]
    values = []
    for name, value in zip(names, (*arrays, *biases, *extras)):
        if value is None and name.startswith("bias"):
            values.append(None)
            continue
        if not isinstance(value, (jax.Array, np.ndarray)):
            raise TypeError(f"{name}: expected an array, got "
                            f"{type(value).__name__}")
        value = jnp.asarray(value)
        if value.dtype.name not in _dtypes:
            raise TypeError(f"{name}: expected elements of type "
                            f"{', '.join(_dtypes)}, got {value.dtype.name}")
        if values and value.dtype != values[0].dtype:
            raise TypeError(f"{name}: expected elements of type "
                            f"{values[0].dtype.name} as those of x, got "
                            f"{value.dtype.name}")
        values.append(value)
    _check_shapes(dict(zip(names, values)), extras)
    count = len(arrays)
    return _apply((function, gate, threads), tuple(values[:count]),
                  tuple(values[count:count + len(biases)]),
                  tuple(values[count + len(biases):]))


def _check_shapes(arrays, extras):
    def expect(name, condition, what):
        if not condition:
            raise ValueError(f"{name}: expected {what}, got shape "
                             f"{arrays[name].shape}")

    x, w_gate = arrays["x"], arrays["w_gate"]
    expect("w_gate", w_gate.ndim in (2, 3), "shape (K, N) or (B, K, N)")
    batch, (depth, columns) = w_gate.shape[:-2], w_gate.shape[-2:]
    expect("x", x.ndim >= 1 + len(batch) and x.shape[-1] == depth
           and x.shape[:len(batch)] == batch,
           f"shape (..., {depth}) for w_gate of shape {w_gate.shape}")
    expect("w_value", arrays["w_value"].shape == w_gate.shape,
           f"shape {w_gate.shape} as w_gate has")
    outputs = columns
    if "w_down" in arrays:
        w_down = arrays["w_down"]
        expect("w_down", w_down.shape[:-1] == (*batch, columns),
               f"shape {(*batch, columns, 'D')}")
        outputs = w_down.shape[-1]
    for name, size in (("bias_gate", columns), ("bias_value", columns),
                       ("bias_down", outputs)):
        if arrays.get(name) is not None:
            expect(name, arrays[name].shape in ((size,), (*batch, size)),
                   f"shape {(*batch, size)}")
    for i in range(len(extras)):
        shape, want = arrays[f"extras[{i}]"].shape, (*x.shape[:-1], columns)
        expect(f"extras[{i}]", len(shape) <= len(want) and all(
            have in (1, size) for have, size in zip(shape[::-1], want[::-1])),
            f"a shape that broadcasts to {want}")


# Without jit a call alone would cost much of JAX's time.
@partial(jax.jit, static_argnums=0, inline=True)
@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _apply(options, arrays, biases, extras):
    return call(*options, (*arrays, *biases), extras)


# Derivatives.


def _forward(options, arrays, biases, extras):
    return _apply(options, arrays, biases, extras), (arrays, biases, extras)


def _backward(options, saved, gradient):
    _, pull = jax.vjp(partial(reference, options[1]), *saved)
    return pull(gradient)


_apply.__wrapped__.defvjp(_forward, _backward)
