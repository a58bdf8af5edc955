//===- IntrinsicEffects.cpp - Dot products touch no memory ----------------===//

#include "glu/IR/ExternalModels.h"
#include "glu/Target/DotProduct.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

static bool isDotProduct(Operation *op) {
  StringRef name = cast<LLVM::CallIntrinsicOp>(op).getIntrin();
  return llvm::any_of(glu::getDotProducts(), [&](const glu::DotProduct &dot) {
    return !dot.tiles && name == StringRef(dot.intrinsic);
  });
}

namespace {
/// llvm.call_intrinsic says nothing of its effects, and bufferization takes no
/// such operation. Any that is not known to have none does all there is.
struct IntrinsicEffects
    : MemoryEffectOpInterface::ExternalModel<IntrinsicEffects,
                                             LLVM::CallIntrinsicOp> {
  using Effects =
      SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

  void getEffects(Operation *op, Effects &effects) const {
    if (isDotProduct(op))
      return;
    effects.emplace_back(MemoryEffects::Allocate::get());
    effects.emplace_back(MemoryEffects::Free::get());
    effects.emplace_back(MemoryEffects::Read::get());
    effects.emplace_back(MemoryEffects::Write::get());
  }
};

/// What has no effects may be computed before it is known to be needed.
struct IntrinsicSpeculation
    : ConditionallySpeculatable::ExternalModel<IntrinsicSpeculation,
                                               LLVM::CallIntrinsicOp> {
  Speculation::Speculatability getSpeculatability(Operation *op) const {
    return isDotProduct(op) ? Speculation::Speculatable
                            : Speculation::NotSpeculatable;
  }
};
} // namespace

void glu::registerIntrinsicExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, LLVM::LLVMDialect *) {
    LLVM::CallIntrinsicOp::attachInterface<IntrinsicEffects,
                                           IntrinsicSpeculation>(*context);
  });
}
