"""glu.jax under jit, grad and vmap, against JAX's own operations."""

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="glu.jax needs JAX")
jnp = jax.numpy

import glu  # noqa: E402
import glu.jax  # noqa: E402
from glu._gating_table import table  # noqa: E402

rng = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def double():
    # For the process: a context would hold for this thread only, and callbacks
    # run on others.
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def make(*shape):
    return jnp.asarray(rng.standard_normal(shape))


def silu(x, w_gate, w_value, bias_gate=0.0, bias_value=0.0):
    return (jax.nn.silu(x @ w_gate + bias_gate)) * (x @ w_value + bias_value)


def close(got, want, tolerance=1e-11):
    got, want = jax.tree.leaves(got), jax.tree.leaves(want)
    assert len(got) == len(want)
    for a, b in zip(got, want):
        assert a.shape == b.shape and a.dtype == b.dtype
        np.testing.assert_allclose(np.asarray(a, np.float64),
                                   np.asarray(b, np.float64),
                                   rtol=tolerance, atol=tolerance)


def test_jit_and_grad():
    x, w, b, d = make(3, 5, 16), make(2, 16, 8), make(2, 8), make(8, 4)

    def got(x, w, b, d):
        return glu.jax.ffn(x, *w, d, *b)

    def want(x, w, b, d):
        return silu(x, *w, *b) @ d

    close(got(x, w, b, d), want(x, w, b, d))
    close(jax.jit(got)(x, w, b, d), want(x, w, b, d))
    gradients = [jax.jit(jax.grad(lambda *a: (f(*a) ** 2).sum(), (0, 1, 2, 3)))(
        x, w, b, d) for f in (got, want)]
    close(*gradients, 1e-9)


@pytest.mark.parametrize("gate", [name for name, _ in table])
def test_gating_functions(gate):
    # Values by the kernel, derivatives by JAX: they belong to one function.
    x, w = make(4, 6), make(2, 6, 5)
    direction = make(4, 6)

    def f(x):
        return glu.jax.gated_projection(x, w[0], w[1], gate=gate).sum()

    step = 1e-6
    slope = (f(x + step * direction) - f(x - step * direction)) / (2 * step)
    assert abs((jax.grad(f)(x) * direction).sum() - slope) < 1e-6 * max(
        1, abs(slope))


def test_traced_functions():
    x, w, scale = make(4, 6), make(2, 6, 5), make(4, 1)
    gate = glu.gating(lambda g, v, s: glu.where(
        (g > -1) & (v < 2), glu.silu(g) * v, glu.clip(g, -2, 2)) * s)

    def got(x, w, s):
        return glu.jax.gated_projection(x, *w, gate=gate, extras=(s,))

    def want(x, w, s):
        g, v = x @ w[0], x @ w[1]
        return jnp.where((g > -1) & (v < 2), jax.nn.silu(g) * v,
                         jnp.clip(g, -2, 2)) * s

    close(got(x, w, scale), want(x, w, scale))
    close(*[jax.grad(lambda *a: f(*a).sum(), (0, 1, 2))(x, w, scale)
            for f in (got, want)])


def test_derivatives_of_large_values_are_finite():
    x, w = jnp.full((1, 1), -1000.0), jnp.ones((2, 1, 1))
    for gate in "silu", glu.gating(lambda g, v: glu.silu(g) * v):
        gradient = jax.grad(lambda x: glu.jax.gated_projection(
            x, w[0], w[1], gate=gate).sum())(x)
        assert float(gradient[0, 0]) == 0.0


@pytest.mark.parametrize("axes", [(0, None, None), (None, 0, None), (0, 0, 0),
                                  (None, None, 0), (1, 2, 0)])
def test_vmap(axes):
    shapes = (5, 6), (6, 7), (7,)
    arrays = [jnp.moveaxis(make(4, *shape), 0, axis) if axis is not None
              else make(*shape) for axis, shape in zip(axes, shapes)]

    def got(x, w, b):
        return glu.jax.gated_projection(x, w, w[::-1], b, b)

    def want(x, w, b):
        return silu(x, w, w[::-1], b, b)

    close(*[jax.vmap(f, axes)(*arrays) for f in (got, want)])
    close(*[jax.jit(jax.vmap(jax.grad(lambda *a: f(*a).sum(), (0, 1, 2)), axes))(
        *arrays) for f in (got, want)])


def test_nested_vmap_and_batches():
    x, w = make(2, 3, 5, 6), make(2, 3, 6, 7)

    def got(x, w):
        return glu.jax.gated_projection(x, w, w)

    want = silu(x, w, w)
    close(jax.vmap(jax.vmap(got))(x, w), want)
    close(got(x[0], w[0]), want[0])
    close(jax.vmap(got)(x, w), want)
    close(jax.vmap(got, (0, None))(x, w[0]), silu(x, w[:1], w[:1]))


@pytest.mark.parametrize("kind, tolerance", [
    ("float32", 1e-5), ("bfloat16", 3e-2), ("float16", 4e-3)])
def test_dtypes(kind, tolerance):
    x, w = make(4, 16).astype(kind) / 2, make(2, 16, 8).astype(kind) / 2
    y = jax.jit(glu.jax.gated_projection)(x, *w)
    assert y.dtype == kind
    close(y.astype("float64"), silu(x.astype("float64"), *w.astype("float64")),
          tolerance)
    gradient = jax.grad(lambda x: glu.jax.gated_projection(x, *w).sum())(x)
    assert gradient.dtype == kind


def test_large_arrays_inside_jit():
    x, w = make(512, 512), make(2, 512, 1024)
    f = jax.jit(lambda x, w: glu.jax.gated_projection(x @ x, *w) * 2)
    close(f(x, w), 2 * silu(x @ x, *w), 1e-6)


def test_errors():
    x, w = make(4, 6), make(6, 5)
    f = glu.jax.gated_projection
    for arguments, error, message in (
            ((1, w, w), TypeError, "x: expected an array"),
            ((x, w, None), TypeError, "w_value: expected an array"),
            ((x, w, w[:, :2]), ValueError, "w_value: expected shape"),
            ((x[:, :2], w, w), ValueError, "x: expected shape"),
            ((x.astype(int), w, w), TypeError, "x: expected elements"),
            ((x, w.astype("float32"), w), TypeError, "w_gate: expected elements"),
            ((x, w, w, w), ValueError, "bias_gate: expected shape")):
        with pytest.raises(error, match="^" + message):
            jax.jit(lambda: f(*arguments))()
    with pytest.raises(ValueError, match="^gate: "):
        f(x, w, w, gate="none")
    with pytest.raises(TypeError, match="^extras: "):
        f(x, w, w, extras=(x,))
    with pytest.raises(TypeError, match="forward-mode"):
        jax.jvp(lambda x: f(x, w, w), (x,), (x,))


def test_examples():
    import doctest

    with jax.enable_x64(False):
        result = doctest.testmod(glu.jax)
    assert result.attempted and not result.failed
