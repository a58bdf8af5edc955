//===- DispatchTest.cpp - Does the chip get its code? ---------------------===//

#include "Execution/Dispatch.h"
#include "glu/Target/X86Features.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "gtest/gtest.h"

#if defined(__x86_64__)

using namespace glu;

namespace {

/// Which of `targets` gets called on this machine.
class Dispatched {
public:
  explicit Dispatched(llvm::ArrayRef<DispatchTarget> targets) {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = std::make_unique<llvm::Module>("test", *context);
    llvm::IRBuilder<> builder(*context);
    DispatchedFunction function;
    function.name = "which";
    for (size_t i = 0; i < targets.size(); ++i) {
      auto *code = llvm::Function::Create(
          llvm::FunctionType::get(builder.getInt32Ty(), {builder.getInt32Ty()},
                                  false),
          llvm::Function::InternalLinkage, "code", *module);
      builder.SetInsertPoint(llvm::BasicBlock::Create(*context, "", code));
      builder.CreateRet(
          builder.CreateAdd(code->getArg(0), builder.getInt32(i)));
      function.implementations.push_back(code);
    }
    addDispatcher(*module, targets, function);
    jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
    llvm::cantFail(jit->addIRModule({std::move(module), std::move(context)}));
    llvm::cantFail(jit->initialize(jit->getMainJITDylib()));
  }

  int call() {
    auto *which = llvm::cantFail(jit->lookup("which")).toPtr<int (*)(int)>();
    return which(100) - 100;
  }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace

static DispatchTarget
makeTarget(llvm::StringRef name,
           std::initializer_list<llvm::StringRef> features) {
  DispatchTarget target;
  target.name = name.str();
  for (llvm::StringRef feature : features)
    target.features.push_back(feature.str());
  return target;
}

namespace {

TEST(Dispatch, AgreesWithLLVMAboutThisMachine) {
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  int tried = 0;
  for (const X86Feature &feature : getX86Features()) {
    llvm::StringRef name(feature.name.data(), feature.name.size());
    auto known = host.find(name);
    // LLVM does not ask for all; about tiles the system has a say too.
    if (known == host.end() || name == "amx-tile")
      continue;
    Dispatched dispatched({makeTarget("with", {name}), makeTarget("any", {})});
    EXPECT_EQ(dispatched.call(), known->second ? 0 : 1) << name.str();
    ++tried;
  }
  EXPECT_GT(tried, 30);
}

TEST(Dispatch, TakesTheOneThatUsesMost) {
  // Every x86-64 that the tests run on has these.
  auto old = makeTarget("old", {"sse3"});
  auto young = makeTarget("young", {"sse3", "ssse3", "unheard-of"});
  auto other = makeTarget("other", {"sse4.1", "sse3"});
  EXPECT_EQ(Dispatched({old, young}).call(), 1);
  EXPECT_EQ(Dispatched({young, old}).call(), 0);
  EXPECT_EQ(Dispatched({old, young, other}).call(), 1);
  EXPECT_EQ(Dispatched({old, other, young}).call(), 1);
}

TEST(Dispatch, SaysThatThereIsNone) {
  // No chip has both of AMD's and Intel's own.
  Dispatched dispatched(makeTarget("both", {"xop", "tbm", "amx-fp16"}));
  EXPECT_DEATH(dispatched.call(),
               "this processor can run none of the code in this library, which "
               "is for both");
}

} // namespace

#endif
