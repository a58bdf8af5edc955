//===- SplitSums.cpp - glu-split-sums -------------------------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace glu {
#define GEN_PASS_DEF_SPLITSUMS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Several registers of any chip, for one alone would wait for each sum; and
/// what is left of them, which is added up one by one.
static constexpr int64_t lanes = 32, lastLanes = 8;

/// The only dimension that `op` sums over, if that is where its inputs are
/// contiguous and `lanes` divide it.
static FailureOr<unsigned> getSum(RewriterBase &rewriter, linalg::LinalgOp op) {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1)
    return fail("not on tensors, with one result");
  SmallVector<unsigned> sums;
  op.getReductionDims(sums);
  if (sums.size() != 1)
    return fail("does not sum over one dimension");
  unsigned sum = sums.front();
  int64_t size = op.getStaticLoopRanges()[sum];
  if (ShapedType::isDynamic(size) || size == 0 || size % lanes != 0)
    return fail("its sums have no whole number of vectors");
  AffineExpr expr = getAffineDimExpr(sum, op.getContext());
  for (OpOperand *input : op.getDpsInputOperands()) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!map.isProjectedPermutation())
      return fail("an input is not indexed by plain dimensions");
    if (map.isFunctionOfDim(sum) && map.getResults().back() != expr)
      return fail("an input is not contiguous along the sum");
  }
  for (Operation &nested : op.getBlock()->without_terminator())
    if (!OpTrait::hasElementwiseMappableTraits(&nested))
      return fail("an operation of the body has no vector form");
  SmallVector<Operation *> combiners;
  if (!matchReduction(op.getRegionOutputArgs(), 0, combiners) ||
      combiners.size() != 1 || !arith::getNeutralElement(combiners.front()))
    return fail("its sum has no neutral element");
  return sum;
}

/// One row of sums at a time, each in `lanes` parts.
static LogicalResult splitSums(RewriterBase &rewriter, linalg::LinalgOp op) {
  FailureOr<unsigned> sum = getSum(rewriter, op);
  if (failed(sum))
    return failure();
  rewriter.setInsertionPoint(op);
  if (op.getNumParallelLoops()) {
    SmallVector<OpFoldResult> ones(op.getNumLoops(), rewriter.getIndexAttr(1));
    ones[*sum] = rewriter.getIndexAttr(0);
    FailureOr<scf::SCFTilingResult> tiled =
        scf::tileUsingSCF(rewriter, cast<TilingInterface>(*op),
                          scf::SCFTilingOptions().setTileSizes(ones));
    if (failed(tiled))
      return rewriter.notifyMatchFailure(op, "could not be tiled");
    rewriter.replaceOp(op, tiled->replacements);
    op = cast<linalg::LinalgOp>(tiled->tiledOps.back());
  }
  for (int64_t parts : {lanes, lastLanes}) {
    rewriter.setInsertionPoint(op);
    auto inParts = [&](linalg::LinalgOp op) {
      auto index = static_cast<unsigned>(op.getNumParallelLoops());
      return linalg::SplitReductionOptions{parts, index,
                                           /*innerParallel=*/true};
    };
    FailureOr<linalg::SplitReductionResult> split =
        linalg::splitReduction(rewriter, op, inParts);
    if (failed(split))
      return rewriter.notifyMatchFailure(op, "its sum could not be split");
    op = split->resultCombiningLinalgOp;
  }
  return success();
}

namespace {
struct SplitSums : glu::impl::SplitSumsBase<SplitSums> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      (void)splitSums(rewriter, op);
  }
};
} // namespace
