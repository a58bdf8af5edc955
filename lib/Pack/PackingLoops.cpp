//===- PackingLoops.cpp - linalg.pack as loops over vectors ---------------===//

#include "PackingLoops.h"
#include "TransposeRows.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace glu;

namespace {
/// Part of a loop: whether its blocks are whole, or one that overruns the end.
struct LoopPart {
  OpFoldResult begin, end;
  bool whole;
};

/// The columns of a panel from `begin` to `end` as blocks of a size.
struct ColumnBlocks {
  int64_t begin, end, size;
};

/// Panels [outer..., n1, others..., n0] or [outer..., n1, others..., n0, k0] of
/// a source whose columns n = n1 * columns + n0 may be any dimension.
class PackingLoops {
public:
  PackingLoops(RewriterBase &rewriter, linalg::PackOp op, int64_t vectorBits)
      : rewriter(rewriter), op(op), loc(op.getLoc()), vectorBits(vectorBits) {}

  LogicalResult match();
  Value expand();

private:
  OpFoldResult apply(AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(rewriter, loc, expr, operands);
  }
  OpFoldResult min(ArrayRef<AffineExpr> exprs,
                   ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineMin(
        rewriter, loc,
        AffineMap::get(0, operands.size(), exprs, rewriter.getContext()),
        operands);
  }
  Value toValue(OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(rewriter, loc, value);
  }
  Value add(Value value, int64_t offset) {
    return rewriter.createOrFold<arith::AddIOp>(
        loc, value,
        arith::ConstantIndexOp::create(rewriter, loc, offset).getResult());
  }
  SmallVector<LoopPart> split(OpFoldResult size, int64_t block);
  SmallVector<LoopPart> getPanels(OpFoldResult first, OpFoldResult count);
  Value expandTask(ValueRange task, Value panels);
  Value expandPart(ValueRange task, Value panels, LoopPart panel,
                   LoopPart depth, ColumnBlocks blocks);
  Value readRow(SmallVector<Value> from, int64_t dim, int64_t offset,
                bool inside, int64_t length, bool whole);
  Value copyRow(Value panels, SmallVector<Value> from, ArrayRef<Value> to,
                bool wholePanel, bool wholeDepth);
  Value transposeSquare(Value panels, SmallVector<Value> from,
                        SmallVector<Value> to, bool wholePanel,
                        bool wholeDepth);

  RewriterBase &rewriter;
  linalg::PackOp op;
  Location loc;
  int64_t vectorBits;
  RankedTensorType type;
  /// The dimension of the source that panels cut, its and the last dimension's
  /// place among the panels' dimensions.
  int64_t column = 0, panel = 0;
  /// Columns of a panel, and elements of `deep` that stand side by side in it.
  int64_t columns = 0, group = 1;
  /// The dimension of the source that is cut into blocks, if any, and their
  /// size: of a group, or of squares that are transposed.
  std::optional<int64_t> deep;
  int64_t block = 1;
  /// Rows and columns, in words of a group each, of a square; 0 where rows are
  /// copied.
  int64_t square = 0;
  /// Panels of a task.
  int64_t taskPanels = 1;
  Value padding;
  SmallVector<OpFoldResult> sizes;
  /// Where each dimension of the source is among the panels' dimensions.
  SmallVector<int64_t> places;
};
} // namespace

/// Whether the elements of the last dimension lie beside each other.
static bool isLastContiguous(Value value) {
  while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>()) {
    int64_t last = slice.getSourceType().getRank() - 1;
    if (slice.getStaticStrides()[last] != 1 ||
        slice.getDroppedDims().test(last))
      return false;
    value = slice.getSource();
  }
  return true;
}

bool glu::canReadRows(Value source) {
  auto type = dyn_cast<RankedTensorType>(source.getType());
  if (!type || !type.getElementType().isIntOrFloat() ||
      llvm::is_contained(type.getShape(), 0))
    return false;
  int64_t bits = type.getElementTypeBitWidth();
  return llvm::isPowerOf2_64(bits) && bits >= 8 && bits <= 64 &&
         isLastContiguous(source);
}

