"""glu.torch.convert on small models of `transformers` with random weights."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="glu.torch needs PyTorch")

import glu.torch  # noqa: E402

sizes = dict(vocab_size=64, hidden_size=32, intermediate_size=48,
             num_hidden_layers=2, num_attention_heads=4, pad_token_id=0,
             bos_token_id=1, eos_token_id=2)
t5 = dict(vocab_size=64, d_model=32, d_ff=48, num_layers=1, num_decoder_layers=1,
          num_heads=4, d_kv=8)
models = {
    "Llama": ("LlamaForCausalLM", "LlamaConfig", sizes, "gate=silu"),
    "Gemma": ("GemmaForCausalLM", "GemmaConfig", dict(
        sizes, head_dim=8, num_key_value_heads=2), "gate=gelu_tanh"),
    "T5": ("T5ForConditionalGeneration", "T5Config", dict(
        t5, feed_forward_proj="gated-gelu"), "gate=gelu_tanh"),
    "Phi-3": ("Phi3ForCausalLM", "Phi3Config", sizes, "gate_first"),
    "ModernBERT": ("ModernBertModel", "ModernBertConfig", dict(
        sizes, cls_token_id=1, sep_token_id=2), "gate=gelu, weights Wi, Wo"),
    "gpt-oss": ("GptOssForCausalLM", "GptOssConfig", dict(
        sizes, head_dim=8, num_key_value_heads=2, num_local_experts=4,
        num_experts_per_tok=2, layer_types=["full_attention"] * 2),
        "interleaved, 4 experts"),
    "Mixtral": ("MixtralForCausalLM", "MixtralConfig", dict(
        sizes, num_key_value_heads=2, num_local_experts=4), "4 experts"),
}


def make(model, config, options):
    transformers = pytest.importorskip(
        "transformers", reason="these tests need transformers")
    torch.manual_seed(5)
    made = getattr(transformers, model)(getattr(transformers, config)(**options))
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.3)
            elif parameter.isnan().any():
                parameter.zero_()
    return made.eval()


def run(model):
    ids = torch.arange(3, 17).reshape(2, 7)
    inputs = dict(input_ids=ids)
    if model.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = ids
    return model(**inputs)[0]


@pytest.mark.parametrize("name", models)
def test_models(name):
    model_class, config, options, text = models[name]
    model = make(model_class, config, options)
    keys = list(model.state_dict())
    want = run(model)
    loss = torch.randn_like(want)
    (want * loss).sum().backward()
    gradients = {n: p.grad for n, p in model.named_parameters()}
    model.zero_grad()
    conversion = glu.torch.convert(model)
    assert len(conversion.swapped) == 2 and not conversion.kept
    assert all(text in line for line in conversion.swapped.values())
    assert conversion.model is model
    kinds = [m for m in model.modules() if isinstance(m, glu.torch.Converted)]
    assert len(kinds) == 2
    got = run(model)
    assert not torch.equal(got, want)  # Another code: the sums differ a bit.
    torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-4)
    (got * loss).sum().backward()
    for n, p in model.named_parameters():
        if gradients[n] is not None:
            scale = gradients[n].abs().max().clamp(min=1e-3)
            assert (p.grad - gradients[n]).abs().max() < 1e-3 * scale, n
    assert list(model.state_dict()) == keys
    with torch.no_grad():  # With panels, from the second time on.
        for _ in range(3):
            torch.testing.assert_close(run(model), got)
    assert all(any(m._packed._state._panels.values()) for m in kinds)
    # Once more changes nothing, and copies are on their own.
    assert not glu.torch.convert(model).swapped
    twin = copy.deepcopy(model)
    torch.testing.assert_close(run(twin), got)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        layer = kinds[0]
        if type(layer) is glu.torch.Converted:
            x = torch.randn(1, 7, 32)
            torch.testing.assert_close(layer(x), layer._original(x))
    torch.testing.assert_close(run(twin), got)


@pytest.mark.parametrize("name", ["Llama", "Gemma", "Phi-3"])
def test_compiled_and_exported_models(name):
    model = make(*models[name][:3])
    ids = torch.arange(3, 17).reshape(2, 7)
    with torch.no_grad():
        want = model(ids, use_cache=False)[0]
        glu.torch.convert(model)
        compiled = torch.compile(model, backend="aot_eager")
        for _ in range(3):
            got = compiled(ids, use_cache=False)[0]
            torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-4)
        program = torch.export.export(model, (ids,), dict(use_cache=False))
        assert str(program.graph).count("torch.ops.glu.ffn") == 2
        got = program.module()(ids, use_cache=False)[0]
        torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-4)


def test_models_without_gates_are_kept():
    model = make("T5ForConditionalGeneration", "T5Config",
                 dict(t5, feed_forward_proj="relu"))
    conversion = glu.torch.convert(model)
    assert not conversion.swapped and len(conversion.kept) == 2
    assert "no known gated layout" in str(conversion)


class Layer(torch.nn.Module):
    def __init__(self, function, act=None, dropout=0.0):
        super().__init__()
        self.gate_proj = torch.nn.Linear(8, 16)
        self.up_proj = torch.nn.Linear(8, 16)
        self.down_proj = torch.nn.Linear(16, 8)
        self.dropout = torch.nn.Dropout(dropout)
        self.function = function
        if act:
            self.act_fn = act

    def forward(self, x):
        h = self.function(self.gate_proj(x), self.up_proj(x))
        return self.down_proj(self.dropout(h))


def silu(g, v):
    return torch.nn.functional.silu(g) * v


@pytest.mark.parametrize("layer, reason", [
    (lambda: Layer(lambda g, v: silu(g, v) + 1), "results differ"),
    (lambda: Layer(silu, act=torch.sin), "no named gating function"),
    (lambda: Layer(silu, act=torch.nn.GELU()), "results differ"),
    (lambda: Layer(lambda g, v: None), "could not be run"),
    (lambda: Layer(silu).to("meta"), "on meta"),
    (lambda: set_child(Layer(silu), "up_proj", torch.nn.Identity()), "Identity"),
    (lambda: set_child(Layer(silu), "up_proj", torch.nn.Linear(8, 12)),
     "does not fit"),
])
def test_reasons(layer, reason):
    model = torch.nn.Sequential(layer())
    conversion = glu.torch.convert(model)
    assert list(conversion.kept) == ["0"] and reason in conversion.kept["0"]
    assert type(model[0]) is Layer


def set_child(layer, name, child):
    setattr(layer, name, child)
    return layer


def test_the_model_itself_and_shared_layers():
    layer = Layer(silu)
    conversion = glu.torch.convert(layer)
    assert isinstance(conversion.model, glu.torch.Converted)
    layer = Layer(silu)
    model = torch.nn.ModuleList([layer, layer])
    glu.torch.convert(model)
    assert model[0] is model[1] and isinstance(model[0], glu.torch.Converted)
    with pytest.raises(TypeError, match="^model: "):
        glu.torch.convert(3)


def test_where_the_original_runs():
    layer = Layer(silu, dropout=0.5).train()
    new = glu.torch.convert(layer).model
    x = torch.randn(64, 8)
    assert new.training and new.dropout.training
    assert not torch.equal(new(x), new(x))  # Dropout.
    new.eval()
    want = layer(x)
    torch.testing.assert_close(new(x), want)
    seen = []
    hook = new.up_proj.register_forward_hook(lambda *_: seen.append(1))
    torch.testing.assert_close(new(x), want)
    assert seen == [1]
    hook.remove()
    new.up_proj.forward = lambda x: seen.append(2) or torch.nn.Linear.forward(
        new.up_proj, x)  # As accelerate does.
    torch.testing.assert_close(new(x), want)
    assert seen == [1, 2]
    del new.up_proj.forward
    hook = new.up_proj.register_full_backward_hook(lambda *_: seen.append(3))
    new(x).sum().backward()
    assert seen == [1, 2, 3]
    hook.remove()
    new.up_proj = torch.nn.Sequential(torch.nn.Linear(8, 16))
    assert not torch.allclose(new(x), want)
    torch.testing.assert_close(new(x), layer(x))
    new.double()
    assert new(x.double()).dtype == torch.float64
