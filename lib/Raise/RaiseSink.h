//===- RaiseSink.h - Raises what one operation computes ---------*- C++ -*-===//

#ifndef GLU_LIB_RAISE_RAISESINK_H
#define GLU_LIB_RAISE_RAISESINK_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/PassManager.h"

namespace glu {

/// What became of an attempt to raise.
struct RaiseResult {
  bool raised = false;
  /// Why not. Empty where nothing resembles a gated unit.
  std::string reason;
  /// The function has more than two projections: smaller ones may be better.
  bool hasMoreProjections = false;
};

/// Raises what the elementwise operation `sink` computes, with all it composes,
/// to a `glu.gate` that replaces it. With `probe` only says what it would do.
RaiseResult raiseSink(mlir::RewriterBase &rewriter, mlir::Operation *sink,
                      bool probe = false);

/// Takes an elementwise computation out of the body of a reduction: where a
/// factor of the sum is computed from inputs that do not use every dimension of
/// the result, it becomes an elementwise operation before `op`, if `raise`,
/// which may replace that operation, says so or it is no larger than one of the
/// inputs. Returns the reduction that is left, or failure if there is nothing
/// to take out.
mlir::FailureOr<mlir::linalg::GenericOp>
splitReductionBody(mlir::RewriterBase &rewriter, mlir::linalg::GenericOp op,
                   llvm::function_ref<bool(mlir::Operation *)> raise);

/// Inlines private functions and lowers TOSA to linalg, and sinks reshapes of
/// unknown sizes; leaves a module that needs none of it as it is. `run` runs a
/// pass pipeline.
mlir::LogicalResult
normalizeInput(mlir::Operation *module,
               llvm::function_ref<mlir::LogicalResult(mlir::OpPassManager &,
                                                      mlir::Operation *)>
                   run);

/// Moves `tensor.expand_shape` that splits one dimension into several of
/// unknown size after the slices and elementwise operations that read it, so
/// that these see the projections as they were computed.
void sinkReshapes(mlir::Operation *function);

} // namespace glu

#endif // GLU_LIB_RAISE_RAISESINK_H
