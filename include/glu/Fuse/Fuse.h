//===- Fuse.h - Absorbs projections into gated units ------------*- C++ -*-===//

#ifndef GLU_FUSE_FUSE_H
#define GLU_FUSE_FUSE_H

#include "glu/IR/GLU.h"

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// Takes the sizes of results below `root` from what they were computed from,
/// so that asking for a size does not keep a projection alive. Do it before
/// `fuse`.
void simplifyDims(mlir::RewriterBase &rewriter, mlir::Operation *root);

/// Replaces `gate` and the projections of its branches by the operation that is
/// returned. Fails with a `reason`, and nothing changed, where no branch is a
/// projection that can be absorbed.
mlir::FailureOr<GatedProjectionOp> fuse(mlir::RewriterBase &rewriter,
                                        GateOp gate, llvm::StringRef &reason);

} // namespace glu

#endif // GLU_FUSE_FUSE_H
