"""Modules of glu.torch keep packed weights: when, until when, and for whom."""

import copy
import gc
import pickle

import pytest

torch = pytest.importorskip("torch", reason="glu.torch needs PyTorch")

import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

import glu.torch  # noqa: E402


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate_proj, self.up_proj = (nn.Linear(8, 16) for _ in range(2))
        self.down_proj = nn.Linear(16, 8)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


def converted():
    block = Block()
    return glu.torch.convert(block).model, block.gate_proj, "weight", block


def feed_forward():
    layer = glu.torch.FeedForward(8, 16, bias=True)
    block = Block()

    def reference(x):
        names = "gate", "value", "down"
        return torch.func.functional_call(block, {
            f"{old}_proj.{kind}": getattr(layer, new + name)
            for old, name in zip(("gate", "up", "down"), names)
            for kind, new in (("weight", "w_"), ("bias", "bias_"))}, (x,))

    return layer, layer, "w_gate", reference


makers = pytest.mark.parametrize("maker", [feed_forward, converted])
x = torch.randn(3, 8, generator=torch.Generator().manual_seed(1))


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(7)


def is_packed(layer):
    state = layer._packed._state
    return state is not None and any(state._panels.values())


def pack(layer):
    with torch.no_grad():
        for _ in range(2):
            y = layer(x)
    assert is_packed(layer)
    return y


@makers
def test_packed_at_second_sight(maker):
    layer, _, _, reference = maker()
    with torch.no_grad():
        want = reference(x)
        for count in range(4):
            torch.testing.assert_close(layer(x), want)
            assert is_packed(layer) == (count > 0)
        panels = layer._packed._state._panels[None]
        for other in x[0], x[:1], x[None], x[:0], torch.randn(8, 3).T:
            torch.testing.assert_close(layer(other), reference(other))
        assert layer._packed._state._panels[None] is panels


@makers
@pytest.mark.parametrize("change", [
    lambda w: w.mul_(2),
    lambda w: w.data.mul_(2),  # Not counted by PyTorch.
    lambda w: setattr(w, "data", w.data * 2),
    lambda w: w.detach().numpy().__imul__(2),
    lambda w: w.data.fill_(float("nan")),
    lambda w: torch.optim.SGD([w], 1.0).step(
        lambda: setattr(w, "grad", torch.ones_like(w))),
], ids=range(6))
def test_changes_are_seen(maker, change):
    layer, owner, name, reference = maker()
    pack(layer)
    with torch.no_grad():
        change(getattr(owner, name))
        for _ in range(3):
            torch.testing.assert_close(layer(x), reference(x), equal_nan=True)
        assert is_packed(layer)


@makers
def test_new_weights(maker):
    layer, owner, name, reference = maker()
    pack(layer)
    for _ in range(3):  # Whose memory may be that of the last ones.
        setattr(owner, name, nn.Parameter(torch.randn(16, 8)))
        gc.collect()
        assert layer._packed._state is None
        torch.testing.assert_close(pack(layer), reference(x))
    layer.load_state_dict({n: t * 2 for n, t in layer.state_dict().items()})
    torch.testing.assert_close(pack(layer), reference(x))
    layer.load_state_dict({n: t * 2 for n, t in layer.state_dict().items()},
                          assign=True)
    torch.testing.assert_close(pack(layer), reference(x))


@makers
def test_memory_is_given_back(maker):
    layer, *_ = maker()
    for give_back in (layer.train, layer.double,
                      lambda: nn.Sequential(layer).to("meta")):
        pack(layer.float())
        give_back()
        assert layer._packed._state is None
    with pytest.raises(TypeError, match="^pack: "):
        layer.pack = 1


@makers
def test_copies_and_files_have_no_panels(maker):
    layer, *_ = maker()
    keys, size = list(layer.state_dict()), len(pickle.dumps(layer))
    y = pack(layer)
    assert list(layer.state_dict()) == keys and len(pickle.dumps(layer)) == size
    for twin in copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)):
        assert twin._packed._state is None and twin._packed is not layer._packed
        assert torch.equal(pack(twin), y)


