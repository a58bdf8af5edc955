//===- EmitDot.h - Dot products as LLVM's intrinsics ------------*- C++ -*-===//

#ifndef GLU_LIB_VECTORIZE_EMITDOT_H
#define GLU_LIB_VECTORIZE_EMITDOT_H

#include "TileVectorizer.h"

#include "glu/Target/DotProduct.h"

namespace glu {

/// The dot product of `target` on vectors, or on tile registers, that adds up
/// groups of so many of the products of `op`'s destination with number
/// `result`, or null.
const DotProduct *lookupVectorProduct(const Target &target,
                                      mlir::linalg::LinalgOp op,
                                      const GroupProduct &product,
                                      unsigned result, int64_t group);
const DotProduct *lookupTileProduct(const Target &target,
                                    mlir::linalg::LinalgOp op,
                                    const GroupProduct &product,
                                    unsigned result, int64_t group);

/// A group of the input, a vector, as a register with that group in each lane.
mlir::Value broadcastGroup(mlir::OpBuilder &builder, mlir::Location loc,
                           const DotProduct &dot, mlir::Value group);

/// Signed bytes, each 128 more, without a sign.
mlir::Value flipSigns(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value bytes);

/// sums + input . weights, in each lane; all are registers.
mlir::Value emitDot(mlir::OpBuilder &builder, mlir::Location loc,
                    const DotProduct &dot, mlir::Value sums, mlir::Value input,
                    mlir::Value weights);

} // namespace glu

#endif // GLU_LIB_VECTORIZE_EMITDOT_H