LogicalResult PackingLoops::match() {
  ArrayRef<int64_t> tiled = op.getInnerDimsPos();
  ArrayRef<int64_t> tiles = op.getStaticInnerTiles();
  if (!canReadRows(op.getSource()) || tiles.empty() || tiles.size() > 2 ||
      ShapedType::isDynamicShape(tiles))
    return failure();
  type = cast<RankedTensorType>(op.getSource().getType());
  int64_t bits = type.getElementTypeBitWidth(), last = type.getRank() - 1;
  column = tiled.front();
  columns = tiles.front();
  if (tiles.size() == 2) {
    deep = tiled.back();
    group = tiles.back();
  }
  if (!llvm::isPowerOf2_64(group) || group * bits > 64)
    return failure();

  places.resize(type.getRank());
  ArrayRef<int64_t> order = op.getOuterDimsPerm();
  for (int64_t d = 0; d <= last; ++d)
    places[order.empty() ? d : order[d]] = d;
  panel = places[column];

  block = group;
  if (column == last) {
    // Tasks read rows of some panels: pages and lines whole.
    taskPanels = std::max<int64_t>(1, 8192 / (columns * bits));
    return success();
  }
  if (places[last] < panel || (deep && *deep != last))
    return failure();
  deep = last;
  square =
      std::min<int64_t>({16, vectorBits / (group * bits), columns & -columns});
  block = square * group;
  return success(square >= 2);
}

/// The whole blocks of a dimension, and what remains.
SmallVector<LoopPart> PackingLoops::split(OpFoldResult size, int64_t block) {
  AffineExpr s = rewriter.getAffineSymbolExpr(0);
  OpFoldResult middle = apply(s.floorDiv(block) * block, {size});
  SmallVector<LoopPart> ranges;
  OpFoldResult zero = rewriter.getIndexAttr(0);
  if (!isEqualConstantIntOrValue(middle, zero))
    ranges.push_back({zero, middle, true});
  FailureOr<bool> whole = ValueBoundsConstraintSet::areEqual(middle, size);
  if (failed(whole) || !*whole)
    ranges.push_back({middle, size, false});
  return ranges;
}

/// The same of `count` panels from `first` on, counted from there.
SmallVector<LoopPart> PackingLoops::getPanels(OpFoldResult first,
                                              OpFoldResult count) {
  SmallVector<LoopPart> parts = split(sizes[column], columns), ranges;
  if (parts.size() == 1)
    return {{rewriter.getIndexAttr(0), count, parts.front().whole}};
  for (LoopPart range : parts) {
    AffineExpr s0 = rewriter.getAffineSymbolExpr(0),
               s1 = rewriter.getAffineSymbolExpr(1);
    OpFoldResult zero = rewriter.getIndexAttr(0);
    AffineExpr middle = s0.floorDiv(columns) - s1;
    if (range.whole)
      range = {zero,
               min({middle, rewriter.getAffineSymbolExpr(2)},
                   {range.end, first, count}),
               true};
    else
      range = {
          affine::makeComposedFoldedAffineMax(
              rewriter, loc,
              AffineMap::get(0, 2, {middle, rewriter.getAffineConstantExpr(0)},
                             rewriter.getContext()),
              {range.begin, first}),
          count, false};
    ranges.push_back(range);
  }
  return ranges;
}

/// Reads a row of the source, `offset` beyond `from` in dimension `dim`, where
/// it may have ended, as the last dimension if it is not `whole`.
Value PackingLoops::readRow(SmallVector<Value> from, int64_t dim,
                            int64_t offset, bool inside, int64_t length,
                            bool whole) {
  Value there;
  from[dim] = add(from[dim], offset);
  if (!inside) {
    Value size = toValue(sizes[dim]);
    there = arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::slt,
                                  from[dim], size);
    from[dim] = arith::MinSIOp::create(rewriter, loc, from[dim], add(size, -1));
  }
  auto rowType = VectorType::get(length, type.getElementType());
  Value row = vector::TransferReadOp::create(
      rewriter, loc, rowType, op.getSource(), from, padding, whole);
  if (inside)
    return row;
  Value nothing = vector::BroadcastOp::create(rewriter, loc, rowType, padding);
  return arith::SelectOp::create(rewriter, loc, there, row, nothing);
}

/// Copies a row of a panel, or a few as groups.
Value PackingLoops::copyRow(Value panels, SmallVector<Value> from,
                            ArrayRef<Value> to, bool wholePanel,
                            bool wholeDepth) {
  SmallVector<Value> rows;
  for (int64_t i = 0; i < group; ++i)
    rows.push_back(readRow(from, deep.value_or(0), i, wholeDepth || group == 1,
                           columns, wholePanel));
  return vector::TransferWriteOp::create(rewriter, loc,
                                         interleaveRows(rewriter, loc, rows),
                                         panels, to, ArrayRef<bool>{true})
      .getResult();
}