def test_options():
    for layer in (glu.torch.GatedLinear(8, 16, pack=False),
                  glu.torch.FeedForward(8, 16, pack=False),
                  glu.torch.convert(Block(), pack=False).model):
        with torch.no_grad():
            layer(x), layer(x)
            assert layer._packed._state is None and not layer.pack
            layer.pack = True
            pack(layer)
            layer.pack = False
            assert layer._packed._state is None
    with pytest.raises(TypeError, match="^pack: "):
        glu.torch.GatedLinear(8, 16, pack=None)
    with pytest.raises(TypeError, match="^pack: "):
        glu.torch.convert(Block(), pack=None)


class Watch(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.seen.append(str(function))
        return function(*args, **(kwargs or {}))


@makers
def test_the_operator_is_used_where_something_watches(maker):
    layer, _, _, reference = maker()
    pack(layer)
    y = layer(x)
    assert y.requires_grad
    y.sum().backward()
    with Watch() as watch, torch.no_grad():
        layer(x)
    assert "glu.ffn.default" in watch.seen
    layer.requires_grad_(False)
    pack(layer)
    assert not layer(x).requires_grad
    assert layer(x.clone().requires_grad_()).requires_grad
    with torch.autocast("cpu"):
        assert layer(x).dtype == torch.bfloat16
    assert "glu::ffn" in str(torch.jit.trace(layer, (x,)).graph)
    negative = torch.complex(x, x).conj().imag
    assert negative.is_neg()
    torch.testing.assert_close(layer(negative), reference(-x))
    with pytest.raises(NotImplementedError, match="^x: "):
        torch.func.jvp(layer, (x,), (x,))


@makers
def test_compile_and_export_take_the_operator(maker):
    layer, _, _, reference = maker()
    pack(layer)
    with torch.no_grad():
        want = reference(x)
        compiled = torch.compile(layer, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), want)
        for strict in False, True:
            program = torch.export.export(layer, (x,), strict=strict)
            assert "glu.ffn" in program.graph_module.code
            assert len(list(program.parameters())) == 6
            torch.testing.assert_close(program.module()(x), want)


def test_inference_tensors():
    layer, _, _, reference = feed_forward()
    with torch.inference_mode():
        for _ in range(3):
            y = layer(x)
        assert is_packed(layer) and y.is_inference()
        layer.w_gate.mul_(2)
        torch.testing.assert_close(layer(x), reference(x))
        # Changes of weights that were made here are not counted.
        own = glu.torch.FeedForward(8, 16, bias=True)
        for _ in range(3):
            own(x)
        assert own._packed._state is None
        layer(torch.randn(3, 8))  # An input may be one.
        assert is_packed(layer)


def test_weights_that_are_made_anew_are_not_packed():
    layer = glu.torch.FeedForward(8, 16)
    nn.utils.parametrizations.weight_norm(layer, "w_gate")
    other = glu.torch.FeedForward(8, 16)
    weights = {n: p.detach() * 2 for n, p in other.named_parameters()}
    with torch.no_grad():
        for _ in range(3):
            layer(x)
            torch.func.functional_call(other, weights, (x,))
    assert layer._packed._state is None and other._packed._state is None


@pytest.mark.parametrize("bad", [
    torch.randn(3, 7), torch.randn(3, 8).double(), torch.randn(()), [1.0],
    torch.ones(3, 8, dtype=int), torch.ones(3, 8).to_sparse(), None,
    torch.ones(3, 8, device="meta").half()], ids=range(8))
def test_errors_are_those_of_the_operator(bad):
    layer = glu.torch.FeedForward(8, 16)
    errors = []
    for layer.pack in False, True:
        pack(layer) if layer.pack else None
        with torch.no_grad(), pytest.raises((TypeError, ValueError)) as error:
            layer(bad)
        errors.append((error.type, str(error.value)))
    assert errors[0] == errors[1]
    pack(layer)


