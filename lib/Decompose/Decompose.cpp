//===- Decompose.cpp - glu-decompose: the glu dialect as linalg -----------===//

#include "glu/IR/GLU.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_DECOMPOSE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
struct Decompose : glu::impl::DecomposeBase<Decompose> {
  using DecomposeBase::DecomposeBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<GatedOpInterface> ops;
    getOperation()->walk([&](GatedOpInterface op) {
      if (!onlyUnscheduled || !op->hasAttr("glu.schedule"))
        ops.push_back(op);
    });
    for (GatedOpInterface op : ops) {
      rewriter.setInsertionPoint(op);
      auto aggregated = cast<linalg::AggregatedOpInterface>(op.getOperation());
      FailureOr<SmallVector<Value>> results =
          aggregated.decomposeOperation(rewriter);
      if (failed(results)) {
        op.emitError("cannot be decomposed into linalg");
        return signalPassFailure();
      }
      rewriter.replaceOp(op, *results);
    }
  }
};
} // namespace
