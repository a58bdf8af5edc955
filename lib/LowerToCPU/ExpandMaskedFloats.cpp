//===- ExpandMaskedFloats.cpp - glu-expand-masked-floats ------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDMASKEDFLOATS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// The vector of integers with the bits of a vector of 16-bit floats; null for
/// other types.
static Type getBitsType(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || !isa<BFloat16Type, Float16Type>(vector.getElementType()))
    return {};
  return vector.clone(IntegerType::get(type.getContext(), 16));
}

namespace {
struct ExpandMaskedFloats
    : glu::impl::ExpandMaskedFloatsBase<ExpandMaskedFloats> {
  void runOnOperation() override {
    OpBuilder builder(&getContext());
    getOperation()->walk([&](Operation *op) {
      if (!isa<LLVM::MaskedLoadOp, LLVM::MaskedStoreOp, LLVM::masked_gather,
               LLVM::masked_scatter, LLVM::masked_expandload,
               LLVM::masked_compressstore>(op))
        return;
      builder.setInsertionPoint(op);
      for (OpOperand &operand : op->getOpOperands())
        if (Type bits = getBitsType(operand.get().getType()))
          operand.set(LLVM::BitcastOp::create(builder, op->getLoc(), bits,
                                              operand.get()));
      builder.setInsertionPointAfter(op);
      for (OpResult result : op->getResults()) {
        Type type = result.getType(), bits = getBitsType(type);
        if (!bits)
          continue;
        result.setType(bits);
        auto cast =
            LLVM::BitcastOp::create(builder, op->getLoc(), type, result);
        result.replaceAllUsesExcept(cast, cast);
      }
    });
  }
};
} // namespace