def test_experts():
    layer = glu.torch.FeedForward(8, 16, experts=2)
    batch = torch.randn(2, 5, 8)
    with torch.no_grad():
        want = layer(batch)
        torch.testing.assert_close(layer(batch), want)
        assert is_packed(layer)
        for wrong in torch.randn(3, 5, 8), torch.randn(5, 8):
            with pytest.raises(ValueError, match="^x: "):
                layer(wrong)
        torch.testing.assert_close(layer(batch), want)


# Graphs.


def _count_packs(monkeypatch):
    from glu.torch import _packed

    calls, pack = [], _packed.pack

    def count(**named):
        calls.append(None)
        return pack(**named)

    monkeypatch.setattr(_packed, "pack", count)
    return calls


def _feed_forward(layer, x):
    h = torch.nn.functional.silu(x @ layer.w_gate.T) * (x @ layer.w_value.T)
    return h @ layer.w_down.T


def _compile(layer, x):
    torch._dynamo.reset()
    return torch.compile(layer, backend="aot_eager", fullgraph=True)


def _export(layer, x):
    return torch.export.export(layer, (x,)).module()


@pytest.mark.parametrize("make", [_compile, _export])
def test_graphs_pack_once(make, monkeypatch):
    from glu.torch import _packed

    calls = _count_packs(monkeypatch)
    layer, x = glu.torch.FeedForward(32, 48).eval(), torch.randn(5, 32)
    before = len(_packed._states)
    with torch.no_grad():
        graph = make(layer, x)
        for _ in range(4):
            torch.testing.assert_close(graph(x), _feed_forward(layer, x))
        assert len(calls) == 1
        # A write that is counted, of one row only; and one that is not.
        layer.w_value[3].fill_(2)
        for _ in range(3):
            torch.testing.assert_close(graph(x), _feed_forward(layer, x))
        assert len(calls) == 2
        layer.w_down.data.mul_(2)
        torch.testing.assert_close(graph(x), _feed_forward(layer, x))
    assert len(_packed._states) == before + 1
    del graph, layer
    torch._dynamo.reset()
    gc.collect()
    assert len(_packed._states) == before


def test_graphs_of_slices_pack_once(monkeypatch):
    calls = _count_packs(monkeypatch)
    weight = torch.nn.Parameter(torch.randn(96, 32))
    other = torch.randn(96, 32)
    x = torch.randn(5, 32)
    with torch.no_grad():
        for _ in range(3):
            for w in weight, other:  # Of no parameter: packed in each call.
                y = glu.torch.gated_projection(x, w[:48], w[48:], pack=True)
                torch.testing.assert_close(
                    y, torch.nn.functional.silu(x @ w[:48].T) * (x @ w[48:].T))
        assert len(calls) == 1
        for _ in range(3):
            weight.add_(1)
            glu.torch.gated_projection(x, weight[:48], weight[48:], pack=True)
        assert len(calls) == 1
        for _ in range(3):
            glu.torch.gated_projection(x, weight[:48], weight[48:])
        assert len(calls) == 1
    with pytest.raises(TypeError, match="^pack: expected a bool"):
        glu.torch.gated_projection(x, weight[:48], weight[48:], pack=1)


def test_graphs_that_train_do_not_pack(monkeypatch):
    calls = _count_packs(monkeypatch)
    layer, x = glu.torch.FeedForward(32, 48), torch.randn(5, 32)
    graph = _compile(layer, x)
    for _ in range(3):
        graph(x).sum().backward()
    with torch.no_grad():
        for _ in range(3):
            graph(x)
    assert not calls and layer.w_gate.grad is not None
    layer.eval().pack = False
    with torch.no_grad():
        for _ in range(3):
            graph(x)
    assert not calls
