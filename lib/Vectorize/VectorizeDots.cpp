//===- VectorizeDots.cpp - Tiles of dot products --------------------------===//
//
// A tile whose innermost reduction is a group of narrow elements, beside each
// other in input and weights, as glu-pack makes it. The group of an input is
// broadcast to all lanes; the weights of the lanes are one vector register.
// Sums are carried by register, since the instructions take no wider vectors.
//
//===----------------------------------------------------------------------===//

#include "EmitDot.h"
#include "TileVectorizer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

using namespace mlir;
using namespace glu;

namespace {
class DotVectorizer : public TileVectorizer {
public:
  DotVectorizer(RewriterBase &rewriter, linalg::LinalgOp op,
                const Target &target)
      : TileVectorizer(rewriter, op, target) {}

  LogicalResult run();

private:
  LogicalResult match();
  LogicalResult findDot();
  bool isTileProduct();
  bool liesInGroups(OpOperand &weight);
  Value readInput(OpOperand &input, const Row &row);
  Value readWeights(OpOperand &weight, int64_t first);
  SmallVector<Value> readAllWeights();
  SmallVector<Value> step(ValueRange carried);
  /// Whether the instruction wants inputs without a sign, and they have one:
  /// 128 is added to them, and 128 times the weights taken from the sums.
  bool flips(const GroupProduct &product) const {
    return dot->unsignedInput && !product.unsignedInput;
  }
  SmallVector<Value> makeZeros();
  SmallVector<Value> addCorrections(ValueRange corrections,
                                    ArrayRef<Value> weights);
  SmallVector<Value> subtract(ValueRange sums, ValueRange corrections);
  LoopLikeOpInterface findLoopOverRows();
  SmallVector<Value> correctAndReduce(SmallVector<Value> sums);
  int64_t getNumRegisters() const { return sizes[lane] / dot->lanes(); }

  const DotProduct *dot = nullptr;
  /// The innermost reduction.
  unsigned grouped = 0;
  SmallVector<GroupProduct> products;
  /// Weights with lanes and groups as one dimension.
  DenseMap<Value, Value> flat;
};
} // namespace

/// Whether all rows have the same weights, whose lanes and groups are the last
/// dimensions, and whole.
bool DotVectorizer::liesInGroups(OpOperand &weight) {
  AffineMap map = op.getMatchingIndexingMap(&weight);
  int64_t last = int64_t(map.getNumResults()) - 1;
  ArrayRef<int64_t> shape = op.getShape(&weight);
  for (auto [d, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
    if (iterator == utils::IteratorType::parallel && d != lane &&
        sizes[d] != 1 && map.isFunctionOfDim(d))
      return false;
  if (last < 1 || shape[last] != sizes[grouped] ||
      shape[last - 1] != sizes[lane])
    return false;
  for (int64_t i = 0; i < last - 1; ++i)
    if (map.getResult(i).isFunctionOfDim(grouped))
      return false;
  return map.getResult(last) == rewriter.getAffineDimExpr(grouped) &&
         map.getResult(last - 1) == rewriter.getAffineDimExpr(lane);
}

LogicalResult DotVectorizer::match() {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  if (failed(check()))
    return failure();
  if (reductions.empty() || reductions.back() + 1 != sizes.size())
    return fail("its innermost loop is no reduction");
  grouped = reductions.pop_back_val();
  for (unsigned i = 0; i < op.getNumDpsInits(); ++i) {
    std::optional<GroupProduct> product = matchGroupProduct(op, i);
    if (!product || !liesInGroups(*product->weight))
      return fail("it does not sum up products of groups");
    AffineMap input = op.getMatchingIndexingMap(product->input);
    if (input.isFunctionOfDim(lane) ||
        !input.getResultPosition(rewriter.getAffineDimExpr(grouped)))
      return fail("its input has no groups, or one for each lane");
    products.push_back(*product);
  }
  return success();
}

/// Whether `value` lies in memory element by element, its last dimension
/// innermost, once it is a memref.
static bool isContiguous(Value value) {
  while (Operation *def = value.getDefiningOp()) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(def)) {
      if (!isConstantIntValue(slice.getMixedStrides().back(), 1) ||
          slice.getDroppedDims().test(slice.getSourceType().getRank() - 1))
        return false;
      value = slice.getSource();
    } else if (auto expand = dyn_cast<tensor::ExpandShapeOp>(def)) {
      value = expand.getSrc();
    } else if (auto view = dyn_cast<bufferization::ToTensorOp>(def)) {
      auto type = dyn_cast<MemRefType>(view.getBuffer().getType());
      return type && type.isLastDimUnitStride();
    } else {
      return true;
    }
  }
  return true;
}

