//===- PackProjection.cpp - Operands of a projection as tiles -------------===//

#include "PackProjection.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace glu;

OpFoldResult ProjectionPacker::apply(AffineExpr expr,
                                     ArrayRef<OpFoldResult> operands) {
  return affine::makeComposedFoldedAffineApply(rewriter, loc, expr, operands);
}

ProjectionPacker::ProjectionPacker(RewriterBase &rewriter, Operation *op,
                                   const ProjectionDims &dims,
                                   ScheduleAttr schedule)
    : rewriter(rewriter), op(op), loc(op->getLoc()), dims(dims),
      rows(schedule.getRows()), columns(schedule.getColumns()),
      group(schedule.getGroup()), depth(std::max(group, schedule.getDepth())) {
  auto getSize = [&](unsigned dim) -> OpFoldResult {
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map =
          cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(&operand);
      if (auto i = map.getResultPosition(rewriter.getAffineDimExpr(dim)))
        return tensor::getMixedSize(rewriter, loc, operand.get(), *i);
    }
    llvm_unreachable("the verifier wants every dimension by itself somewhere");
  };
  rowSize = dims.row ? getSize(*dims.row) : rewriter.getIndexAttr(1);
  columnSize = getSize(dims.column);
  AffineExpr size = rewriter.getAffineSymbolExpr(0);
  rowTiles = apply(size.ceilDiv(rows), {rowSize});
  columnTiles = apply(size.ceilDiv(columns), {columnSize});
  rowPadding = apply(size.ceilDiv(rows) * rows - size, {rowSize});
  columnPadding = apply(size.ceilDiv(columns) * columns - size, {columnSize});

  groupPadding = rewriter.getIndexAttr(0);
  if (group > 1) {
    OpFoldResult reductionSize = getSize(*dims.grouped);
    AffineExpr padded = size.ceilDiv(depth) * depth;
    groups = apply(padded.floorDiv(group), {reductionSize});
    groupPadding = apply(padded - size, {reductionSize});
  }

  replacements.resize(dims.sizes.size());
  for (auto [i, dim] : llvm::enumerate(dims.outer))
    replacements[dim] = rewriter.getAffineDimExpr(i);
  for (auto [i, dim] : llvm::enumerate(dims.reductions))
    replacements[dim] = rewriter.getAffineDimExpr(getN0() + 1 + i);
  if (group > 1) {
    groupIndex = replacements[*dims.grouped];
    replacements[*dims.grouped] =
        groupIndex * group + rewriter.getAffineDimExpr(getK0());
  }
  if (dims.row)
    replacements[*dims.row] = rewriter.getAffineDimExpr(getM1()) * rows +
                              rewriter.getAffineDimExpr(getM0());
  replacements[dims.column] = rewriter.getAffineDimExpr(getN1()) * columns +
                              rewriter.getAffineDimExpr(getN0());
}

bool ProjectionPacker::isGrouped(AffineExpr expr) const {
  auto dim = dyn_cast<AffineDimExpr>(expr);
  return group > 1 && dim && dim.getPosition() == *dims.grouped;
}

AffineExpr ProjectionPacker::substitute(AffineExpr expr) {
  return expr.replaceDimsAndSymbols(replacements, {});
}

