"""glu without its Python package: a library that glu-compile made, called by
ctypes, weights packed before. $GLU_COMPILE, the one of build/bin, or of PATH."""

import ctypes
import os
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np

from harness.problem import Unsupported, bf16_bits

BUILT = pathlib.Path(__file__).resolve().parents[2] / "build/bin/glu-compile"


def environment(threads):
    return {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "active"}


def find():
    tool = os.environ.get("GLU_COMPILE") or (
        str(BUILT) if BUILT.exists() else shutil.which("glu-compile"))
    if not tool:
        raise ImportError("there is no glu-compile; scripts/build makes it")
    return tool


def version():
    find()
    return "glu, by glu-compile"


def text(problem):
    """The layer as IR; weights are out x in."""
    m, k, f, t = problem.m, problem.k, problem.f, problem.dtype
    if problem.kind == "conv1d":
        taps = problem.taps
        x, w = f"tensor<{k}x{m + taps - 1}x{t}>", f"tensor<{f}x{k}x{taps}x{t}>"
        y = f"tensor<{f}x{m}x{t}>"
        return f"""
#x = affine_map<(n, m, k, s) -> (k, m + s)>
#w = affine_map<(n, m, k, s) -> (n, k, s)>
#y = affine_map<(n, m, k, s) -> (n, m)>
func.func @layer(%x: {x}, %wg: {w}, %wv: {w}) -> {y} {{
  %e = tensor.empty() : {y}
  %y = glu.gated_projection {problem.gate} gate(%x, %wg : {x}, {w})
    value(%x, %wv : {x}, {w}) outs(%e : {y})
    attributes {{indexing_maps = [#x, #w, #x, #w, #y]}} -> {y}
  return %y : {y}
}}"""
    x, w, y = f"tensor<{m}x{k}x{t}>", f"tensor<{f}x{k}x{t}>", f"tensor<{m}x{f}x{t}>"
    down, result = f"tensor<{k}x{f}x{t}>", y if problem.kind == "gated" else x
    more = "" if problem.kind == "gated" else f", %wd: {down}"
    lines = [f"""
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (n, k)>
#y = affine_map<(m, n, k) -> (m, n)>
func.func @layer(%x: {x}, %wg: {w}, %wv: {w}{more}) -> {result} {{
  %e = tensor.empty() : {y}
  %y = glu.gated_projection {problem.gate} gate(%x, %wg : {x}, {w})
    value(%x, %wv : {x}, {w}) outs(%e : {y})
    attributes {{indexing_maps = [#x, #w, #x, #w, #y]}} -> {y}"""]
    if problem.kind == "gated":
        return "\n".join([*lines, f"  return %y : {y}", "}"])
    sums = f"tensor<{m}x{k}xf32>"
    lines.append(f"""
  %zero = arith.constant 0.0 : f32
  %d = tensor.empty() : {sums}
  %z = linalg.fill ins(%zero : f32) outs(%d : {sums}) -> {sums}
  %s = linalg.matmul indexing_maps = [#x, #w, #y] ins(%y, %wd : {y}, {down})
    outs(%z : {sums}) -> {sums}""")
    if t == "f32":
        return "\n".join([*lines, f"  return %s : {sums}", "}"])
    return "\n".join([*lines, f"  %r = arith.truncf %s : {sums} to {result}",
                      f"  return %r : {result}", "}"])


def prepare(data, threads):
    problem = data.problem
    if problem.bias:
        raise Unsupported("not written for biases: see glu")
    with tempfile.TemporaryDirectory() as folder:
        source, library = f"{folder}/layer.mlir", f"{folder}/layer.so"
        pathlib.Path(source).write_text(text(problem))
        subprocess.run([find(), source, "-o", library, "--prepack",
                        f"--threads={threads}"], check=True)
        layer = ctypes.CDLL(library)

    def cast(array):
        array = np.ascontiguousarray(array)
        return array if problem.dtype == "f32" else bf16_bits(array)

    def address(array):
        return ctypes.c_void_p(array.ctypes.data)

    weights = [cast(data.w_gate), cast(data.w_value)]
    if data.w_down is not None:
        weights.append(cast(data.w_down))
    layer.layer_packed_bytes.restype = ctypes.c_int64
    # NumPy asks for huge pages; 64 bytes are what vectors like.
    memory = np.empty(layer.layer_packed_bytes() + 64, np.uint8)
    packed = memory[-memory.ctypes.data % 64:]
    layer.layer_pack(*map(address, weights), address(packed))
    x = cast(data.x)
    shape = {"gated": (problem.m, problem.f), "ffn": (problem.m, problem.k),
             "conv1d": (problem.f, problem.m)}[problem.kind]
    out = np.empty(shape, x.dtype)
    arguments = address(x), address(packed), address(out)

    def call():
        layer.layer_packed(*arguments)
        return out
    call.kept = x, memory
    return call


def to_numpy(result):
    if result.dtype == np.float32:
        return result
    return (result.astype(np.uint32) << 16).view(np.float32)
