"""Named gating functions, and those traced from Python."""

import pickle

import numpy as np
import pytest
from conftest import check, sigmoid

import glu
from glu import _gating_table

rng = np.random.default_rng(3)
x, w_gate, w_value = (rng.standard_normal(s) for s in ((6, 12), (12, 9), (12, 9)))
g, v = x @ w_gate, x @ w_value


def run(gate, **keywords):
    return glu.gated_projection(x, w_gate, w_value, gate=gate, **keywords)


def test_table_is_the_dialect_s():
    from glu import _compiler

    assert _compiler.gating_table() == [
        (name, list(parameters)) for name, parameters in _gating_table.table]


def softplus(x):
    return np.logaddexp(x, 0)


def erf(x):
    return np.array([__import__("math").erf(e) for e in x.flat]).reshape(x.shape)


def clamp(x, limit):
    return np.clip(x, -limit, limit)


references = {
    "identity": lambda: g * v,
    "sigmoid": lambda: sigmoid(g) * v,
    "tanh": lambda: np.tanh(g) * v,
    "tanh_sigmoid": lambda: sigmoid(g) * np.tanh(v),
    "relu": lambda: np.maximum(g, 0) * v,
    "drelu": lambda: np.maximum(g, 0) * np.maximum(v, 0),
    "relu_squared": lambda: np.maximum(g, 0) ** 2 * v,
    "leaky_relu": lambda: np.where(g >= 0, g, 0.01 * g) * v,
    "elu": lambda: np.where(g > 0, g, np.expm1(g)) * v,
    "gelu": lambda: g / 2 * (1 + erf(g / 2 ** 0.5)) * v,
    "gelu_tanh": lambda: g / 2 * (1 + np.tanh(
        (2 / np.pi) ** 0.5 * (g + 0.044715 * g ** 3))) * v,
    "silu": lambda: g * sigmoid(g) * v,
    "quick_gelu": lambda: g * sigmoid(1.702 * g) * v,
    "swish": lambda: g * sigmoid(g) * v,
    "hard_sigmoid": lambda: np.clip(g + 3, 0, 6) / 6 * v,
    "hard_swish": lambda: g * np.clip(g + 3, 0, 6) / 6 * v,
    "softplus": lambda: softplus(g) * v,
    "sigmoid_softplus": lambda: sigmoid(g) * softplus(v),
    "mish": lambda: g * np.tanh(softplus(g)) * v,
    "clamped_silu": lambda: np.minimum(g, 10) * sigmoid(
        np.minimum(g, 10)) * clamp(v, 10),
    "silu_clamped": lambda: np.minimum(g * sigmoid(g), 7) * clamp(v, 7),
    "swiglu_oai": lambda: np.minimum(g, 7) * sigmoid(
        1.702 * np.minimum(g, 7)) * (clamp(v, 7) + 1),
}


@pytest.mark.parametrize("name", glu.gating_functions())
def test_named(name):
    check(run(name), references[name](), 1e-13)
    # As an object, and the activation alone inside a traced function.
    assert getattr(glu, name)() is getattr(glu, name)()
    try:
        traced = glu.gating(lambda g, v: getattr(glu, name)(g) * v)
    except glu.GatingError as error:
        assert "write it out" in str(error)
        return
    check(run(traced), references[name](), 1e-13)


def test_parameters():
    check(run(glu.silu(beta=1.702)), references["quick_gelu"](), 1e-13)
    assert glu.silu(beta=1) is glu.silu()
    c = np.minimum(g, 2)
    check(run(glu.swiglu_oai(alpha=1.5, limit=2)),
          c * sigmoid(1.5 * c) * (clamp(v, 2) + 1), 1e-13)
    assert repr(glu.swiglu_oai(limit=2)) == "glu.swiglu_oai(limit=2.0)"
    check(run(glu.leaky_relu(slope=1e-5)), np.where(g >= 0, g, 1e-5 * g) * v,
          1e-13)
    for wrong in dict(beta="x"), dict(gamma=1), dict(beta=float("nan")):
        with pytest.raises((TypeError, ValueError), match="^glu.swish: "):
            glu.swish(**wrong)
    assert pickle.loads(pickle.dumps(glu.silu(beta=3))) is glu.silu(beta=3)


def test_traced():
    @glu.gating
    def mixed(g, v):
        a = glu.where((g > 0) & (v < 1), 2 * g, -g)
        b = glu.clip(v, -0.5, 0.5) + abs(g) ** 2 - 1 / (1 + glu.exp(-v))
        return a * b + glu.maximum(g, v) * glu.erf(g) / 3

    want = np.where((g > 0) & (v < 1), 2 * g, -g) * (
        np.clip(v, -0.5, 0.5) + g ** 2 - sigmoid(v)
    ) + np.maximum(g, v) * erf(g) / 3
    check(run(mixed), want, 1e-12)
    check(run(lambda g, v: np.tanh(g) * np.square(v)), np.tanh(g) * v ** 2, 1e-12)
    check(run(lambda g, v: np.float32(2) * g * v), 2 * g * v, 1e-12)
    assert glu.gating(mixed) is mixed
    assert glu.gating(lambda a, b: a * b) is glu.gating(lambda a, b: a * b)


@pytest.mark.parametrize("function, message", [
    (lambda g, v: g if g > 0 else v, "branch"),
    (lambda g, v: max(g, v), "branch"),
    (lambda g, v: float(g) * v, "Python number"),
    (lambda g, v: __import__("math").exp(g), "Python number"),
    (lambda g, v: np.sort(g), "array"),
    (lambda g, v: g[0], "indexing"),
    (lambda g, v: sum(g), "loop"),
    (lambda g, v: g.shape, "attribute"),
    (lambda g, v: np.arctan2(g, v), "arctan2"),
    (lambda g, v: 3, "the result"),
    (lambda g, v: None, "the result"),
    (lambda g, v: g > v, "condition"),
    (lambda g, v: g * "a", "str"),
    (lambda g, v: g * float("inf"), "finite"),
    (lambda g, v: (g > 0) * v, "condition"),
    (lambda g, v: 1 // 0, "ZeroDivisionError"),
    (lambda g: g, "g, v"),
    (lambda g, v: glu.where(g, v, v), "comparison"),
])
def test_untraceable(function, message):
    with pytest.raises(glu.GatingError, match=message):
        glu.gating(function)


def test_outside():
    for call in (lambda: glu.exp(1.0), lambda: glu.where(True, 1, 2),
                 lambda: glu.silu(1.0), lambda: glu.gating(3)):
        with pytest.raises(glu.GatingError):
            call()
