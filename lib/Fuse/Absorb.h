//===- Absorb.h - The projections of a gated unit ---------------*- C++ -*-===//

#ifndef GLU_LIB_FUSE_ABSORB_H
#define GLU_LIB_FUSE_ABSORB_H

#include "glu/IR/GLU.h"
#include "glu/Raise/Access.h"
#include "glu/Raise/Projection.h"

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// A branch while it is being fused.
struct FusedBranch {
  /// The operand of the `glu.gate`, which the views lead away from.
  mlir::Value operand;
  /// How the operand is read.
  Access start;
  /// How the result of the projection is read.
  Access result;
  std::optional<Projection> projection;
  /// The operands of the projection, if it is absorbed.
  Access input, weight;
  /// The views from the operand to the projection's result, with the access
  /// at each, outermost first; the last is the result itself.
  llvm::SmallVector<Access> views;
  /// A value on the way that is used elsewhere too and becomes a result.
  std::optional<Access> alsoNeeded;
};

/// Follows `branch` through views to a projection in the block `home`; refines
/// the domain, and with it `accesses`, on the way. Returns whether it did.
bool findProjection(FusedBranch &branch, Domain &domain,
                    llvm::ArrayRef<Access *> accesses, mlir::Block *home);

/// Finds how the operands of the projection are read. The reduction dimensions
/// are those of `sibling` where it reduces alike, else new ones. Returns
/// whether that can be said with linear indices.
bool absorb(FusedBranch &branch, Domain &domain, unsigned numParallel,
            FusedBranch *sibling);

/// Makes a bias that is the first thing added to a branch its operand.
void foldBias(mlir::RewriterBase &rewriter, GatedProjectionOp op, bool isValue);

} // namespace glu

#endif // GLU_LIB_FUSE_ABSORB_H
