//===- SimplifyDims.cpp - Sizes from where they are first known -----------===//

#include "glu/Fuse/Fuse.h"
#include "glu/Raise/Cleanup.h"
#include "glu/Raise/Compose.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

/// The size of dimension `dim` of `value`, from what gave it its shape.
static OpFoldResult getEarlierDim(RewriterBase &rewriter, Location loc,
                                  OpResult value, int64_t dim) {
  Operation *op = value.getOwner();
  if (auto destinations = dyn_cast<DestinationStyleOpInterface>(op))
    return tensor::getMixedSize(
        rewriter, loc, destinations.getTiedOpOperand(value)->get(), dim);
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    llvm::SmallBitVector dropped = slice.getDroppedDims();
    for (auto [i, size] : llvm::enumerate(slice.getMixedSizes()))
      if (!dropped[i] && dim-- == 0)
        return size;
  }
  if (auto cast = dyn_cast<tensor::CastOp>(op);
      cast && isa<RankedTensorType>(cast.getSource().getType()))
    return tensor::getMixedSize(rewriter, loc, cast.getSource(), dim);
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return expand.getMixedOutputShape()[dim];
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return empty.getMixedSizes()[dim];
  if (isElementwise(op))
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        return tensor::getMixedSize(rewriter, loc, operand, dim);
  return {};
}

void glu::simplifyDims(RewriterBase &rewriter, Operation *root) {
  llvm::SetVector<Operation *> dims;
  root->walk([&](tensor::DimOp op) { dims.insert(op); });
  SmallVector<Value> sources;
  while (!dims.empty()) {
    auto op = cast<tensor::DimOp>(dims.pop_back_val());
    auto source = dyn_cast<OpResult>(op.getSource());
    std::optional<int64_t> dim = op.getConstantIndex();
    if (!source || !dim || *dim < 0 ||
        *dim >= cast<ShapedType>(source.getType()).getRank())
      continue;
    rewriter.setInsertionPoint(op);
    OpFoldResult size = getEarlierDim(rewriter, op.getLoc(), source, *dim);
    if (!size)
      continue;
    Value value = getValueOrCreateConstantIndexOp(rewriter, op.getLoc(), size);
    if (auto next = value.getDefiningOp<tensor::DimOp>())
      dims.insert(next);
    sources.push_back(source);
    rewriter.replaceOp(op, value);
  }
  eraseDead(rewriter, sources);
}