Value ProjectionPacker::pad(Value value, ArrayRef<OpFoldResult> high) {
  if (llvm::all_of(high, isZeroInteger))
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  Value zero = arith::ConstantOp::create(
      rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
  SmallVector<OpFoldResult> low(high.size(), rewriter.getIndexAttr(0));
  return tensor::PadOp::create(rewriter, loc, Type(), value, low, high, zero)
      .getResult();
}

Packed ProjectionPacker::split(Value value, AffineMap map) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return {value, AffineMap::get(getNumDims(), 0, {}, rewriter.getContext())};
  // Pad what the tiles overrun: a result a * row + ... by a per missing row.
  MLIRContext *context = rewriter.getContext();
  auto getFactor = [&](AffineExpr expr, unsigned dim) -> int64_t {
    SmallVector<AffineExpr> zeros(map.getNumDims(),
                                  getAffineConstantExpr(0, context));
    AffineExpr at0 = expr.replaceDims(zeros);
    zeros[dim] = getAffineConstantExpr(1, context);
    AffineExpr at1 = expr.replaceDims(zeros);
    return cast<AffineConstantExpr>(at1).getValue() -
           cast<AffineConstantExpr>(at0).getValue();
  };
  SmallVector<OpFoldResult> high;
  for (AffineExpr expr : map.getResults()) {
    AffineExpr s0 = rewriter.getAffineSymbolExpr(0);
    AffineExpr s1 = rewriter.getAffineSymbolExpr(1);
    int64_t rowFactor = dims.row ? getFactor(expr, *dims.row) : 0;
    high.push_back(apply(s0 * rowFactor + s1 * getFactor(expr, dims.column),
                         {rowPadding, columnPadding}));
    if (isGrouped(expr))
      high.back() = groupPadding;
  }
  value = pad(value, high);

  SmallVector<ReassociationIndices> reassociation;
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> results;
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    bool isRow = dim && dims.row && dim.getPosition() == *dims.row;
    bool isColumn = dim && dim.getPosition() == dims.column;
    ReassociationIndices &pieces = reassociation.emplace_back();
    auto add = [&](OpFoldResult size, AffineExpr result) {
      pieces.push_back(sizes.size());
      sizes.push_back(size);
      results.push_back(result);
    };
    if (isRow || isColumn) {
      add(isRow ? rowTiles : columnTiles,
          rewriter.getAffineDimExpr(isRow ? getM1() : getN1()));
      add(rewriter.getIndexAttr(isRow ? rows : columns),
          rewriter.getAffineDimExpr(isRow ? getM0() : getN0()));
    } else if (isGrouped(expr)) {
      add(groups, groupIndex);
      add(rewriter.getIndexAttr(group), rewriter.getAffineDimExpr(getK0()));
    } else {
      add(tensor::getMixedSize(rewriter, loc, value, i), substitute(expr));
    }
  }
  if (int64_t(sizes.size()) != type.getRank()) {
    SmallVector<int64_t> shape;
    SmallVector<Value> dynamicSizes;
    dispatchIndexOpFoldResults(sizes, dynamicSizes, shape);
    value = tensor::ExpandShapeOp::create(rewriter, loc, type.clone(shape),
                                          value, reassociation, sizes);
  }
  return {value, AffineMap::get(getNumDims(), 0, results, context)};
}

Value ProjectionPacker::convert(Value value, Type type) {
  auto tensor = cast<RankedTensorType>(value.getType());
  if (tensor.getElementType() == type)
    return value;
  Value empty = tensor::EmptyOp::create(
      rewriter, loc, tensor::getMixedSizes(rewriter, loc, value), type);
  AffineMap identity = rewriter.getMultiDimIdentityMap(tensor.getRank());
  SmallVector<utils::IteratorType> iterators(tensor.getRank(),
                                             utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    linalg::YieldOp::create(b, loc, convertScalar(b, loc, args[0], type));
  };
  return linalg::GenericOp::create(rewriter, loc, empty.getType(), value, empty,
                                   {identity, identity}, iterators, body)
      .getResult(0);
}

Packed ProjectionPacker::getSource(OpOperand *operand) {
  Packed source{
      operand->get(),
      cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(operand)};
  while (auto transpose = source.value.getDefiningOp<linalg::TransposeOp>()) {
    SmallVector<AffineExpr> results(source.map.getNumResults());
    for (auto [i, dim] : llvm::enumerate(transpose.getPermutation()))
      results[dim] = source.map.getResult(i);
    source.value = transpose.getInput();
    source.map = AffineMap::get(source.map.getNumDims(), 0, results,
                                rewriter.getContext());
  }
  return source;
}

/// A row of an input is read along the sum by every panel of columns: many of
/// them pay for a copy in which it lies so.
Packed ProjectionPacker::layAlongSum(Packed source) {
  constexpr int64_t manyRows = 16, manyColumns = 128;
  auto isAtLeast = [](int64_t size, int64_t least) {
    return ShapedType::isDynamic(size) || size >= least;
  };
  if (!dims.grouped || !isAtLeast(dims.getRowSize(), manyRows) ||
      !isAtLeast(dims.getColumnSize(), manyColumns))
    return source;
  SmallVector<AffineExpr> results(source.map.getResults());
  if (auto last = dyn_cast<AffineDimExpr>(results.back());
      last && llvm::is_contained(dims.reductions, last.getPosition()))
    return source;
  unsigned sum =
      *source.map.getResultPosition(rewriter.getAffineDimExpr(*dims.grouped));
  auto order = llvm::to_vector(llvm::seq<int64_t>(results.size()));
  std::rotate(order.begin() + sum, order.begin() + sum + 1, order.end());
  std::rotate(results.begin() + sum, results.begin() + sum + 1, results.end());
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, source.value);
  std::rotate(sizes.begin() + sum, sizes.begin() + sum + 1, sizes.end());
  Value empty = tensor::EmptyOp::create(rewriter, loc, sizes,
                                        getElementTypeOrSelf(source.value));
  Value copy =
      linalg::TransposeOp::create(rewriter, loc, source.value, empty, order)
          ->getResult(0);
  return {copy, AffineMap::get(source.map.getNumDims(), 0, results,
                               rewriter.getContext())};
}

