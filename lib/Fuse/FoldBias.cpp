//===- FoldBias.cpp - A bias becomes an operand of its branch -------------===//

#include "Absorb.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace glu;

void glu::foldBias(RewriterBase &rewriter, GatedProjectionOp op, bool isValue) {
  GatedOpInterface gated = op;
  Branch branch = isValue ? gated.getValueBranch() : gated.getGateBranch();
  if (!branch.isProjection() || branch.bias)
    return;
  Block *block = gated.getGatingBlock();
  BlockArgument sum = block->getArgument(isValue);
  if (!sum.hasOneUse())
    return;
  Operation *add = *sum.user_begin();
  if (!isa<arith::AddFOp, arith::AddIOp>(add))
    return;
  Value other = add->getOperand(add->getOperand(0) == sum);
  Operation *widening = other.getDefiningOp();
  if (widening) {
    if (!isa<arith::ExtFOp, arith::ExtSIOp>(widening) || !other.hasOneUse())
      return;
    other = widening->getOperand(0);
  }
  auto argument = dyn_cast<BlockArgument>(other);
  if (!argument || argument.getArgNumber() < 2 || !argument.hasOneUse())
    return;
  unsigned extra = argument.getArgNumber() - 2;
  OpOperand &operand = op.getExtrasMutable()[extra];
  AffineMap map = gated.getMap(&operand);
  bool isFull = llvm::all_of(gated.getParallelDims(), [&](unsigned dim) {
    return map.isFunctionOfDim(dim);
  });
  if (isFull || !isa<RankedTensorType>(operand.get().getType()))
    return;

  rewriter.modifyOpInPlace(op, [&] {
    Value bias = operand.get();
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    maps.erase(maps.begin() + operand.getOperandNumber());
    unsigned position = isValue ? op.getGate().size() + 2 : 2;
    maps.insert(maps.begin() + position, map);
    op.getExtrasMutable().erase(extra);
    (isValue ? op.getValueMutable() : op.getGateMutable()).append(bias);
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    rewriter.replaceAllUsesWith(add->getResult(0), sum);
    rewriter.eraseOp(add);
    if (widening)
      rewriter.eraseOp(widening);
    block->eraseArgument(argument.getArgNumber());
  });
}
