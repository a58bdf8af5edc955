//===- Passes.td - Passes of the project, in pipeline order -*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_PASSES_TD
#define GLU_TRANSFORMS_PASSES_TD

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
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // GLU_TRANSFORMS_PASSES_TD
