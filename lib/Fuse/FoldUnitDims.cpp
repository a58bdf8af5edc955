//===- FoldUnitDims.cpp - glu-fold-unit-dims: dimensions of size one go ---===//

#include "glu/IR/GLU.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace glu {
#define GEN_PASS_DEF_FOLDUNITDIMS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct FoldUnitDims : glu::impl::FoldUnitDimsBase<FoldUnitDims> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    glu::populateFoldUnitDimsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
