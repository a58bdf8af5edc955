//===- FusePacking.cpp - glu-fuse-packing: a panel when it is used --------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_FUSEPACKING
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
/// Packed weights: one pack, or more, each into its part of a whole.
struct PackedWeights {
  Value panels;
  tensor::EmptyOp empty;
  SmallVector<linalg::PackOp> packs;
  /// Where each goes; null for one that is the whole.
  SmallVector<tensor::InsertSliceOp> inserts;
  /// The dimension that counts panels; those before it are batches.
  int64_t panel = 0;

  static std::optional<PackedWeights> get(Value panels);
};

/// A panel where it is used.
struct PanelUse {
  tensor::ExtractSliceOp slice;
  /// Where it lies: the sums of these, up to the panels' dimension.
  SmallVector<SmallVector<OpFoldResult>> offsets;
  /// The task, null where one does all.
  scf::ForallOp task;
  /// Where it is packed: before the loops that use the same panel again.
  Operation *place = nullptr;
  /// How many are packed at a time.
  int64_t count = 1;
};
} // namespace

/// The panels' dimension of a pack.
static int64_t getPanelDim(linalg::PackOp pack) {
  int64_t column = pack.getInnerDimsPos().front();
  ArrayRef<int64_t> order = pack.getOuterDimsPerm();
  return order.empty() ? column : llvm::find(order, column) - order.begin();
}

std::optional<PackedWeights> PackedWeights::get(Value panels) {
  PackedWeights weights;
  weights.panels = panels;
  auto add = [&](linalg::PackOp pack, tensor::InsertSliceOp insert) {
    if (!pack || pack.getInnerDimsPos().empty() ||
        ShapedType::isDynamicShape(pack.getStaticInnerTiles()) ||
        (!weights.packs.empty() && getPanelDim(pack) != weights.panel))
      return false;
    weights.panel = getPanelDim(pack);
    weights.packs.insert(weights.packs.begin(), pack);
    weights.inserts.insert(weights.inserts.begin(), insert);
    return true;
  };
  if (auto pack = panels.getDefiningOp<linalg::PackOp>()) {
    if (!add(pack, nullptr))
      return std::nullopt;
    panels = pack.getDest();
  }
  while (auto insert = panels.getDefiningOp<tensor::InsertSliceOp>()) {
    if (!insert.hasUnitStride() ||
        !add(insert.getSource().getDefiningOp<linalg::PackOp>(), insert))
      return std::nullopt;
    panels = insert.getDest();
  }
  weights.empty = panels.getDefiningOp<tensor::EmptyOp>();
  if (!weights.empty || weights.packs.empty())
    return std::nullopt;
  return weights;
}

/// Whether an offset of the panel is computed in `loop`.
static bool dependsOn(PanelUse &use, Operation *loop) {
  return llvm::any_of(use.offsets, [&](ArrayRef<OpFoldResult> offsets) {
    return llvm::any_of(offsets, [&](OpFoldResult offset) {
      auto value = dyn_cast<Value>(offset);
      return value && loop->isAncestor(value.getParentBlock()->getParentOp());
    });
  });
}

/// How often a task packs the same panel as others, if that is known.
static std::optional<int64_t> countRepetitions(PanelUse &use) {
  int64_t count = 1;
  if (!use.task)
    return count;
  for (auto [iv, begin, end, step] : llvm::zip_equal(
           use.task.getInductionVars(), use.task.getMixedLowerBound(),
           use.task.getMixedUpperBound(), use.task.getMixedStep())) {
    OpFoldResult place = iv;
    bool used = llvm::any_of(use.offsets, [&](ArrayRef<OpFoldResult> offsets) {
      return llvm::is_contained(offsets, place);
    });
    std::optional<int64_t> first = getConstantIntValue(begin),
                           last = getConstantIntValue(end),
                           by = getConstantIntValue(step);
    if (used)
      continue;
    if (!first || !last || !by)
      return std::nullopt;
    count *= std::max<int64_t>(0, llvm::divideCeilSigned(*last - *first, *by));
  }
  return count;
}

/// The uses of single panels in tasks; fails if there are others.
static LogicalResult collectUses(PackedWeights &weights, Value value,
                                 SmallVector<SmallVector<OpFoldResult>> offsets,
                                 SmallVectorImpl<PanelUse> &uses) {
  int64_t batches = weights.panel + 1;
  for (Operation *user : value.getUsers()) {
    auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
    if (!slice || !slice.hasUnitStride() ||
        slice.getType().getRank() != slice.getSourceType().getRank())
      return failure();
    SmallVector<OpFoldResult> at = slice.getMixedOffsets();
    ArrayRef<int64_t> shape = slice.getType().getShape();
    if (!llvm::all_of(ArrayRef(at).drop_front(batches), isZeroInteger) ||
        shape.drop_front(batches) !=
            slice.getSourceType().getShape().drop_front(batches))
      return failure();
    PanelUse use = {slice, offsets, slice->getParentOfType<scf::ForallOp>()};
    use.offsets.emplace_back(ArrayRef(at).take_front(batches));
    if (!llvm::all_of(shape.take_front(batches),
                      [](int64_t size) { return size == 1; })) {
      if (failed(collectUses(weights, slice, use.offsets, uses)))
        return failure();
      continue;
    }
    use.place = slice;
    while (auto loop = dyn_cast<scf::ForOp>(use.place->getParentOp())) {
      if (dependsOn(use, loop))
        break;
      use.place = loop;
    }
    // A single panel is all of them.
    if (!use.task && !isa<scf::ForOp>(use.place->getParentOp()))
      return failure();
    uses.push_back(use);
  }
  return success();
}

