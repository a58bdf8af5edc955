//===- Views.cpp - Following an access through views ----------------------===//

#include "Reshape.h"

#include "glu/IR/Views.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace glu;

namespace {
/// One step through a view; each function handles one kind of operation and
/// returns whether the access moved on to its source.
struct ViewStepper {
  Access &access;
  const Domain &domain;
  std::optional<DimSplit> *split;
  bool conversions;

  bool moveTo(Value source, SmallVector<LinearIndex> indices) {
    access.value = source;
    access.indices = std::move(indices);
    return true;
  }

  bool step(tensor::CastOp op) {
    if (!isa<RankedTensorType>(op.getSource().getType()))
      return false;
    return moveTo(op.getSource(), access.indices);
  }

  /// Whether the size of the slice is that of the source, or both are static.
  static bool isWhole(tensor::ExtractSliceOp op, int64_t dim) {
    OpFoldResult size = op.getMixedSizes()[dim];
    if (!op.getSourceType().isDynamicDim(dim) && isa<Attribute>(size))
      return true;
    FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
        size, ValueBoundsConstraintSet::Variable(op.getSource(), dim));
    return succeeded(equal) && *equal;
  }

  bool step(tensor::ExtractSliceOp op) {
    llvm::SmallBitVector dropped = op.getDroppedDims();
    SmallVector<OpFoldResult> offsets = op.getMixedOffsets();
    SmallVector<LinearIndex> indices;
    unsigned next = 0;
    for (auto [dim, offset] : llvm::enumerate(offsets)) {
      int64_t stride = op.getStaticStride(dim);
      if (ShapedType::isDynamic(stride))
        return false;
      LinearIndex index;
      if (!dropped[dim])
        index = access.indices[next++] * stride;
      if (!dropped[dim] && !isWhole(op, dim))
        index.partial = true;
      if (auto value = dyn_cast<Value>(offset))
        index.offsets.push_back({value, 1});
      else
        index.constant += op.getStaticOffset(dim);
      indices.push_back(index);
    }
    return moveTo(op.getSource(), std::move(indices));
  }

  bool step(tensor::CollapseShapeOp op) {
    ArrayRef<int64_t> shape = op.getSrcType().getShape();
    SmallVector<LinearIndex> indices;
    // Dimensions of a 0-d result are all of size one.
    if (op.getReassociationIndices().empty())
      indices.resize(shape.size());
    for (auto [i, group] : llvm::enumerate(getGroups(op))) {
      auto parts =
          delinearize(access.indices[i],
                      shape.slice(group.front(), group.size()), domain, split);
      if (!parts)
        return false;
      llvm::append_range(indices, *parts);
    }
    return moveTo(op.getSrc(), std::move(indices));
  }

  bool step(tensor::ExpandShapeOp op) {
    ArrayRef<int64_t> shape = op.getResultType().getShape();
    SmallVector<LinearIndex> indices;
    for (const ReassociationIndices &group : getGroups(op)) {
      auto index =
          linearize(ArrayRef(access.indices).slice(group.front(), group.size()),
                    shape.slice(group.front(), group.size()));
      if (!index)
        return false;
      indices.push_back(*index);
    }
    return moveTo(op.getSrc(), std::move(indices));
  }

  bool step(tensor::ConcatOp op) {
    int64_t dim = op.getDim(), start = 0;
    auto range = access.indices[dim].getRange(domain);
    if (!range)
      return false;
    for (Value input : op.getInputs()) {
      int64_t size = cast<RankedTensorType>(input.getType()).getDimSize(dim);
      if (ShapedType::isDynamic(size))
        return false;
      if (range->first >= start && range->second < start + size) {
        access.value = input;
        access.indices[dim].constant -= start;
        return true;
      }
      start += size;
    }
    return false;
  }

