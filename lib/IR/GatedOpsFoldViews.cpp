//===- GatedOpsFoldViews.cpp - Views of operands become maps --------------===//
//
// An operand that another tensor's elements make up in another order, or
// repeated, is read from that tensor by another map: no copy is left.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsCanonicalize.h"

#include "glu/IR/Views.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace glu;

/// Whether a branch's reductions still have a size if `operand` gets `map`.
static bool keepsSizes(GatedOpInterface op, OpOperand *operand, AffineMap map) {
  for (Branch branch : {op.getGateBranch(), op.getValueBranch()}) {
    if (!branch.isProjection())
      continue;
    SmallVector<AffineMap> before, after;
    for (OpOperand *summed : {branch.input, branch.weight}) {
      before.push_back(op.getMap(summed));
      after.push_back(summed == operand ? map : before.back());
    }
    for (unsigned dim : op.getReductionDims()) {
      AffineExpr expr = getAffineDimExpr(dim, op.getContext());
      auto uses = [&](AffineMap m) { return m.isFunctionOfDim(dim); };
      auto measures = [&](AffineMap m) {
        return m.getResultPosition(expr).has_value();
      };
      if (llvm::any_of(before, uses) && llvm::none_of(after, measures))
        return false;
    }
  }
  return true;
}

namespace {
/// Operands that are views are read from where their elements are. Widened
/// elements are read narrow by projections, which widen them themselves.
struct FoldView : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    if (op->hasAttr("glu.packed"))
      return rewriter.notifyMatchFailure(op, "how its operands lie is decided");
    for (OpOperand *operand : op.getInputOperands()) {
      std::optional<View> view = getView(operand->get());
      if (!view || (view->widens && !isSummed(op, operand)))
        continue;
      AffineMap map = view->map.compose(op.getMap(operand));
      if (!keepsSizes(op, operand, map))
        continue;
      rewriter.modifyOpInPlace(op, [&] {
        operand->set(view->source);
        op.setMap(operand, map);
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is a view to fold");
  }

private:
  /// Whether the operand belongs to a projection.
  static bool isSummed(GatedOpInterface op, OpOperand *operand) {
    for (Branch branch : {op.getGateBranch(), op.getValueBranch()})
      if (branch.isProjection() &&
          llvm::is_contained({branch.input, branch.weight, branch.bias},
                             operand))
        return true;
    return false;
  }
};

/// Memrefs are read and written without the casts that forget sizes. (Tensor
/// casts fold by the tensor dialect's pattern for all destination-style ops.)
struct FoldMemRefCast : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    for (OpOperand &operand : op->getOpOperands()) {
      auto cast = operand.get().getDefiningOp<memref::CastOp>();
      if (!cast || !memref::CastOp::canFoldIntoConsumerOp(cast))
        continue;
      rewriter.modifyOpInPlace(op, [&] { operand.set(cast.getSource()); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no operand is a cast to fold");
  }
};
} // namespace

void glu::addViewPatterns(RewritePatternSet &patterns, StringRef name) {
  patterns.add<FoldView, FoldMemRefCast>(patterns.getContext(), name);
}
