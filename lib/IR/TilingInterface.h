//===- TilingInterface.h - Tiles of gated operations ------------*- C++ -*-===//
//
// What the tiling of parallel dimensions needs of that of reductions.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_IR_TILINGINTERFACE_H
#define GLU_LIB_IR_TILINGINTERFACE_H

#include "mlir/IR/MLIRContext.h"

namespace glu {

/// Attaches PartialReductionOpInterface to `glu.gated_projection`, which must
/// have TilingInterface already.
void attachPartialReductionInterface(mlir::MLIRContext &context);

} // namespace glu

#endif // GLU_LIB_IR_TILINGINTERFACE_H
