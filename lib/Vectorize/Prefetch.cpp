//===- Prefetch.cpp - glu-prefetch: the next panel of weights -------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_PREFETCH
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
constexpr int64_t lineBytes = 64;

/// Where a panel is used only once and a line of it feeds fewer multiply-adds,
/// the chip looks far enough ahead by itself, and two streams are in the way.
constexpr size_t minWork = 7;

/// A branch in each step is less in the way than a load, if it is the same way
/// in so many of them that it is foreseen.
constexpr int64_t manyTiles = 16;

/// Loops may say anything: enough for every tile, and no overflow.
constexpr int64_t maxTiles = 1 << 20;
constexpr int64_t maxElements = 1024;

/// Adds the prefetches to one innermost loop of a reduction.
class PanelPrefetcher {
public:
  PanelPrefetcher(RewriterBase &rewriter, scf::ForOp reduction)
      : rewriter(rewriter), loc(reduction.getLoc()), reduction(reduction) {}

  LogicalResult run();

private:
  LogicalResult findPanels();
  bool isComputable(Value index);
  std::optional<int64_t> getPosition(vector::TransferReadOp read) const;
  void computeRow();
  Value recompute(Value index);

  RewriterBase &rewriter;
  Location loc;
  scf::ForOp reduction;
  /// The loop that goes from panel to panel; those between it and the
  /// reductions, which go over the same panel again, from the outside.
  scf::ForOp panels;
  SmallVector<scf::ForOp> reuse;
  SmallVector<vector::TransferReadOp> reads;
  /// What takes the place of the induction variables.
  IRMapping next;
};
} // namespace

/// Whether `value` is `iv` or computed from it by affine.apply.
static bool dependsOn(Value value, Value iv) {
  auto apply = value.getDefiningOp<affine::AffineApplyOp>();
  return value == iv ||
         (apply && llvm::any_of(apply->getOperands(), [&](Value operand) {
            return dependsOn(operand, iv);
          }));
}

static bool dependsOn(vector::TransferReadOp read, Value iv) {
  return llvm::any_of(read.getIndices(),
                      [&](Value index) { return dependsOn(index, iv); });
}

/// The loops around the reduction, and the reads of weights in it.
LogicalResult PanelPrefetcher::findPanels() {
  SmallVector<vector::TransferReadOp> candidates;
  for (auto read : reduction.getOps<vector::TransferReadOp>())
    if (dependsOn(read, reduction.getInductionVar()))
      candidates.push_back(read);
  for (Operation *parent = reduction->getParentOp();
       auto loop = dyn_cast_or_null<scf::ForOp>(parent);
       parent = parent->getParentOp()) {
    if (loop.getNumRegionIterArgs()) // Another reduction.
      continue;
    for (vector::TransferReadOp read : candidates)
      if (dependsOn(read, loop.getInductionVar()))
        reads.push_back(read);
    if (!reads.empty()) {
      panels = loop;
      std::reverse(reuse.begin(), reuse.end());
      return success();
    }
    reuse.push_back(loop);
  }
  return rewriter.notifyMatchFailure(reduction,
                                     "no loop goes from panel to panel");
}

/// Whether what an index is computed from is there at the start of the body.
bool PanelPrefetcher::isComputable(Value index) {
  if (index == reduction.getInductionVar() ||
      !reduction->isAncestor(index.getParentBlock()->getParentOp()))
    return true;
  auto apply = index.getDefiningOp<affine::AffineApplyOp>();
  return apply && llvm::all_of(apply->getOperands(), [&](Value operand) {
           return isComputable(operand);
         });
}

/// What is added to the variables of an index, as far as known.
static std::optional<int64_t> getConstantPart(Value index) {
  auto apply = index.getDefiningOp<affine::AffineApplyOp>();
  if (!apply)
    return getConstantIntValue(index);
  SmallVector<Attribute> zeros(apply.getNumOperands(),
                               IntegerAttr::get(index.getType(), 0));
  SmallVector<int64_t> results;
  apply.getAffineMap().partialConstantFold(zeros, &results);
  if (results.empty())
    return std::nullopt;
  return results.front();
}

/// Bytes between what is read and what the variable indices say; nothing if
/// that is not known.
std::optional<int64_t>
PanelPrefetcher::getPosition(vector::TransferReadOp read) const {
  auto type = dyn_cast<MemRefType>(read.getShapedType());
  SmallVector<int64_t> strides;
  int64_t offset, position = 0;
  if (!type || !type.getElementType().isIntOrFloat() ||
      failed(type.getStridesAndOffset(strides, offset)))
    return std::nullopt;
  for (auto [index, stride] : llvm::zip_equal(read.getIndices(), strides)) {
    std::optional<int64_t> constant = getConstantPart(index);
    if (!constant || *constant == 0)
      continue;
    int64_t distance;
    if (ShapedType::isDynamic(stride) ||
        llvm::MulOverflow(*constant, stride, distance) ||
        llvm::AddOverflow(position, distance, position))
      return std::nullopt;
  }
  int64_t bits;
  if (llvm::MulOverflow<int64_t>(position, type.getElementTypeBitWidth(), bits))
    return std::nullopt;
  return bits / 8;
}

