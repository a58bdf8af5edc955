"""glu.jax under jit, grad and vmap, against JAX's own operations."""

import re
import subprocess
import sys

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="glu.jax needs JAX")
jnp = jax.numpy
import jax.export  # noqa: E402


import glu  # noqa: E402
import glu.jax  # noqa: E402
from glu._gating import resolve  # noqa: E402
from glu._gating_table import table  # noqa: E402
from glu.jax._reference import reference  # noqa: E402

rng = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def double():
    with jax.enable_x64(True):
        yield


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


@pytest.mark.parametrize("gate", [
    *[name for name, _ in table], glu.swiglu_oai(alpha=1.5, limit=1.25),
    glu.silu(beta=0.5), glu.gating(lambda g, v: glu.sigmoid(g) * glu.tanh(v))],
    ids=str)
def test_derivatives_of_gating_functions(gate):
    arrays = make(4, 6), make(6, 5), make(6, 5), make(5), make(5)
    weight = make(4, 5)

    def got(*arrays):
        return (glu.jax.gated_projection(*arrays, gate=gate) * weight).sum()

    def want(*arrays):
        *arrays, bias_gate, bias_value = arrays
        return (reference(resolve(gate), arrays, (bias_gate, bias_value), ())
                * weight).sum()

    every = tuple(range(5))
    gradients = jax.jit(jax.grad(got, every))(*arrays)
    close(got(*arrays), want(*arrays))
    close(gradients, jax.grad(want, every)(*arrays))
    # Values are the kernel's, derivatives JAX's: they belong to one function.
    directions = [make(*a.shape) for a in arrays]
    step = 1e-6
    ends = [got(*[a + s * d for a, d in zip(arrays, directions)])
            for s in (step, -step)]
    slope = (ends[0] - ends[1]) / (2 * step)
    sums = sum((g * d).sum() for g, d in zip(gradients, directions))
    assert abs(sums - slope) < 1e-6 * max(1, abs(slope))


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


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("axes", [(0, 0, 0, 0), (2, None, 0, 1), (None, 1, 1, None),
                                  (1, 0, None, 0), (None, None, None, 0)])
def test_vmap_with_extras(axes, batched):
    # Each of x, the weights, the biases and the extras mapped or not.
    front = (2,) if batched else ()
    shapes = (*front, 3, 6), (*front, 6, 7), (7,), (3, 1)
    arrays = [jnp.moveaxis(make(4, *shape), 0, axis) if axis is not None
              else make(*shape) for axis, shape in zip(axes, shapes)]
    gate = glu.gating(lambda g, v, s: glu.tanh(g) * v * s)

    def got(x, w, b, s):
        return glu.jax.ffn(x, w, w[..., ::-1], w.mT, b, gate=gate, extras=(s,))

    def want(x, w, b, s):
        h = jnp.tanh(x @ w + b) * (x @ w[..., ::-1]) * s
        return h @ w.mT

    close(*[jax.jit(jax.vmap(f, axes))(*arrays) for f in (got, want)])
    close(*[jax.vmap(f, axes, out_axes=1)(*arrays) for f in (got, want)])
    # A second dimension, of x alone.
    arrays[0] = jnp.stack([arrays[0], 2 * arrays[0]])
    close(*[jax.vmap(jax.vmap(f, axes), (0, None, None, None))(*arrays)
            for f in (got, want)])


def test_shapes():
    w = make(2, 6, 5)
    for shape in (6,), (1, 6), (0, 6), (2, 0, 6), (2, 3, 4, 6):
        x = make(*shape)
        close(jax.jit(glu.jax.gated_projection)(x, *w), silu(x, *w))
    x = make(4, 6)
    with jax.disable_jit():
        close(glu.jax.gated_projection(x, *w), silu(x, *w))


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


def test_many_calls_in_a_program():
    x, w = make(4, 6), make(2, 6, 6) / 3

    def repeat(layer):
        return jax.jit(lambda x: jax.lax.fori_loop(
            0, 50, lambda _, x: layer(x, *w) + x / 2, x))(x)

    close(repeat(glu.jax.gated_projection), repeat(silu))


def test_kernels_outlive_the_cache():
    x, w = make(4, 6), make(2, 6, 5)
    f = jax.jit(glu.jax.gated_projection)
    want = f(x, *w)
    glu.clear_cache()
    close(f(x, *w), want)


def export(x, w, **options):
    from jax.export import DisabledSafetyCheck

    return jax.export.export(
        jax.jit(lambda x, w: glu.jax.gated_projection(x, w[0], w[1])),
        disabled_checks=[DisabledSafetyCheck.custom_call("glu_kernel")],
        **options)(x, w)


run_exported = """
import sys
import jax, numpy as np
from jax import export
import glu.jax
from glu import _cache, CompileError
if sys.argv[2] == "fail":
    def get(*_, **__):
        raise CompileError("no compiler")
    _cache.get = get
program = export.deserialize(bytearray(open(sys.argv[1], "rb").read()))
x, w = np.ones((4, 6), np.float32), np.ones((2, 6, 5), np.float32)
try:
    np.testing.assert_allclose(program.call(x, w), 36 / (1 + np.exp(-6.0)),
                               rtol=1e-5)
except jax.errors.JaxRuntimeError as error:
    print(error)
"""


