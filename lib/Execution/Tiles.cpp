//===- Tiles.cpp - Permission for tile registers --------------------------===//

#include "Tiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace glu;

bool glu::usesTiles(const llvm::Module &module) {
  return llvm::any_of(module, [](const llvm::Function &function) {
    return function.getName().starts_with("llvm.x86.t") ||
           function.getName().starts_with("llvm.x86.ldtilecfg");
  });
}

llvm::Value *glu::createTileRequest(llvm::IRBuilder<> &builder) {
  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA); the kernel's
  // Documentation/arch/x86/xstate.rst.
  constexpr uint64_t archPrctl = 158, requestPermission = 0x1023, tileData = 18;
  llvm::Type *word = builder.getInt64Ty();
  auto *type = llvm::FunctionType::get(word, {word, word, word}, false);
  auto *syscall = llvm::InlineAsm::get(
      type, "syscall",
      "={ax},{ax},{di},{si},~{rcx},~{r11},~{memory},~{dirflag},~{fpsr},"
      "~{flags}",
      true);
  return builder.CreateCall(syscall, {builder.getInt64(archPrctl),
                                      builder.getInt64(requestPermission),
                                      builder.getInt64(tileData)});
}

void glu::requestTilesOnLoad(llvm::Module &module) {
  if (!usesTiles(module))
    return;
  llvm::IRBuilder<> builder(module.getContext());
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), false),
      llvm::Function::InternalLinkage, "glu.request_tiles", module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  createTileRequest(builder);
  builder.CreateRetVoid();
  llvm::appendToGlobalCtors(module, function, /*Priority=*/65535);
}
