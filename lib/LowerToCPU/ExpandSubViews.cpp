//===- ExpandSubViews.cpp - glu-expand-subviews: fewer dims in two steps --===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDSUBVIEWS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ExpandSubViews : glu::impl::ExpandSubViewsBase<ExpandSubViews> {
  void runOnOperation() override;
};
} // namespace

/// The groups of dimensions of `full` that become one of `reduced` each, where
/// `reduced` lacks some dimensions of size one; nothing if it is no such type.
static std::optional<SmallVector<ReassociationIndices>>
getGroups(MemRefType full, MemRefType reduced) {
  SmallVector<int64_t> fullStrides = full.getStridesAndOffset().first;
  SmallVector<int64_t> strides = reduced.getStridesAndOffset().first;
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices group;
  for (int64_t dim = 0; dim < full.getRank(); ++dim) {
    group.push_back(dim);
    unsigned next = groups.size();
    if (next < strides.size() &&
        full.getDimSize(dim) == reduced.getDimSize(next) &&
        fullStrides[dim] == strides[next]) {
      groups.push_back(group);
      group.clear();
    } else if (full.getDimSize(dim) != 1) {
      return std::nullopt;
    }
  }
  if (groups.size() != strides.size())
    return std::nullopt;
  if (!groups.empty())
    llvm::append_range(groups.back(), group);
  return groups;
}

void ExpandSubViews::runOnOperation() {
  IRRewriter rewriter(&getContext());
  WalkResult steps = getOperation()->walk([&](memref::SubViewOp op) {
    // Upstream's passes, and layouts, take none to be such.
    if (!llvm::is_contained(op.getStaticStrides(), 0))
      return WalkResult::advance();
    op.emitError("a view has a step of zero; steps are at least one");
    return WalkResult::interrupt();
  });
  if (steps.wasInterrupted())
    return signalPassFailure();
  getOperation()->walk([&](memref::SubViewOp op) {
    MemRefType source = op.getSourceType(), reduced = op.getType();
    bool hasSteps = llvm::any_of(op.getMixedStrides(), [](OpFoldResult step) {
      return !isConstantIntValue(step, 1);
    });
    // Which of several dimensions of size one is gone, strides alone may not
    // say.
    bool isAmbiguous = llvm::is_contained(reduced.getShape(), 1);
    if (source.getRank() == reduced.getRank() || !(hasSteps || isAmbiguous))
      return;
    MemRefType full = memref::SubViewOp::inferResultType(
        source, op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides());
    auto groups = getGroups(full, reduced);
    if (!groups)
      return;
    rewriter.setInsertionPoint(op);
    Value steps = memref::SubViewOp::create(
        rewriter, op.getLoc(), full, op.getSource(), op.getMixedOffsets(),
        op.getMixedSizes(), op.getMixedStrides());
    Value result =
        memref::CollapseShapeOp::create(rewriter, op.getLoc(), steps, *groups);
    if (result.getType() != reduced)
      result = memref::CastOp::create(rewriter, op.getLoc(), reduced, result);
    rewriter.replaceOp(op, result);
  });
}
