//===- Dispatch.cpp - Code for several chips in one library ---------------===//
//
// A constructor asks cpuid and xgetbv and leaves the number of the chip's code
// in a variable; each function jumps by a table. The compiler's runtime library
// has the same in __cpu_model, but code of ours links without one.
//
//===----------------------------------------------------------------------===//

#include "Dispatch.h"
#include "Tiles.h"
#include "glu/Target/X86Features.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include <map>
#include <tuple>

using namespace glu;
using llvm::Value;

namespace {
/// Builds the function that finds out which code to use.
class Chooser {
public:
  explicit Chooser(llvm::Module &module)
      : module(module), builder(module.getContext()) {}

  /// A function that returns the position in `targets` of the first that the
  /// chip can run, or their number.
  llvm::Function *build(llvm::ArrayRef<DispatchTarget> targets);

private:
  /// The four registers after `cpuid`; zero if the chip does not know what is
  /// asked.
  llvm::SmallVector<Value *> ask(uint32_t leaf, uint32_t subleaf);
  Value *askUnchecked(uint32_t leaf, uint32_t subleaf);
  /// The low half of XCR0.
  Value *readState();
  /// `can`, if the system lets this process use tiles too.
  Value *requestTiles(Value *can);
  /// Whether all bits of `mask` are in `word`.
  Value *hasAll(Value *word, uint32_t mask) {
    return builder.CreateICmpEQ(builder.CreateAnd(word, mask),
                                builder.getInt32(mask));
  }

  llvm::Module &module;
  llvm::IRBuilder<> builder;
  std::map<std::pair<uint32_t, uint32_t>, llvm::SmallVector<Value *>> answers;
};
} // namespace

Value *Chooser::askUnchecked(uint32_t leaf, uint32_t subleaf) {
  llvm::Type *word = builder.getInt32Ty();
  auto *type = llvm::FunctionType::get(
      llvm::StructType::get(word, word, word, word), {word, word}, false);
  auto *cpuid = llvm::InlineAsm::get(
      type, "cpuid",
      "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}", false);
  return builder.CreateCall(
      cpuid, {builder.getInt32(leaf), builder.getInt32(subleaf)});
}

llvm::SmallVector<Value *> Chooser::ask(uint32_t leaf, uint32_t subleaf) {
  llvm::SmallVector<Value *> &answer = answers[{leaf, subleaf}];
  if (!answer.empty())
    return answer;
  // What a leaf beyond the last one answers is anything.
  Value *last =
      builder.CreateExtractValue(askUnchecked(leaf & 0x80000000, 0), 0);
  Value *known = builder.CreateICmpUGE(last, builder.getInt32(leaf));
  if (subleaf != 0)
    known = builder.CreateAnd(
        known,
        builder.CreateICmpUGE(ask(leaf, 0)[0], builder.getInt32(subleaf)));
  Value *all = askUnchecked(leaf, subleaf);
  for (unsigned reg = 0; reg < 4; ++reg)
    answer.push_back(builder.CreateSelect(
        known, builder.CreateExtractValue(all, reg), builder.getInt32(0)));
  return answer;
}

Value *Chooser::readState() {
  constexpr uint32_t osxsave = 1u << 27;
  llvm::LLVMContext &context = module.getContext();
  llvm::BasicBlock *before = builder.GetInsertBlock();
  auto *read = llvm::BasicBlock::Create(context, "", before->getParent());
  auto *after = llvm::BasicBlock::Create(context, "", before->getParent());
  builder.CreateCondBr(hasAll(ask(1, 0)[2], osxsave), read, after);
  builder.SetInsertPoint(read);
  llvm::Type *word = builder.getInt32Ty();
  auto *type =
      llvm::FunctionType::get(llvm::StructType::get(word, word), {word}, false);
  auto *xgetbv = llvm::InlineAsm::get(
      type, "xgetbv", "={ax},={dx},{cx},~{dirflag},~{fpsr},~{flags}", true);
  Value *low = builder.CreateExtractValue(
      builder.CreateCall(xgetbv, {builder.getInt32(0)}), 0);
  builder.CreateBr(after);
  builder.SetInsertPoint(after);
  llvm::PHINode *state = builder.CreatePHI(word, 2);
  state->addIncoming(builder.getInt32(0), before);
  state->addIncoming(low, read);
  return state;
}

Value *Chooser::requestTiles(Value *can) {
  llvm::LLVMContext &context = module.getContext();
  llvm::BasicBlock *before = builder.GetInsertBlock();
  auto *ask = llvm::BasicBlock::Create(context, "", before->getParent());
  auto *after = llvm::BasicBlock::Create(context, "", before->getParent());
  builder.CreateCondBr(can, ask, after);
  builder.SetInsertPoint(ask);
  Value *answer = createTileRequest(builder);
  Value *granted = builder.CreateICmpEQ(answer, builder.getInt64(0));
  builder.CreateBr(after);
  builder.SetInsertPoint(after);
  llvm::PHINode *result = builder.CreatePHI(builder.getInt1Ty(), 2);
  result->addIncoming(builder.getFalse(), before);
  result->addIncoming(granted, ask);
  return result;
}

