//===- ExpandAggregates.cpp - glu-expand-aggregates: softmax, pack ... ----===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDAGGREGATES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ExpandAggregates : glu::impl::ExpandAggregatesBase<ExpandAggregates> {
  void runOnOperation() override;
};
} // namespace

/// Replaces `op` by simpler operations, if it is one of those.
static LogicalResult expand(RewriterBase &rewriter, Operation *op) {
  if (auto pack = dyn_cast<linalg::PackOp>(op))
    return success(succeeded(linalg::lowerPack(rewriter, pack)));
  if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
    return success(succeeded(linalg::lowerUnPack(rewriter, unpack)));
  FailureOr<SmallVector<Value>> results =
      cast<linalg::AggregatedOpInterface>(op).decomposeOperation(rewriter);
  if (failed(results))
    return failure();
  rewriter.replaceOp(op, *results);
  return success();
}

/// Leaves empty tensors out of a concatenation: upstream's bufferisation makes
/// views of them that start where the result ends, which is an error.
static void dropEmptyInputs(RewriterBase &rewriter, tensor::ConcatOp op) {
  SmallVector<Value> inputs;
  for (Value input : op.getInputs())
    if (cast<RankedTensorType>(input.getType()).getDimSize(op.getDim()) != 0)
      inputs.push_back(input);
  if (inputs.size() == op.getInputs().size())
    return;
  if (inputs.empty()) // The result is one of them.
    inputs.push_back(op.getInputs().front());
  rewriter.modifyOpInPlace(op, [&] { op.getInputsMutable().assign(inputs); });
}

void ExpandAggregates::runOnOperation() {
  SmallVector<Operation *> ops;
  SmallVector<tensor::ConcatOp> concats;
  getOperation()->walk([&](Operation *op) {
    if (auto concat = dyn_cast<tensor::ConcatOp>(op))
      concats.push_back(concat);
    // On tensors; upstream expands nothing else.
    if (isa<linalg::LinalgDialect>(op->getDialect()) &&
        op->getNumResults() > 0 &&
        isa<linalg::PackOp, linalg::UnPackOp, linalg::AggregatedOpInterface>(
            op))
      ops.push_back(op);
  });
  IRRewriter rewriter(&getContext());
  for (tensor::ConcatOp op : concats)
    dropEmptyInputs(rewriter, op);
  for (Operation *op : ops) {
    rewriter.setInsertionPoint(op);
    if (failed(expand(rewriter, op))) {
      op->emitError("cannot be expanded into simpler operations");
      return signalPassFailure();
    }
  }
}