/// Transposes a square. Of rows beyond the end the last one takes the place,
/// and is overwritten.
Value PackingLoops::transposeSquare(Value panels, SmallVector<Value> from,
                                    SmallVector<Value> to, bool wholePanel,
                                    bool wholeDepth) {
  SmallVector<Value> rows;
  for (int64_t i = 0; i < square; ++i)
    rows.push_back(readRow(from, column, i, wholePanel, block, wholeDepth));
  transposeRows(rewriter, loc, group, rows);
  int64_t dim = places[*deep];
  Value first = to[dim], end;
  if (!wholeDepth)
    end = add(toValue(tensor::getMixedSize(rewriter, loc, panels, dim)), -1);
  for (int64_t i = square - 1; i >= 0; --i) {
    to[dim] = add(first, i);
    if (!wholeDepth)
      to[dim] = arith::MinSIOp::create(rewriter, loc, to[dim], end);
    panels = vector::TransferWriteOp::create(rewriter, loc, rows[i], panels, to,
                                             ArrayRef<bool>{true})
                 .getResult();
  }
  return panels;
}

/// Loops over some panels of a task, part of `deep` and of the columns.
Value PackingLoops::expandPart(ValueRange task, Value panels,
                               LoopPart panelRange, LoopPart depth,
                               ColumnBlocks blocks) {
  // Rows are read in the order in which they lie, squares of a block of columns
  // written beside each other.
  enum { Panels = -1, Blocks = -2, Squares = -3 };
  SmallVector<int64_t> order;
  if (square)
    order = {Panels, Blocks};
  for (int64_t d = 0; d < type.getRank(); ++d)
    if (d != column && places[d] > panel)
      order.push_back(d);
  if (square)
    order.push_back(Squares);
  if (!square)
    order.push_back(Panels);

  SmallVector<Value> begins, ends, steps;
  for (int64_t d : order) {
    LoopPart range = {rewriter.getIndexAttr(0), rewriter.getIndexAttr(0), true};
    int64_t step = 1;
    if (d == Panels) {
      range = panelRange;
    } else if (d == Blocks) {
      range.begin = rewriter.getIndexAttr(blocks.begin);
      range.end = rewriter.getIndexAttr(blocks.end);
      step = blocks.size;
    } else if (d == Squares) {
      range.end = rewriter.getIndexAttr(blocks.size);
      step = square;
    } else if (d == deep) {
      range = depth;
      step = block;
    } else {
      range.end = sizes[d];
    }
    begins.push_back(toValue(range.begin));
    ends.push_back(toValue(range.end));
    steps.push_back(toValue(rewriter.getIndexAttr(step)));
  }
  auto body = [&](OpBuilder &, Location, ValueRange ivs,
                  ValueRange carried) -> scf::ValueVector {
    int64_t rank = cast<RankedTensorType>(panels.getType()).getRank();
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    SmallVector<Value> from(type.getRank(), zero), to(rank, zero);
    // The task's place in dimensions before that of the panels.
    for (int64_t d = 0; d < type.getRank(); ++d)
      if (places[d] < panel)
        from[d] = task[places[d]];
    OpFoldResult block = rewriter.getIndexAttr(0), inside = block;
    for (auto [d, iv] : llvm::zip_equal(order, ivs)) {
      if (d == Panels) {
        to[panel] = iv;
      } else if (d == Blocks) {
        block = iv;
      } else if (d == Squares) {
        AffineExpr s0 = rewriter.getAffineSymbolExpr(0),
                   s1 = rewriter.getAffineSymbolExpr(1);
        inside = apply(s0 + s1, {block, OpFoldResult(iv)});
        to.back() = toValue(apply(s0 * group, {inside}));
      } else {
        from[d] = iv;
        to[places[d]] =
            d == deep
                ? toValue(apply(rewriter.getAffineSymbolExpr(0).floorDiv(group),
                                {OpFoldResult(iv)}))
                : iv;
      }
    }
    AffineExpr first = rewriter.getAffineSymbolExpr(0),
               local = rewriter.getAffineSymbolExpr(1);
    from[column] = toValue(
        apply((first + local) * columns + rewriter.getAffineSymbolExpr(2),
              {OpFoldResult(task[panel]), OpFoldResult(to[panel]), inside}));
    Value whole = carried.front();
    return {
        square ? transposeSquare(whole, from, to, panelRange.whole, depth.whole)
               : copyRow(whole, from, to, panelRange.whole, depth.whole)};
  };
  OpBuilder::InsertionGuard guard(rewriter);
  return scf::buildLoopNest(rewriter, loc, begins, ends, steps, panels, body)
      .results.front();
}

