//===- GatedOpsCanonicalize.h - Patterns of gated ops -----------*- C++ -*-===//
//
// What the canonicalisation patterns of gated operations, a file a theme, have
// in common.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_IR_GATEDOPSCANONICALIZE_H
#define GLU_LIB_IR_GATEDOPSCANONICALIZE_H

#include "glu/IR/GLU.h"

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// A pattern on the gated operation of a given name.
struct GatedPattern : mlir::RewritePattern {
  GatedPattern(mlir::MLIRContext *context, llvm::StringRef name)
      : RewritePattern(name, /*benefit=*/1, context) {}

  virtual mlir::LogicalResult
  rewriteGated(GatedOpInterface op, mlir::PatternRewriter &rewriter) const = 0;

  mlir::LogicalResult
  matchAndRewrite(mlir::Operation *op,
                  mlir::PatternRewriter &rewriter) const final {
    return rewriteGated(mlir::cast<GatedOpInterface>(op), rewriter);
  }
};

/// Operands and results that are constant, doubled or unused.
void addOperandPatterns(mlir::RewritePatternSet &patterns,
                        llvm::StringRef name);
/// Transposes, broadcasts, casts and other views of operands.
void addViewPatterns(mlir::RewritePatternSet &patterns, llvm::StringRef name);

} // namespace glu

#endif // GLU_LIB_IR_GATEDOPSCANONICALIZE_H
