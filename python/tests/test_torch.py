"""glu.torch's operators and modules, against PyTorch's own operations."""

import pytest

torch = pytest.importorskip("torch", reason="glu.torch needs PyTorch")

import torch.nn.functional as F  # noqa: E402
from torch.autograd import gradcheck, gradgradcheck  # noqa: E402

import glu  # noqa: E402
import glu.torch  # noqa: E402
from glu._gating_table import table  # noqa: E402
from glu.torch._gating import decode, encode, evaluate  # noqa: E402

f64 = torch.float64


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(11)


def make(*shape, dtype=f64):
    return torch.randn(shape, dtype=dtype, requires_grad=True)


def difference(a, b):
    assert a.shape == b.shape and a.dtype == b.dtype
    a, b = a.detach(), b.detach()
    return float((a - b).abs().max() / b.abs().max().clamp(min=1e-30))


tricky = glu.gating(lambda g, v, s: glu.where(
    (g > -1) & (v < 2), glu.silu(g) * glu.tanh(v), glu.clip(g, -2, 0.5) ** 2) * s)


@pytest.mark.parametrize("gate", [
    *[name for name, _ in table], glu.swiglu_oai(alpha=1.5, limit=1.25),
    glu.silu(beta=0.5), glu.gating(lambda g, v: glu.sigmoid(g) * glu.tanh(v))],
    ids=str)
def test_gradients_of_gating_functions(gate):
    x, w, b = make(3, 4), make(2, 2, 4), make(2, 2)
    text = encode(gate)

    def f(x, w, b):
        return glu.torch.gated_projection(x, *w, *b, gate=text)

    g, v = (x @ w[i].T + b[i] for i in (0, 1))
    assert difference(f(x, w, b), evaluate(decode(text), g, v)) < 1e-13
    assert gradcheck(f, (x, w, b))


def test_ffn_gradients():
    x, w, d, b, e = make(2, 3, 4), make(2, 5, 4), make(3, 5), make(2, 5), make(3)

    def f(x, w, d, b, e):
        return glu.torch.ffn(x, *w, d, *b, e)

    want = (F.silu(x @ w[0].T + b[0]) * (x @ w[1].T + b[1])) @ d.T + e
    assert difference(f(x, w, d, b, e), want) < 1e-13
    assert gradcheck(f, (x, w, d, b, e))
    assert gradgradcheck(f, (x, w, d, b, e))


def test_batches_and_extras():
    x, w, d, b = make(2, 3, 4), make(2, 2, 5, 4), make(2, 3, 5), make(2, 5)
    s = make(3, 1)

    def f(x, w, d, b, s):
        return glu.torch.ffn(x, *w, d, b, gate=tricky, extras=(s,))

    g, v = (torch.einsum("bmk,bnk->bmn", x, w[i]) for i in (0, 1))
    g = g + b[:, None]
    h = torch.where((g > -1) & (v < 2), F.silu(g) * v.tanh(),
                    g.clamp(-2, 0.5) ** 2) * s
    assert difference(f(x, w, d, b, s), torch.einsum("bmn,bdn->bmd", h, d)) < 1e-12
    assert gradcheck(f, (x, w, d, b, s))


def test_derivatives_of_large_values_are_finite():
    for gate in "silu", "softplus", glu.gating(lambda g, v: glu.silu(g) * v):
        x, w = torch.full((1, 1), -1000.0, requires_grad=True), torch.ones(2, 1, 1)
        glu.torch.gated_projection(x, *w, gate=gate).sum().backward()
        assert float(x.grad) == 0.0


@pytest.mark.parametrize("dtype, tolerance", [
    (torch.float32, 3e-6), (torch.bfloat16, 4e-2), (torch.float16, 5e-3)])
def test_dtypes(dtype, tolerance):
    arrays = [(t.detach() / 4).to(dtype).requires_grad_()
              for t in (make(8, 16), make(2, 24, 16), make(16, 24))]
    wide = [t.detach().to(f64).requires_grad_() for t in arrays]
    for x, w, d in arrays, wide:
        y = glu.torch.ffn(x, *w, d)
        assert y.dtype == x.dtype
        y.sum().backward()
    for a, b in zip(arrays, wide):
        assert a.grad.dtype == dtype
        assert difference(a.grad.to(f64), b.grad) < tolerance


