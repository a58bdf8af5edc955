//===- TilePasses.td - Passes of lib/Tile ------------------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_TILEPASSES_TD
#define GLU_TRANSFORMS_TILEPASSES_TD

include "mlir/Pass/PassBase.td"

def Tile : Pass<"glu-tile"> {
  let summary = "Tile packed projections down to register tiles";
  let description = [{
    Tiles each packed operation twice by its `glu.schedule`: an `scf.forall`
    over blocks of rows and columns, which are the tasks of the threads, and in
    it `scf.for` loops over single register tiles, rows innermost, so that a
    panel of weights stays close. `-glu-decompose` then expands each tile into
    linalg: one generic with both accumulators and one read of the input, then
    one elementwise generic with bias, gating function and rounding.

    Before:

    ```mlir
    %y = glu.gated_projection silu
           gate(%x, %w : tensor<2x6x32xf32>, tensor<2x32x2x8xf32>) ...
           attributes {glu.packed, ...} -> tensor<2x6x2x8xf32>
    ```

    After:

    ```mlir
    %y = scf.forall (%i, %j) = ... shared_outs(%o = %empty) {
      scf.for ... { scf.for ... {
        %t = glu.gated_projection silu
               gate(%xt, %wt : tensor<1x6x32xf32>, tensor<1x32x2x8xf32>) ...
               -> tensor<1x6x1x8xf32>
      } }
    }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect"];
}

#endif // GLU_TRANSFORMS_TILEPASSES_TD
