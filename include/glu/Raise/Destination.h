//===- Destination.h - Where a raised operation writes ----------*- C++ -*-===//
//
// A raised operation writes its result in the shape of its own domain; the
// destination knows the way back to the shape that was there.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_DESTINATION_H
#define GLU_RAISE_DESTINATION_H

#include "glu/Raise/Access.h"

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

namespace glu {

/// A destination of the new operation and the way back to the old type.
struct Destination {
  mlir::Value init;
  llvm::SmallVector<LinearIndex> indices;
  /// Dimensions of the new result that one of the old was split into.
  llvm::SmallVector<mlir::ReassociationIndices> collapse;
  /// Dimensions of the old result that one of the new was merged from.
  llvm::SmallVector<mlir::ReassociationIndices> expand;
};

/// The destination for a result of which `out.value` was the old one. If no
/// reshape is needed, `reuse` serves as the tensor, if given.
Destination makeDestination(mlir::OpBuilder &builder, mlir::Location loc,
                            const Access &out, const Domain &domain,
                            mlir::Value reuse);

/// `result`, laid out as its destination, in the type of `out`, whose sizes
/// `getSizes` gives where they are needed.
mlir::Value reshapeResult(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::Value result,
    const Destination &destination, mlir::Value out,
    llvm::function_ref<llvm::SmallVector<mlir::OpFoldResult>()> getSizes);

/// The maps with the given indices, over only the dimensions that some index
/// uses.
llvm::SmallVector<mlir::AffineMap>
getMaps(mlir::MLIRContext *context, unsigned numDims,
        llvm::ArrayRef<llvm::SmallVector<LinearIndex>> indices);

} // namespace glu

#endif // GLU_RAISE_DESTINATION_H