Value PackingLoops::expandTask(ValueRange task, Value panels) {
  OpFoldResult count = tensor::getMixedSize(rewriter, loc, panels, panel);
  SmallVector<LoopPart> depths = {{{}, {}, true}};
  if (deep)
    depths = split(sizes[*deep], block);
  // As many rows at a time as there are pages that a chip knows the way to.
  constexpr int64_t most = 64;
  int64_t middle = columns > most ? columns / most * most : 0;
  for (LoopPart range : getPanels(task[panel], count))
    for (LoopPart depth : depths)
      for (ColumnBlocks blocks :
           {ColumnBlocks{0, middle, most}, {middle, columns, columns - middle}})
        if (blocks.begin < blocks.end)
          panels = expandPart(task, panels, range, depth, blocks);
  return panels;
}

Value PackingLoops::expand() {
  sizes = tensor::getMixedSizes(rewriter, loc, op.getSource());
  padding = op.getPaddingValue();
  if (!padding)
    padding = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(type.getElementType()));

  // A row of groups is one row.
  Value panels = op.getDest();
  auto packedType = cast<RankedTensorType>(panels.getType());
  SmallVector<ReassociationIndices> rows;
  for (int64_t d = 0; d <= type.getRank(); ++d)
    rows.push_back({d});
  if (op.getStaticInnerTiles().size() == 2) {
    rows.back().push_back(type.getRank() + 1);
    panels = tensor::CollapseShapeOp::create(rewriter, loc, panels, rows);
  }

  SmallVector<OpFoldResult> all = tensor::getMixedSizes(rewriter, loc, panels);
  SmallVector<OpFoldResult> begins(panel + 1, rewriter.getIndexAttr(0)), ends,
      steps(panel + 1, rewriter.getIndexAttr(1));
  ends.append(all.begin(), all.begin() + panel + 1);
  steps.back() = rewriter.getIndexAttr(taskPanels);
  SmallVector<OpFoldResult> offsets(all.size(), rewriter.getIndexAttr(0)),
      strides(all.size(), rewriter.getIndexAttr(1)), slice = all;
  auto expandSlice = [&](ValueRange task, Value whole) -> Value {
    for (int64_t d = 0; d <= panel; ++d) {
      offsets[d] = task[d];
      slice[d] = rewriter.getIndexAttr(1);
    }
    AffineExpr size = rewriter.getAffineSymbolExpr(0);
    AffineExpr first = rewriter.getAffineSymbolExpr(1);
    if (taskPanels != 1)
      slice[panel] =
          min({size - first, rewriter.getAffineConstantExpr(taskPanels)},
              {all[panel], offsets[panel]});
    Value part = tensor::ExtractSliceOp::create(rewriter, loc, whole, offsets,
                                                slice, strides);
    return expandTask(task, part);
  };

  OpBuilder::InsertionGuard guard(rewriter);
  Value result;
  if (op->getParentOfType<LoopLikeOpInterface>()) {
    auto body = [&](OpBuilder &, Location, ValueRange task,
                    ValueRange carried) -> scf::ValueVector {
      Value part = expandSlice(task, carried.front());
      return {tensor::InsertSliceOp::create(
          rewriter, loc, part, carried.front(), offsets, slice, strides)};
    };
    auto values = [&](ArrayRef<OpFoldResult> bounds) {
      return getValueOrCreateConstantIndexOp(rewriter, loc, bounds);
    };
    result = scf::buildLoopNest(rewriter, loc, values(begins), values(ends),
                                values(steps), panels, body)
                 .results.front();
  } else {
    auto forall = scf::ForallOp::create(rewriter, loc, begins, ends, steps,
                                        panels, std::nullopt);
    rewriter.setInsertionPoint(forall.getTerminator());
    Value whole = forall.getRegionIterArgs().front();
    Value part = expandSlice(forall.getInductionVars(), whole);
    rewriter.setInsertionPointToEnd(forall.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(rewriter, loc, part, whole, offsets,
                                          slice, strides);
    result = forall.getResult(0);
    rewriter.setInsertionPointAfter(forall);
  }
  if (result.getType() == packedType)
    return result;
  return tensor::ExpandShapeOp::create(
      rewriter, loc, packedType, result, rows,
      tensor::getMixedSizes(rewriter, loc, op.getDest()));
}

LogicalResult glu::expandPacking(RewriterBase &rewriter, linalg::PackOp op,
                                 int64_t vectorBits) {
  PackingLoops loops(rewriter, op, vectorBits);
  if (!op.hasPureTensorSemantics() || failed(loops.match()))
    return failure();
  rewriter.setInsertionPoint(op);
  rewriter.replaceOp(op, loops.expand());
  return success();
}
