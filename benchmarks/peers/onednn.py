"""oneDNN from its own package: two matmuls, packed weights, post-operations."""

import ctypes
import functools
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from harness.problem import Unsupported, bf16_bits


def environment(threads):
    return {"OMP_NUM_THREADS": str(threads)}


@functools.lru_cache(maxsize=None)
def library():
    """onednn.cpp, compiled against the oneDNN of this Python environment.

    $ONEDNN_ROOT names another installation.
    """
    root = pathlib.Path(os.environ.get("ONEDNN_ROOT", sys.prefix))
    headers = next((folder for folder in (root / "include", pathlib.Path("/usr/include"))
                    if (folder / "oneapi/dnnl/dnnl.hpp").exists()), None)
    if headers is None:
        raise ImportError("no oneapi/dnnl/dnnl.hpp: pip install "
                          "onednn-devel-cpu-gomp")
    source = pathlib.Path(__file__).with_suffix(".cpp")
    with tempfile.TemporaryDirectory() as folder:
        built = os.path.join(folder, "onednn.so")
        done = subprocess.run(
            [os.environ.get("CXX", "c++"), "-O2", "-std=c++17", "-shared", "-fPIC",
             str(source), "-I", str(headers), "-L", str(root / "lib"),
             # RPATH, not RUNPATH: libdnnl finds its own libraries by it.
             f"-Wl,--disable-new-dtags,-rpath,{root / 'lib'}", "-ldnnl", "-o", built],
            capture_output=True, text=True)
        if done.returncode:
            raise ImportError("onednn.cpp: " + done.stderr.strip()[:300])
        loaded = ctypes.CDLL(built)
    loaded.bench_make.argtypes = ([ctypes.c_int64] * 3 + [ctypes.c_int, ctypes.c_char_p]
                                  + [ctypes.c_void_p] * 6)
    loaded.bench_make.restype = loaded.bench_run.restype = ctypes.c_void_p
    loaded.bench_run.argtypes = loaded.bench_free.argtypes = [ctypes.c_void_p]
    loaded.bench_error.restype = loaded.bench_version.restype = ctypes.c_char_p
    return loaded


def version():
    return "oneDNN " + library().bench_version().decode()


class Layer:
    """Owns what `bench_make` made."""

    def __init__(self, data):
        problem = data.problem
        if problem.kind == "conv1d":
            raise Unsupported("not written for convolutions")
        self.bf16 = problem.dtype == "bf16"
        self.shape = (problem.m, problem.f if data.w_down is None else problem.k)
        arrays = [None if a is None else
                  bf16_bits(np.ascontiguousarray(a)) if self.bf16 else
                  np.ascontiguousarray(a)
                  for a in (data.x, data.w_gate, data.w_value, data.bias_gate,
                            data.bias_value, data.w_down)]
        self.handle = library().bench_make(
            problem.m, problem.k, problem.f, self.bf16, problem.gate.encode(),
            *(None if a is None else a.ctypes.data for a in arrays))
        if not self.handle:
            raise Unsupported(library().bench_error().decode())

    def __del__(self):
        if getattr(self, "handle", None):
            library().bench_free(self.handle)

    def __call__(self):
        where = library().bench_run(self.handle)
        if not where:
            raise RuntimeError(library().bench_error().decode())
        return self, where


def prepare(data, threads):
    return Layer(data)


def to_numpy(result):
    layer, where = result
    size = int(np.prod(layer.shape))
    kind = ctypes.c_uint16 if layer.bf16 else ctypes.c_float
    array = np.ctypeslib.as_array(ctypes.cast(where, ctypes.POINTER(kind)), (size,))
    if layer.bf16:
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array.reshape(layer.shape).copy()
