"""glu.compile."""

import numpy as np
import pytest
from conftest import check, dtype

import glu

twice = """
func.func @twice(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = arith.addf %x, %x : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
"""
several = """
func.func @several(%x: tensor<4xf64>, %n: i32, %s: f32, %m: memref<2xi8>)
    -> (tensor<4xf64>, i32, f32) {
  %c = arith.constant 0 : index
  %k = arith.constant 7 : i8
  memref.store %k, %m[%c] : memref<2xi8>
  %y = arith.negf %x : tensor<4xf64>
  %o = arith.addi %n, %n : i32
  %t = arith.addf %s, %s : f32
  return %y, %o, %t : tensor<4xf64>, i32, f32
}
"""


def test_call():
    f = glu.compile(twice, threads=1)
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    got = f(x)
    check(got, 2.0 * x, 0)
    assert (x == np.arange(6).reshape(2, 3)).all()
    assert f(x[:0]).shape == (0, 3)
    assert repr(f) == "<glu compiled function twice(float32 (any, 3)) -> " \
        "float32 (any, 3)>"
    assert glu.compile(twice, dims={(0, 0): 2})(x).shape == (2, 3)
    for wrong, error in ((x.T, ValueError), (x[0], ValueError), (3, TypeError),
                         (x.astype(float), TypeError),
                         (np.ones((2, 6), np.float32)[:, ::2], ValueError)):
        with pytest.raises(error, match="^argument 0: "):
            f(wrong)
    with pytest.raises(TypeError, match="expected 1 arguments, got 2"):
        f(x, x)


def test_results():
    f = glu.compile(several)
    m = np.zeros(2, np.int8)
    y, n, s = f(np.ones(4), 21, 1.5, m)
    assert (y == -1).all() and n == 42 and s == 3.0 and m[0] == 7
    for wrong in ((np.ones(4), 1 << 40, 1.5, m), (np.ones(4), 1.5, 1.5, m),
                  (np.ones(4), 1, "a", m), (np.ones(4), 1, 1.5, b"ab")):
        with pytest.raises((TypeError, ValueError), match="^argument "):
            f(*wrong)


def test_bfloat16():
    kind = dtype("bfloat16")
    f = glu.compile(twice.replace("f32", "bf16"))
    got = f(np.ones((2, 3), kind))
    assert got.dtype == kind and (got == 2).all()


def test_stages(tmp_path):
    f = glu.compile("""
    func.func @f(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>) -> tensor<8x8xf32> {
      %e = tensor.empty() : tensor<8x8xf32>
      %y = glu.gated_projection silu
             gate(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>)
             value(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>)
             outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
      return %y : tensor<8x8xf32>
    }""", threads=1)
    assert list(f.stages) == [
        "input", "raised", "fused", "chosen", "packed", "tiled", "decomposed",
        "vectorized", "approximated", "bufferized", "llvm", "llvm-ir", "asm"]
    assert "glu.schedule" in f.stages["chosen"]
    assert "scf.forall" in f.stages["tiled"]
    assert "llvm.func" in f.stages["llvm"]
    assert "define " in f.stages["llvm-ir"]
    assert any("#glu.schedule<rows" in s for s in f.schedule.values())
    f.save(tmp_path / "stages.txt")
    assert "// ---- fused" in (tmp_path / "stages.txt").read_text()
    assert "<details>" in f._repr_html_()


@pytest.mark.parametrize("arguments, error, message", [
    (("x\n",), glu.CompileError, '"<text>":1:1'),
    (("module {}\n",), glu.CompileError, "no public function"),
    ((twice, "nope"), glu.CompileError, "nope"),
    ((twice, None, "nochip"), glu.CompileError, "nochip"),
    ((twice, 3), TypeError, "entry: "),
    ((twice, None, 3), TypeError, "target: "),
    ((twice, None, "cpu", 3), TypeError, "dims: "),
    ((twice, None, "cpu", {(0, 1): 7}), glu.CompileError, "dims: "),
    ((twice, None, "cpu", {(5, 1): 7}), glu.CompileError, "dims: "),
    ((twice, None, "cpu", {0: 7}), TypeError, "dims: "),
    ((twice, None, "cpu", None, 0), ValueError, "threads: "),
    ((3,), TypeError, "ir: "),
    (("missing.mlir",), FileNotFoundError, ""),
    (("func.func @f() {\n \ud800 }",), ValueError, "ir: "),
])
def test_errors(arguments, error, message):
    with pytest.raises(error) as raised:
        glu.compile(*arguments)
    assert message in str(raised.value)
