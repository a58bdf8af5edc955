//===- FoldContractionViews.cpp - glu-fold-contraction-views --------------===//

#include "glu/IR/Views.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace glu {
#define GEN_PASS_DEF_FOLDCONTRACTIONVIEWS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

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
    Type sum = getElementTypeOrSelf(op.getDpsInits()[0]);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs = op.getDpsInputs();
    bool isFolded = false;
    // The second first, which is mostly the weight: one of both may lose a
    // batch that is repeated, or one.
    for (unsigned i : {1, 0}) {
      std::optional<View> view = getView(inputs[i]);
      // What a generic does with its operands fits their types, and named
      // operations widen theirs to the type of the sum.
      if (!view ||
          (view->widens && (generic || getElementTypeOrSelf(inputs[i]) != sum)))
        continue;
      AffineMap map = view->map.compose(maps[i]);
      bool keepsLoops = llvm::all_of(
          llvm::seq<unsigned>(map.getNumDims()), [&](unsigned dim) {
            return map.isFunctionOfDim(dim) || maps[1 - i].isFunctionOfDim(dim);
          });
      bool keepsSums = llvm::all_of(
          llvm::seq<unsigned>(map.getNumDims()), [&](unsigned dim) {
            return maps[2].isFunctionOfDim(dim) || map.isFunctionOfDim(dim);
          });
      if (!map.isProjectedPermutation() || !keepsLoops || !keepsSums)
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
    SmallVector<NamedAttribute> attributes =
        llvm::to_vector(op->getDiscardableAttrs());
    if (Attribute cast = op->getAttr("cast"))
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
