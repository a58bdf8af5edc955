"""glu.gated_projection, glu.ffn and glu.pack against float64."""

import threading

import numpy as np
import pytest
from conftest import check, dtype, silu, to_float64, tolerances, unit

import glu

rng = np.random.default_rng(7)


def make(*shape, kind="float64"):
    return rng.standard_normal(shape).astype(dtype(kind))


@pytest.mark.parametrize("kind", tolerances)
def test_dtypes_and_layouts(kind):
    x = make(3, 5, 48, kind=kind)
    w_gate = make(40, 48, kind=kind).T
    w_value = make(48, 80, kind=kind)[:, 40:]
    w_down = (make(24, 40) / 8).astype(dtype(kind)).T
    b = make(3, 40, kind=kind)
    tolerance = tolerances[kind]
    y = unit(x, w_gate, w_value, b[0], b[1])
    got = glu.gated_projection(x, w_gate, w_value, b[0], b[1])
    assert got.dtype == x.dtype
    check(got, y, tolerance)
    z = y @ to_float64(w_down) + to_float64(b[2][:24])
    check(glu.ffn(x, w_gate, w_value, w_down, b[0], b[1], b[2][:24]), z,
          2 * tolerance)
    packed = glu.pack(w_gate, w_value, None, b[0], b[1])
    for rows in x, x[0], x[0, 0], x[:, 1], x[:2]:
        check(glu.gated_projection(rows, packed),
              unit(rows, w_gate, w_value, b[0], b[1]), tolerance)
    packed = glu.pack(w_gate, w_value, w_down, b[0], b[1], b[2][:24])
    check(glu.ffn(x, packed), z, 2 * tolerance)
    check(glu.ffn(x[1, 2], packed), z[1, 2], 4 * tolerance)


@pytest.mark.parametrize("view", [
    lambda x: x, lambda x: x[0, 0, 0], lambda x: x[::2, :, ::3],
    lambda x: x.transpose(2, 1, 0, 3), lambda x: x[:, :, ::-1],
    lambda x: np.broadcast_to(x[:1], (4, 5, 6, 16)), lambda x: x[:0],
    lambda x: x.transpose(0, 1, 3, 2)[..., :4, :],
])
def test_views_of_x(view):
    x = view(make(4, 5, 6, 16))
    w = make(2, x.shape[-1], 9)
    if x.size == 0:
        assert glu.gated_projection(x, *w).shape == x.shape[:-1] + (9,)
        return
    check(glu.gated_projection(x, *w), unit(x, *w), 1e-13)


def test_strides_of_weights():
    x, w = make(7, 16), make(2, 32, 36)
    for view in (lambda w: w[::2, ::2], lambda w: w[15::-1, :18],
                 lambda w: np.broadcast_to(w[:1, :18], (16, 18)),
                 lambda w: w.T[:16, ::2][:, ::-1]):
        a, b = view(w[0]), view(w[1])
        check(glu.gated_projection(x, a, b), unit(x, a, b), 1e-12)
        check(glu.gated_projection(x, glu.pack(a, b)), unit(x, a, b), 1e-12)


def test_batches():
    x, w, d = make(3, 4, 5, 16), make(2, 3, 16, 24), make(3, 24, 8)
    want = unit(x.reshape(3, 20, 16), *w)
    check(glu.gated_projection(x, *w), want.reshape(3, 4, 5, 24), 1e-13)
    check(glu.gated_projection(x, glu.pack(*w)), want.reshape(3, 4, 5, 24), 1e-13)
    check(glu.ffn(x, *w, d), (want @ d).reshape(3, 4, 5, 8), 1e-13)
    b = make(2, 3, 24)
    check(glu.gated_projection(x[:, 0], *w, *b),
          unit(x[:, 0], *w, *b[:, :, None]), 1e-13)


