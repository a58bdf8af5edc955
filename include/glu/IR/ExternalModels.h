//===- ExternalModels.h - Interfaces of gated operations --------*- C++ -*-===//
//
// The interfaces of upstream's transformations that gated operations implement
// outside the operations themselves: tiling and bufferization; and those that
// an operation of upstream's lacks.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_IR_EXTERNALMODELS_H
#define GLU_IR_EXTERNALMODELS_H

#include "mlir/IR/DialectRegistry.h"

namespace glu {

/// Attaches TilingInterface to the gated operations when the dialect loads. A
/// tile that cuts a reduction is refused with a diagnostic, since the gating
/// function needs the whole sums. `glu.gated_projection` gets
/// PartialReductionOpInterface too, which cuts reductions: tiles add to
/// accumulators, and the gating follows when these are whole.
void registerTilingExternalModels(mlir::DialectRegistry &registry);

/// Attaches BufferizableOpInterface to the gated operations when the dialect
/// loads.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

/// Attaches MemoryEffectOpInterface and ConditionallySpeculatable to
/// llvm.call_intrinsic when LLVM's dialect loads: the dot products of chips
/// have no effects.
void registerIntrinsicExternalModels(mlir::DialectRegistry &registry);

/// All of the above: what a tool that registers the dialect calls too.
void registerGLUExternalModels(mlir::DialectRegistry &registry);

} // namespace glu

#endif // GLU_IR_EXTERNALMODELS_H
