"""glu.compile for GPUs: PTX, calls in the emulator, and on a driver without a
GPU, whose launches do nothing (test/Runtime/FakeDriver.c)."""

import os
import shutil
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import glu

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

unit = """
func.func @unit(%x: tensor<?x40x{T}>, %wg: tensor<24x40x{T}>,
                %wv: tensor<24x40x{T}>) -> tensor<?x24x{T}> {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x40x{T}>
  %e = tensor.empty(%n) : tensor<?x24x{T}>
  %y = glu.gated_projection silu
         gate(%x, %wg : tensor<?x40x{T}>, tensor<24x40x{T}>)
         value(%x, %wv : tensor<?x40x{T}>, tensor<24x40x{T}>)
         outs(%e : tensor<?x24x{T}>)
         attributes {{indexing_maps = [
           affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
           affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
           affine_map<(m, n, k) -> (m, n)>]}} -> tensor<?x24x{T}>
  return %y : tensor<?x24x{T}>
}}
"""

mixed = """
func.func @f(%x: tensor<?xf32>, %y: tensor<?xf32>, %m: memref<?xf32>, %s: f32)
    -> (tensor<?xf32>, f32) {
  %c0 = arith.constant 0 : index
  %limit = arith.constant 100.0 : f32
  %first = tensor.extract %x[%c0] : tensor<?xf32>
  %ok = arith.cmpf olt, %first, %limit : f32
  cf.assert %ok, "x[0] is small"
  %0 = arith.addf %x, %y : tensor<?xf32>
  linalg.fill ins(%s : f32) outs(%m : memref<?xf32>)
  return %0, %s : tensor<?xf32>, f32
}
"""


def reference(x, wg, wv):
    x, wg, wv = (np.asarray(a, np.float64) for a in (x, wg, wv))
    g = x @ wg.T
    return g / (1 + np.exp(-g)) * (x @ wv.T)


def test_stages():
    f = glu.compile(unit.format(T="f16"), target="nvvm", chip="sm_90a")
    assert list(f.stages) == [
        "input", "raised", "fused", "chosen", "bufferized", "launched",
        "approximated", "outlined", "nvvm", "llvm", "ptx"]
    assert ".target sm_90a" in f.stages["ptx"]
    assert "mma" in f.stages["ptx"] and ".extern .func" not in f.stages["ptx"]
    assert "\0" not in f.stages["ptx"]
    assert "gpu.launch" in f.stages["launched"]
    assert len(f.schedule) == 1
    assert "unit" in repr(f)
    again = glu.compile(unit.format(T="f16"), target="nvvm")
    assert ".target sm_80" in again.stages["ptx"]
    assert "mma.sync" in again.stages["ptx"]


@pytest.mark.parametrize("kind, error", [
    ("f32", 1e-5), ("f16", 1e-2), ("bf16", 4e-2)])
@pytest.mark.parametrize("rows", [0, 1, 37])
def test_emulated_numbers(kind, error, rows):
    dtype = {"f32": "f4", "f16": "f2"}.get(kind)
    if kind == "bf16":
        dtype = pytest.importorskip("ml_dtypes").bfloat16
    generator = np.random.default_rng(1)
    x, wg, wv = (generator.standard_normal(s).astype(dtype)
                 for s in ((rows, 40), (24, 40), (24, 40)))
    f = glu.compile(unit.format(T=kind), target="nvvm", emulate=True)
    y = f(x, wg, wv)
    assert y.dtype == x.dtype and y.shape == (rows, 24)
    want = reference(x, wg, wv)
    scale = max(1, np.abs(want).max(initial=0))
    assert np.abs(y.astype(np.float64) - want).max(initial=0) < error * scale


@pytest.mark.parametrize("chip", ["sm_70", "sm_90a"])
def test_emulated_chips(chip):
    generator = np.random.default_rng(1)
    x, wg, wv = (generator.standard_normal(s).astype("f2")
                 for s in ((70, 40), (24, 40), (24, 40)))
    f = glu.compile(unit.format(T="f16"), target="nvvm", chip=chip, emulate=True)
    want = reference(x, wg, wv)
    assert np.abs(f(x, wg, wv) - want).max() < 1e-2 * np.abs(want).max()
    # The one has products of warp groups, the other of no warps.
    assert ("wgmma" in f.stages["launched"]) == (chip == "sm_90a")


