"""OpenBLAS through NumPy: one sgemm over both weights, then NumPy's loops."""

import os

import numpy as np

from harness.problem import Unsupported


def environment(threads):
    # Debian's and older OpenBLAS take Haswell's kernels on new AMD chips.
    result = {"OPENBLAS_NUM_THREADS": str(threads)}
    with open("/proc/cpuinfo") as info:
        if "avx512f" in info.read():
            result["OPENBLAS_CORETYPE"] = "SkylakeX"
    return result


def version():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    core = os.environ.get("OPENBLAS_CORETYPE", "its own choice of kernels")
    return f"numpy {np.__version__}, {blas['name']} {blas['version']}, {core}"


def prepare(data, threads):
    problem = data.problem
    if problem.dtype != "f32" or problem.kind == "conv1d":
        raise Unsupported("BLAS has matrix products of f32 only")
    if problem.gate not in ("silu", "sigmoid", "relu", "identity"):
        raise Unsupported(f"NumPy has no {problem.gate}")
    # Stored as sgemm likes it best: (K, 2 F), gate first.
    weights = np.ascontiguousarray(np.concatenate([data.w_gate, data.w_value]).T)
    bias = None
    if problem.bias:
        bias = np.concatenate([data.bias_gate, data.bias_value])
    x, f, gate = data.x, problem.f, problem.gate
    both = np.empty((problem.m, 2 * f), np.float32)
    g, v = both[:, :f], both[:, f:]
    y = np.empty((problem.m, f), np.float32)
    w_down = None
    if data.w_down is not None:
        w_down = np.ascontiguousarray(data.w_down.T)
        out = np.empty((problem.m, problem.k), np.float32)

    def call():
        np.matmul(x, weights, out=both)
        if bias is not None:
            np.add(both, bias, out=both)
        if gate in ("silu", "sigmoid"):
            np.negative(g, out=y)
            np.exp(y, out=y)
            np.add(y, 1, out=y)
            np.divide(g if gate == "silu" else 1, y, out=y)
        elif gate == "relu":
            np.maximum(g, 0, out=y)
        else:
            y[...] = g
        np.multiply(y, v, out=y)
        return y if w_down is None else np.matmul(y, w_down, out=out)
    return call
