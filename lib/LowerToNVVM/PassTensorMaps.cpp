//===- PassTensorMaps.cpp - glu-pass-tensor-maps: maps by value -----------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace glu {
#define GEN_PASS_DEF_PASSTENSORMAPS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

static bool isTensorMap(BlockArgument argument) {
  return llvm::any_of(argument.getUsers(), [&](Operation *user) {
    if (auto load =
            dyn_cast<NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp>(user))
      return load.getTmaDescriptor() == argument;
    if (auto store = dyn_cast<NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp>(user))
      return store.getTmaDescriptor() == argument;
    return false;
  });
}

/// How many arguments of a kernel an operand of its launch is.
static unsigned countArguments(Type type) {
  if (auto memref = dyn_cast<MemRefType>(type))
    return 3 + 2 * memref.getRank();
  return isa<UnrankedMemRefType>(type) ? 2 : 1;
}

namespace {
struct PassTensorMaps : glu::impl::PassTensorMapsBase<PassTensorMaps> {
  void runOnOperation() override {
    OpBuilder builder(&getContext());
    Type bytes = LLVM::LLVMArrayType::get(builder.getI64Type(), 16);
    getOperation().walk([&](LLVM::LLVMFuncOp kernel) {
      if (!kernel->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()) ||
          kernel.isExternal())
        return;
      for (BlockArgument argument : kernel.getArguments()) {
        if (!isTensorMap(argument))
          continue;
        unsigned number = argument.getArgNumber();
        kernel.setArgAttr(number, LLVM::LLVMDialect::getByValAttrName(),
                          TypeAttr::get(bytes));
        kernel.setArgAttr(number, LLVM::LLVMDialect::getAlignAttrName(),
                          builder.getI64IntegerAttr(64));
        kernel.setArgAttr(number, NVVM::NVVMDialect::getGridConstantAttrName(),
                          builder.getUnitAttr());
      }
    });
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      auto kernel = SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(
          launch, launch.getKernelAttr());
      if (!kernel)
        return;
      builder.setInsertionPoint(launch);
      unsigned number = 0;
      for (OpOperand &operand : launch.getKernelOperandsMutable()) {
        Type type = operand.get().getType();
        if (number < kernel.getNumArguments() &&
            kernel.getArgAttr(number,
                              NVVM::NVVMDialect::getGridConstantAttrName()) &&
            isa<LLVM::LLVMPointerType>(type))
          operand.set(LLVM::LoadOp::create(builder, launch.getLoc(), bytes,
                                           operand.get()));
        number += countArguments(type);
      }
    });
  }
};
} // namespace
