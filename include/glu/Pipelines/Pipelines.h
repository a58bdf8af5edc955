//===- Pipelines.h - Lists of passes ----------------------------*- C++ -*-===//
//
// The ways from IR to code, and what a context must know to go them.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PIPELINES_PIPELINES_H
#define GLU_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace glu {

/// Registers the dialect, all upstream dialects with their extensions, and the
/// translations to LLVM IR.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Inlines calls and turns TOSA, and arithmetic on whole tensors, into linalg,
/// tensor and arith.
void addToLinalgPasses(mlir::OpPassManager &manager);

/// Tensors to memrefs, in place where possible. Function boundaries too: a
/// public function's results are its caller's to free.
void addBufferizationPasses(mlir::OpPassManager &manager);

/// What is left of linalg, vector, scf, memref, math and arith on memrefs to
/// the LLVM dialect, with C wrappers (`_mlir_ciface_`) of public functions.
void addLowerToLLVMPasses(mlir::OpPassManager &manager);

/// The general path: everything to scalar loops, nothing fused. Slow and sure;
/// what the fast path is compared with.
void buildGeneralPipeline(mlir::OpPassManager &manager);

/// Registers the pipelines by name: `glu-general`.
void registerPipelines();

} // namespace glu

#endif // GLU_PIPELINES_PIPELINES_H
