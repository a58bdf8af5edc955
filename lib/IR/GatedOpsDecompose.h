//===- GatedOpsDecompose.h - The sums of a gated projection -----*- C++ -*-===//
//
// What decomposition and partial reductions both build: accumulators and the
// contractions into them.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_IR_GATEDOPSDECOMPOSE_H
#define GLU_LIB_IR_GATEDOPSDECOMPOSE_H

#include "glu/IR/GLU.h"

namespace glu {

/// The map of the accumulator of `branch`, a projection: the parallel
/// dimensions that it uses, in order.
mlir::AffineMap getAccumulatorMap(GatedOpInterface op, Branch branch);

/// Whether both branches are projections that sum over the same dimensions of
/// the same input, so that one contraction with two results computes them.
bool sharesContraction(GatedOpInterface op);

/// A tensor of zeros of the given shape and element type.
Value createZeroTensor(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<mlir::OpFoldResult> sizes,
                       mlir::Type element);

/// acc_i += input * weight_i, computed in the element types of `accumulators`
/// (tensors or memrefs, of one map). `inputs` are the input and a weight per
/// accumulator; `maps` those of all operands. Dimensions that the
/// accumulators' map uses are parallel, others that occur are reductions.
mlir::linalg::GenericOp
createContraction(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::ValueRange inputs, mlir::ValueRange accumulators,
                  llvm::SmallVector<mlir::AffineMap> maps);

/// `sum`, plus `bias` converted to its type.
Value addBias(mlir::OpBuilder &builder, mlir::Location loc, Value sum,
              Value bias);

} // namespace glu

#endif // GLU_LIB_IR_GATEDOPSDECOMPOSE_H
