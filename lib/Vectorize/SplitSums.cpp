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

/// Fewer are soon added up one by one.
static constexpr int64_t minSize = 4 * lanes;

/// The only dimension that `op` sums over, if that is where its inputs are
/// contiguous and `lanes` divide it. Sums of integers are LLVM's, for which
/// their order doesn't matter.
static FailureOr<unsigned> getSum(RewriterBase &rewriter, linalg::LinalgOp op) {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1)
    return fail("not on tensors, with one result");
  if (!isa<Float64Type, Float32Type, Float16Type, BFloat16Type>(
          getElementTypeOrSelf(op.getDpsInits().front())))
    return fail("its sums are not f64, f32, f16 or bf16");
  SmallVector<unsigned> sums;
  op.getReductionDims(sums);
  if (sums.size() != 1)
    return fail("does not sum over one dimension");
  unsigned sum = sums.front();
  AffineExpr expr = getAffineDimExpr(sum, op.getContext());
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!map.isProjectedPermutation(/*allowZeroInResults=*/true))
      return fail("an operand is not indexed by plain dimensions");
    if (!map.isFunctionOfDim(sum))
      continue;
    if (map.getResults().back() != expr)
      return fail("an input is not contiguous along the sum");
    int64_t size = op.getShape(&operand).back();
    if (ShapedType::isDynamic(size) || size < minSize || size % lanes != 0)
      return fail("its sums are short, or no whole number of vectors");
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

/// Loops over the sums of `op`; returns what is in them.
static FailureOr<linalg::LinalgOp>
loopOverSums(RewriterBase &rewriter, linalg::LinalgOp op, unsigned sum) {
  SmallVector<OpFoldResult> sizes(op.getNumLoops(), rewriter.getIndexAttr(1));
  sizes[sum] = rewriter.getIndexAttr(0);
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTilingResult> tiled =
      scf::tileUsingSCF(rewriter, cast<TilingInterface>(*op),
                        scf::SCFTilingOptions().setTileSizes(sizes));
  if (failed(tiled))
    return rewriter.notifyMatchFailure(op, "could not be tiled");
  rewriter.replaceOp(op, tiled->replacements);
  return cast<linalg::LinalgOp>(tiled->tiledOps.back());
}

/// `op`, of one sum, without the dimensions that are left of size one.
static FailureOr<linalg::LinalgOp> dropUnitDims(RewriterBase &rewriter,
                                                linalg::LinalgOp op) {
  auto generic = dyn_cast<linalg::GenericOp>(*op);
  rewriter.setInsertionPoint(op);
  if (!generic) {
    FailureOr<linalg::GenericOp> made = linalg::generalizeNamedOp(rewriter, op);
    if (failed(made))
      return rewriter.notifyMatchFailure(op, "could not be generalised");
    generic = *made;
  }
  linalg::ControlDropUnitDims options;
  options.rankReductionStrategy =
      linalg::ControlDropUnitDims::RankReductionStrategy::ExtractInsertSlice;
  rewriter.setInsertionPoint(generic);
  FailureOr<linalg::DropUnitDimsResult> dropped =
      linalg::dropUnitDims(rewriter, generic, options);
  if (failed(dropped))
    return rewriter.notifyMatchFailure(generic, "keeps its dimensions");
  rewriter.replaceOp(generic, dropped->replacements);
  return cast<linalg::LinalgOp>(*dropped->resultOp);
}

/// One sum at a time, each in `lanes` parts.
static LogicalResult splitSums(RewriterBase &rewriter, linalg::LinalgOp op) {
  FailureOr<unsigned> sum = getSum(rewriter, op);
  if (failed(sum))
    return failure();
  if (op.getNumParallelLoops()) {
    FailureOr<linalg::LinalgOp> one = loopOverSums(rewriter, op, *sum);
    if (failed(one))
      return failure();
    op = *one;
  }
  if (cast<ShapedType>(op.getDpsInits().front().getType()).getRank()) {
    FailureOr<linalg::LinalgOp> flat = dropUnitDims(rewriter, op);
    if (failed(flat))
      return failure();
    op = *flat;
  }
  for (int64_t parts : {lanes, lastLanes}) {
    rewriter.setInsertionPoint(op);
    auto inParts = [&](linalg::LinalgOp) {
      return linalg::SplitReductionOptions{parts, /*index=*/0,
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
