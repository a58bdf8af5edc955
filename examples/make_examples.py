#!/usr/bin/env python3
"""Makes the files of this folder from real front ends.

The files are kept in the repository; this is how they came to be. It needs
packages from PyPI, in a virtual environment outside the repository:

    python3 -m venv /tmp/frontends
    /tmp/frontends/bin/pip install torch torch-mlir jax iree-base-compiler onnx
    /tmp/frontends/bin/python examples/make_examples.py [NAME ...]
"""

import importlib.metadata
import pathlib
import subprocess
import sys
import tempfile
import textwrap

HERE = pathlib.Path(__file__).parent
BIN = pathlib.Path(sys.executable).parent
EXAMPLES = {}


def example(what, *packages):
    """Registers a function that returns the IR of the example of its name."""

    def register(function):
        EXAMPLES[function.__name__] = (function, what, packages)
        return function

    return register


def run(program, text, *options):
    done = subprocess.run(
        [BIN / program, *options], input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr[:2000]}")
    return done.stdout


# --- PyTorch, by torch-mlir's importer --------------------------------------


def from_torch(forward, *shapes, dtype=None, kind="linalg-on-tensors", dynamic=None):
    import torch
    from torch_mlir import fx

    class Module(torch.nn.Module):
        pass

    Module.forward = forward
    arguments = [torch.zeros(shape, dtype=dtype) for shape in shapes]
    return str(fx.export_and_import(
        Module(), *arguments, output_type=kind, func_name="ffn",
        dynamic_shapes=dynamic))


TORCH = ("torch", "torch-mlir")


def llama(self, x, wg, wv, wd):
    from torch.nn.functional import linear, silu

    return linear(silu(linear(x, wg)) * linear(x, wv), wd)


def phi3(self, x, wgv, wd):
    from torch.nn.functional import linear, silu

    gate, value = linear(x, wgv).chunk(2, dim=-1)
    return linear(value * silu(gate), wd)


@example("Llama's feed-forward, 512 tokens, d = 1024, ff = 2752: the benchmark", *TORCH)
def llama_ffn():
    return from_torch(llama, (512, 1024), (2752, 1024), (2752, 1024), (1024, 2752))


@example("Llama's feed-forward for one token: decoding", *TORCH)
def llama_ffn_decode():
    return from_torch(llama, (1, 1024), (2752, 1024), (2752, 1024), (1024, 2752))


@example("Llama's feed-forward on a batch of sequences, tiny", *TORCH)
def llama_ffn_tiny():
    return from_torch(llama, (2, 5, 32), (48, 32), (48, 32), (32, 48))


@example("Llama's feed-forward with any number of tokens", *TORCH)
def llama_ffn_dynamic():
    import torch

    tokens = torch.export.Dim("tokens", min=2)
    return from_torch(llama, (24, 64), (176, 64), (176, 64), (64, 176),
                      dynamic=({0: tokens}, None, None, None))


@example("Llama's feed-forward in bf16", *TORCH)
def llama_ffn_bf16():
    import torch

    return from_torch(llama, (64, 256), (688, 256), (688, 256), (256, 688),
                      dtype=torch.bfloat16)


@example("Llama's feed-forward as TOSA", *TORCH)
def llama_ffn_tosa():
    return from_torch(llama, (2, 5, 32), (48, 32), (48, 32), (32, 48), kind="tosa")


@example("Phi-3's feed-forward: gate and value in one weight, gate first", *TORCH)
def phi3_ffn():
    return from_torch(phi3, (4, 16, 128), (704, 128), (128, 352))


@example("gpt-oss' expert: interleaved columns, clamps, sigmoid of 1.702 g", *TORCH)
def gpt_oss_expert():
    import torch

    def forward(self, x, wgv, bgv, wd, bd):
        both = x @ wgv + bgv
        gate, value = both[..., ::2], both[..., 1::2]
        gate = gate.clamp(max=7.0)
        value = value.clamp(min=-7.0, max=7.0)
        return ((value + 1) * (gate * torch.sigmoid(gate * 1.702))) @ wd + bd

    return from_torch(forward, (24, 96), (96, 192), (192,), (96, 96), (96,))


