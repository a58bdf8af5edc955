//===- DecomposePasses.td - Passes of lib/Decompose --------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_DECOMPOSEPASSES_TD
#define GLU_TRANSFORMS_DECOMPOSEPASSES_TD

include "mlir/Pass/PassBase.td"

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
  let options = [
    Option<"onlyUnscheduled", "only-unscheduled", "bool", "false",
           "leave operations with a glu.schedule as they are">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandAggregates : Pass<"glu-expand-aggregates"> {
  let summary = "Expand linalg operations that are no single loop nest";
  let description = [{
    `linalg.softmax` and the other aggregated operations of linalg, `linalg.pack`
    and `linalg.unpack` have no bufferization and no lowering to loops of their
    own. They become fills, reductions, elementwise operations, pads, reshapes
    and transposes, by upstream's own expansions.

    Before:

    ```mlir
    %y = linalg.softmax dimension(1) ins(%x : tensor<3x8xf32>)
           outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
    ```

    After:

    ```mlir
    %max = linalg.generic ... // maximum of each row
    %exp = linalg.generic ... // exp(x - max)
    %sum = linalg.generic ... // sum of each row
    %y = linalg.generic ...   // exp / sum
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

#endif // GLU_TRANSFORMS_DECOMPOSEPASSES_TD
