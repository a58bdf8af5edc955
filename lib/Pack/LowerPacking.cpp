//===- LowerPacking.cpp - glu-lower-packing: linalg.pack as upstream's --===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_LOWERPACKING
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
struct LowerPacking : glu::impl::LowerPackingBase<LowerPacking> {
  void runOnOperation() override {
    SmallVector<linalg::PackOp> ops;
    getOperation()->walk([&](linalg::PackOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::PackOp op : ops) {
      rewriter.setInsertionPoint(op);
      if (failed(linalg::lowerPack(rewriter, op))) {
        op.emitOpError("cannot be lowered");
        return signalPassFailure();
      }
    }
  }
};
} // namespace