def test_emulated_values_of_all_kinds():
    f = glu.compile(mixed, target="nvvm", emulate=True)
    x, m = np.arange(3, dtype=np.float32), np.zeros(5, np.float32)
    y, s = f(x, x, m, 2.5)
    assert y.tolist() == [0, 2, 4] and s == 2.5
    assert m.tolist() == [2.5] * 5 and x.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="do not fit together"):
        f(x, x[:2], m, 1)
    with pytest.raises(ValueError, match="x\\[0\\] is small"):
        f(x + 100, x, m, 1)
    with pytest.raises(TypeError, match="argument 1: expected an array of float32"):
        f(x, x.astype("f8"), m, 1)
    with pytest.raises(TypeError, match="stream: is only for"):
        f(x, x, m, 1, stream=3)
    assert f(x, x, m, 2.5)[0].tolist() == [0, 2, 4]


def test_results_that_share_memory():
    f = glu.compile("""
    func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
      %y = arith.addf %x, %x : tensor<4xf32>
      return %y, %y, %x : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
    }""", target="nvvm", emulate=True)
    x = np.ones(4, np.float32)
    a, b, c = f(x)
    a[0] = 7
    assert b[1] == 2 and c.tolist() == [1] * 4 and x.tolist() == [1] * 4


def test_emulated_from_many_threads():
    f = glu.compile(unit.format(T="f32"), target="nvvm", emulate=True)
    generator = np.random.default_rng(2)
    x, wg, wv = (generator.standard_normal(s).astype("f4")
                 for s in ((3, 40), (24, 40), (24, 40)))
    want, wrong = f(x, wg, wv), []

    def run():
        for _ in range(5):
            if not np.array_equal(f(x, wg, wv), want):
                wrong.append(1)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("options, error, message", [
    (dict(target="nvvm", chip="sm_1"), glu.CompileError, "no GPU is called 'sm_1'"),
    (dict(target="nvvm", chip=80), TypeError, "chip: expected a name, got int"),
    (dict(target="nvvm", emulate=1), TypeError, "emulate: expected a bool"),
    (dict(chip="sm_80"), ValueError, "chip: is only for target \"nvvm\""),
    (dict(emulate=True), ValueError, "emulate: is only for target \"nvvm\""),
])
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        glu.compile(unit.format(T="f32"), **options)


# ---------------------------------------------------------------------------
# With CUDA's driver, or what is in its place
# ---------------------------------------------------------------------------

# Arrays of the CPU that say that they are on a GPU: the fake driver's memory.
prelude = textwrap.dedent("""
    import ctypes, sys
    import numpy as np, glu
    from glu import _runtime

    class Array:
        def __init__(self, array, device=0):
            self.array, self.number = array, device

        def __dlpack_device__(self):
            return 2, self.number

        def __dlpack__(self, stream=None, max_version=None):
            print("stream", stream, flush=True)
            a = self.array
            return _runtime.cuda_capsule(a, a.ctypes.data, str(a.dtype), list(a.shape),
                                         [s // a.itemsize for s in a.strides])

    def fails(*arguments, **options):
        try:
            f(*arguments, **options)
        except Exception as error:
            print(type(error).__name__ + ":", error)
        else:
            print("no error")

""") + f"ir = {unit.format(T='f32')!r}\n"


def run_with_driver(folder, code, **environment):
    path = os.pathsep.join(p for p in sys.path if p)
    result = subprocess.run(
        [sys.executable, "-c", prelude + textwrap.dedent(code)],
        env=dict(os.environ, LD_LIBRARY_PATH=str(folder), PYTHONPATH=path,
                 **environment),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_no_driver(tmp_path):
    (tmp_path / "libcuda.so.1").write_text("")  # Before any other.
    out = run_with_driver(tmp_path, """
        f = glu.compile(ir, target="nvvm")
        print(".target" in f.stages["ptx"])
        fails(1, 2, 3)
        fails(np.ones((1, 40)), 2, 3)
        """)
    true, *errors = out.splitlines()
    assert true == "True" and len(errors) == 2
    for error in errors:
        assert error.startswith(
            "RuntimeError: there is no CUDA driver on this machine")


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    source = os.path.join(root, "test", "Runtime", "FakeDriver.c")
    compiler = next(filter(None, map(shutil.which, ("cc", "clang-22", "gcc"))), None)
    if not os.path.exists(source) or not compiler:
        pytest.skip("no compiler for the fake driver")
    folder = tmp_path_factory.mktemp("driver")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(folder / "libcuda.so.1"),
                    source], check=True)
    return folder