  /// Reads wholly inside or wholly outside what was inserted.
  bool step(tensor::InsertSliceOp op) {
    bool inside = true, outside = false;
    SmallVector<LinearIndex> indices;
    llvm::SmallBitVector dropped = op.getDroppedDims();
    for (auto [dim, index] : llvm::enumerate(access.indices)) {
      int64_t offset = op.getStaticOffset(dim), size = op.getStaticSize(dim);
      auto range = index.getRange(domain);
      if (ShapedType::isDynamic(offset) || ShapedType::isDynamic(size) ||
          op.getStaticStride(dim) != 1 || !range)
        return false;
      inside &= range->first >= offset && range->second < offset + size;
      outside |= range->second < offset || range->first >= offset + size;
      if (!dropped[dim])
        indices.push_back(index + LinearIndex(-offset));
    }
    if (outside)
      return moveTo(op.getDest(), access.indices);
    return inside && moveTo(op.getSource(), std::move(indices));
  }

  /// The loops of an elementwise operation at the accessed element of its
  /// result; nothing if it is not elementwise.
  std::optional<SmallVector<LinearIndex>> getLoops(linalg::LinalgOp op) {
    if (!op.hasPureTensorSemantics() || op->getNumResults() != 1 ||
        op.getNumParallelLoops() != op.getNumLoops())
      return std::nullopt;
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
    if (!map.isPermutation())
      return std::nullopt;
    SmallVector<LinearIndex> loops(map.getNumDims());
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      loops[cast<AffineDimExpr>(expr).getPosition()] = access.indices[i];
    return loops;
  }

