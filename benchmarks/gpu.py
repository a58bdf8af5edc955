#!/usr/bin/env python3
"""Gated units on a GPU: right, and how fast beside PyTorch's kernels.

    gpu.py --check                      every kind of projection, against the CPU
    gpu.py --bench --out gpu.json       times, against cuBLAS with a fused product
    gpu.py --check --bench --emulate    the same programs without a GPU, small ones

Needs PyTorch and glu (its wheel will do). Times are medians of rounds in which all
take turns, each of enough calls for 20 ms between two events, after as long a
warm-up; operands are random normal numbers, and so many copies of the weights take
turns that no level of cache holds them all. Exit code: 0, or 1 if a number is wrong.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

import glu

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = os.path.join(ROOT, "test", "Emulator", "Inputs", "kinds.py")
TYPES = {"bf16": torch.bfloat16, "f16": torch.float16, "f32": torch.float32}

# Rows, sum, columns. The last ones are Llama 3 8B's.
CELLS = [(m, 1024, 4096) for m in (1024, 8192)] + [
    (m, 4096, 14336) for m in (1, 8, 16, 64, 256, 1024, 4096, 8192)]
SMALL_CELLS = [(1, 64, 32), (130, 72, 136)]


class Device:
    """A GPU, or with `emulate` the CPU's memory and clock."""

    def __init__(self, emulate, chip):
        self.emulate = emulate
        self.place = "cpu" if emulate else "cuda"
        if not emulate and not torch.cuda.is_available():
            raise SystemExit("gpu.py: PyTorch sees no GPU; --emulate does without")
        major, minor = (9, 0) if emulate else torch.cuda.get_device_capability()
        number = 10 * major + minor
        self.chip = chip or ("sm_90a" if number == 90 else f"sm_{min(number, 89)}")
        self.name = "emulator" if emulate else torch.cuda.get_device_name()

    def compile(self, text):
        return glu.compile(text, target="nvvm", chip=self.chip, emulate=self.emulate)

    def time(self, call, seconds):
        """Seconds of a call: of as many as take about `seconds`."""
        if self.emulate:
            start = time.perf_counter()
            call()
            return time.perf_counter() - start
        count = 1
        while True:
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            for _ in range(count):
                call()
            end.record()
            end.synchronize()
            taken = start.elapsed_time(end) / 1e3
            if taken >= seconds:
                return taken / count
            count = max(count + 1, int(1.2 * count * seconds / max(taken, 1e-6)))


def unit(m, k, n, element, gate):
    x, w, y = f"{m}x{k}x{element}", f"{n}x{k}x{element}", f"{m}x{n}x{element}"
    maps = ", ".join(f"affine_map<(m, n, k) -> ({d})>"
                     for d in ("m, k", "n, k", "m, k", "n, k", "m, n"))
    return f"""
func.func @f(%x: tensor<{x}>, %wg: tensor<{w}>, %wv: tensor<{w}>, %out: memref<{y}>) {{
  %e = tensor.empty() : tensor<{y}>
  %r = glu.gated_projection {gate} gate(%x, %wg : tensor<{x}>, tensor<{w}>)
         value(%x, %wv : tensor<{x}>, tensor<{w}>) outs(%e : tensor<{y}>)
         attributes {{indexing_maps = [{maps}]}} -> tensor<{y}>
  bufferization.materialize_in_destination %r in restrict writable %out
    : (tensor<{y}>, memref<{y}>) -> ()
  return
}}
"""


