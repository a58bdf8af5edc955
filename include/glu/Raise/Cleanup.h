//===- Cleanup.h - Erases what is no longer used ----------------*- C++ -*-===//

#ifndef GLU_RAISE_CLEANUP_H
#define GLU_RAISE_CLEANUP_H

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// Erases the operations that define `values` if nothing uses them and they
/// have no effects, and then what only they used.
void eraseDead(mlir::RewriterBase &rewriter,
               llvm::ArrayRef<mlir::Value> values);

} // namespace glu

#endif // GLU_RAISE_CLEANUP_H
