//===- GatedOpsFoldViews.cpp - Views of operands become maps --------------===//
//
// An operand that another tensor's elements make up in another order, or
// repeated, is read from that tensor by another map: no copy is left.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsCanonicalize.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace glu;

namespace {
/// A tensor, and where in it each element of a view lies.
struct View {
  Value source;
  AffineMap map;
  /// Whether the view's elements are the source's widened.
  bool widens = false;
};
} // namespace

/// The view that an elementwise `generic` is, if it moves or widens elements
/// and does nothing else.
static std::optional<View> getGenericView(linalg::GenericOp generic) {
  if (generic.getNumResults() != 1 ||
      generic.getNumParallelLoops() != generic.getNumLoops())
    return std::nullopt;
  AffineMap out = generic.getMatchingIndexingMap(generic.getDpsInitOperand(0));
  if (!out.isPermutation())
    return std::nullopt;
  Value yielded = generic.getBody()->getTerminator()->getOperand(0);
  Operation *extension = yielded.getDefiningOp();
  bool widens = isa_and_nonnull<arith::ExtFOp, arith::ExtSIOp>(extension);
  if (widens)
    yielded = extension->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(yielded);
  if (!argument || argument.getOwner() != generic.getBody() ||
      argument.getArgNumber() >= generic.getNumDpsInputs())
    return std::nullopt;
  OpOperand *source = generic.getDpsInputOperand(argument.getArgNumber());
  AffineMap in = generic.getMatchingIndexingMap(source);
  if (!isa<RankedTensorType>(source->get().getType()) ||
      !in.isProjectedPermutation())
    return std::nullopt;
  return View{source->get(), in.compose(inversePermutation(out)), widens};
}

/// The view that `value` is of another tensor.
static std::optional<View> getView(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  MLIRContext *context = value.getContext();
  auto getMap = [&](int64_t rank, ArrayRef<int64_t> results) {
    SmallVector<AffineExpr> dims;
    for (int64_t dim : results)
      dims.push_back(getAffineDimExpr(dim, context));
    return AffineMap::get(rank, 0, dims, context);
  };
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op)) {
    if (!transpose.hasPureTensorSemantics())
      return std::nullopt;
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    return View{transpose.getInput(),
                inversePermutation(getMap(permutation.size(), permutation))};
  }
  if (auto broadcast = dyn_cast<linalg::BroadcastOp>(op)) {
    if (!broadcast.hasPureTensorSemantics())
      return std::nullopt;
    int64_t rank = broadcast.getInit().getType().getRank();
    SmallVector<int64_t> kept;
    for (int64_t dim = 0; dim < rank; ++dim)
      if (!llvm::is_contained(broadcast.getDimensions(), dim))
        kept.push_back(dim);
    return View{broadcast.getInput(), getMap(rank, kept)};
  }
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    // Unit dimensions only: of each group one dimension is the source's.
    RankedTensorType type = expand.getResultType();
    SmallVector<int64_t> kept;
    for (const ReassociationIndices &group : expand.getReassociationIndices()) {
      auto isUnit = [&](int64_t dim) { return type.getDimSize(dim) == 1; };
      int64_t units = llvm::count_if(group, isUnit);
      if (units + 1 < int64_t(group.size()))
        return std::nullopt;
      const int64_t *other = llvm::find_if_not(group, isUnit);
      kept.push_back(other == group.end() ? group.back() : *other);
    }
    return View{expand.getSrc(), getMap(type.getRank(), kept)};
  }
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return getGenericView(generic);
  return std::nullopt;
}

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
