//===- FoldBias.cpp - A bias becomes an operand of its branch -------------===//

#include "Absorb.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace glu;

/// The addition that alone uses a branch.
static Operation *getOnlyAdd(BlockArgument branch) {
  if (!branch.hasOneUse())
    return nullptr;
  Operation *user = *branch.user_begin();
  return isa<arith::AddFOp, arith::AddIOp>(user) ? user : nullptr;
}

/// Whether `value` is added to one branch or both, and not used otherwise.
static bool isOnlyAddedToBranches(Value value, Block *block) {
  return llvm::all_of(value.getUses(), [&](OpOperand &use) {
    if (!isa<arith::AddFOp, arith::AddIOp>(use.getOwner()))
      return false;
    Value other = use.getOwner()->getOperand(1 - use.getOperandNumber());
    auto branch = dyn_cast<BlockArgument>(other);
    return branch && branch.getOwner() == block && branch.getArgNumber() < 2 &&
           getOnlyAdd(branch) == use.getOwner();
  });
}

void glu::foldBias(RewriterBase &rewriter, GatedProjectionOp op, bool isValue) {
  GatedOpInterface gated = op;
  Branch branch = isValue ? gated.getValueBranch() : gated.getGateBranch();
  if (!branch.isProjection() || branch.bias)
    return;
  Block *block = gated.getGatingBlock();
  BlockArgument sum = block->getArgument(isValue);
  Operation *add = getOnlyAdd(sum);
  if (!add)
    return;
  Value other = add->getOperand(add->getOperand(0) == sum);
  if (!isOnlyAddedToBranches(other, block))
    return;
  Operation *widening = other.getDefiningOp();
  if (widening) {
    if (!isa<arith::ExtFOp, arith::ExtSIOp>(widening) ||
        !widening->getOperand(0).hasOneUse())
      return;
    other = widening->getOperand(0);
  }
  auto argument = dyn_cast<BlockArgument>(other);
  if (!argument || argument.getArgNumber() < 2)
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
    rewriter.replaceAllUsesWith(add->getResult(0), sum);
    rewriter.eraseOp(add);
    if (widening && widening->use_empty())
      rewriter.eraseOp(widening);
    Value bias = operand.get();
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    // The other branch may have the same bias.
    if (argument.use_empty()) {
      maps.erase(maps.begin() + operand.getOperandNumber());
      op.getExtrasMutable().erase(extra);
      block->eraseArgument(argument.getArgNumber());
    }
    unsigned position = isValue ? op.getGate().size() + 2 : 2;
    maps.insert(maps.begin() + position, map);
    (isValue ? op.getValueMutable() : op.getGateMutable()).append(bias);
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
  });
}
