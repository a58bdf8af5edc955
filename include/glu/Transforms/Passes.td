//===- Passes.td - Passes of the project, in pipeline order -*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_PASSES_TD
#define GLU_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

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

def Decompose : Pass<"glu-decompose"> {
  let summary = "Turn the glu dialect into linalg";
  let description = [{
    Rewrites `glu.gate` and `glu.gated_projection` into linalg: contractions
    into zero-filled accumulators (one `linalg.generic` with two results where
    both branches read the same input in the same way), then one elementwise
    `linalg.generic` with biases, the gating function and the rounding. This is
    the definition of what the operations mean, and the general path to code
    for what the fast path does not take.

    Before:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %g = linalg.fill ...
    %v = linalg.fill ...
    %p:2 = linalg.generic {iterator_types = ["parallel", "parallel",
             "reduction"]} ins(%x, %wg, %wv : ...) outs(%g, %v : ...) {
           // two multiply-adds
         }
    %y = linalg.generic {iterator_types = ["parallel", "parallel"]}
           ins(%p#0, %p#1 : ...) outs(%init : tensor<8x16xf32>) {
           // silu(g) * v
         }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // GLU_TRANSFORMS_PASSES_TD