/// Panels that are packed together: where columns lie beside each other, rows
/// of the source should be read half a kilobyte at a time.
static int64_t countTogether(PackedWeights &weights) {
  constexpr int64_t bits = 4096;
  // A half's slice drops the dimension of the two branches. Once the number of
  // panels becomes a constant, upstream's canonicaliser infers its type again,
  // and drops the first dimension of one instead: here that of a batch.
  if (weights.panel > 0)
    return 1;
  linalg::PackOp pack = weights.packs.front();
  int64_t last = pack.getSourceType().getRank() - 1;
  int64_t row = pack.getStaticInnerTiles().front() *
                pack.getSourceType().getElementTypeBitWidth();
  return pack.getInnerDimsPos().front() == last
             ? std::max<int64_t>(1, bits / row)
             : 1;
}

/// Divides the loop from panel to panel, so that panels can be packed together
/// between the two; returns how many are, from the outer induction variable on.
static OpFoldResult divideLoop(RewriterBase &rewriter, PanelUse &use,
                               int64_t count) {
  auto loop = dyn_cast<scf::ForOp>(use.place->getParentOp());
  OpFoldResult one = rewriter.getIndexAttr(1);
  if (count == 1 || !loop || getConstantIntValue(loop.getStep()) != 1)
    return one;
  // Only the panel depends on it, and by itself.
  OpFoldResult iv = loop.getInductionVar();
  PanelUse others = use;
  if (others.offsets.back().back() != iv)
    return one;
  others.offsets.back().pop_back();
  if (dependsOn(others, loop))
    return one;

  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  Value step = arith::ConstantIndexOp::create(rewriter, loc, count);
  auto outer =
      scf::ForOp::create(rewriter, loc, loop.getLowerBound(),
                         loop.getUpperBound(), step, loop.getInitArgs());
  AffineExpr s0 = rewriter.getAffineSymbolExpr(0);
  rewriter.replaceAllUsesWith(loop.getResults(), outer.getResults());
  rewriter.setInsertionPointToStart(outer.getBody());
  OpFoldResult first = outer.getInductionVar();
  OpFoldResult together = affine::makeComposedFoldedAffineMin(
      rewriter, loc,
      AffineMap::get(0, 2,
                     {rewriter.getAffineSymbolExpr(1) - s0,
                      rewriter.getAffineConstantExpr(count)},
                     rewriter.getContext()),
      {first, OpFoldResult(loop.getUpperBound())});
  Value end = arith::AddIOp::create(
      rewriter, loc, outer.getInductionVar(),
      getValueOrCreateConstantIndexOp(rewriter, loc, together));
  if (outer.getBody()->mightHaveTerminator())
    loop->moveBefore(outer.getBody()->getTerminator());
  else
    loop->moveBefore(outer.getBody(), outer.getBody()->end());
  loop.setLowerBound(outer.getInductionVar());
  loop.setUpperBound(end);
  loop.getInitArgsMutable().assign(outer.getRegionIterArgs());
  if (!outer.getResults().empty()) {
    rewriter.setInsertionPointToEnd(outer.getBody());
    scf::YieldOp::create(rewriter, loc, loop.getResults());
  }
  use.offsets.back().back() = first;
  use.place = loop;
  use.count = count;
  return together;
}

/// The rows of the weight that `count` panels at `at` are made from.
static Value sliceSource(RewriterBase &rewriter, linalg::PackOp pack,
                         ArrayRef<OpFoldResult> at, OpFoldResult count) {
  Location loc = pack.getLoc();
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, pack.getSource());
  SmallVector<OpFoldResult> from(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  ArrayRef<int64_t> order = pack.getOuterDimsPerm();
  for (auto [d, offset] : llvm::enumerate(at)) {
    int64_t dim = order.empty() ? d : order[d];
    from[dim] = offset;
    sizes[dim] = rewriter.getIndexAttr(1);
  }
  int64_t column = pack.getInnerDimsPos().front();
  int64_t columns = pack.getStaticInnerTiles().front();
  OpFoldResult size =
      tensor::getMixedSize(rewriter, loc, pack.getSource(), column);
  AffineExpr s0 = rewriter.getAffineSymbolExpr(0),
             s1 = rewriter.getAffineSymbolExpr(1),
             s2 = rewriter.getAffineSymbolExpr(2);
  from[column] = affine::makeComposedFoldedAffineApply(
      rewriter, loc, s0 * columns, {from[column]});
  std::optional<int64_t> known = getConstantIntValue(size);
  if (known && *known % columns == 0)
    sizes[column] = affine::makeComposedFoldedAffineApply(
        rewriter, loc, s0 * columns, {count});
  else
    sizes[column] = affine::makeComposedFoldedAffineMin(
        rewriter, loc,
        AffineMap::get(0, 3, {s0 - s1, s2 * columns}, rewriter.getContext()),
        {size, from[column], count});
  return tensor::ExtractSliceOp::create(rewriter, loc, pack.getSource(), from,
                                        sizes, strides);
}