def test_programs_in_another_process(tmp_path):
    pytest.importorskip("flatbuffers", reason="JAX needs it to write programs")
    x, w = jnp.ones((4, 6), "float32"), jnp.ones((2, 6, 5), "float32")
    (tmp_path / "program").write_bytes(export(x, w).serialize())
    outputs = [subprocess.run(
        [sys.executable, "-c", run_exported, tmp_path / "program", how],
        check=True, text=True, capture_output=True).stdout
        for how in ("make", "fail")]
    assert outputs[0] == ""
    assert re.search("glu.jax: kernel [0-9a-f]{64}: no compiler", outputs[1])


def custom_call(x, w):
    """The attributes of the kernel's call in a compiled program."""
    text = jax.jit(glu.jax.gated_projection).lower(x, *w).as_text()
    return {name: re.search(rf'{name} = "((?:[^"\\\\]|\\\\.)*)"', text)[1]
            for name in ("key", "options")}


def test_buffers_are_checked():
    x, w = jnp.ones((4, 6), "float32"), jnp.ones((2, 6, 5), "float32")
    y = jax.ShapeDtypeStruct((4, 5), "float32")
    text = jax.jit(glu.jax.gated_projection).lower(x, *w).as_text()
    key = re.search('key = "([0-9a-f]{64})"', text)[1]

    def run(result, *arrays, **attributes):
        call = jax.ffi.ffi_call("glu_kernel", result)
        return jax.block_until_ready(call(*arrays, **{
            "key": key, "kernel": "", "options": "", **attributes}))

    close(run(y, x, *w), silu(x, *w), 1e-5)
    for (result, *arrays), message in (
            ((y, x), "expected 3 arguments and a result, got 1 and 1"),
            (((y, y), x, *w), "expected 3 arguments and a result, got 3 and 2"),
            ((y, x[:3], *w), r"argument 0: expected float32 of shape \(4, 6\), got "
             r"float32 of shape \(3, 6\)"),
            ((y, x, w[0].T, w[1]), r"argument 1: .* got float32 of shape \(5, 6\)"),
            ((y, x, w[:1], w[1]), r"argument 1: .* shape \(1, 6, 5\)"),
            ((y, x, w[0], jnp.float32(1)), r"argument 2: .* shape \(\)"),
            ((y, x.astype("float64"), *w), "argument 0: .* got float64 of"),
            ((y, x.astype("int32"), *w), "argument 0: .* got type 4 of"),
            ((jax.ShapeDtypeStruct((4, 4), "float32"), x, *w),
             r"result: .* got float32 of shape \(4, 4\)"),
            ((jax.ShapeDtypeStruct((4, 5), "bfloat16"), x, *w),
             "result: .* got bfloat16 of")):
        with pytest.raises(jax.errors.JaxRuntimeError,
                           match=f"glu.jax: kernel {key}: {message}"):
            run(result, *arrays)
    with pytest.raises(jax.errors.JaxRuntimeError, match="no attribute 'key'"):
        jax.block_until_ready(jax.ffi.ffi_call("glu_kernel", y)(x, *w))


@pytest.mark.parametrize("arguments, buffers, message", [
    ([(0, [4], [1])], [("float32", [4]), ("float32", [4])], "other arguments"),
    ([(0, [4], [1]), (1, [5], [1])], [("float32", [4])] * 2, "leave its buffers"),
    ([(0, [4], [-1]), (1, [4], [1])], [("float32", [4])] * 2, "leave its buffers"),
    ([(0, [2, 2], [3, 1]), (1, [4], [1])], [("float32", [4])] * 2, "leave its"),
    ([(0, [2 ** 40] * 2, [2 ** 40] * 2), (1, [4], [1])], [("float32", [4])] * 2,
     "leave its buffers"),
    ([(0, [4], [1, 2]), (1, [4], [1])], [("float32", [4])] * 2, "a stride for each"),
    ([(0, [4], [1]), (1, [4], [1])], [("float32", [-4])] * 2, "no such size"),
    ([(0, [4], [1]), (1, [4], [1])], [("int8", [4])] * 2, "no buffers of int8"),
])
def test_calls_that_would_leave_their_buffers(arguments, buffers, message):
    from glu import _cache, _runtime

    kernel = _cache.get("func.func @f() { return }", entry="f").kernel("f")
    with pytest.raises(ValueError, match=message):
        _runtime.add_xla_call("test", kernel, arguments, buffers)


def test_damaged_calls():
    x, w = jnp.ones((4, 6), "float32"), jnp.ones((2, 6, 5), "float32")
    y = jax.ShapeDtypeStruct((4, 5), "float32")
    for options in "", "3", "{}", '{"compile": {}, "arguments": 3, "buffers": []}', \
            '{"compile": {}, "arguments": [[0, 3]], "buffers": [["float32", "x"]]}':
        with pytest.raises(jax.errors.JaxRuntimeError, match="glu.jax: kernel damaged"):
            jax.block_until_ready(jax.ffi.ffi_call("glu_kernel", y)(
                x, *w, key="damaged", kernel="func.func @f() { return }",
                options=options))


def test_what_is_not_supported():
    x, w = make(4, 6), make(2, 6, 5)
    with pytest.raises(NotImplementedError, match="kernels run on the CPU, and "
                                                  "this is compiled for cuda"):
        export(x, w, platforms=["cuda"])
    rows, = jax.export.symbolic_shape("rows")
    with pytest.raises(NotImplementedError, match="^x: expected a shape of int"):
        export(jax.ShapeDtypeStruct((rows, 6), x.dtype), w)


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
