//===- FoldUndefinedSizes.cpp - glu-fold-undefined-sizes ------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"

namespace glu {
#define GEN_PASS_DEF_FOLDUNDEFINEDSIZES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct FoldUndefinedSizes
    : glu::impl::FoldUndefinedSizesBase<FoldUndefinedSizes> {
  void runOnOperation() override;
};
} // namespace

static bool isUndefined(ShapedDimOpInterface op) {
  auto shape = dyn_cast<ShapedType>(op.getShapedValue().getType());
  std::optional<int64_t> dim = getConstantIntValue(op.getDimension());
  return shape && shape.hasRank() && dim &&
         (*dim < 0 || *dim >= shape.getRank());
}

void FoldUndefinedSizes::runOnOperation() {
  IRRewriter rewriter(&getContext());
  getOperation()->walk([&](ShapedDimOpInterface op) {
    if (!isUndefined(op))
      return;
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<arith::ConstantIndexOp>(op, 0);
  });
}
