"""Odd objects at every function of glu.torch: exceptions that name the argument."""

import random
import re

import pytest

torch = pytest.importorskip("torch", reason="glu.torch needs PyTorch")

import glu  # noqa: E402
import glu.torch  # noqa: E402


def objects():
    yield from (None, 0, -1, 1.5, 10 ** 30, True, "", "silu", "silu(", "(1,)",
                "swiglu_oai(x=1)", "swiglu_oai(limit=a)", "\ud800", b"", (), [], {},
                object(), torch.float32, type, float("nan"), glu.silu,
                glu.swiglu_oai(limit=2), lambda g, v: g * v, lambda g: g,
                lambda g, v, s: g * v * s, (torch.ones(2, 4),), [None], "same")
    for kind in (torch.float16, torch.bfloat16, torch.float64, torch.int8,
                 torch.bool, torch.complex64, torch.float8_e4m3fn):
        yield torch.zeros(4, 4).to(kind)
    for shape in ((), (0,), (4,), (0, 4), (4, 0), (2, 4, 4), (1,) * 12, (4, 4),
                  (1, 4, 4), (4, 4, 1), (4, 4, 0), (0, 4, 5)):
        yield torch.ones(shape)
    yield from (torch.ones(4, 4, device="meta"), torch.ones(4, 4).to_sparse(),
                torch.ones(4, 4).to_mkldnn(), torch.ones(4, 1).expand(4, 4),
                torch.nn.Parameter(torch.ones(4, 4)), torch.ones(4, 4).T,
                torch.nested.nested_tensor([torch.ones(4), torch.ones(4)]),
                torch.quantize_per_tensor(torch.ones(4, 4), 1.0, 0, torch.qint8),
                torch._efficientzerotensor(4, 4),
                torch.ones(4, 4, dtype=torch.complex64).conj().imag)


functions = {
    "gated_projection": (3, ("bias_gate", "bias_value", "gate", "extras",
                             "threads")),
    "ffn": (4, ("bias_gate", "bias_down", "gate", "extras", "threads")),
    "gated_conv1d": (3, ("bias_gate", "gate", "stride", "dilation", "padding",
                         "threads")),
    "GatedLinear": (2, ("gate", "bias", "order", "pack", "dtype")),
    "FeedForward": (3, ("gate", "bias", "order", "experts", "pack", "dtype")),
    "GatedConv1d": (3, ("gate", "bias", "order", "stride", "padding", "dilation",
                        "causal")),
    "convert": (1, ("pack", "verbose")),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", functions)
def test_fuzz(name):
    generator = random.Random(name)
    pool = list(objects())
    count, keywords = functions[name]
    good = [torch.ones(4, 4)] * 4
    if name == "gated_conv1d":
        good = [torch.ones(1, 4, 5), torch.ones(4, 4, 1), torch.ones(4, 4, 1)]
    elif name == "convert":
        good = [torch.nn.Linear(4, 4)]
    elif name[0] == "G" or name[0] == "F":
        good = [4, 4, 2]
    for _ in range(200):
        arguments = [generator.choice(pool) if generator.random() < 0.3 else good[i]
                     for i in range(count)]
        options = {k: generator.choice(pool) for k in keywords
                   if generator.random() < 0.2}
        try:
            getattr(glu.torch, name)(*arguments, **options)
        except (TypeError, ValueError, NotImplementedError) as error:
            if name in ("gated_projection", "ffn", "gated_conv1d", "convert"):
                assert re.match(r"[a-z_.]+(\[\d\])?: |gating function ",
                                str(error)), (error, arguments, options)