@pytest.mark.parametrize("gate", ["gelu", glu.swiglu_oai(limit=2), glu.gating(
    lambda g, v: glu.relu(g) * v)], ids=str)
def test_compile(gate):
    x, w, d = make(3, 4), make(2, 5, 4), make(4, 5)

    def f(x, w, d):
        y = glu.torch.ffn(x * 2, *w, d, gate=gate)
        return glu.torch.gated_projection(y, *w, gate=gate) + 1

    compiled = torch.compile(f, fullgraph=True, backend="aot_eager")
    results = []
    for function in f, compiled:
        y = function(x, w, d)
        results.append([y, *torch.autograd.grad(y.square().sum(), (x, w, d))])
    for a, b in zip(*results):
        assert difference(a, b) < 1e-12


def test_export(tmp_path):
    gate = glu.gating(lambda g, v: glu.sigmoid(g) * glu.tanh(v))
    layer = glu.torch.FeedForward(4, 6, gate=gate, bias=True)
    rows = torch.export.Dim("rows")
    program = torch.export.export(layer, (torch.randn(3, 4),),
                                  dynamic_shapes={"x": {0: rows}})
    torch.export.save(program, tmp_path / "layer.pt2")
    program = torch.export.load(tmp_path / "layer.pt2")
    x = torch.randn(5, 4)
    assert torch.equal(program.module()(x), layer(x))


def test_opcheck():
    x, w = make(3, 4), make(2, 5, 4)
    torch.library.opcheck(torch.ops.glu.gated_projection,
                          (x, w[0].detach(), w[1].detach(), None, None, [],
                           "silu", None))


