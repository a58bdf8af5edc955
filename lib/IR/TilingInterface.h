//===- TilingInterface.h - Tiles of gated operations ------------*- C++ -*-===//
//
// What tiles of parallel dimensions and of reductions have in common.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_IR_TILINGINTERFACE_H
#define GLU_LIB_IR_TILINGINTERFACE_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/MLIRContext.h"

namespace glu {

/// Whether the index grows with every dimension, linearly: then the elements
/// that a tile touches lie between those of its corners.
bool growsLinearly(mlir::AffineExpr expr);

/// Attaches PartialReductionOpInterface to `glu.gated_projection`, which must
/// have TilingInterface already.
void attachPartialReductionInterface(mlir::MLIRContext &context);

} // namespace glu

#endif // GLU_LIB_IR_TILINGINTERFACE_H
