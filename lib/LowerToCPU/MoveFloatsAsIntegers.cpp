//===- MoveFloatsAsIntegers.cpp - glu-move-floats-as-integers -------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"

namespace glu {
#define GEN_PASS_DEF_MOVEFLOATSASINTEGERS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// The integer, or vector of them, with the bits of 16-bit floats; null for
/// other types.
static Type getBitsType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (!isa<BFloat16Type, Float16Type>(element))
    return {};
  Type bits = IntegerType::get(type.getContext(), 16);
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(bits);
  return type == element ? bits : Type();
}

static void passBits(OpBuilder &builder, OpOperand &operand) {
  if (Type bits = getBitsType(operand.get().getType()))
    operand.set(LLVM::BitcastOp::create(builder, operand.getOwner()->getLoc(),
                                        bits, operand.get()));
}

/// Makes `value` bits; who uses it gets a float made of them at `builder`.
static void takeBits(OpBuilder &builder, Value value) {
  Type type = value.getType(), bits = getBitsType(type);
  if (!bits)
    return;
  value.setType(bits);
  auto cast = LLVM::BitcastOp::create(builder, value.getLoc(), type, value);
  value.replaceAllUsesExcept(cast, cast);
}

namespace {
struct MoveFloatsAsIntegers
    : glu::impl::MoveFloatsAsIntegersBase<MoveFloatsAsIntegers> {
  void runOnOperation() override {
    OpBuilder builder(&getContext());
    getOperation()->walk([&](Operation *op) {
      builder.setInsertionPoint(op);
      if (auto branch = dyn_cast<BranchOpInterface>(op))
        for (unsigned i = 0; i < op->getNumSuccessors(); ++i)
          for (OpOperand &operand :
               branch.getSuccessorOperands(i).getMutableForwardedOperands())
            passBits(builder, operand);
      if (!isa<LLVM::LoadOp, LLVM::StoreOp, LLVM::SelectOp, LLVM::MaskedLoadOp,
               LLVM::MaskedStoreOp, LLVM::masked_gather, LLVM::masked_scatter,
               LLVM::masked_expandload, LLVM::masked_compressstore>(op))
        return;
      for (OpOperand &operand : op->getOpOperands())
        passBits(builder, operand);
      builder.setInsertionPointAfter(op);
      for (OpResult result : op->getResults())
        takeBits(builder, result);
    });
    // What branches pass on; nothing branches to the first block of a region.
    getOperation()->walk([&](Block *block) {
      if (block->isEntryBlock())
        return;
      builder.setInsertionPointToStart(block);
      for (BlockArgument argument : block->getArguments())
        takeBits(builder, argument);
    });
  }
};
} // namespace
