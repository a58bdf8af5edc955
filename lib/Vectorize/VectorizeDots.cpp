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
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

namespace {
class DotVectorizer : public TileVectorizer {
public:
  DotVectorizer(RewriterBase &rewriter, linalg::LinalgOp op,
                const Target &target)
      : TileVectorizer(rewriter, op), target(target) {}

  LogicalResult run();

private:
  /// What a destination sums up.
  struct Product {
    OpOperand *input, *weight;
  };

  LogicalResult match();
  std::optional<Product> matchProduct(unsigned result);
  OpOperand *matchFactor(Value value);
  bool liesInGroups(OpOperand &weight);
  Value readInput(OpOperand &input, const Row &row);
  Value readWeights(OpOperand &weight, int64_t first);
  SmallVector<Value> step(ValueRange sums);
  int64_t getNumRegisters() const { return sizes[lane] / dot->lanes(); }

  const Target &target;
  const DotProduct *dot = nullptr;
  /// The innermost reduction.
  unsigned grouped = 0;
  SmallVector<Product> products;
  /// Weights with lanes and groups as one dimension.
  DenseMap<Value, Value> flat;
};
} // namespace

/// The operand that `value` is, widened.
OpOperand *DotVectorizer::matchFactor(Value value) {
  while (Operation *def = value.getDefiningOp()) {
    if (!isa<arith::ExtFOp, arith::ExtSIOp>(def))
      return nullptr;
    value = def->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  if (argument.getOwner() != op.getBlock() ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return nullptr;
  OpOperand &operand = op->getOpOperand(argument.getArgNumber());
  return isa<RankedTensorType>(operand.get().getType()) ? &operand : nullptr;
}

/// Matches `sum + extend(input) * extend(weight)`, in any order.
std::optional<DotVectorizer::Product>
DotVectorizer::matchProduct(unsigned result) {
  Value sum = op.getBlock()->getArgument(op.getNumDpsInputs() + result);
  Operation *add =
      op.getBlock()->getTerminator()->getOperand(result).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::AddIOp>(add))
    return std::nullopt;
  Operation *mul = nullptr;
  for (unsigned i : {0, 1})
    if (add->getOperand(i) == sum)
      mul = add->getOperand(1 - i).getDefiningOp();
  if (!isa_and_nonnull<arith::MulFOp, arith::MulIOp>(mul))
    return std::nullopt;
  OpOperand *input = matchFactor(mul->getOperand(0));
  OpOperand *weight = matchFactor(mul->getOperand(1));
  if (!input || !weight)
    return std::nullopt;
  if (op.getMatchingIndexingMap(input).isFunctionOfDim(lane))
    std::swap(input, weight);
  return Product{input, weight};
}

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
    std::optional<Product> product = matchProduct(i);
    if (!product || !liesInGroups(*product->weight))
      return fail("it does not sum up products of groups");
    AffineMap input = op.getMatchingIndexingMap(product->input);
    if (input.isFunctionOfDim(lane) ||
        !input.getResultPosition(rewriter.getAffineDimExpr(grouped)))
      return fail("its input has no groups, or one for each lane");
    Type sum = getElementTypeOrSelf(op.getDpsInits()[i]);
    const DotProduct *found = lookupDotProduct(
        target, getElementTypeOrSelf(product->input->get()),
        getElementTypeOrSelf(product->weight->get()), sum, sizes[grouped]);
    if (!found || (dot && dot != found))
      return fail("the chip has no such dot product");
    dot = found;
    products.push_back(*product);
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
  return vector::TransferReadOp::create(
      rewriter, loc,
      VectorType::get(dot->lanes() * sizes[grouped], type.getElementType()),
      source, indices, padding, minor, ArrayRef<bool>{true});
}

/// One group: all weights are read first, then row by row the broadcast input
/// meets them, so that one broadcast is alive at a time.
SmallVector<Value> DotVectorizer::step(ValueRange sums) {
  SmallVector<Value> weights;
  for (const Product &product : products)
    for (int64_t i = 0; i < getNumRegisters(); ++i)
      weights.push_back(readWeights(*product.weight, i * dot->lanes()));
  SmallVector<Value> next;
  for (const Row &row : rows) {
    DenseMap<OpOperand *, Value> inputs;
    for (auto [p, product] : llvm::enumerate(products)) {
      Value &input = inputs[product.input];
      if (!input)
        input =
            broadcastGroup(rewriter, loc, *dot, readInput(*product.input, row));
      for (int64_t i = 0; i < getNumRegisters(); ++i)
        next.push_back(emitDot(rewriter, loc, *dot, sums[next.size()], input,
                               weights[p * getNumRegisters() + i]));
    }
  }
  return next;
}

LogicalResult DotVectorizer::run() {
  if (failed(match()))
    return failure();
  enumerateRows();
  rewriter.setInsertionPoint(op);
  for (const Product &product : products) {
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
  sums = reduce(0, sums, [&](ValueRange carried) { return step(carried); });

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