@example("A GEGLU feed-forward with biases: tanh GELU, as T5 v1.1 and Gemma", *TORCH)
def geglu_biases():
    from torch.nn.functional import gelu, linear

    def forward(self, x, wg, bg, wv, bv, wd, bd):
        gate = gelu(linear(x, wg, bg), approximate="tanh")
        return linear(gate * linear(x, wv, bv), wd, bd)

    return from_torch(forward, (3, 7, 40), (56, 40), (56,), (56, 40), (56,), (40, 56), (40,))


@example("A gated causal convolution of width 4 (Dauphin et al. 2017), packed", *TORCH)
def gated_conv1d():
    from torch.nn.functional import conv1d, glu, pad

    def forward(self, x, w, b):
        return glu(conv1d(pad(x, (3, 0)), w, b), dim=1)

    return from_torch(forward, (2, 16, 30), (48, 16, 4), (48,))


# --- JAX, by its StableHLO --------------------------------------------------


def stablehlo(function, *shapes, dtype="float32"):
    import jax

    arguments = [jax.ShapeDtypeStruct(shape, dtype) for shape in shapes]
    return str(jax.jit(function).lower(*arguments).compiler_ir("stablehlo"))


@example("Llama's feed-forward, x W with weights in x out", "jax", "torch-mlir")
def llama_ffn_jax():
    import jax

    def ffn(x, wg, wv, wd):
        return (jax.nn.silu(x @ wg) * (x @ wv)) @ wd

    return run("torch-mlir-opt",
               stablehlo(ffn, (12, 64), (64, 160), (64, 160), (160, 64)),
               "--stablehlo-legalize-to-linalg",
               "--canonicalize")


@example("Experts by vmap, each a GEGLU unit, packed", "jax", "iree-base-compiler")
def moe_geglu_jax():
    import jax
    import jax.numpy as jnp

    def expert(x, w, wd):
        gate, value = jnp.split(x @ w, 2, axis=-1)
        return (jax.nn.gelu(gate) * value) @ wd

    return run("iree-opt",
               stablehlo(jax.vmap(expert), (4, 10, 32), (4, 32, 96), (4, 48, 32)),
               "--iree-stablehlo-to-stablehlo-preprocessing",
               "--iree-stablehlo-to-iree-input", "--canonicalize")


# --- ONNX, by torch-mlir's importer -----------------------------------------


@example("An ONNX graph: Split halves, exact GELU, a symbolic batch", "onnx", "torch-mlir")
def geglu_onnx():
    import onnx
    from onnx import TensorProto, helper

    def value(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["both"]),
            helper.make_node("Add", ["both", "b"], ["biased"]),
            helper.make_node("Split", ["biased"], ["v", "g"], axis=-1, num_outputs=2),
            helper.make_node("Gelu", ["g"], ["act"]),
            helper.make_node("Mul", ["v", "act"], ["y"]),
        ],
        "geglu",
        [value("x", ["batch", 48]), value("w", [48, 128]), value("b", [128])],
        [value("y", ["batch", 64])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        file.write(model.SerializeToString())
        file.flush()
        torch = run("torch-mlir-import-onnx", None, file.name)
    return run("torch-mlir-opt", torch,
               "--pass-pipeline=builtin.module("
               "torch-onnx-to-torch-backend-pipeline,"
               "torch-backend-to-linalg-on-tensors-backend-pipeline)")


def main(names):
    for name, (function, what, packages) in EXAMPLES.items():
        if names and name not in names:
            continue
        versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in packages)
        head = textwrap.fill(f"{what}.", 78, initial_indent="// ",
                             subsequent_indent="// ")
        text = function().strip("\n")
        (HERE / f"{name}.mlir").write_text(
            f"{head}\n// Printed by {versions}; made by make_examples.py.\n\n{text}\n")
        print(f"{name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main(sys.argv[1:])