Packed ProjectionPacker::packInput(const Contraction &contraction) {
  Packed source = layAlongSum(getSource(contraction.input));
  auto type = dyn_cast<IntegerType>(getElementTypeOrSelf(source.value));
  int64_t bits = 32 / group; // Of an element of a group.
  if (group == 1)
    source.value = convert(source.value, contraction.accumulator);
  else if (type && type.getWidth() < bits)
    source.value = convert(source.value, rewriter.getIntegerType(bits));
  return split(source.value, source.map);
}

/// Where a weight has its dimensions, in the order of a panel, and its map.
struct ProjectionPacker::PackedWeight {
  Value source;
  SmallVector<int64_t> order;
  /// The dimensions that are cut into tiles: the column, and with a group the
  /// grouped reduction; and the tiles' sizes.
  SmallVector<int64_t> tiled;
  SmallVector<OpFoldResult> tiles;
  /// [outer..., n1, reductions...]
  SmallVector<AffineExpr> results;

  Type getElementType() const { return getElementTypeOrSelf(source); }
};

Packed ProjectionPacker::packWeight(const Contraction &contraction) {
  return packWeightPair(contraction, contraction).front();
}

SmallVector<Packed> ProjectionPacker::packWeightPair(const Contraction &gate,
                                                     const Contraction &value) {
  bool pair = gate.weight != value.weight;
  auto describe = [&](OpOperand *weight) {
    auto [source, map] = getSource(weight);
    PackedWeight packed;
    packed.source = source;
    auto take = [&, map = map](unsigned dim, AffineExpr result) {
      auto position = map.getResultPosition(rewriter.getAffineDimExpr(dim));
      if (!position)
        return;
      packed.order.push_back(*position);
      packed.results.push_back(result);
    };
    for (unsigned dim : dims.outer)
      take(dim, replacements[dim]);
    take(dims.column, rewriter.getAffineDimExpr(getN1()));
    packed.tiled.push_back(packed.order.back());
    packed.tiles.push_back(rewriter.getIndexAttr(columns));
    for (unsigned dim : dims.reductions) {
      bool grouped = isGrouped(rewriter.getAffineDimExpr(dim));
      take(dim, grouped ? groupIndex : replacements[dim]);
      if (!grouped)
        continue;
      packed.tiled.push_back(packed.order.back());
      packed.tiles.push_back(rewriter.getIndexAttr(group));
    }
    // A pack pads to whole tiles, and no further.
    if (depth > group) {
      SmallVector<OpFoldResult> high(map.getNumResults(),
                                     rewriter.getIndexAttr(0));
      high[packed.tiled.back()] = groupPadding;
      packed.source = pad(source, high);
    }
    return packed;
  };
  auto createPack = [&](const PackedWeight &packed,
                        Value destination) -> Value {
    if (!destination)
      destination = linalg::PackOp::createDestinationTensor(
          rewriter, loc, packed.source, packed.tiles, packed.tiled,
          packed.order);
    std::optional<Value> zero;
    if (!isZeroInteger(columnPadding) || !isZeroInteger(groupPadding))
      zero = arith::ConstantOp::create(
          rewriter, loc, rewriter.getZeroAttr(packed.getElementType()));
    return linalg::PackOp::create(rewriter, loc, packed.source, destination,
                                  packed.tiled, packed.tiles, zero,
                                  packed.order)
        .getResult();
  };

  MLIRContext *context = rewriter.getContext();
  AffineExpr n0 = rewriter.getAffineDimExpr(getN0());
  PackedWeight first = describe(gate.weight), second = describe(value.weight);
  auto makeMap = [&](const PackedWeight &packed, std::optional<int> half) {
    SmallVector<AffineExpr> results(packed.results);
    if (half)
      results.push_back(getAffineConstantExpr(*half, context));
    results.push_back(n0);
    if (group > 1)
      results.push_back(rewriter.getAffineDimExpr(getK0()));
    return AffineMap::get(getNumDims(), 0, results, context);
  };
  if (!pair)
    return {{createPack(first, {}), makeMap(first, {})}};
  if (first.results != second.results ||
      first.getElementType() != second.getElementType())
    return {{createPack(first, {}), makeMap(first, {})},
            {createPack(second, {}), makeMap(second, {})}};

  // Side by side in one tensor: each is packed straight into its half.
  Value shape = linalg::PackOp::createDestinationTensor(
      rewriter, loc, first.source, first.tiles, first.tiled, first.order);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, shape);
  size_t halves = sizes.size() - first.tiles.size();
  sizes.insert(sizes.begin() + halves, rewriter.getIndexAttr(2));
  Value panels =
      tensor::EmptyOp::create(rewriter, loc, sizes, first.getElementType());
  sizes[halves] = rewriter.getIndexAttr(1);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
  auto halfType = cast<RankedTensorType>(shape.getType());
  for (auto [i, packed] : {std::pair(0, &first), std::pair(1, &second)}) {
    offsets[halves] = rewriter.getIndexAttr(i);
    Value destination = tensor::ExtractSliceOp::create(
        rewriter, loc, halfType, panels, offsets, sizes, strides);
    Value filled = createPack(*packed, destination);
    panels = tensor::InsertSliceOp::create(rewriter, loc, filled, panels,
                                           offsets, sizes, strides);
  }
  return {{panels, makeMap(first, 0)}, {panels, makeMap(second, 1)}};
}

