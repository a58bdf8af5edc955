//===- FusePasses.td - Passes of lib/Fuse ------------------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_FUSEPASSES_TD
#define GLU_TRANSFORMS_FUSEPASSES_TD

include "mlir/Pass/PassBase.td"

def Fuse : Pass<"glu-fuse"> {
  let summary = "Absorb contractions, convolutions and biases into gated units";
  let description = [{
    Replaces a `glu.gate` by a `glu.gated_projection` if a branch is, perhaps
    through slices, transposes, reshapes and casts, the result of a contraction
    or convolution. Views of the result move onto the operands or into the
    indexing maps; so do transposed and widened operands. An accumulator that
    does not start at zero is added in the region, and a bias that is the first
    thing added to a branch becomes the branch's bias.

    A projection that is used elsewhere too is yielded as one more result, so
    that no product is computed twice; where that is not possible the branch
    stays a tensor.

    Before:

    ```mlir
    %g = linalg.matmul ins(%x, %wg : ...) outs(%zero : tensor<8x16xf32>)
    %v = linalg.matmul ins(%x, %wv : ...) outs(%zero : tensor<8x16xf32>)
    %y = glu.gate silu gate(%g : tensor<8x16xf32>)
           value(%v : tensor<8x16xf32>) outs(%init : tensor<8x16xf32>)
           -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```
  }];
  let dependentDialects = ["::glu::GLUDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldContractionViews : Pass<"glu-fold-contraction-views"> {
  let summary = "Contractions read transposed and widened operands where they lie";
  let description = [{
    What `-glu-fuse` does for gated units, for the contractions beside them: an
    operand that is another tensor transposed, or widened to the type of the
    result, is read from that tensor, and so is a weight that is repeated for each
    batch. For GPUs; on CPUs packing does it. Few rows, and f8, are left
    transposed where that makes the sum innermost, as their kernels want it.

    Before:

    ```mlir
    %t = linalg.transpose ins(%w : tensor<16x32xbf16>) outs(%e : tensor<32x16xbf16>) permutation = [1, 0]
    %y = linalg.matmul ins(%x, %t : tensor<8x32xbf16>, tensor<32x16xbf16>)
           outs(%zero : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```

    After:

    ```mlir
    %y = linalg.contract
           indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>,
                            affine_map<(d0, d1, d2) -> (d1, d2)>,
                            affine_map<(d0, d1, d2) -> (d0, d1)>]
           ins(%x, %w : tensor<8x32xbf16>, tensor<16x32xbf16>)
           outs(%zero : tensor<8x16xf32>) -> tensor<8x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def FoldUnitDims : Pass<"glu-fold-unit-dims"> {
  let summary = "Take superfluous dimensions of size one out of gated operations";
  let description = [{
    A batch of one, or a convolution's window of one: the iteration space loses
    the dimension, the operands theirs by a view (a reshape of a tensor, a
    subview of a memref). What is left of a matmul is still one: the only row,
    column or summed dimension stays, though it has size one. Run it before
    packing, for tiles and packed operands have unit dimensions on purpose.

    Before:

    ```mlir
    %y = glu.gated_projection silu
           gate(%x, %wg : tensor<1x8x32xf32>, tensor<1x32x16xf32>)
           value(%x, %wv : tensor<1x8x32xf32>, tensor<1x32x16xf32>)
           outs(%init : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
    ```

    After:

    ```mlir
    %x1 = tensor.collapse_shape %x [[0, 1], [2]] ...
    %z = glu.gated_projection silu
           gate(%x1, %wg1 : tensor<8x32xf32>, tensor<32x16xf32>)
           value(%x1, %wv1 : tensor<8x32xf32>, tensor<32x16xf32>)
           outs(%init1 : tensor<8x16xf32>) -> tensor<8x16xf32>
    %y = tensor.expand_shape %z [[0, 1], [2]] ...
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // GLU_TRANSFORMS_FUSEPASSES_TD
