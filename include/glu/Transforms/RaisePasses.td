//===- RaisePasses.td - Passes of lib/Raise ----------------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_RAISEPASSES_TD
#define GLU_TRANSFORMS_RAISEPASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandZeroPoints : Pass<"glu-expand-zero-points"> {
  let summary = "Take zero points out of quantised products";
  let description = [{
    `linalg.quantized_matmul` and its batch multiply x less its zero point by w
    less its. The product becomes one of x and w, which chips have instructions
    for, from which the zero points times the sums of the rows and columns are
    taken: exactly, since i32 wraps around. Elementwise operations are left of
    it, which `-glu-raise` takes for what they are; a zero point that is 0
    leaves none.

    Before:

    ```mlir
    %y = linalg.quantized_matmul ins(%x, %w, %a, %c0 : tensor<8x32xi8>, tensor<32x16xi8>, i32, i32)
           outs(%o : tensor<8x16xi32>) -> tensor<8x16xi32>
    ```

    After:

    ```mlir
    %p = linalg.matmul ins(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>)
           outs(%o : tensor<8x16xi32>) -> tensor<8x16xi32>
    %s = linalg.generic ... // Sums of the columns of %w.
    %t = linalg.generic ... // %s * %a
    %y = linalg.generic ... // %p - %t
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldUndefinedSizes : Pass<"glu-fold-undefined-sizes"> {
  let summary = "Make sizes of dimensions that there are not zero";
  let description = [{
    The size of a constant dimension outside of a shape is undefined. Upstream's
    patterns and its analysis of sizes read outside of the shape for it, and
    some crash; zero does for a value that no program can use.

    Before:

    ```mlir
    %c2 = arith.constant 2 : index
    %n = tensor.dim %x, %c2 : tensor<?x?xf32>
    ```

    After:

    ```mlir
    %n = arith.constant 0 : index
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def Raise : Pass<"glu-raise", "::mlir::ModuleOp"> {
  let summary = "Recognise gated linear units in linalg and TOSA";
  let description = [{
    Walks back from every elementwise operation whose result leaves the
    elementwise world through other elementwise operations, whatever their
    names and bodies, and through casts, broadcasts, transposes, slices and
    reshapes, composing the scalar bodies into one function and the views into
    indexing maps. Where that function mixes two branches (multiplies, divides,
    selects: not only adds them), and at least one is the result of a
    contraction or convolution, it becomes a `glu.gate`: the branch under the
    non-linearity is the gate, the other the value, everything else an extra
    operand. The function is kept as it stands, rounding included.

    Private functions that are called are inlined first, and TOSA is lowered to
    linalg where there is any. A gating that was folded into the body of a
    reduction is taken out again, and so is any other elementwise part of its
    factors: an activation, or codes that are converted and scaled. What is not
    a gated unit stays as it is otherwise; a remark of category `glu` says why
    (`--remarks-filter=glu`).

    Before:

    ```mlir
    %e = linalg.generic ... ins(%gate : tensor<8x16xf32>) { // sigmoid }
    %s = linalg.mul ins(%gate, %e : ...) outs(%init : ...)
    %y = linalg.mul ins(%s, %value : ...) outs(%init : ...)
    ```

    After:

    ```mlir
    %y = glu.gate gate(%gate : tensor<8x16xf32>)
                  value(%value : tensor<8x16xf32>)
                  outs(%init : tensor<8x16xf32>) {
    ^bb0(%g: f32, %v: f32):
      // g * sigmoid(g) * v
    } -> tensor<8x16xf32>
    ```
  }];
  let dependentDialects = ["::glu::GLUDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::index::IndexDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

def Name : Pass<"glu-name"> {
  let summary = "Give gating functions their names";
  let description = [{
    Replaces the region of a `glu.gate` or `glu.gated_projection` by that of a
    named gating function where both are the same function g, v -> y, however
    the region is written: `x * -1` for a negation, `exp2(x log2 e)`,
    `1 - 1 / (1 + exp(x))` or `tanh(x / 2) / 2 + 1 / 2` for a sigmoid, compare
    and select for a maximum, `x / sqrt(2)` for `x * 0.707...`, any order and
    association. Where the function is one of (v, g), the branches are
    exchanged. Regions that are no named function stay as they are.

    Both sides are brought to a normal form (quotients of polynomials in the
    arguments, their exponentials, logarithms and error functions, piece by
    piece between the points at which conditions change), which must be equal.
    So the functions are equal in exact arithmetic for all finite arguments;
    parameters have the values with which they are. Constants are compared as
    the type has them, to two units in the last place of f32 (four of f64) where
    they were multiplied or inverted.

    What is not the same:

    * Rounding. The results differ by rounding errors, and where the region
      overflows on the way, as `exp(x) / (1 + exp(x))` does, the named function
      may have the right value instead.
    * NaN and infinities. A relu by `arith.maxnumf` or by compare and select
      may make 0 of a NaN, the named one, by `arith.maximumf`, does not; front
      ends disagree about this for the same function. `silu` of minus infinity
      is NaN. `x > 20 ? x : log1p(exp(x))` is softplus where the two pieces are
      equal to the last place (in f32 and narrower, not in f64).
    * Conversions. A `truncf` inside the region makes another function and stays
      (one of a constant, or at the very end, does not count); so does
      arithmetic in a type wider than that of g and v.

    Before:

    ```mlir
    %y = glu.gate gate(%g : tensor<8x16xf32>) value(%v : tensor<8x16xf32>)
           outs(%init : tensor<8x16xf32>) {
    ^bb0(%a: f32, %b: f32):
      %one = arith.constant 1.0 : f32
      %n = arith.negf %b : f32
      %e = math.exp %n : f32
      %d = arith.addf %one, %e : f32
      %r = arith.divf %one, %d : f32
      %m = arith.mulf %a, %b : f32
      %y = arith.mulf %m, %r : f32
      glu.yield %y : f32
    } -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %y = glu.gate silu gate(%v : tensor<8x16xf32>) value(%g : tensor<8x16xf32>)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```
  }];
  let statistics = [
    Statistic<"numNamed", "named", "Number of gating functions with a name">,
    Statistic<"numUnnamed", "unnamed", "Number of those without one">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif // GLU_TRANSFORMS_RAISEPASSES_TD
