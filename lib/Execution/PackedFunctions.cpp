//===- PackedFunctions.cpp - One symbol for each function -----------------===//

#include "PackedFunctions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace glu;
using llvm::StringRef;

static constexpr StringRef wrapperPrefix = "_mlir_ciface_";

StringRef glu::getExportedName(StringRef function) {
  while (function.consume_front("glu."))
    ;
  return function;
}

llvm::SmallVector<std::string>
glu::findExportedFunctions(mlir::ModuleOp module) {
  llvm::SmallVector<std::string> names;
  for (auto wrapper : module.getOps<mlir::LLVM::LLVMFuncOp>()) {
    StringRef name = wrapper.getName();
    if (wrapper.isExternal() || !name.consume_front(wrapperPrefix))
      continue;
    auto function = module.lookupSymbol<mlir::LLVM::LLVMFuncOp>(name);
    if (function && !function.isExternal() && function.isPublic())
      names.push_back(name.str());
  }
  return names;
}

llvm::Function *glu::addPackedFunction(llvm::Module &module, StringRef f) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Function *wrapper = module.getFunction((wrapperPrefix + f).str());
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *type = llvm::FunctionType::get(pointer, {pointer}, /*isVarArg=*/false);
  auto *packed =
      llvm::Function::Create(type, llvm::Function::ExternalLinkage,
                             "glu_call_" + getExportedName(f), module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", packed));
  unsigned position = 0;
  auto next = [&]() -> llvm::Value * {
    return builder.CreateLoad(
        pointer, builder.CreateConstInBoundsGEP1_32(pointer, packed->getArg(0),
                                                    position++));
  };
  bool returnsNumber = !wrapper->getReturnType()->isVoidTy();
  llvm::Value *result = returnsNumber ? next() : nullptr;
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : llvm::drop_end(wrapper->args())) {
    llvm::Value *address = next();
    arguments.push_back(argument.getType()->isPointerTy()
                            ? address
                            : builder.CreateLoad(argument.getType(), address));
  }
  llvm::Value *failure = builder.CreateAlloca(pointer);
  builder.CreateStore(llvm::ConstantPointerNull::get(pointer), failure);
  arguments.push_back(failure);
  llvm::Value *call = builder.CreateCall(wrapper, arguments);
  if (result)
    builder.CreateStore(call, result);
  builder.CreateRet(builder.CreateLoad(pointer, failure));
  return packed;
}

void glu::hideAllBut(llvm::Module &module,
                     llvm::ArrayRef<llvm::Function *> exported) {
  llvm::internalizeModule(module, [&](const llvm::GlobalValue &value) {
    return llvm::is_contained(exported, &value);
  });
}
