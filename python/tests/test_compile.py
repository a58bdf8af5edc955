"""glu.compile."""

from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import check, dtype

import glu

stage_names = [
    "input", "raised", "fused", "chosen", "packed", "tiled", "decomposed",
    "vectorized", "approximated", "bufferized", "llvm", "llvm-ir", "asm"]
rng = np.random.default_rng(5)
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


meet = """
func.func @meet(%x: tensor<4x?xf32>, %w: tensor<?x?xf32>, %y: tensor<4x?xf32>)
    -> tensor<4x?xf32> {
  %r = linalg.matmul ins(%x, %w : tensor<4x?xf32>, tensor<?x?xf32>)
                     outs(%y : tensor<4x?xf32>) -> tensor<4x?xf32>
  return %r : tensor<4x?xf32>
}
"""


def test_sizes_that_do_not_fit():
    f = glu.compile(meet, threads=1)

    def ones(*shape):
        return np.ones(shape, np.float32)

    assert (f(ones(4, 5), ones(5, 6), ones(4, 6)) == 6).all()
    assert f(ones(4, 5), ones(5, 0), ones(4, 0)).shape == (4, 0)
    for shapes in (((4, 5), (6, 6), (4, 6)), ((4, 5), (5, 6), (4, 7)),
                   ((4, 0), (3, 0), (4, 0)), ((4, 5), (5, 10 ** 4), (4, 1))):
        with pytest.raises(ValueError, match="^the shapes of the arguments do not "
                           "fit together: .*, at <text>:4:8: .*linalg.matmul"):
            f(*[ones(*shape) for shape in shapes])
    # With sizes that are known there is nothing to check.
    f = glu.compile(meet, threads=1, dims={(0, 1): 5, (1, 0): 5, (1, 1): 6,
                                           (2, 1): 6})
    assert (f(ones(4, 5), ones(5, 6), ones(4, 6)) == 6).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_assertions(threads):
    f = glu.compile("""
    func.func @pick(%x: tensor<?xf32>, %i: tensor<64xindex>) -> tensor<64xf32> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      %n = tensor.dim %x, %c0 : tensor<?xf32>
      %e = tensor.empty() : tensor<64xf32>
      %y = scf.forall (%k) in (64) shared_outs(%o = %e) -> tensor<64xf32> {
        %j = tensor.extract %i[%k] : tensor<64xindex>
        %ok = arith.cmpi ult, %j, %n : index
        cf.assert %ok, "no such \\"element\\""
        %v = tensor.extract %x[%j] : tensor<?xf32>
        %s = tensor.from_elements %v : tensor<1xf32>
        scf.forall.in_parallel {
          tensor.parallel_insert_slice %s into %o[%k] [1] [1]
            : tensor<1xf32> into tensor<64xf32>
        }
      }
      return %y : tensor<64xf32>
    }""", threads=threads)
    x = np.arange(10, dtype=np.float32)
    i = rng.integers(0, 10, 64)
    assert (f(x, i) == x[i]).all()
    for place in 0, 63:
        wrong = i.copy()
        wrong[place] = 10
        for _ in range(20):
            with pytest.raises(ValueError, match="^an assertion of the program "
                               'failed: no such "element"$'):
                f(x, wrong)
    assert (f(x, i) == x[i]).all()


def test_checks_write_nothing():
    f = glu.compile("""
    func.func @fill(%m: memref<?xf32>, %s: f32, %x: tensor<?xf32>,
                    %y: tensor<?xf32>) -> tensor<?xf32> {
      linalg.fill ins(%s : f32) outs(%m : memref<?xf32>)
      %r = linalg.add ins(%x, %y : tensor<?xf32>, tensor<?xf32>)
                      outs(%x : tensor<?xf32>) -> tensor<?xf32>
      return %r : tensor<?xf32>
    }""", threads=1)
    m, x = np.zeros(3, np.float32), np.ones(4, np.float32)
    with pytest.raises(ValueError, match="^the shapes of the arguments"):
        f(m, 2.0, x, x[:3])
    assert (m == 0).all()
    assert (f(m, 2.0, x, x) == 2).all() and (m == 2).all()


