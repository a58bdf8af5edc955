"""What an installed wheel does where there is no LLVM; needs NumPy only.

scripts/test-wheel runs it as a program, in a root of its own.
"""

import glob
import os
import subprocess
import sys
import tempfile

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def close(got, want):
    assert got.shape == want.shape and got.dtype == np.float32
    error = np.abs(got - want).max() / np.abs(want).max()
    assert error < 5e-6, error


def check_projection(glu, rng):
    x = rng.standard_normal((5, 64), np.float32)
    w_gate, w_value = rng.standard_normal((2, 64, 48), np.float32)
    want = silu(x @ w_gate) * (x @ w_value)
    for threads in 1, 2:
        close(glu.gated_projection(x, w_gate, w_value, gate="silu",
                                   threads=threads), want)
    close(glu.gated_projection(x, glu.pack(w_gate, w_value)), want)


def check_ffn(glu, rng):
    x = rng.standard_normal((5, 64), np.float32)
    w_gate, w_value = rng.standard_normal((2, 64, 48), np.float32)
    w_down = rng.standard_normal((48, 32), np.float32)
    want = np.maximum(x @ w_gate, 0) * (x @ w_value) @ w_down
    close(glu.ffn(x, w_gate, w_value, w_down, gate="relu"), want)
    close(glu.ffn(x, glu.pack(w_gate, w_value, w_down), gate="relu"), want)


def check_conv(glu, rng):
    x = rng.standard_normal((2, 6, 20), np.float32)
    w_gate, w_value = rng.standard_normal((2, 8, 6, 3), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(x, 3, axis=2)
    g, v = (np.einsum("bitk,oik->bot", windows, w) for w in (w_gate, w_value))
    close(glu.gated_conv1d(x, w_gate, w_value, gate="silu"), silu(g) * v)


def check_traced(glu, rng):
    x = rng.standard_normal((5, 64), np.float32)
    w_gate, w_value = rng.standard_normal((2, 64, 48), np.float32)
    gate = glu.gating(lambda g, v: glu.tanh(g) * v)
    close(glu.gated_projection(x, w_gate, w_value, gate=gate),
          np.tanh(x @ w_gate) * (x @ w_value))


def check_compile(glu, rng):
    f = glu.compile("""
    func.func @f(%x: tensor<?x64xf32>, %u: tensor<64x48xf32>, %w: tensor<64x48xf32>)
        -> tensor<?x48xf32> {
      %zero = arith.constant 0.0 : f32
      %c0 = arith.constant 0 : index
      %rows = tensor.dim %x, %c0 : tensor<?x64xf32>
      %empty = tensor.empty(%rows) : tensor<?x48xf32>
      %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x48xf32>)
        -> tensor<?x48xf32>
      %g = linalg.matmul ins(%x, %u : tensor<?x64xf32>, tensor<64x48xf32>)
        outs(%init : tensor<?x48xf32>) -> tensor<?x48xf32>
      %v = linalg.matmul ins(%x, %w : tensor<?x64xf32>, tensor<64x48xf32>)
        outs(%init : tensor<?x48xf32>) -> tensor<?x48xf32>
      %y = linalg.mul ins(%g, %v : tensor<?x48xf32>, tensor<?x48xf32>)
        outs(%empty : tensor<?x48xf32>) -> tensor<?x48xf32>
      return %y : tensor<?x48xf32>
    }""")
    x = rng.standard_normal((5, 64), np.float32)
    w_gate, w_value = rng.standard_normal((2, 64, 48), np.float32)
    close(f(x, w_gate, w_value), (x @ w_gate) * (x @ w_value))
    stages = list(f.stages)
    assert stages[0] == "input" and stages[-1] == "asm", stages
    assert "glu.gated_projection" in f.stages["fused"]
    try:
        glu.compile("func.func")
    except glu.CompileError as error:
        assert "<text>" in str(error)
    else:
        raise AssertionError("expected an error")


def check_disk_cache(glu, rng):
    """A new process finds the kernels and does not load the compiler."""
    code = ("import sys, numpy as np, glu; x = np.ones((5, 64), np.float32); "
            "w = np.ones((64, 48), np.float32); "
            "glu.gated_projection(x, w, w, threads=1); "
            "print('glu._compiler' in sys.modules)")
    found = [subprocess.run([sys.executable, "-c", code], capture_output=True,
                            text=True, check=True).stdout.strip()
             for _ in range(2)]
    assert glob.glob(os.path.join(glu.cache_dir(), "*.glukernel"))
    assert found[1] == "False", found


def check_no_llvm_of_the_machine(glu, rng):
    """LLVM and MLIR are the wheel's; called last. OpenMP's library too, where the
    machine has none: two in a process would not get along."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(glu.__file__)))
    with open("/proc/self/maps") as maps:
        loaded = {line.split()[-1] for line in maps if ".so" in line}
    ours = [path for path in loaded
            if "LLVM" in os.path.basename(path) or "MLIR" in os.path.basename(path)]
    assert ours and any("libomp" in path for path in loaded), loaded
    for path in ours:
        assert path.startswith(home + os.sep), path


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GLU_CACHE_DIR"] = folder
        import glu

        checks = [check for name, check in globals().items()
                  if name.startswith("check_")]
        for check in checks:
            check(glu, np.random.default_rng(0))
        print(f"{len(checks)} checks of glu {glu.__version__} passed, Python "
              f"{sys.version.split()[0]}, NumPy {np.__version__}")


if __name__ == "__main__":
    main()