llvm::Function *Chooser::build(llvm::ArrayRef<DispatchTarget> targets) {
  auto *choose = llvm::Function::Create(
      llvm::FunctionType::get(builder.getInt32Ty(), false),
      llvm::Function::InternalLinkage, "glu.choose", module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", choose));
  Value *state = readState();
  Value *choice = builder.getInt32(targets.size());
  for (unsigned i = targets.size(); i-- > 0;) {
    uint32_t saved = 0;
    std::map<std::tuple<uint32_t, uint32_t, unsigned>, uint32_t> masks;
    for (llvm::StringRef name : targets[i].features)
      if (const X86Feature *feature =
              lookupX86Feature({name.data(), name.size()})) {
        masks[{feature->leaf, feature->subleaf, feature->reg}] |=
            1u << feature->bit;
        saved |= feature->state;
      }
    Value *can = hasAll(state, saved);
    for (auto [where, mask] : masks) {
      auto [leaf, subleaf, reg] = where;
      can = builder.CreateAnd(can, hasAll(ask(leaf, subleaf)[reg], mask));
    }
    if (llvm::is_contained(targets[i].features, "amx-tile"))
      can = requestTiles(can);
    choice = builder.CreateSelect(can, builder.getInt32(i), choice);
  }
  builder.CreateRet(choice);
  return choose;
}

/// A function that says that there is no code for this chip, and aborts.
static llvm::Function *addNone(llvm::Module &module,
                               llvm::ArrayRef<DispatchTarget> targets) {
  std::string message = "glu: this processor can run none of the code in this "
                        "library, which is for ";
  for (auto [i, target] : llvm::enumerate(targets))
    message += (i ? ", " : "") + target.name;
  message += "\n";
  llvm::IRBuilder<> builder(module.getContext());
  llvm::Type *none = builder.getVoidTy(), *size = builder.getInt64Ty();
  auto *function = llvm::Function::Create(llvm::FunctionType::get(none, false),
                                          llvm::Function::InternalLinkage,
                                          "glu.none", module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  Value *text = builder.CreateGlobalString(message);
  constexpr int standardError = 2;
  builder.CreateCall(module.getOrInsertFunction("write", size,
                                                builder.getInt32Ty(),
                                                builder.getPtrTy(), size),
                     {builder.getInt32(standardError), text,
                      builder.getInt64(message.size())});
  builder.CreateCall(module.getOrInsertFunction("abort", none));
  builder.CreateUnreachable();
  return function;
}

void glu::addDispatcher(llvm::Module &module,
                        llvm::ArrayRef<DispatchTarget> targets,
                        llvm::ArrayRef<DispatchedFunction> functions) {
  llvm::SmallVector<unsigned> order =
      llvm::to_vector(llvm::seq<unsigned>(0, targets.size()));
  auto countKnown = [&](unsigned target) {
    return llvm::count_if(targets[target].features, [](llvm::StringRef name) {
      return lookupX86Feature({name.data(), name.size()}) != nullptr;
    });
  };
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(-countKnown(a), a) < std::pair(-countKnown(b), b);
  });
  auto ordered = llvm::map_to_vector(
      order, [&](unsigned target) { return targets[target]; });

  llvm::LLVMContext &context = module.getContext();
  llvm::IRBuilder<> builder(context);
  llvm::Function *choose = Chooser(module).build(ordered);
  llvm::Function *none = addNone(module, targets);
  auto *chosen = new llvm::GlobalVariable(
      module, builder.getInt32Ty(), /*isConstant=*/false,
      llvm::GlobalValue::InternalLinkage, builder.getInt32(targets.size()),
      "glu.chosen");
  auto *load = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), false),
      llvm::Function::InternalLinkage, "glu.load", module);
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", load));
  builder.CreateStore(builder.CreateCall(choose), chosen);
  builder.CreateRetVoid();
  // Before the constructors of a program that may call us.
  constexpr int firstPriority = 101;
  llvm::appendToGlobalCtors(module, load, firstPriority);

  for (const DispatchedFunction &function : functions) {
    llvm::SmallVector<llvm::Constant *> table;
    for (unsigned target : order)
      table.push_back(function.implementations[target]);
    table.push_back(none);
    auto *type = llvm::ArrayType::get(builder.getPtrTy(), table.size());
    auto *pointers = new llvm::GlobalVariable(
        module, type, /*isConstant=*/true, llvm::GlobalValue::InternalLinkage,
        llvm::ConstantArray::get(type, table), function.name + ".code");
    llvm::Function *first = function.implementations.front();
    auto *entry = llvm::Function::Create(first->getFunctionType(),
                                         llvm::Function::ExternalLinkage,
                                         function.name, module);
    entry->setAttributes(first->getAttributes().removeFnAttributes(context));
    builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", entry));
    Value *index = builder.CreateLoad(builder.getInt32Ty(), chosen);
    Value *pointer = builder.CreateLoad(
        builder.getPtrTy(),
        builder.CreateGEP(builder.getPtrTy(), pointers, index));
    auto arguments = llvm::map_to_vector(
        entry->args(), [](llvm::Argument &a) -> Value * { return &a; });
    llvm::CallInst *call =
        builder.CreateCall(entry->getFunctionType(), pointer, arguments);
    call->setAttributes(entry->getAttributes());
    call->setTailCallKind(llvm::CallInst::TCK_MustTail);
    if (call->getType()->isVoidTy())
      builder.CreateRetVoid();
    else
      builder.CreateRet(call);
  }
}