Packed ProjectionPacker::makeDestination(Type element, AffineMap map) {
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> results;
  auto addPair = [&](OpFoldResult tiles, int64_t tile, unsigned outer,
                     unsigned inner) {
    sizes.append({tiles, rewriter.getIndexAttr(tile)});
    results.append(
        {rewriter.getAffineDimExpr(outer), rewriter.getAffineDimExpr(inner)});
  };
  // A single row has no dimension of its own: it gets one.
  if (!dims.row)
    addPair(rowTiles, rows, getM1(), getM0());
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    if (dims.row && dim == *dims.row)
      addPair(rowTiles, rows, getM1(), getM0());
    else if (dim == dims.column)
      addPair(columnTiles, columns, getN1(), getN0());
    else {
      for (OpOperand &operand : op->getOpOperands())
        if (auto at = cast<IndexingMapOpInterface>(op)
                          .getMatchingIndexingMap(&operand)
                          .getResultPosition(expr)) {
          sizes.push_back(
              tensor::getMixedSize(rewriter, loc, operand.get(), *at));
          break;
        }
      results.push_back(substitute(expr));
    }
  }
  Value empty = tensor::EmptyOp::create(rewriter, loc, sizes, element);
  return {empty,
          AffineMap::get(getNumDims(), 0, results, rewriter.getContext())};
}

Value ProjectionPacker::join(Value packed, AffineMap map) {
  SmallVector<ReassociationIndices> reassociation;
  int64_t next = 0;
  // The single row's unit dimensions go with the first dimension.
  ReassociationIndices pending;
  if (!dims.row)
    pending = {next++, next++};
  for (AffineExpr expr : map.getResults()) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    bool split = (dims.row && dim == *dims.row) || dim == dims.column;
    ReassociationIndices &group = reassociation.emplace_back(pending);
    pending.clear();
    for (int i = 0; i < (split ? 2 : 1); ++i)
      group.push_back(next++);
  }
  if (next == int64_t(reassociation.size()))
    return packed;
  return tensor::CollapseShapeOp::create(rewriter, loc, packed, reassociation);
}

Value ProjectionPacker::cut(Value result, Value original) {
  auto type = cast<RankedTensorType>(original.getType());
  if (isZeroInteger(rowPadding) && isZeroInteger(columnPadding))
    return result.getType() == type
               ? result
               : tensor::CastOp::create(rewriter, loc, type, result);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, original);
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(rewriter, loc, type, result, offsets,
                                        sizes, strides);
}