/// Whether glu-tiles-to-amx can take it: there is such an instruction, tile
/// registers are full and not too many, and their rows contiguous in memory.
bool DotVectorizer::isTileProduct() {
  constexpr int64_t tile = 16, registers = 8;
  int64_t weights = 0, sums = 0;
  if (reductions.empty())
    return false;
  AffineExpr element = rewriter.getAffineDimExpr(grouped);
  AffineExpr group = rewriter.getAffineDimExpr(reductions.back());
  for (auto [i, product] : llvm::enumerate(products)) {
    AffineMap map = op.getMatchingIndexingMap(product.input);
    auto position = map.getResultPosition(group);
    if (!lookupTileProduct(target, op, product, i, sizes[grouped]) ||
        map.getNumResults() < 2 || map.getResults().back() != element ||
        position != map.getNumResults() - 2 ||
        op.getShape(product.input).back() != sizes[grouped] ||
        !op.getMatchingIndexingMap(product.weight).getResultPosition(group) ||
        !isContiguous(product.input->get()))
      return false;
    weights += sizes[lane] / tile;
    sums += sizes[lane] / tile * (rows.size() / tile);
  }
  return sizes[lane] % tile == 0 && rows.size() % tile == 0 &&
         weights + sums + 1 <= registers &&
         !ShapedType::isDynamic(sizes[reductions.back()]) &&
         sizes[reductions.back()] % tile == 0 &&
         op.getNumParallelLoops() >= 2 &&
         llvm::all_of(llvm::enumerate(sizes), [&](auto size) {
           return size.value() == 1 || size.index() == lane ||
                  size.value() == int64_t(rows.size()) ||
                  op.getIteratorTypesArray()[size.index()] ==
                      utils::IteratorType::reduction;
         });
}

/// The instruction for vectors.
LogicalResult DotVectorizer::findDot() {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  for (auto [i, product] : llvm::enumerate(products)) {
    const DotProduct *found =
        lookupVectorProduct(target, op, product, i, sizes[grouped]);
    if (!found || (dot && dot != found))
      return fail("the chip has no such dot product");
    dot = found;
  }
  if (sizes[lane] % dot->lanes())
    return fail("its lanes do not fill registers");
  return success();
}

/// The group of `input` that `row` reads here, as a vector.
Value DotVectorizer::readInput(OpOperand &input, const Row &row) {
  AffineMap map = op.getMatchingIndexingMap(&input);
  auto type = cast<RankedTensorType>(input.get().getType());
  auto group = VectorType::get(sizes[grouped], type.getElementType());
  Row at(row);
  at[grouped] = 0;
  if (map.getResults().back() == rewriter.getAffineDimExpr(grouped)) {
    Value padding = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
    auto minor = AffineMap::getMinorIdentityMap(type.getRank(), 1,
                                                rewriter.getContext());
    return vector::TransferReadOp::create(rewriter, loc, group, input.get(),
                                          getIndices(input, at), padding, minor,
                                          ArrayRef<bool>{true});
  }
  SmallVector<Value> elements;
  for (; at[grouped] < sizes[grouped]; ++at[grouped])
    elements.push_back(tensor::ExtractOp::create(rewriter, loc, input.get(),
                                                 getIndices(input, at)));
  return vector::FromElementsOp::create(rewriter, loc, group, elements);
}

