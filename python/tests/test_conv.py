"""Gated convolutions against float64."""

import numpy as np
import pytest
from conftest import check, dtype, sigmoid, to_float64

import glu

rng = np.random.default_rng(5)


def conv(x, w, stride, dilation, low, high):
    x, w = to_float64(x), to_float64(w)
    rank = x.ndim - 2
    x = np.pad(x, [(0, 0), (0, 0), *zip(low, high)])
    reach = [(r - 1) * d for r, d in zip(w.shape[2:], dilation)]
    sizes = [(s - r - 1) // t + 1 for s, r, t in zip(x.shape[2:], reach, stride)]
    y = np.zeros((x.shape[0], w.shape[0], *sizes))
    for tap in np.ndindex(*w.shape[2:]):
        part = tuple(slice(t * d, t * d + (n - 1) * s + 1, s) for t, d, n, s in
                     zip(tap, dilation, sizes, stride))
        y += np.einsum("bc...,oc->bo...", x[(...,) + part if rank else ...],
                       w[(slice(None), slice(None)) + tap])
    return y


@pytest.mark.parametrize("options, low, high", [
    (dict(), 0, 0), (dict(padding=2), 2, 2), (dict(padding="causal"), 2, 0),
    (dict(padding="same"), 1, 1), (dict(stride=2, dilation=3), 0, 0),
    (dict(padding="causal", dilation=2, gate="tanh_sigmoid"), 4, 0),
])
def test_conv1d(options, low, high):
    x, w, b = (rng.standard_normal(s) for s in ((2, 5, 14), (2, 6, 5, 3), (2, 6)))
    stride, dilation = options.get("stride", 1), options.get("dilation", 1)
    g, v = (conv(x, w[i], [stride], [dilation], [low], [high]) + b[i][:, None]
            for i in range(2))
    want = sigmoid(g) * (np.tanh(v) if "gate" in options else v)
    check(glu.gated_conv1d(x, *w, *b, **options), want, 1e-12)
    # Channels last, and weights in another order.
    last = np.ascontiguousarray(x.transpose(0, 2, 1)).transpose(0, 2, 1)
    turned = np.ascontiguousarray(w.transpose(0, 3, 2, 1)).transpose(0, 3, 2, 1)
    check(glu.gated_conv1d(last, *turned, *b, **options), want, 1e-12)


@pytest.mark.parametrize("kind, tolerance", [("float32", 1e-5), ("bfloat16", 2e-2)])
def test_conv2d(kind, tolerance):
    x = rng.standard_normal((2, 3, 7, 9)).astype(dtype(kind))
    w = rng.standard_normal((2, 4, 3, 3, 2)).astype(dtype(kind))
    g, v = (conv(x, w[i], (2, 1), (1, 2), (1, 0), (1, 0)) for i in range(2))
    check(glu.gated_conv2d(x, *w, stride=(2, 1), dilation=(1, 2), padding=(1, 0)),
          sigmoid(g) * v, tolerance)


@pytest.mark.parametrize("change, message", [
    (dict(stride=0), "stride: "), (dict(dilation="a"), "dilation: "),
    (dict(padding="valid"), "padding: "), (dict(padding=(1, 2)), "padding: "),
    (dict(x=np.ones((2, 3))), "x: expected"),
    (dict(x=np.ones((2, 3, 1))), "x: expected a size"),
    (dict(w_gate=np.ones((2, 4, 2))), "w_gate: expected"),
    (dict(bias_gate=np.ones(3)), "bias_gate: expected"),
    (dict(gate=glu.gating(lambda g, v, s: g * v * s)), "gate: "),
])
def test_errors(change, message):
    arguments = dict(x=np.ones((1, 3, 8)), w_gate=np.ones((2, 3, 2)),
                     w_value=np.ones((2, 3, 2)))
    with pytest.raises((TypeError, ValueError)) as raised:
        glu.gated_conv1d(**{**arguments, **change})
    assert str(raised.value).startswith(message)
