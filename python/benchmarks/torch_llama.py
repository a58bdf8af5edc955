"""A block of Llama in PyTorch, eager: as it is, and as glu.torch.convert makes it.

    PYTHONPATH=build/python python python/benchmarks/torch_llama.py

Blocks are those of `transformers` (its LlamaMLP, or with --layer its
LlamaDecoderLayer with attention) with random weights, under torch.no_grad(). The
variants take turns, so that what else the machine does meets all of them; each
time is the median of all turns. Results are compared with float64 first.
"""

import argparse
import copy
import statistics
import time

import torch
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import (
    LlamaDecoderLayer, LlamaMLP, LlamaRotaryEmbedding)

import glu
import glu.torch

sizes = (768, 2048), (1024, 2752)
dtypes = {"f32": torch.float32, "bf16": torch.bfloat16}
tolerances = {"f32": 1e-4, "bf16": 3e-2}


def make(hidden, intermediate, whole_layer):
    """(module in float64, function from rows to its arguments)."""
    config = LlamaConfig(hidden_size=hidden, intermediate_size=intermediate,
                         num_attention_heads=hidden // 64, num_hidden_layers=1)
    config._attn_implementation = "sdpa"
    torch.manual_seed(0)
    if not whole_layer:
        return LlamaMLP(config).double().eval(), lambda x: ((x,), {})
    rotary = LlamaRotaryEmbedding(config)

    def arguments(x):
        positions = torch.arange(x.shape[1])[None]
        return (x,), {"position_embeddings": rotary(x, positions)}

    return LlamaDecoderLayer(config, 0).double().eval(), arguments


def variants(block, dtype):
    """From names to modules; the same weights in each."""
    block = block.to(dtype)
    result = {"PyTorch": block}
    for name, pack in ("pack=False", False), ("converted", True):
        conversion = glu.torch.convert(copy.deepcopy(block), pack=pack)
        assert len(conversion.swapped) == 1, conversion
        result[name] = conversion.model
    return result


def call(module, arguments):
    result = module(*arguments[0], **arguments[1])
    return result[0] if isinstance(result, tuple) else result


def measure(modules, arguments, seconds):
    """The median time of each in seconds, taking turns."""
    times = {name: [] for name in modules}
    for module in modules.values():
        for _ in range(3):
            call(module, arguments)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times["PyTorch"]) < 5:
        for name, module in modules.items():
            start = time.perf_counter()
            call(module, arguments)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(t) for name, t in times.items()}


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layer", action="store_true",
                        help="the whole decoder layer, not its MLP alone")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2, help="for each cell")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 8, 128])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    glu.set_threads(options.threads)
    print(f"PyTorch {torch.__version__}, threads: {options.threads}; "
          "milliseconds (and PyTorch's time / this one's)")
    for hidden, intermediate in sizes:
        wide, arguments = make(hidden, intermediate, options.layer)
        for dtype in dtypes:
            modules = variants(copy.deepcopy(wide), dtypes[dtype])
            for rows in options.rows:
                x = torch.randn(1, rows, hidden, dtype=torch.float64)
                want = call(wide, arguments(x))
                inputs = arguments(x.to(dtypes[dtype]))
                for name, module in modules.items():
                    error = (call(module, inputs) - want).abs().max()
                    assert error < tolerances[dtype] * want.abs().max(), name
                times = measure(modules, inputs, options.seconds)
                base = times["PyTorch"]
                print(f"{hidden}/{intermediate} {dtype:4} M={rows:<4}", *[
                    f"{name} {1e3 * t:8.3f} ({base / t:4.2f})"
                    for name, t in times.items()], sep="  ", flush=True)


if __name__ == "__main__":
    main()