/// The panel, packed into a buffer of the task's.
static Value packPanel(RewriterBase &rewriter, PackedWeights &weights,
                       PanelUse &use) {
  Location loc = use.slice.getLoc();
  int64_t panel = weights.panel;
  Operation *before = use.place;
  Value iv;
  if (auto loop = dyn_cast<scf::ForOp>(use.place->getParentOp()))
    iv = loop.getInductionVar();
  OpFoldResult count = divideLoop(rewriter, use, countTogether(weights));
  auto limit = [&](SmallVector<OpFoldResult> sizes, OpFoldResult panels) {
    std::fill_n(sizes.begin(), panel, rewriter.getIndexAttr(1));
    sizes[panel] = panels;
    return sizes;
  };
  Operation *outermost = use.place;
  while (isa<scf::ForOp>(outermost->getParentOp()))
    outermost = outermost->getParentOp();
  rewriter.setInsertionPoint(outermost);
  Value buffer = tensor::EmptyOp::create(
      rewriter, loc,
      limit(weights.empty.getMixedSizes(), rewriter.getIndexAttr(use.count)),
      weights.empty.getType().getElementType());

  rewriter.setInsertionPoint(use.place);
  SmallVector<OpFoldResult> at = use.offsets.front();
  for (ArrayRef<OpFoldResult> offsets : ArrayRef(use.offsets).drop_front())
    for (auto [sum, offset] : llvm::zip_equal(at, offsets))
      sum = affine::makeComposedFoldedAffineApply(
          rewriter, loc,
          rewriter.getAffineSymbolExpr(0) + rewriter.getAffineSymbolExpr(1),
          {sum, offset});

  for (auto [pack, insert] : llvm::zip_equal(weights.packs, weights.inserts)) {
    Value source = sliceSource(rewriter, pack, at, count);
    // A part of the buffer: of a half, or as many panels as there are left.
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, buffer);
    SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
        strides(sizes.size(), rewriter.getIndexAttr(1));
    if (insert) {
      sizes = insert.getMixedSizes();
      offsets = insert.getMixedOffsets();
    }
    sizes = limit(sizes, count);
    SmallVector<int64_t> shape(pack.getDestType().getShape());
    std::fill_n(shape.begin(), panel, 1);
    shape[panel] = getConstantIntValue(count).value_or(ShapedType::kDynamic);
    Value part = tensor::ExtractSliceOp::create(
        rewriter, loc, pack.getDestType().clone(shape), buffer, offsets, sizes,
        strides);
    std::optional<Value> padding;
    if (pack.getPaddingValue())
      padding = pack.getPaddingValue();
    Value packed = linalg::PackOp::create(
                       rewriter, loc, source, part, pack.getInnerDimsPos(),
                       pack.getMixedTiles(), padding, pack.getOuterDimsPerm())
                       .getResult();
    buffer = tensor::InsertSliceOp::create(rewriter, loc, packed, buffer,
                                           offsets, sizes, strides);
  }
  if (use.count == 1)
    return buffer;

  // One of the panels.
  rewriter.setInsertionPoint(before);
  SmallVector<OpFoldResult> sizes = limit(
      tensor::getMixedSizes(rewriter, loc, buffer), rewriter.getIndexAttr(1));
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  offsets[panel] = affine::makeComposedFoldedAffineApply(
      rewriter, loc,
      rewriter.getAffineSymbolExpr(0) - rewriter.getAffineSymbolExpr(1),
      {OpFoldResult(iv), use.offsets.back().back()});
  return tensor::ExtractSliceOp::create(rewriter, loc, use.slice.getType(),
                                        buffer, offsets, sizes, strides);
}

namespace {
struct FusePacking : glu::impl::FusePackingBase<FusePacking> {
  using FusePackingBase::FusePackingBase;

  void runOnOperation() override {
    SmallVector<Value> candidates;
    getOperation()->walk([&](Operation *op) {
      if (isa<linalg::PackOp, tensor::InsertSliceOp>(op) &&
          !op->getParentOfType<LoopLikeOpInterface>())
        candidates.push_back(op->getResult(0));
    });
    IRRewriter rewriter(&getContext());
    for (Value panels : candidates) {
      std::optional<PackedWeights> weights = PackedWeights::get(panels);
      SmallVector<PanelUse> uses;
      if (!weights || failed(collectUses(*weights, panels, {}, uses)) ||
          llvm::any_of(uses, [&](PanelUse &use) {
            return countRepetitions(use).value_or(1) > maxRepetitions;
          }))
        continue;
      for (PanelUse &use : uses) {
        Value panel = packPanel(rewriter, *weights, use);
        rewriter.replaceOp(use.slice, panel);
      }
    }
  }
};
} // namespace
