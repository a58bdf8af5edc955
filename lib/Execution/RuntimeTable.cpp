//===- RuntimeTable.cpp - Calls of a GPU's runtime by a table -------------===//

#include "RuntimeTable.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace glu;
using llvm::StringRef;

static bool isRuntimeFunction(const llvm::Function &function) {
  StringRef name = function.getName();
  return function.isDeclaration() &&
         (name.starts_with("mgpu") || name.starts_with("glu_emulate_"));
}

/// `function` calls what element `index` of `table` points to.
static void define(llvm::Function &function, llvm::GlobalVariable *table,
                   unsigned index) {
  function.setLinkage(llvm::GlobalValue::InternalLinkage);
  llvm::IRBuilder<> builder(
      llvm::BasicBlock::Create(function.getContext(), "", &function));
  llvm::Type *pointer = builder.getPtrTy();
  llvm::Value *address = builder.CreateLoad(
      pointer, builder.CreateConstInBoundsGEP1_32(pointer, table, index));
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function.args())
    arguments.push_back(&argument);
  llvm::CallInst *call =
      builder.CreateCall(function.getFunctionType(), address, arguments);
  call->setAttributes(
      function.getAttributes().removeFnAttributes(function.getContext()));
  if (call->getType()->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(call);
}

/// Makes a function `name` that calls those of the list `global`, which goes.
static void takeList(llvm::Module &module, StringRef global, StringRef name) {
  llvm::IRBuilder<> builder(module.getContext());
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), false),
      llvm::Function::ExternalLinkage, name, module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  if (llvm::GlobalVariable *list = module.getNamedGlobal(global)) {
    // {priority, function, data} each; all are ours, of one priority.
    for (llvm::Value *element : list->getInitializer()->operands())
      if (auto *callee = llvm::dyn_cast<llvm::Function>(
              llvm::cast<llvm::Constant>(element)->getOperand(1)))
        builder.CreateCall(callee);
    list->eraseFromParent();
  }
  builder.CreateRetVoid();
}

void glu::addRuntimeTable(llvm::Module &module) {
  llvm::SmallVector<llvm::Function *> functions;
  std::string names;
  for (llvm::Function &function : module)
    if (isRuntimeFunction(function)) {
      functions.push_back(&function);
      names += function.getName();
      names.push_back('\0');
    }
  llvm::LLVMContext &context = module.getContext();
  auto *type = llvm::ArrayType::get(llvm::PointerType::getUnqual(context),
                                    functions.size());
  auto *table = new llvm::GlobalVariable(
      module, type, /*isConstant=*/false, llvm::GlobalValue::ExternalLinkage,
      llvm::ConstantAggregateZero::get(type), "glu_gpu_functions");
  for (unsigned i = 0; i < functions.size(); ++i)
    define(*functions[i], table, i);
  auto *text = llvm::ConstantDataArray::getString(context, names);
  new llvm::GlobalVariable(module, text->getType(), /*isConstant=*/true,
                           llvm::GlobalValue::ExternalLinkage, text,
                           "glu_gpu_names");
  takeList(module, "llvm.global_ctors", "glu_gpu_load");
  takeList(module, "llvm.global_dtors", "glu_gpu_unload");
}