  /// Transposes, broadcasts and copies: the body yields an input as it is.
  bool step(linalg::LinalgOp op) {
    std::optional<SmallVector<LinearIndex>> loops = getLoops(op);
    if (!loops)
      return false;
    Value yielded = op.getBlock()->getTerminator()->getOperand(0);
    while (Operation *def = yielded.getDefiningOp()) {
      if (!conversions || def->getBlock() != op.getBlock() ||
          !isa<arith::ExtFOp, arith::ExtSIOp>(def))
        break;
      yielded = def->getOperand(0);
    }
    auto argument = dyn_cast<BlockArgument>(yielded);
    if (argument && argument.getOwner() == op.getBlock()) {
      OpOperand *operand = op.getMatchingOpOperand(argument);
      if (!op.isDpsInput(operand) ||
          !isa<RankedTensorType>(operand->get().getType()))
        return false;
      auto indices =
          evaluate(op.getMatchingIndexingMap(operand), *loops, domain);
      return indices && moveTo(operand->get(), std::move(*indices));
    }
    auto extract = yielded.getDefiningOp<tensor::ExtractOp>();
    std::optional<Access> gathered;
    if (extract)
      gathered = getGatheredAccess(op, extract, *loops, domain);
    return gathered && moveTo(gathered->value, gathered->indices);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Gathers
//===----------------------------------------------------------------------===//

/// The constant integers that `table` reads, as a linear index, if they are an
/// arithmetic progression.
static std::optional<LinearIndex> getProgression(const Access &table,
                                                 const Domain &domain) {
  DenseIntElementsAttr elements;
  if (!matchPattern(table.value, m_Constant(&elements)))
    return std::nullopt;
  std::optional<unsigned> dim;
  for (const LinearIndex &index : table.indices) {
    if (!index.getRange(domain))
      return std::nullopt;
    for (unsigned used : index.getDims()) {
      if (domain.sizes[used] == 1)
        continue;
      if (dim && *dim != used)
        return std::nullopt;
      dim = used;
    }
  }
  auto type = cast<RankedTensorType>(table.value.getType());
  auto values = elements.getValues<APInt>();
  auto read = [&](int64_t point) -> std::optional<int64_t> {
    int64_t position = 0;
    for (auto [i, index] : llvm::enumerate(table.indices)) {
      int64_t at =
          index.constant + (dim ? index.getCoefficient(*dim) * point : 0);
      if (at < 0 || at >= type.getDimSize(i))
        return std::nullopt;
      position = position * type.getDimSize(i) + at;
    }
    return values[position].getSExtValue();
  };
  std::optional<int64_t> first = read(0);
  int64_t size = dim ? domain.sizes[*dim] : 1;
  if (!first || size < 1)
    return std::nullopt;
  if (size == 1)
    return LinearIndex(*first);
  std::optional<int64_t> second = read(1);
  if (!second)
    return std::nullopt;
  int64_t stride = *second - *first;
  for (int64_t i = 2; i < size; ++i)
    if (read(i) != *first + i * stride)
      return std::nullopt;
  return LinearIndex::dim(*dim, stride) + LinearIndex(*first);
}

/// An index of an element that is gathered: a loop, a constant, or read from a
/// constant table.
static std::optional<LinearIndex> getGatheredIndex(linalg::LinalgOp op,
                                                   Value index,
                                                   ArrayRef<LinearIndex> loops,
                                                   const Domain &domain) {
  IntegerAttr constant;
  if (matchPattern(index, m_Constant(&constant)))
    return LinearIndex(constant.getInt());
  if (auto loop = index.getDefiningOp<linalg::IndexOp>())
    return loops[loop.getDim()];
  auto cast = index.getDefiningOp<arith::IndexCastOp>();
  auto argument = dyn_cast<BlockArgument>(cast ? cast.getIn() : index);
  if (!argument || argument.getOwner() != op.getBlock())
    return std::nullopt;
  OpOperand *operand = op.getMatchingOpOperand(argument);
  auto indices = evaluate(op.getMatchingIndexingMap(operand), loops, domain);
  if (!op.isDpsInput(operand) || !indices ||
      !isa<RankedTensorType>(operand->get().getType()))
    return std::nullopt;
  Access table{operand->get(), *indices, {}};
  while (stepThroughView(table, domain))
    ;
  return getProgression(table, domain);
}

std::optional<Access> glu::getGatheredAccess(linalg::LinalgOp op,
                                             tensor::ExtractOp extract,
                                             ArrayRef<LinearIndex> loops,
                                             const Domain &domain) {
  Value source = extract.getTensor();
  if (op.getBlock() == source.getParentBlock())
    return std::nullopt;
  auto type = cast<RankedTensorType>(source.getType());
  SmallVector<LinearIndex> indices;
  for (auto [dim, index] : llvm::enumerate(extract.getIndices())) {
    auto linear = getGatheredIndex(op, index, loops, domain);
    if (!linear)
      return std::nullopt;
    // Out of bounds is undefined: leave it as it is.
    auto range = linear->getRange(domain);
    bool isLoop = index.getDefiningOp<linalg::IndexOp>() != nullptr;
    if (!isLoop && (!range || range->first < 0 || type.isDynamicDim(dim) ||
                    range->second >= type.getDimSize(dim)))
      return std::nullopt;
    linear->partial |= type.isDynamicDim(dim);
    indices.push_back(*linear);
  }
  return Access{source, indices, {}};
}

bool glu::stepThroughView(Access &access, const Domain &domain,
                          std::optional<DimSplit> *split, bool conversions) {
  Operation *op = access.value.getDefiningOp();
  if (!op || !isa<RankedTensorType>(access.value.getType()))
    return false;
  assert(access.groups.empty() && "views are followed before dims are merged");
  ViewStepper stepper{access, domain, split, conversions};
  if (conversions && isa<arith::ExtFOp, arith::ExtSIOp>(op)) {
    access.value = op->getOperand(0);
    return true;
  }
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<tensor::CastOp, tensor::ExtractSliceOp, tensor::CollapseShapeOp,
            tensor::ExpandShapeOp, tensor::ConcatOp, tensor::InsertSliceOp,
            linalg::LinalgOp>([&](auto view) { return stepper.step(view); })
      .Default([](Operation *) { return false; });
}