def test_autocast():
    layer = glu.torch.FeedForward(4, 6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert layer(torch.randn(2, 4)).dtype == torch.bfloat16


@pytest.mark.parametrize("change, error, message", [
    (dict(x=[1.0]), TypeError, "x: expected a tensor"),
    (dict(x=torch.ones(2, 4, dtype=int)), TypeError, "x: expected elements"),
    (dict(x=torch.ones(2, 4).to_sparse()), TypeError, "x: expected a dense"),
    (dict(w_gate=torch.ones(5, 3)), ValueError, r"w_gate: expected shape \(N, 4\)"),
    (dict(w_gate=torch.ones(4)), ValueError, "w_gate: expected"),
    (dict(w_value=None), TypeError, "w_value: expected a tensor"),
    (dict(w_value=torch.ones(3, 4)), ValueError,
     r"w_value: expected shape \(5, 4\)"),
    (dict(w_value=torch.ones(5, 4, dtype=f64)), TypeError,
     "w_value: expected elements"),
    (dict(bias_gate=torch.ones(3)), ValueError, "bias_gate: expected shape"),
    (dict(gate="none"), ValueError, "gate: no gating function"),
    (dict(gate=tricky), TypeError, "extras: "),
    (dict(gate=tricky, extras=(None,)), TypeError, r"extras\[0\]: expected a"),
    (dict(extras=torch.ones(2)), TypeError, "extras: expected a tuple"),
    (dict(gate="silu(beta=x)"), ValueError, "gate: "),
    (dict(threads=0), ValueError, "threads: "),
    (dict(threads=1.5), TypeError, "threads: "),
    (dict(w_gate=torch.ones(5, 4, device="meta")), ValueError,
     "w_gate: expected a tensor on cpu"),
    (dict(x=torch.nested.nested_tensor([torch.ones(2, 4)])), TypeError,
     "x: expected a dense"),
])
def test_errors(change, error, message):
    arguments = dict(x=torch.ones(2, 4), w_gate=torch.ones(5, 4),
                     w_value=torch.ones(5, 4))
    with pytest.raises(error, match="^" + message):
        glu.torch.gated_projection(**{**arguments, **change})


def test_meta_tensors_have_shapes():
    x, w = torch.ones(2, 3, 4, device="meta"), torch.ones(2, 5, 4, device="meta")
    assert glu.torch.gated_projection(x, *w).shape == (2, 3, 5)
    assert glu.torch.gated_projection(x, *w).device.type == "meta"


# Modules.


def silu_layer(x, gate, value, down):
    return (F.silu(x @ gate.T) * (x @ value.T)) @ down.T


gate, value, down = (torch.randn(6, 4) for _ in range(3))
down = down.T.contiguous()
both = torch.cat([gate, value])


@pytest.mark.parametrize("order, state", [
    ("gate_first", {"gate_proj.weight": gate, "up_proj.weight": value,
                    "down_proj.weight": down}),
    ("gate_first", {"w1.weight": gate, "w3.weight": value, "w2.weight": down}),
    ("gate_first", {"wi_0.weight": gate, "wi_1.weight": value,
                    "wo.weight": down}),
    ("gate_first", {"gate_up_proj.weight": both, "down_proj.weight": down}),
    ("gate_first", {"Wi.weight": both, "Wo.weight": down}),
    ("gate_last", {"Wi.weight": torch.cat([value, gate]), "Wo.weight": down}),
    ("interleaved", {"Wi.weight": torch.stack([gate, value], 1).flatten(0, 1),
                     "Wo.weight": down}),
    ("gate_first", {"w_gate": gate, "w_value": value, "w_down": down}),
])
def test_layouts(order, state):
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.mlp = glu.torch.FeedForward(4, 6, order=order)

    model = Model()
    model.load_state_dict({"mlp." + name: t for name, t in state.items()})
    x = torch.randn(3, 4)
    assert difference(model.mlp(x), silu_layer(x, gate, value, down)) < 1e-5


def test_layout_of_gpt_oss():
    layer = glu.torch.FeedForward(4, 6, experts=2, bias=True,
                                  gate=glu.swiglu_oai(limit=1.5))
    wide, wide_bias = torch.randn(2, 4, 12), torch.randn(2, 12)
    narrow, narrow_bias = torch.randn(2, 6, 4), torch.randn(2, 4)
    layer.load_state_dict({
        "gate_up_proj": wide, "gate_up_proj_bias": wide_bias,
        "down_proj": narrow, "down_proj_bias": narrow_bias})
    x = torch.randn(2, 3, 4)
    y = x @ wide + wide_bias[:, None]
    g, v = y[..., ::2].clamp(max=1.5), y[..., 1::2].clamp(-1.5, 1.5)
    want = (g * torch.sigmoid(1.702 * g) * (v + 1)) @ narrow + narrow_bias[:, None]
    assert difference(layer(x), want) < 1e-5


def test_layouts_that_do_not_fit():
    layer = glu.torch.FeedForward(4, 6)
    with pytest.raises(RuntimeError, match="w_gate"):
        layer.load_state_dict({"other.weight": gate})
    with pytest.raises(ValueError, match="up_proj.weight: is missing"):
        layer.load_state_dict({"gate_proj.weight": gate})
    with pytest.raises(ValueError, match="^order: "):
        glu.torch.FeedForward(4, 6, order="none")
    with pytest.raises(ValueError, match="^gate: "):
        glu.torch.GatedLinear(4, 6, gate=tricky)


def test_training_lowers_a_loss():
    layer = torch.nn.Sequential(glu.torch.GatedLinear(4, 8, bias=True),
                                glu.torch.FeedForward(8, 16, 2))
    optimizer = torch.optim.Adam(layer.parameters(), 0.02)
    x, want = torch.randn(16, 4), torch.randn(16, 2)
    losses = []
    for _ in range(60):
        loss = F.mse_loss(layer(x), want)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("options", [
    {}, dict(padding=2), dict(causal=True), dict(stride=2), dict(dilation=3),
    dict(stride=2, dilation=2, padding=1), dict(causal=True, dilation=2)], ids=str)
def test_conv(options):
    layer = glu.torch.GatedConv1d(4, 6, 3, dtype=f64, order="gate_last", **options)
    weight, bias = make(12, 4, 3), make(12)
    layer.load_state_dict({"weight": weight, "bias": bias})
    rest = dict(options)
    x = make(2, 4, 15)
    padded = x
    if rest.pop("causal", False):
        padded = F.pad(x, (2 * options.get("dilation", 1), 0))
    want = F.glu(F.conv1d(padded, weight, bias, **rest), 1)
    got = layer(x)
    assert difference(got, want) < 1e-12
    assert difference(layer(x[0]), want[0]) < 1e-12
    gradients = torch.autograd.grad(got.square().sum(), (x, layer.w_gate))
    expected = torch.autograd.grad(want.square().sum(), (x, weight))
    assert difference(gradients[0], expected[0]) < 1e-11
    assert difference(gradients[1], expected[1][6:]) < 1e-11


@pytest.mark.parametrize("padding", [0, 2, "causal", "same"])
def test_conv_operator(padding):
    x, w, b = make(2, 3, 9), make(2, 4, 3, 3), make(2, 4)
    zeros = {"causal": (4, 0), "same": (2, 2)}.get(padding, (padding,) * 2)

    def f(x, w, b):
        return glu.torch.gated_conv1d(x, *w, b[0], None, gate="silu", dilation=2,
                                      padding=padding)

    g, v = (F.conv1d(F.pad(x, zeros), w[i], bias, dilation=2)
            for i, bias in enumerate((b[0], None)))
    assert difference(f(x, w, b), F.silu(g) * v) < 1e-13
    assert gradcheck(f, (x, w, b)) and gradgradcheck(f, (x, w, b))
    compiled = torch.compile(f, fullgraph=True, backend="aot_eager", dynamic=True)
    for length in 9, 11:
        x = make(2, 3, length)
        assert difference(compiled(x, w, b), f(x, w, b)) < 1e-13
        gradients = [torch.autograd.grad(g(x, w, b).square().sum(), (x, w))
                     for g in (f, compiled)]
        for a, c in zip(*gradients):
            assert difference(a, c) < 1e-12
    torch.library.opcheck(torch.ops.glu.gated_conv1d, (
        x.detach(), *w.detach(), b[0].detach(), None, "silu", 2, 1,
        *((0, padding) if isinstance(padding, str) else (padding, "")), None))


def test_conv_of_nothing():
    layer = glu.torch.GatedConv1d(4, 6, 3, padding=2)
    for shape in (0, 4, 9), (2, 4, 0):
        x = torch.zeros(shape, requires_grad=True)
        y = layer(x)
        assert y.shape == (shape[0], 6, shape[2] + 2)
        y.sum().backward()
        assert x.grad.shape == x.shape


def test_conv_errors():
    layer = glu.torch.GatedConv1d(4, 6, 3)
    for shape in (2, 5, 9), (4,), (2, 4, 2):
        with pytest.raises(ValueError, match="^x: expected"):
            layer(torch.randn(shape))
    with pytest.raises(ValueError, match="^padding: "):
        glu.torch.GatedConv1d(4, 6, 3, causal=True, padding=1)
    with pytest.raises(ValueError, match="^w_value: expected shape"):
        glu.torch.gated_conv1d(torch.ones(1, 4, 9), layer.w_gate, layer.w_gate[1:])
    with pytest.raises(TypeError, match="^padding: "):
        glu.torch.gated_conv1d(torch.ones(1, 4, 9), *[layer.w_gate] * 2,
                               padding="valid")
    with pytest.raises(TypeError, match="^stride: "):
        glu.torch.GatedConv1d(4, 6, 3, stride=1.5)


def test_examples():
    import doctest

    from glu.torch import _conv, _convert, _modules, _ops

    for module in glu.torch, _conv, _convert, _modules, _ops:
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


def test_page():
    import doctest
    import pathlib

    pytest.importorskip("jax", reason="the page's last part needs JAX")
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs"
            / "python-torch.md")
    test = doctest.DocTestParser().get_doctest(page.read_text(), {}, page.name,
                                               str(page), 0)
    # What torch.compile made refers to the page's variables.
    result = doctest.DocTestRunner().run(test, clear_globs=False)
    assert result.attempted > 20 and not result.failed
