//===- ExternalModels.h - Interfaces of gated operations --------*- C++ -*-===//
//
// The interfaces of upstream's transformations that gated operations implement
// outside the operations themselves: tiling, partial reductions and
// bufferization.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_IR_EXTERNALMODELS_H
#define GLU_IR_EXTERNALMODELS_H

#include "mlir/IR/DialectRegistry.h"

namespace glu {

/// Attaches TilingInterface to the gated operations when the dialect loads.
/// Reductions are not tiled by it, since the gating function needs the whole
/// sums; PartialReductionOpInterface, on glu.gated_projection, does that.
void registerTilingExternalModels(mlir::DialectRegistry &registry);

/// Attaches BufferizableOpInterface to the gated operations when the dialect
/// loads.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

/// All of the above: what a tool that registers the dialect calls too.
void registerGLUExternalModels(mlir::DialectRegistry &registry);

} // namespace glu

#endif // GLU_IR_EXTERNALMODELS_H
