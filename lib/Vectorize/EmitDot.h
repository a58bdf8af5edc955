//===- EmitDot.h - Dot products as LLVM's intrinsics ------------*- C++ -*-===//

#ifndef GLU_LIB_VECTORIZE_EMITDOT_H
#define GLU_LIB_VECTORIZE_EMITDOT_H

#include "glu/Target/DotProduct.h"

#include "mlir/IR/Builders.h"

namespace glu {

/// The dot product of `target` that adds products of `group` elements of type
/// `input` and `weight` to a lane of type `sum`, or null.
const DotProduct *lookupDotProduct(const Target &target, mlir::Type input,
                                   mlir::Type weight, mlir::Type sum,
                                   int64_t group);

/// A group of the input, a vector, as a register with that group in each lane.
mlir::Value broadcastGroup(mlir::OpBuilder &builder, mlir::Location loc,
                           const DotProduct &dot, mlir::Value group);

/// sums + input . weights, in each lane; all are registers.
mlir::Value emitDot(mlir::OpBuilder &builder, mlir::Location loc,
                    const DotProduct &dot, mlir::Value sums, mlir::Value input,
                    mlir::Value weights);

} // namespace glu

#endif // GLU_LIB_VECTORIZE_EMITDOT_H
