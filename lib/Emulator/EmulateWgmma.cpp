//===- EmulateWgmma.cpp - Products of warpgroups --------------------------===//
//
// The names and parameters are those of Wgmma.cpp and Accumulators.cpp.
//
//===----------------------------------------------------------------------===//

#include "EmulateInstructions.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

/// As Element of Floats.h counts them.
static std::optional<int64_t> getElement(NVVM::WGMMATypes type) {
  switch (type) {
  case NVVM::WGMMATypes::f16:
    return 0;
  case NVVM::WGMMATypes::bf16:
    return 1;
  case NVVM::WGMMATypes::e4m3:
    return 2;
  case NVVM::WGMMATypes::e5m2:
    return 3;
  default:
    return std::nullopt;
  }
}

/// What of `op`'s results is the same register, or nothing if `op` needs what
/// is in it.
static std::optional<Value> passesOn(OpOperand &use) {
  Operation *op = use.getOwner();
  if (isa<LLVM::ExtractValueOp, LLVM::InsertValueOp>(op))
    return op->getResult(0);
  if (isa<LLVM::SelectOp>(op) && use.getOperandNumber() > 0)
    return op->getResult(0);
  if (auto branch = dyn_cast<BranchOpInterface>(op))
    if (auto argument =
            branch.getSuccessorBlockArgument(use.getOperandNumber()))
      return *argument;
  return std::nullopt;
}

/// Asks for the numbers in accumulators where they are used, and not before:
/// until then kernels carry the registers' names.
LogicalResult InstructionEmulator::readAccumulators(Operation *function) {
  llvm::SetVector<Value> registers;
  function->walk(
      [&](NVVM::WgmmaMmaAsyncOp op) { registers.insert(op.getResults()); });
  SmallVector<OpOperand *> reads;
  for (size_t i = 0; i < registers.size(); ++i)
    for (OpOperand &use : registers[i].getUses()) {
      if (auto same = passesOn(use))
        registers.insert(*same);
      else if (!isa<NVVM::WgmmaMmaAsyncOp>(use.getOwner()))
        reads.push_back(&use);
    }
  for (OpOperand *use : reads) {
    Operation *op = use->getOwner();
    if (!use->get().getType().isF32())
      return op->emitError("the emulator does not know '")
             << op->getName() << "' of accumulators of wgmma";
    rewriter.setInsertionPoint(op);
    use->set(call(op->getLoc(), "glu_emulate_accumulator",
                  rewriter.getF32Type(), {use->get(), getSite(op)}));
  }
  return success();
}

static constexpr unsigned transposedA = 1, transposedB = 2, negatedA = 4,
                          negatedB = 8, withoutInput = 16;

LogicalResult InstructionEmulator::rewriteProduct(Operation *op) {
  auto product = cast<NVVM::WgmmaMmaAsyncOp>(op);
  Location loc = op->getLoc();
  NVVM::MMAShapeAttr shape = product.getShape();
  auto a = getElement(product.getTypeA()), b = getElement(product.getTypeB());
  bool isNarrow = a && *a >= 2;
  unsigned options = 0;
  if (product.getLayoutA() != NVVM::MMALayout::row)
    options |= transposedA;
  if (product.getLayoutB() != NVVM::MMALayout::col)
    options |= transposedB;
  int64_t columns = shape.getN();
  int64_t bytes = DataLayout::closest(op)
                      .getTypeSize(product.getResults().getType())
                      .getFixedValue();
  if (!a || !b || (*b >= 2) != isNarrow || (!isNarrow && *a != *b) ||
      product.getTypeD() != NVVM::WGMMATypes::f32 || product.getSatfinite() ||
      shape.getM() != 64 || shape.getK() != (isNarrow ? 32 : 16) ||
      columns < 8 || columns > 256 || columns % 8 || bytes != 2 * columns ||
      (isNarrow && options))
    return failUnknown(op);
  if (product.getScaleA() == NVVM::WGMMAScaleIn::neg)
    options |= negatedA;
  if (product.getScaleB() == NVVM::WGMMAScaleIn::neg)
    options |= negatedB;
  if (product.getScaleD() == NVVM::WGMMAScaleOut::zero)
    options |= withoutInput;
  Value buffer = createBuffer(loc, bytes);
  LLVM::StoreOp::create(rewriter, loc, product.getInouts(), buffer,
                        /*alignment=*/4);
  call(loc, "glu_emulate_wgmma", {},
       {product.getDescriptorA(), product.getDescriptorB(), buffer,
        createInt(loc, 32, columns), createInt(loc, 32, *a),
        createInt(loc, 32, *b), createInt(loc, 32, options), getSite(op)});
  rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, product.getResults().getType(),
                                            buffer, /*alignment=*/4);
  return success();
}

std::optional<LogicalResult> InstructionEmulator::rewriteWgmma(Operation *op) {
  if (isa<NVVM::WgmmaMmaAsyncOp>(op))
    return rewriteProduct(op);
  if (isa<NVVM::WgmmaFenceAlignedOp>(op))
    return replaceByCall(op, "glu_emulate_wgmma_fence", {});
  if (isa<NVVM::WgmmaGroupSyncAlignedOp>(op))
    return replaceByCall(op, "glu_emulate_wgmma_commit", {});
  if (auto wait = dyn_cast<NVVM::WgmmaWaitGroupSyncOp>(op))
    return replaceByCall(op, "glu_emulate_wgmma_wait",
                         createInt(op->getLoc(), 32, wait.getGroup()));
  return std::nullopt;
}
