//===- ExpandReshapes.cpp - glu-expand-reshapes: several unknown sizes ----===//

#include "glu/IR/Views.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDRESHAPES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ExpandReshapes : glu::impl::ExpandReshapesBase<ExpandReshapes> {
  void runOnOperation() override;
};
} // namespace

/// Whether a dimension is split into several of unknown size.
static bool hasUnknownSplit(memref::ExpandShapeOp op) {
  ArrayRef<int64_t> shape = op.getResultType().getShape();
  return llvm::any_of(glu::getGroups(op), [&](ArrayRef<int64_t> dims) {
    return llvm::count_if(dims, [&](int64_t dim) {
             return ShapedType::isDynamic(shape[dim]);
           }) > 1;
  });
}

/// The strides of the result: those that its type knows, else the products of
/// the sizes further in, from the stride of the dimension that is split.
static SmallVector<OpFoldResult> getStrides(RewriterBase &rewriter,
                                            memref::ExpandShapeOp op,
                                            ArrayRef<OpFoldResult> sizes,
                                            ValueRange sourceStrides) {
  SmallVector<int64_t> known = op.getResultType().getStridesAndOffset().first;
  SmallVector<OpFoldResult> strides(sizes.size());
  AffineExpr product =
      rewriter.getAffineSymbolExpr(0) * rewriter.getAffineSymbolExpr(1);
  for (auto [group, sourceStride] :
       llvm::zip_equal(glu::getGroups(op), sourceStrides)) {
    OpFoldResult stride = sourceStride;
    for (int64_t dim : llvm::reverse(group)) {
      if (!ShapedType::isDynamic(known[dim]))
        stride = rewriter.getIndexAttr(known[dim]);
      strides[dim] = stride;
      if (dim != group.front())
        stride = affine::makeComposedFoldedAffineApply(
            rewriter, op.getLoc(), product, {stride, sizes[dim]});
    }
  }
  return strides;
}

void ExpandReshapes::runOnOperation() {
  IRRewriter rewriter(&getContext());
  getOperation()->walk([&](memref::ExpandShapeOp op) {
    if (!hasUnknownSplit(op))
      return;
    rewriter.setInsertionPoint(op);
    auto source = memref::ExtractStridedMetadataOp::create(
        rewriter, op.getLoc(), op.getSrc());
    SmallVector<OpFoldResult> sizes = op.getMixedOutputShape();
    int64_t offset = op.getResultType().getStridesAndOffset().second;
    rewriter.replaceOpWithNewOp<memref::ReinterpretCastOp>(
        op, op.getResultType(), source.getBaseBuffer(),
        ShapedType::isDynamic(offset) ? OpFoldResult(source.getOffset())
                                      : rewriter.getIndexAttr(offset),
        sizes, getStrides(rewriter, op, sizes, source.getStrides()));
  });
}