def test_out():
    x, w = make(4, 6, 16), make(2, 16, 8)
    out = np.empty((6, 4, 8)).transpose(1, 0, 2)
    assert glu.gated_projection(x, *w, out=out) is out
    check(out, unit(x, *w), 1e-13)
    for wrong, error in ((x, ValueError), (np.empty((4, 6, 9)), ValueError),
                         (np.empty((4, 6, 8), np.float32), TypeError),
                         (np.broadcast_to(0.0, (4, 6, 8)), ValueError)):
        with pytest.raises(error, match="^out: "):
            glu.gated_projection(x, *w, out=wrong)
    both = np.empty((4, 6, 24))
    with pytest.raises(ValueError, match="^out: shares memory with x"):
        glu.gated_projection(both[..., :16], *w, out=both[..., 8:16])


def test_threads():
    x, w = make(65, 64), make(2, 64, 96)
    for threads in 1, 2, 3:
        check(glu.gated_projection(x, *w, threads=threads), unit(x, *w), 1e-12)
    with pytest.raises(ValueError, match="^threads: "):
        glu.gated_projection(x, *w, threads=0)


def test_many_threads_at_once():
    x, w = make(9, 24), make(2, 24, 31)
    want = unit(x, *w)
    errors = []

    def work(i):
        try:
            for size in range(24, 32):
                check(glu.gated_projection(x, *w[..., :size]), want[:, :size],
                      1e-12)
        except BaseException as error:
            errors.append(error)

    team = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    for thread in team:
        thread.start()
    for thread in team:
        thread.join()
    assert not errors


@pytest.mark.parametrize("change, error, message", [
    (dict(x=1), TypeError, "x: expected an array"),
    (dict(x=None), TypeError, "x: expected an array"),
    (dict(x=np.float64(1)), ValueError, "x: expected"),
    (dict(x=np.ones((2, 3))), ValueError, "x: expected"),
    (dict(x=np.ones((2, 16), np.float32)), TypeError, "w_gate: expected elements"),
    (dict(x=np.ones((2, 16), int)), TypeError, "x: expected elements"),
    (dict(x=np.ones((2, 16), ">f8")), TypeError, "x: elements"),
    (dict(w_value=None), TypeError, "w_value: expected an array"),
    (dict(w_value=np.ones((16, 7))), ValueError, "w_value: expected shape"),
    (dict(w_gate=np.ones(16)), ValueError, "w_gate: expected"),
    (dict(bias_gate=np.ones(7)), ValueError, "bias_gate: expected shape"),
    (dict(bias_value=np.ones(8, np.float32)), TypeError, "bias_value: expected"),
    (dict(gate="none"), ValueError, "gate: no gating function"),
    (dict(gate=3), TypeError, "gate: expected"),
    (dict(gate=[]), TypeError, "gate: expected"),
    (dict(threads=1.5), TypeError, "threads: expected"),
    (dict(extras=(np.ones(8),)), TypeError, "extras: "),
])
def test_errors(change, error, message):
    arguments = dict(x=make(2, 16), w_gate=make(16, 8), w_value=make(16, 8))
    with pytest.raises(error) as raised:
        glu.gated_projection(**{**arguments, **change})
    assert str(raised.value).startswith(message)


def test_packed_errors():
    w = make(2, 16, 8)
    with pytest.raises(TypeError, match="^w_gate: "):
        glu.ffn(make(2, 16), glu.pack(*w))
    with pytest.raises(TypeError, match="^bias: "):
        glu.gated_projection(make(2, 16), glu.pack(*w), None, make(8))
    with pytest.raises(TypeError, match="^bias_down: "):
        glu.pack(*w, bias_down=make(8))
    with pytest.raises(AttributeError):
        glu.pack(*w)._shape = None


def test_extras():
    x, w = make(4, 5, 16), make(2, 16, 8)
    gate = glu.gating(lambda g, v, s, t: glu.sigmoid(g) * v * s + t)
    for s in make(4, 5, 1), make(8), make(5, 8), make(4, 5, 8), make(1):
        got = glu.gated_projection(x, *w, gate=gate, extras=(s, make(1) * 0))
        g, v = x @ w[0], x @ w[1]
        check(got, v * s / (1 + np.exp(-g)), 1e-12)
    with pytest.raises(ValueError, match="broadcasts"):
        glu.gated_projection(x, *w, gate=gate, extras=(make(3), make(1)))