def check(device):
    """Names of the programs that give other numbers than the CPU's code."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, KINDS, folder], check=True)
        for path in sorted(glob.glob(os.path.join(folder, "*.mlir"))):
            name = os.path.basename(path)[:-5]
            text = open(path).read()
            on_gpu, on_cpu = device.compile(text), glu.compile(text)
            torch.manual_seed(0)
            arguments = []
            for shape, kind in arguments_of(text):
                values = torch.randn(shape, dtype=torch.float64)
                arguments.append(values.to(kind))
            got = on_gpu(*(a.to(device.place) for a in arguments))
            want = on_cpu(*arguments)
            # A rounding of the result, and what sums in another order differ by.
            unit = {"bfloat16": 2**-8, "float16": 2**-11}.get(want.dtype.name, 1e-5)
            got, want = to_float64(got), to_float64(want)
            error = np.abs(got - want).max() / np.abs(want).max()
            if not error <= 2 * unit:
                wrong.append(name)
            print(f"{name}: {'WRONG' if name in wrong else 'right'}, error {error:.2g}")
    return wrong


def to_float64(array):
    if torch.is_tensor(array):
        return array.double().cpu().numpy()
    return array.astype(np.float64)


def arguments_of(text):
    """Shapes and types of the arguments of @f; sizes that are not known are 70."""
    types = {**TYPES, "f64": torch.float64}
    line = next(l for l in text.splitlines() if l.startswith("func.func @f("))
    for argument in line.split("->")[0].split("tensor<")[1:]:
        *sizes, kind = argument.split(">")[0].split("x")
        yield [70 if s == "?" else int(s) for s in sizes], types[kind]


def peers(x, pairs, packed, y):
    """Functions of the number of the call."""
    def product(gv):
        g, v = gv.chunk(2, -1)
        return torch.nn.functional.silu(g) * v

    fused = torch.compile(product) if x.is_cuda else product
    linear = torch.nn.functional.linear

    def cublas(i):
        return fused(linear(x, packed[i % len(packed)]))

    def eager(i):
        wg, wv = pairs[i % len(pairs)]
        return torch.nn.functional.silu(linear(x, wg)) * linear(x, wv)

    found = {"cublas_fused": cublas, "eager": eager}
    try:
        from quack.gemm_interface import gemm_gated
        found["quack"] = lambda i: gemm_gated(x, packed[i % len(packed)].T,
                                              activation="swiglu")
    except ImportError:
        pass
    return found


def bench_cell(device, m, k, n, element, gate, rounds):
    kind = TYPES[element]
    # A level of cache has 50 MB or less.
    copies = 1 if device.emulate else max(1, -(-(200 << 20) // (4 * n * k)))
    x = torch.randn(m, k, device=device.place).to(kind)
    packed = [(torch.randn(2 * n, k, device=device.place) / k**0.5).to(kind)
              for _ in range(copies)]
    pairs = [p.chunk(2) for p in packed]
    y = torch.empty(m, n, dtype=kind, device=device.place)
    f = device.compile(unit(m, k, n, element, gate))
    calls = {"glu": lambda i: f(x, *pairs[i % copies], y)}
    if gate == "silu":
        calls.update(peers(x, pairs, packed, y))

    calls["glu"](0)
    g, v = ((x.double() @ w.double().T) for w in pairs[0])
    want = {"silu": lambda: g * torch.sigmoid(g), "relu": g.relu, "identity": lambda: g,
            "gelu": lambda: torch.nn.functional.gelu(g)}[gate]() * v
    error = float((y.double() - want).abs().max() / want.abs().max())
    is_right = error < 4 * (2**-8 if kind == torch.bfloat16 else 2**-11)

    times = {name: [] for name in calls}
    for turn in range(rounds):
        names = list(calls)
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            counter = iter(range(1 << 30))
            times[name].append(device.time(lambda: calls[name](next(counter)), 0.02))
    seconds = {name: statistics.median(t) for name, t in times.items()}
    best = min((s for name, s in seconds.items() if name != "glu"), default=None)
    return {
        "m": m, "k": k, "n": n, "type": element, "gate": gate, "error": error,
        "right": is_right, "seconds": seconds,
        "teraflops": 4 * m * k * n / seconds["glu"] / 1e12,
        "gigabytes": 2 * (m * k + 2 * n * k + m * n) / seconds["glu"] / 1e9,
        "ratio": best / seconds["glu"] if best else None}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--bench", action="store_true")
    parser.add_argument("--emulate", action="store_true")
    parser.add_argument("--chip", help="as ptxas calls it; the GPU's own otherwise")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", metavar="FILE")
    options = parser.parse_args()
    if not options.check and not options.bench:
        parser.error("expected --check, --bench or both")
    device = Device(options.emulate, options.chip)
    results = {"device": device.name, "chip": device.chip, "torch": torch.__version__,
               "date": time.strftime("%Y-%m-%d"), "cells": []}
    if options.check:
        results["wrong"] = check(device)
    if options.bench:
        cells = [(*c, "bf16", "silu") for c in
                 (SMALL_CELLS if options.emulate else CELLS)]
        last = cells[-1][:3]
        cells += [(*last, "f16", "silu")] + [
            (*last, "bf16", gate) for gate in ("relu", "gelu", "identity")]
        for cell in cells:
            found = bench_cell(device, *cell,
                               rounds=1 if options.emulate else options.rounds)
            results["cells"].append(found)
            ratio = f", {found['ratio']:.2f} of the best peer" if found["ratio"] else ""
            print(f"M={cell[0]} K={cell[1]} N={cell[2]} {cell[3]} {cell[4]}: "
                  f"{found['teraflops']:.3g} TFLOP/s, {found['gigabytes']:.4g} GB/s"
                  f"{ratio}{'' if found['right'] else ', WRONG'}", flush=True)
    if options.out:
        with open(options.out, "w") as file:
            json.dump(results, file, indent=1)
    return int(bool(results.get("wrong")) or not all(c["right"]
                                                     for c in results["cells"]))


if __name__ == "__main__":
    sys.exit(main())