def test_failures_of_many_threads():
    from concurrent.futures import ThreadPoolExecutor

    f = glu.compile(meet, threads=1)
    x, y = np.ones((4, 5), np.float32), np.ones((4, 6), np.float32)

    def call(k):
        try:
            return float(f(x, np.ones((k, 6), np.float32), y)[0, 0])
        except ValueError:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, [4, 5] * 200)) == [None, 6.0] * 200


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
    assert list(f.stages) == stage_names
    assert "glu.schedule" in f.stages["chosen"]
    assert "scf.forall" in f.stages["tiled"]
    assert "llvm.func" in f.stages["llvm"]
    assert "define " in f.stages["llvm-ir"]
    assert any("#glu.schedule<rows" in s for s in f.schedule.values())
    f.save(tmp_path / "stages.txt")
    assert "// ---- fused" in (tmp_path / "stages.txt").read_text()


@pytest.mark.parametrize("ir", [twice, several, meet])
def test_stages_are_in_order(ir):
    for threads in 1, 2:
        f = glu.compile(ir, threads=threads)
        names = list(f.stages)
        assert names == list(f.stages.keys()) == [name for name, _ in f.stages.items()]
        assert names == stage_names
        assert [str(f.stages).index(f"// ---- {name}\n") for name in names] == sorted(
            str(f.stages).index(f"// ---- {name}\n") for name in names)


class Page(HTMLParser):
    """The texts of an HTML page's elements; every tag must be closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts = [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        assert tag in ("p", "b", "details", "summary", "code", "pre"), tag
        self.open.append(tag)
        self.texts.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        tag, text = self.texts[-1]
        self.texts[-1] = tag, text + data


def test_html():
    f = glu.compile("""
    func.func @"<b>&amp;'"(%x: tensor<?x3xf32>) -> tensor<?x3xf32>
        attributes {note = "</pre><script>&lt;"} {
      %y = arith.addf %x, %x : tensor<?x3xf32>
      return %y : tensor<?x3xf32>
    }""", threads=1)
    html = f._repr_html_()
    assert "<script" not in html
    page = Page(html)
    assert page.texts[1] == ("b", "<b>&amp;'(float32 (any, 3)) -> float32 (any, 3)")
    names = [text for tag, text in page.texts if tag == "code"]
    assert [name.partition(":")[0] for name in names] == stage_names
    texts = [text for tag, text in page.texts if tag == "pre"]
    assert texts == list(f.stages.values())
    assert Page(f.stages._repr_html_()).texts == page.texts[2:]


def test_names_of_the_compiler():
    """Functions that are called what the compiler calls its own."""
    text = """
    func.func @f(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
      %0 = arith.addf %x, %y : tensor<?xf32>
      return %0 : tensor<?xf32>
    }
    func.func @f.check(%x: f32) -> f32 { return %x : f32 }
    func.func @"glu.f"(%x: f32) -> f32 { return %x : f32 }
    func.func @malloc(%x: f32) -> f32 { return %x : f32 }"""
    x = np.ones(3, np.float32)
    f = glu.compile(text, entry="f")
    assert f(x, x).tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="do not fit together"):
        f(x, x[:2])
    for name in "f.check", "glu.f", "malloc":
        assert glu.compile(text, entry=name)(2.5) == 2.5


def test_not_enough_memory():
    f = glu.compile("""
    func.func @f(%n: index) -> tensor<?xf32> {
      %c = arith.constant 1.0 : f32
      %e = tensor.empty(%n) : tensor<?xf32>
      %0 = linalg.fill ins(%c : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
      return %0 : tensor<?xf32>
    }""")
    with pytest.raises(ValueError, match="there is not enough memory"):
        f(1 << 45)
    assert f(3).tolist() == [1, 1, 1]


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
    ((twice, "\ud800"), ValueError, "entry: "),
    ((twice, None, "\ud800"), ValueError, "target: "),
])
def test_errors(arguments, error, message):
    with pytest.raises(error) as raised:
        glu.compile(*arguments)
    assert message in str(raised.value)