def test_torch():
    torch = pytest.importorskip("torch")
    x, w = torch.randn(3, 5, 32), torch.randn(2, 24, 32)
    got = glu.gated_projection(x, w[0].T, w[1].T)
    assert isinstance(got, torch.Tensor)
    check(got, unit(x, w[0].T, w[1].T), 2e-6)
    half = [t.bfloat16() for t in (x, w[0].T, w[1].T)]
    got = glu.gated_projection(*half)
    assert got.dtype == torch.bfloat16
    check(got.float(), unit(*[t.float() for t in half]), 1e-2)
    check(glu.gated_projection(half[0], glu.pack(*half[1:])).float(),
          unit(*[t.float() for t in half]), 1e-2)
    x.requires_grad_()
    with pytest.raises(ValueError, match="^x: requires a gradient"):
        glu.gated_projection(x, w[0].T, w[1].T)
    with torch.no_grad():
        glu.gated_projection(x, w[0].T, w[1].T)
    # Tensors that have the negated values of their memory.
    z = torch.randn(3, 32, dtype=torch.cfloat).conj().imag
    assert z.is_neg()
    with torch.no_grad(), pytest.raises(ValueError, match="^x: its memory holds"):
        glu.gated_projection(z, w[0].T, w[1].T)
    check(glu.gated_projection(z.resolve_neg(), w[0].T, w[1].T),
          unit(z.resolve_neg(), w[0].T, w[1].T), 2e-6)
    with pytest.raises(ValueError, match="^x: is on device meta; expected"):
        glu.gated_projection(x.detach().to("meta"), w[0].T, w[1].T)


def test_masked_arrays():
    w = np.ones((4, 3))
    masked = np.ma.masked_array(np.ones((2, 4)), mask=np.eye(2, 4))
    with pytest.raises(TypeError, match="^x: is a masked array"):
        glu.gated_projection(masked, w, w)
    check(glu.gated_projection(masked.filled(0), w, w),
          unit(masked.filled(0), w, w), 1e-13)


def test_results_that_overlap_themselves():
    x, w = make(3, 16), make(2, 16, 8)
    strided = np.lib.stride_tricks.as_strided
    for strides in (8, 8), (0, 8), (32, 8), (8, 0):
        out = strided(np.empty(100), (3, 8), strides)
        with pytest.raises(ValueError, match="^out: elements share memory"):
            glu.gated_projection(x, *w, out=out)
    out = np.empty((8, 3)).T[:, ::-1]
    check(glu.gated_projection(x, *w, out=out), unit(x, *w), 1e-13)


def test_packed_weights_are_not_pickled():
    import copy
    import pickle

    packed = glu.pack(*make(2, 16, 8))
    assert copy.copy(packed) is packed and copy.deepcopy([packed])[0] is packed
    with pytest.raises(TypeError, match="keep the weights, and pack them again"):
        pickle.dumps(packed)


def test_jax():
    jax = pytest.importorskip("jax")
    x, w = jax.numpy.asarray(make(5, 32, kind="float32")), make(2, 32, 8)
    w = jax.numpy.asarray(w.astype(np.float32))
    got = glu.gated_projection(x, w[0], w[1])
    assert isinstance(got, jax.Array)
    check(got, unit(x, w[0], w[1]), 2e-6)
    with pytest.raises(ValueError, match="^out: is read-only"):
        glu.gated_projection(x, w[0], w[1], out=jax.numpy.zeros((5, 8)))


def test_buffers():
    import array

    x = memoryview(array.array("d", range(8))).cast("B").cast("d", (2, 4))
    w = np.ones((4, 3))
    check(glu.gated_projection(x, w, w), unit(np.array(x), w, w), 1e-13)
    with pytest.raises(TypeError, match="^x: "):
        glu.gated_projection(b"abc", w, w)
