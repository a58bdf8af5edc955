//===- SinkReshapes.cpp - Unknown sizes split after the gating, not before ===//

#include "RaiseSink.h"

#include "glu/IR/Views.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace glu;

/// Whether one dimension is split into several of unknown size, as batch and
/// time after a projection of both at once. No affine map says which element of
/// the source is where.
static bool splitsUnknown(tensor::ExpandShapeOp op) {
  ArrayRef<int64_t> shape = op.getType().getShape();
  return llvm::any_of(getGroups(op), [&](ArrayRef<int64_t> dims) {
    return llvm::count_if(dims, [&](int64_t dim) {
             return ShapedType::isDynamic(shape[dim]);
           }) > 1;
  });
}

namespace {
/// A slice that takes all of what is split is taken before the split.
struct SliceBeforeSplit : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp op,
                                PatternRewriter &rewriter) const override;
};
} // namespace

/// Whether the slice is all of the source along `dim`.
static bool takesAll(tensor::ExtractSliceOp op, int64_t dim) {
  if (!isConstantIntValue(op.getMixedOffsets()[dim], 0) ||
      !isConstantIntValue(op.getMixedStrides()[dim], 1))
    return false;
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
      op.getMixedSizes()[dim],
      ValueBoundsConstraintSet::Variable(op.getSource(), dim));
  return succeeded(equal) && *equal;
}

LogicalResult
SliceBeforeSplit::matchAndRewrite(tensor::ExtractSliceOp op,
                                  PatternRewriter &rewriter) const {
  auto split = op.getSource().getDefiningOp<tensor::ExpandShapeOp>();
  if (!split || !splitsUnknown(split))
    return rewriter.notifyMatchFailure(op, "slices no split");
  if (op.getType().getRank() != split.getType().getRank())
    return rewriter.notifyMatchFailure(op, "drops dimensions");
  SmallVector<OpFoldResult> offsets, sizes, strides;
  for (auto [source, dims] : llvm::enumerate(getGroups(split))) {
    if (dims.size() == 1) {
      offsets.push_back(op.getMixedOffsets()[dims[0]]);
      sizes.push_back(op.getMixedSizes()[dims[0]]);
      strides.push_back(op.getMixedStrides()[dims[0]]);
      continue;
    }
    if (!llvm::all_of(dims, [&](int64_t dim) { return takesAll(op, dim); }))
      return rewriter.notifyMatchFailure(op, "takes a part of what is split");
    offsets.push_back(rewriter.getIndexAttr(0));
    sizes.push_back(
        tensor::getMixedSize(rewriter, op.getLoc(), split.getSrc(), source));
    strides.push_back(rewriter.getIndexAttr(1));
  }
  Value slice = tensor::ExtractSliceOp::create(
      rewriter, op.getLoc(), split.getSrc(), offsets, sizes, strides);
  rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(
      op, op.getType(), slice, getGroups(split), op.getMixedSizes());
  return success();
}

void glu::sinkReshapes(Operation *function) {
  bool found = false;
  function->walk([&](tensor::ExpandShapeOp op) { found |= splitsUnknown(op); });
  if (!found)
    return;
  MLIRContext *context = function->getContext();
  RewritePatternSet patterns(context);
  linalg::populateFoldReshapeOpsByCollapsingPatterns(
      patterns, [](OpOperand *operand) {
        auto split = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
        auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
        return split && splitsUnknown(split) && consumer &&
               consumer.getNumReductionLoops() == 0;
      });
  patterns.add<SliceBeforeSplit>(context);
  tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
  tensor::DimOp::getCanonicalizationPatterns(patterns, context);
  (void)applyPatternsGreedily(function, std::move(patterns));
}
