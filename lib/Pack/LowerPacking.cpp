//===- LowerPacking.cpp - glu-lower-packing: linalg.pack as loops --------===//

#include "PackingLoops.h"

#include "glu/Transforms/LookupTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_LOWERPACKING
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// A transposition is a pack whose only panel has all columns: those of the
/// dimension that becomes the last one. Others stay as they are if they gain
/// nothing by vectors.
static void expandTransposition(RewriterBase &rewriter, linalg::TransposeOp op,
                                int64_t vectorBits) {
  // Threads take longer to begin than fewer elements take, and squares need
  // rows of some length.
  constexpr int64_t least = 4096, leastRow = 8;
  ArrayRef<int64_t> permutation = op.getPermutation();
  int64_t last = permutation.size() - 1;
  if (!canReadRows(op.getInput()) || last < 0 || permutation.back() == last)
    return;
  auto source = cast<RankedTensorType>(op.getInput().getType());
  if ((source.hasStaticShape() && source.getNumElements() < least) ||
      (!source.isDynamicDim(last) && source.getDimSize(last) < leastRow))
    return;
  int64_t column = permutation.back(), columns = source.getDimSize(column);
  if (ShapedType::isDynamic(columns) || columns % 4 != 0)
    return;
  // [..., 1, last, ..., columns]: the panel stands before what was the last.
  SmallVector<int64_t> order;
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim : permutation.drop_back()) {
    ReassociationIndices &group = groups.emplace_back();
    if (dim == last) {
      group.push_back(order.size());
      order.push_back(column);
    }
    group.push_back(order.size());
    order.push_back(dim);
  }
  groups.push_back({int64_t(order.size())});
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, op.getInit());
  OpFoldResult one = rewriter.getIndexAttr(1);
  sizes.insert(sizes.begin() + (llvm::find(order, column) - order.begin()),
               one);
  auto type = RankedTensorType::get(decomposeMixedValues(sizes).first,
                                    source.getElementType());
  Value panel = tensor::ExpandShapeOp::create(rewriter, loc, type, op.getInit(),
                                              groups, sizes);
  auto pack = linalg::PackOp::create(rewriter, loc, op.getInput(), panel,
                                     {column}, {rewriter.getIndexAttr(columns)},
                                     std::nullopt, order);
  Value result = tensor::CollapseShapeOp::create(
      rewriter, loc, op->getResultTypes().front(), pack.getResult(), groups);
  rewriter.replaceOp(op, result);
  [[maybe_unused]] LogicalResult expanded =
      expandPacking(rewriter, pack, vectorBits);
  assert(succeeded(expanded) && "the loops can read it");
}

namespace {
struct LowerPacking : glu::impl::LowerPackingBase<LowerPacking> {
  using LowerPackingBase::LowerPackingBase;

  void runOnOperation() override {
    FailureOr<Target> target =
        lookupTarget(getOperation(), getArgument(), targetCPU);
    if (failed(target))
      return signalPassFailure();
    SmallVector<linalg::PackOp> ops;
    getOperation()->walk([&](linalg::PackOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::PackOp op : ops) {
      if (succeeded(expandPacking(rewriter, op, target->vectorBits)))
        continue;
      rewriter.setInsertionPoint(op);
      if (failed(linalg::lowerPack(rewriter, op))) {
        op.emitOpError("cannot be lowered");
        return signalPassFailure();
      }
    }
    getOperation()->walk([&](linalg::TransposeOp op) {
      expandTransposition(rewriter, op, target->vectorBits);
    });
  }
};
} // namespace