/// The next panel, and its row that is prefetched meanwhile: t tiles of k rows
/// share the work, so that row (tile * k + row) / t of it is next.
void PanelPrefetcher::computeRow() {
  auto sym = [&](unsigned i) { return rewriter.getAffineSymbolExpr(i); };
  auto apply = [&](AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(rewriter, loc, expr, operands);
  };
  auto toValue = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(rewriter, loc, value);
  };

  rewriter.setInsertionPointToStart(panels.getBody());
  Value iv = panels.getInductionVar();
  Value following = toValue(
      apply(sym(0) + sym(1), {iv, getAsOpFoldResult(panels.getStep())}));
  Value inside = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::slt,
                                       following, panels.getUpperBound());
  next.map(iv, arith::SelectOp::create(rewriter, loc, inside, following,
                                       panels.getLowerBound()));

  // A power of two, not more than there are: a shift in each step.
  int64_t tiles = 1;
  OpFoldResult tile = rewriter.getIndexAttr(0);
  rewriter.setInsertionPoint(reduction);
  for (scf::ForOp loop : reuse) {
    auto bound = ValueBoundsConstraintSet::computeConstantBound(
        presburger::BoundType::UB, {loop.getUpperBound(), std::nullopt},
        nullptr, /*closedUB=*/true);
    int64_t count = std::clamp<int64_t>(bound.value_or(1), 1, maxTiles);
    tiles = std::min(tiles * count, maxTiles);
    tile = apply(sym(0) * count + sym(1), {tile, loop.getInductionVar()});
  }
  int64_t shift = llvm::Log2_64(tiles);
  Value last =
      arith::ConstantIndexOp::create(rewriter, loc, (int64_t(1) << shift) - 1);
  Value capped = arith::MinUIOp::create(rewriter, loc, toValue(tile), last);
  Value start =
      arith::MulIOp::create(rewriter, loc, capped, reduction.getUpperBound());
  rewriter.setInsertionPointToStart(reduction.getBody());
  Value sum =
      arith::AddIOp::create(rewriter, loc, start, reduction.getInductionVar());
  Value amount = arith::ConstantIndexOp::create(rewriter, loc, shift);
  next.map(reduction.getInductionVar(),
           arith::ShRUIOp::create(rewriter, loc, sum, amount));
  if (tiles < manyTiles)
    return;
  // Once for each row: what need not be loaded is in the way of the rest.
  Value rest = arith::AndIOp::create(rewriter, loc, sum, last);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value isFirst = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq,
                                        rest, zero);
  auto branch = scf::IfOp::create(rewriter, loc, isFirst,
                                  /*withElseRegion=*/false);
  rewriter.setInsertionPointToStart(branch.thenBlock());
}

/// An index as it will be.
Value PanelPrefetcher::recompute(Value index) {
  if (Value known = next.lookupOrNull(index))
    return known;
  auto apply = index.getDefiningOp<affine::AffineApplyOp>();
  if (!apply)
    return index;
  SmallVector<OpFoldResult> operands;
  for (Value operand : apply->getOperands())
    operands.push_back(recompute(operand));
  return getValueOrCreateConstantIndexOp(
      rewriter, loc,
      affine::makeComposedFoldedAffineApply(rewriter, loc, apply.getAffineMap(),
                                            operands));
}

LogicalResult PanelPrefetcher::run() {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(reduction, reason);
  };
  if (getConstantIntValue(reduction.getLowerBound()) != 0 ||
      getConstantIntValue(reduction.getStep()) != 1)
    return fail("does not count from zero by one");
  if (failed(findPanels()))
    return failure();
  for (scf::ForOp loop : reuse)
    if (getConstantIntValue(loop.getLowerBound()) != 0 ||
        getConstantIntValue(loop.getStep()) != 1)
      return fail("a loop around it does not count from zero by one");

  // One read for every line of memory.
  SmallVector<std::pair<vector::TransferReadOp, int64_t>> lines;
  llvm::SmallDenseSet<std::pair<Value, int64_t>> seen;
  for (vector::TransferReadOp read : reads) {
    std::optional<int64_t> position = getPosition(read);
    if (!position ||
        panels->isAncestor(read.getBase().getParentBlock()->getParentOp()) ||
        !llvm::all_of(read.getIndices(),
                      [&](Value index) { return isComputable(index); }))
      return fail("where the next panel lies is not known");
    int64_t bits = read.getVectorType().getElementTypeBitWidth();
    int64_t elements = read.getVectorType().getNumElements();
    if (elements > maxElements)
      return fail("reads more than a tile's weights");
    int64_t bytes = elements * bits / 8;
    for (int64_t at = 0; at < bytes; at += lineBytes)
      if (seen.insert({read.getBase(), (*position + at) / lineBytes}).second)
        lines.push_back({read, at * 8 / bits});
  }

  if (reuse.empty() && reduction.getNumResults() < minWork * lines.size())
    return fail("does too little with each line to be late");

  computeRow();
  for (auto [read, lane] : lines) {
    SmallVector<Value> indices;
    for (Value index : read.getIndices())
      indices.push_back(recompute(index));
    if (lane)
      indices.back() = getValueOrCreateConstantIndexOp(
          rewriter, loc,
          affine::makeComposedFoldedAffineApply(
              rewriter, loc, rewriter.getAffineSymbolExpr(0) + lane,
              {OpFoldResult(indices.back())}));
    memref::PrefetchOp::create(rewriter, loc, read.getBase(), indices,
                               /*isWrite=*/false, /*localityHint=*/2,
                               /*isDataCache=*/true);
  }
  return success();
}

namespace {
struct Prefetch : glu::impl::PrefetchBase<Prefetch> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForOp> reductions;
    getOperation()->walk([&](scf::ForOp loop) {
      if (loop.getNumRegionIterArgs() &&
          llvm::all_of(loop.getResultTypes(), llvm::IsaPred<VectorType>) &&
          loop.getOps<scf::ForOp>().empty())
        reductions.push_back(loop);
    });
    for (scf::ForOp loop : reductions)
      (void)PanelPrefetcher(rewriter, loop).run();
  }
};
} // namespace
