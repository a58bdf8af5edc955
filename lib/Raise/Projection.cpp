//===- Projection.cpp - Contractions and convolutions ---------------------===//

#include "glu/Raise/Projection.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace glu;

/// The input that `value` is, widened or as it is.
static OpOperand *matchInput(linalg::LinalgOp op, Value value) {
  while (Operation *def = value.getDefiningOp()) {
    if (!isa<arith::ExtFOp, arith::ExtSIOp>(def))
      return nullptr;
    value = def->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  if (argument.getOwner() != op.getBlock())
    return nullptr;
  OpOperand *operand = op.getMatchingOpOperand(argument);
  bool fits =
      op.isDpsInput(operand) && isa<RankedTensorType>(operand->get().getType());
  return fits ? operand : nullptr;
}

/// The factors of the product that `yielded` adds to `accumulator`.
static std::optional<std::pair<Value, Value>> matchMulAdd(Value yielded,
                                                          Value accumulator) {
  Operation *add = yielded.getDefiningOp();
  if (!add)
    return std::nullopt;
  if (auto fma = dyn_cast<math::FmaOp>(add)) {
    if (fma.getC() != accumulator)
      return std::nullopt;
    return std::make_pair(fma.getA(), fma.getB());
  }
  if (!isa<arith::AddFOp, arith::AddIOp>(add))
    return std::nullopt;
  Value product = add->getOperand(0);
  if (product == accumulator)
    product = add->getOperand(1);
  else if (add->getOperand(1) != accumulator)
    return std::nullopt;
  Operation *mul = product.getDefiningOp();
  if (!mul || !isa<arith::MulFOp, arith::MulIOp>(mul))
    return std::nullopt;
  return std::make_pair(mul->getOperand(0), mul->getOperand(1));
}

std::optional<Projection> glu::matchProjection(Value value) {
  auto op = value.getDefiningOp<linalg::LinalgOp>();
  if (!op || !op.hasPureTensorSemantics() || op.getNumReductionLoops() == 0 ||
      op.getNumParallelLoops() + op.getNumReductionLoops() != op.getNumLoops())
    return std::nullopt;
  unsigned result = cast<OpResult>(value).getResultNumber();
  OpOperand *init = op.getDpsInitOperand(result);
  AffineMap map = op.getMatchingIndexingMap(init);
  if (!map.isProjectedPermutation() ||
      map.getNumResults() != op.getNumParallelLoops())
    return std::nullopt;
  auto factors = matchMulAdd(op.getBlock()->getTerminator()->getOperand(result),
                             op.getMatchingBlockArgument(init));
  if (!factors)
    return std::nullopt;
  OpOperand *lhs = matchInput(op, factors->first);
  OpOperand *rhs = matchInput(op, factors->second);
  if (!lhs || !rhs || lhs == rhs)
    return std::nullopt;
  return Projection{op, result, lhs, rhs, init};
}
