"""What the tests share: a cache folder of their own, references in float64."""

import os

import numpy as np
import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    if "GLU_CACHE_DIR" not in os.environ:
        os.environ["GLU_CACHE_DIR"] = str(tmp_path_factory.mktemp("kernels"))


def to_float64(array):
    return np.asarray(array).astype(np.float64)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def silu(x):
    return x * sigmoid(x)


def unit(x, w_gate, w_value, bias_gate=0.0, bias_value=0.0, gate=None):
    """A gated projection in float64."""
    x, w_gate, w_value, bias_gate, bias_value = map(
        to_float64, (x, w_gate, w_value, bias_gate, bias_value))
    g, v = x @ w_gate + bias_gate, x @ w_value + bias_value
    return gate(g, v) if gate else silu(g) * v


def check(got, want, tolerance):
    got = to_float64(got)
    assert got.shape == want.shape
    assert np.isfinite(got).all()
    assert np.abs(got - want).max() <= tolerance * max(np.abs(want).max(), 1e-30)


tolerances = {"float64": 1e-13, "float32": 2e-6, "float16": 2e-3,
              "bfloat16": 1e-2}


def dtype(name):
    if name == "bfloat16":
        return np.dtype(pytest.importorskip("ml_dtypes").bfloat16)
    return np.dtype(name)
