//===- FoldContractionViews.cpp - glu-fold-contraction-views --------------===//

#include "glu/IR/Views.h"
#include "glu/Transforms/Passes.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace glu {
#define GEN_PASS_DEF_FOLDCONTRACTIONVIEWS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Loops that the result has none of.
static bool isSum(linalg::LinalgOp op, unsigned dim) {
  return op.getIteratorTypesArray()[dim] == utils::IteratorType::reduction;
}

/// Whether copying `operand` to where `before` says is better than reading it
/// by `after`: kernels multiply f8, and few rows, only with the sum innermost;
/// and few rows are soon copied.
static bool isBetterCopied(linalg::LinalgOp op, OpOperand *operand,
                           AffineMap before, AffineMap after) {
  SmallVector<unsigned> sums;
  op.getReductionDims(sums);
  if (!isAlongSum(before, sums) || isAlongSum(after, sums))
    return false;
  constexpr int64_t fewRows = 64;
  int64_t rows = 1;
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    if (before.isFunctionOfDim(dim) && !isSum(op, dim))
      rows = ShapedType::isDynamic(sizes[dim]) || rows > fewRows
                 ? fewRows + 1
                 : rows * sizes[dim];
  return rows <= fewRows || isFloat8(getElementTypeOrSelf(operand->get()));
}

/// Whether all loops that `from` or `other` has are left in `to` or `other`,
/// and those of the sum in both.
static bool keepsLoops(linalg::LinalgOp op, AffineMap from, AffineMap to,
                       AffineMap other) {
  return llvm::all_of(llvm::seq(from.getNumDims()), [&](unsigned dim) {
    return !from.isFunctionOfDim(dim) || to.isFunctionOfDim(dim) ||
           (!isSum(op, dim) && other.isFunctionOfDim(dim));
  });
}

namespace {
struct FoldContractionView : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const override {
    if (!linalg::isaContractionOpInterface(op) ||
        !op.hasPureTensorSemantics() || op.getNumDpsInputs() != 2 ||
        op->hasAttr("glu.packed"))
      return rewriter.notifyMatchFailure(op, "no contraction of two tensors");
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    auto cast = op->getAttrOfType<linalg::TypeFnAttr>("cast");
    // What a generic does with its operands fits their types; named operations
    // widen theirs to the type of the sum, as views do unless they are
    // unsigned.
    bool widens =
        !generic && (!cast || cast.getValue() == linalg::TypeFn::cast_signed);
    Type sum = getElementTypeOrSelf(op.getDpsInits()[0]);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs = op.getDpsInputs();
    bool isFolded = false;
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputOperands())) {
      std::optional<View> view = getView(operand->get());
      if (!view ||
          (view->widens && !(widens && getElementTypeOrSelf(inputs[i]) == sum)))
        continue;
      AffineMap map = view->map.compose(maps[i]);
      // Weights may lose a batch, which is then one of rows.
      if (!map.isProjectedPermutation() ||
          !keepsLoops(op, maps[i], map, i ? maps[0] : map) ||
          isBetterCopied(op, operand, maps[i], map))
        continue;
      inputs[i] = view->source;
      maps[i] = map;
      isFolded = true;
    }
    if (!isFolded)
      return rewriter.notifyMatchFailure(op, "no operand is a view to fold");
    ArrayAttr attribute = rewriter.getAffineMapArrayAttr(maps);
    if (generic) {
      rewriter.modifyOpInPlace(op, [&] {
        generic.getInputsMutable().assign(inputs);
        generic.setIndexingMapsAttr(attribute);
      });
      return success();
    }
    SmallVector<NamedAttribute> attributes;
    for (NamedAttribute attribute : op->getDiscardableAttrs())
      if (attribute.getName() != "linalg.memoized_indexing_maps")
        attributes.push_back(attribute);
    if (cast)
      attributes.emplace_back("cast", cast);
    rewriter.replaceOpWithNewOp<linalg::ContractOp>(op, op->getResultTypes(),
                                                    inputs, op.getDpsInits(),
                                                    attribute, attributes);
    return success();
  }
};

struct FoldContractionViews
    : glu::impl::FoldContractionViewsBase<FoldContractionViews> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldContractionView>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