def test_calls_of_the_driver(driver):
    out = run_with_driver(driver, """
        f = glu.compile(ir, target="nvvm")
        a = [Array(np.ones(s, "f4")) for s in ((3, 40), (24, 40), (24, 40))]
        y = f(*a)
        print(y, y.__dlpack_device__(), y.__cuda_array_interface__["shape"])
        f(*a, stream=77)
        del y
        """)
    lines = out.splitlines()
    # Kernels are loaded once, launched in the stream of the call, and nobody
    # waits for it. Results are freed.
    assert lines.count("cuModuleLoadDataEx") == 1
    assert lines.count("cuLaunchKernel") >= 2
    assert lines.count("stream 1") == 3 and lines.count("stream 77") == 3
    assert "cuStreamCreate" not in lines
    assert ("<glu array on the GPU, float32 of shape (3, 24)> (2, 0) (3, 24)"
            in lines)
    assert lines.count("cuMemAlloc") == lines.count("cuMemFree") == 2


def test_capsules(driver):
    out = run_with_driver(driver, """
        f = glu.compile(ir, target="nvvm")
        a = [Array(np.ones(s, "f4")) for s in ((3, 40), (24, 40), (24, 40))]
        y = f(*a, stream=5)
        sys.stdout.flush()
        print("same", flush=True)
        c = y.__dlpack__(stream=5)
        print("other", flush=True)
        d = y.__dlpack__(stream=6, max_version=(1, 1))
        print("end", flush=True)
        del y, c
        print("alive", flush=True)
        del d
        """)
    lines = out.splitlines()
    same, other, end, alive = map(lines.index, ("same", "other", "end", "alive"))
    assert "cuStreamSynchronize" not in lines[same:other]
    assert "cuStreamSynchronize" in lines[other:end]
    assert "cuMemFree" not in lines[:alive] and "cuMemFree" in lines[alive:]


def test_wrong_arguments(driver):
    out = run_with_driver(driver, """
        f = glu.compile(ir, target="nvvm")
        a = [Array(np.ones(s, "f4")) for s in ((3, 40), (24, 40), (24, 40))]
        fails(a[0], np.ones((24, 40), "f4"), a[2])
        fails(a[0], [1], a[2])
        fails(a[0], Array(a[1].array, 1), a[2])
        fails(a[0], a[1], Array(np.ones((24, 40))))
        fails(a[0], a[1], Array(np.ones((24, 41), "f4")))
        fails(a[0], a[1], Array(np.ones((40, 24), "f4").T))
        fails(*a, stream="5")
        try:
            glu.gated_projection(a[0], a[1], a[2])
        except ValueError as error:
            print("ValueError:", error)
        """)
    errors = [line for line in out.splitlines() if "Error: " in line]
    for error, want in zip(errors, [
            "ValueError: argument 1: is on device cpu; expected an array in the "
            "memory of the first CUDA GPU",
            "TypeError: argument 1: expected an array in the memory of a CUDA GPU",
            "ValueError: argument 1: is on device (2, 1)",
            "TypeError: argument 2: expected an array of float32",
            "ValueError: argument 2: expected an array of float32 of shape (24, 40)",
            "ValueError: argument 2: expected a dense array",
            "TypeError: stream: expected the handle of a stream",
            "ValueError: x: is on device (2, 0); expected an array in the memory of "
            "the CPU"]):
        assert error.startswith(want)
    assert len(errors) == 8


def test_driver_fails(driver):
    out = run_with_driver(driver, """
        f = glu.compile(ir, target="nvvm")
        a = [Array(np.ones(s, "f4")) for s in ((3, 40), (24, 40), (24, 40))]
        fails(*a)
        """, FAKE_CUDA_FAIL="cuLaunchKernel")
    assert "RuntimeError: cuLaunchKernel failed: CUDA_ERROR_INVALID_PTX" in out
