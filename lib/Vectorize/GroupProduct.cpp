//===- GroupProduct.cpp - Sums of products in a body ----------------------===//

#include "TileVectorizer.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace glu;

/// The input that `value` is, widened.
static OpOperand *matchFactor(linalg::LinalgOp op, Value value,
                              bool &isUnsigned) {
  isUnsigned = false;
  while (Operation *def = value.getDefiningOp()) {
    if (!isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp>(def))
      return nullptr;
    isUnsigned = isa<arith::ExtUIOp>(def);
    value = def->getOperand(0);
    if (isUnsigned && value.getDefiningOp<arith::ExtSIOp>())
      return nullptr; // The bits of a sign, as a number.
  }
  auto argument = cast<BlockArgument>(value);
  if (argument.getOwner() != op.getBlock() ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return nullptr;
  OpOperand &operand = op->getOpOperand(argument.getArgNumber());
  return isa<ShapedType>(operand.get().getType()) ? &operand : nullptr;
}

std::optional<GroupProduct> glu::matchGroupProduct(linalg::LinalgOp op,
                                                   unsigned result) {
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
  GroupProduct product;
  product.input = matchFactor(op, mul->getOperand(0), product.unsignedInput);
  product.weight = matchFactor(op, mul->getOperand(1), product.unsignedWeight);
  if (!product.input || !product.weight)
    return std::nullopt;
  SmallVector<unsigned> parallel;
  op.getParallelDims(parallel);
  if (!parallel.empty() && op.getMatchingIndexingMap(product.input)
                               .isFunctionOfDim(parallel.back())) {
    std::swap(product.input, product.weight);
    std::swap(product.unsignedInput, product.unsignedWeight);
  }
  return product;
}