/// The register of weights from lane `first` on.
Value DotVectorizer::readWeights(OpOperand &weight, int64_t first) {
  Value source = flat.lookup(weight.get());
  auto type = cast<RankedTensorType>(source.getType());
  Row at(rows.front());
  at[grouped] = 0;
  SmallVector<Value> indices = getIndices(weight, at);
  indices.pop_back();
  indices.back() =
      arith::ConstantIndexOp::create(rewriter, loc, first * sizes[grouped]);
  Value padding = arith::ConstantOp::create(
      rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
  auto minor =
      AffineMap::getMinorIdentityMap(type.getRank(), 1, rewriter.getContext());
  auto registerType =
      VectorType::get(dot->lanes() * sizes[grouped], type.getElementType());
  Value read = vector::TransferReadOp::create(rewriter, loc, registerType,
                                              source, indices, padding, minor,
                                              ArrayRef<bool>{true});
  if (dot->element != DotElement::Int16 || type.getElementType().isInteger(16))
    return read;
  return arith::ExtSIOp::create(
      rewriter, loc, registerType.clone(rewriter.getI16Type()), read);
}

SmallVector<Value> DotVectorizer::readAllWeights() {
  SmallVector<Value> weights;
  for (const GroupProduct &product : products)
    for (int64_t i = 0; i < getNumRegisters(); ++i)
      weights.push_back(readWeights(*product.weight, i * dot->lanes()));
  return weights;
}

/// One group: all weights are read first, then row by row the broadcast input
/// meets them, so that one broadcast is alive at a time. Corrections are
/// carried after the sums, if at all.
SmallVector<Value> DotVectorizer::step(ValueRange carried) {
  SmallVector<Value> weights = readAllWeights();
  SmallVector<Value> next;
  for (const Row &row : rows) {
    DenseMap<llvm::PointerIntPair<OpOperand *, 1, bool>, Value> inputs;
    for (auto [p, product] : llvm::enumerate(products)) {
      Value &input = inputs[{product.input, flips(product)}];
      if (!input) {
        input =
            broadcastGroup(rewriter, loc, *dot, readInput(*product.input, row));
        if (flips(product))
          input = flipSigns(rewriter, loc, input);
      }
      for (int64_t i = 0; i < getNumRegisters(); ++i)
        next.push_back(emitDot(rewriter, loc, *dot, carried[next.size()], input,
                               weights[p * getNumRegisters() + i]));
    }
  }
  if (next.size() < carried.size())
    next.append(addCorrections(carried.drop_front(next.size()), weights));
  return next;
}

/// A zero for each register of weights.
SmallVector<Value> DotVectorizer::makeZeros() {
  auto type = VectorType::get(dot->lanes(), rewriter.getI32Type());
  Value zero =
      arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
  return SmallVector<Value>(products.size() * getNumRegisters(), zero);
}

/// Adds 128 times the weights to the corrections.
SmallVector<Value> DotVectorizer::addCorrections(ValueRange corrections,
                                                 ArrayRef<Value> weights) {
  auto bytes = VectorType::get(dot->lanes() * dot->group, rewriter.getI8Type());
  Value offset = arith::ConstantOp::create(
      rewriter, loc,
      DenseElementsAttr::get(bytes, rewriter.getI8IntegerAttr(-128)));
  SmallVector<Value> next;
  for (auto [sum, weight] : llvm::zip_equal(corrections, weights))
    next.push_back(emitDot(rewriter, loc, *dot, sum, offset, weight));
  return next;
}

SmallVector<Value> DotVectorizer::subtract(ValueRange sums,
                                           ValueRange corrections) {
  SmallVector<Value> results(sums);
  for (size_t i = 0; i < results.size(); ++i) {
    size_t at = i % corrections.size();
    if (flips(products[at / getNumRegisters()]))
      results[i] =
          arith::SubIOp::create(rewriter, loc, results[i], corrections[at]);
  }
  return results;
}

/// The loop around the operation, if it gives it the same weights every time.
LoopLikeOpInterface DotVectorizer::findLoopOverRows() {
  auto loop = dyn_cast<LoopLikeOpInterface>(op->getParentOp());
  auto isFixed = [&](const GroupProduct &product) {
    Value weight = product.weight->get();
    Operation *def = weight.getDefiningOp();
    return loop.isDefinedOutsideOfLoop(weight) ||
           (def && llvm::all_of(def->getOperands(), [&](Value operand) {
              return loop.isDefinedOutsideOfLoop(operand);
            }));
  };
  return loop && llvm::all_of(products, isFixed) ? loop : nullptr;
}

/// Sums up, and corrects the sums where signs are flipped. What is taken from
/// them is the same for all rows, so that it is computed before a loop over
/// them. Where there is none it is computed beside the sums if registers are
/// left, so that weights are read once.
SmallVector<Value> DotVectorizer::correctAndReduce(SmallVector<Value> sums) {
  auto reduceSums = [&](SmallVector<Value> carried) {
    return reduce(0, reductions.size(), std::move(carried),
                  [&](ValueRange values) { return step(values); });
  };
  if (llvm::none_of(products, [&](const GroupProduct &product) {
        return flips(product);
      }))
    return reduceSums(std::move(sums));

  SmallVector<Value> corrections = makeZeros();
  // Sums, corrections, weights, a broadcast and what flips it.
  size_t registers = sums.size() + 2 * corrections.size() + 2;
  LoopLikeOpInterface loop = findLoopOverRows();
  if (loop || registers > target.vectorRegisters) {
    corrections = reduce(0, reductions.size(), std::move(corrections),
                         [&](ValueRange values) {
                           return addCorrections(values, readAllWeights());
                         });
    sums = reduceSums(subtract(sums, corrections));
    if (loop)
      moveLoopInvariantCode(loop);
    return sums;
  }
  size_t count = sums.size();
  sums.append(corrections);
  SmallVector<Value> reduced = reduceSums(std::move(sums));
  return subtract(ValueRange(reduced).take_front(count),
                  ValueRange(reduced).drop_front(count));
}

LogicalResult DotVectorizer::run() {
  if (failed(match()))
    return failure();
  enumerateRows();
  if (isTileProduct()) {
    op->setAttr("glu.amx", rewriter.getUnitAttr());
    return success();
  }
  if (failed(findDot()))
    return failure();
  rewriter.setInsertionPoint(op);
  for (const GroupProduct &product : products) {
    Value weight = product.weight->get();
    int64_t rank = cast<RankedTensorType>(weight.getType()).getRank();
    SmallVector<ReassociationIndices> groups;
    for (int64_t d = 0; d < rank - 1; ++d)
      groups.push_back({d});
    groups.back().push_back(rank - 1);
    if (!flat.contains(weight))
      flat[weight] =
          tensor::CollapseShapeOp::create(rewriter, loc, weight, groups);
  }

  SmallVector<Value> sums;
  for (const Row &row : rows)
    for (OpOperand &out : op.getDpsInitsMutable()) {
      Value whole = initialise(out, row);
      for (int64_t i = 0; i < getNumRegisters(); ++i)
        sums.push_back(vector::ExtractStridedSliceOp::create(
            rewriter, loc, whole, ArrayRef<int64_t>{i * dot->lanes()},
            ArrayRef<int64_t>{dot->lanes()}, ArrayRef<int64_t>{1}));
    }
  sums = correctAndReduce(std::move(sums));

  SmallVector<Value> values;
  for (ArrayRef<Value> rest(sums); !rest.empty();
       rest = rest.drop_front(getNumRegisters())) {
    Type element = getElementTypeOrSelf(rest[0]);
    auto type = VectorType::get(sizes[lane], element);
    Value whole =
        arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
    for (auto [i, part] : llvm::enumerate(rest.take_front(getNumRegisters())))
      whole = vector::InsertStridedSliceOp::create(
          rewriter, loc, part, whole,
          ArrayRef<int64_t>{int64_t(i) * dot->lanes()}, ArrayRef<int64_t>{1});
    values.push_back(whole);
  }
  write(values);
  return success();
}

LogicalResult glu::vectorizeDots(RewriterBase &rewriter, linalg::LinalgOp op,
                                 const Target &target) {
  return DotVectorizer(rewriter, op, target).run();
}
