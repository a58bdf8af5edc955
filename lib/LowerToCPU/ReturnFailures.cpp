//===- ReturnFailures.cpp - glu-return-failures ---------------------------===//
//
// Assertions come here as calls of `puts` and `abort`. No exception may cross
// the frames of compiled code and of OpenMP, nor a jump leave them: a failure
// is written down, and what is under way comes to its end early.
//
//===----------------------------------------------------------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/SetVector.h"

namespace glu {
#define GEN_PASS_DEF_RETURNFAILURES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// The sentence in the message of a runtime check, which upstream's
/// verification spreads over lines: the operation, "^ what is wrong", and
/// "Location: loc(...)".
static std::string getSentence(StringRef message) {
  auto [before, reason] = message.split("\n^ ");
  if (reason.empty())
    return "an assertion of the program failed: " + message.str();
  auto [what, rest] = reason.split('\n');
  auto [ignored, location] = rest.split("loc(");
  location.consume_back(")");
  std::string where = location.str();
  llvm::erase(where, '"');
  StringRef op = before.substr(before.rfind('\n') + 1);
  return "the shapes of the arguments do not fit together: " + what.str() +
         (where.empty() ? "" : ", at " + where) + ": " + op.trim().str();
}

static constexpr StringLiteral wrapperPrefix = "_mlir_ciface_";

/// Whether `op` sees the values of a function around it.
static bool isInFunction(Operation *op) {
  return isa_and_nonnull<LLVM::LLVMFuncOp>(
      op->getParentWithTrait<OpTrait::IsIsolatedFromAbove>());
}

/// Whether code in `region` can come to its end early: that of a function, or
/// of a turn of OpenMP's loops.
static bool canLeave(Region *region) {
  Operation *parent = region->getParentOp();
  return isa<LLVM::LLVMFuncOp>(parent) ||
         (isa<omp::LoopNestOp>(parent) && isInFunction(parent));
}

namespace {
/// What ends the process: these two calls, and `llvm.unreachable`.
struct Failure {
  LLVM::CallOp puts, abort;
};

class Rewriter {
public:
  Rewriter(ModuleOp module, bool checkAllocations)
      : module(module), checkAllocations(checkAllocations), symbols(module) {}

  LogicalResult run() {
    if (failed(findChanged()))
      return failure();
    for (Operation *function : changed)
      rewrite(cast<LLVM::LLVMFuncOp>(function));
    return success();
  }

private:
  LogicalResult findChanged();
  void rewrite(LLVM::LLVMFuncOp function);
  bool callsChanged(Operation *op) {
    auto call = dyn_cast<LLVM::CallOp>(op);
    return call && call.getCallee() &&
           changed.contains(symbols.lookup(*call.getCallee()));
  }
  bool isCheckedAllocation(Operation *op) {
    auto call = dyn_cast<LLVM::CallOp>(op);
    return checkAllocations && call && call.getCallee() == "malloc" &&
           call->getNumResults() == 1 && canLeave(call->getParentRegion());
  }
  /// The address of a new constant.
  Value createSentence(ImplicitLocOpBuilder &builder, std::string sentence);
  /// Leaves what is around `allocation` if it gave nothing.
  void checkAllocation(LLVM::CallOp allocation, Value slot);
  /// The address of the sentence for what `puts` would print.
  Value getSentenceAt(ImplicitLocOpBuilder &builder, LLVM::CallOp puts);
  /// Leaves what is around `op` if there was a failure in it.
  void checkAfter(Operation *op, Value slot);

  ModuleOp module;
  bool checkAllocations;
  SymbolTable symbols;
  /// Functions with an argument more: C wrappers, and what fails or calls what
  /// does.
  llvm::SetVector<Operation *> changed;
};

struct ReturnFailures : glu::impl::ReturnFailuresBase<ReturnFailures> {
  using ReturnFailuresBase::ReturnFailuresBase;
  void runOnOperation() override {
    if (failed(Rewriter(getOperation(), checkAllocations).run()))
      signalPassFailure();
  }
};
} // namespace

/// The failure that `op` is the end of, where it can be left.
static std::optional<Failure> getFailure(Operation *op) {
  if (!isa<LLVM::UnreachableOp>(op) || !canLeave(op->getParentRegion()))
    return std::nullopt;
  auto abort = dyn_cast_or_null<LLVM::CallOp>(op->getPrevNode());
  if (!abort || abort.getCallee() != "abort")
    return std::nullopt;
  auto puts = dyn_cast_or_null<LLVM::CallOp>(abort->getPrevNode());
  if (!puts || puts.getCallee() != "puts")
    return std::nullopt;
  return Failure{puts, abort};
}

LogicalResult Rewriter::findChanged() {
  SymbolTableCollection tables;
  SymbolUserMap users(tables, module);
  // Who calls a function by its address knows its type.
  auto canChange = [&](LLVM::LLVMFuncOp function) {
    return !function.isExternal() &&
           llvm::all_of(users.getUsers(function), [](Operation *user) {
             return isa<LLVM::CallOp>(user) && isInFunction(user);
           });
  };
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    bool isWrapper = function.getName().starts_with(wrapperPrefix);
    if (!canChange(function)) {
      if (isWrapper && !function.isExternal())
        return function.emitError("is used otherwise than by calls");
      continue;
    }
    WalkResult fails = function.walk([&](Operation *op) {
      return getFailure(op) || isCheckedAllocation(op) ? WalkResult::interrupt()
                                                       : WalkResult::advance();
    });
    if (isWrapper || fails.wasInterrupted())
      changed.insert(function);
  }
  for (size_t i = 0; i < changed.size(); ++i)
    for (Operation *user : users.getUsers(changed[i])) {
      auto caller = user->getParentOfType<LLVM::LLVMFuncOp>();
      if (canChange(caller))
        changed.insert(caller);
    }
  return success();
}

Value Rewriter::getSentenceAt(ImplicitLocOpBuilder &builder,
                              LLVM::CallOp puts) {
  Value message = puts.getArgOperands().front();
  auto element = message.getDefiningOp<LLVM::GEPOp>();
  auto address = (element ? element.getBase() : message)
                     .getDefiningOp<LLVM::AddressOfOp>();
  auto global = address
                    ? symbols.lookup<LLVM::GlobalOp>(address.getGlobalName())
                    : LLVM::GlobalOp();
  auto bytes =
      global ? dyn_cast_or_null<DenseIntElementsAttr>(global.getValueOrNull())
             : DenseIntElementsAttr();
  if (!bytes || !bytes.getElementType().isInteger(8))
    return message;
  std::string text(bytes.value_begin<int8_t>(), bytes.value_end<int8_t>());
  return createSentence(builder, getSentence(text.c_str()));
}

Value Rewriter::createSentence(ImplicitLocOpBuilder &builder,
                               std::string sentence) {
  sentence.push_back('\0');
  auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), sentence.size());
  OpBuilder detached(module.getContext());
  auto constant = LLVM::GlobalOp::create(
      detached, builder.getLoc(), type, /*isConstant=*/true,
      LLVM::Linkage::Private, "glu_failure", builder.getStringAttr(sentence));
  symbols.insert(constant, module.getBody()->begin());
  return LLVM::AddressOfOp::create(builder, constant);
}

/// Comes to the end of `region`.
static void leave(ImplicitLocOpBuilder &builder, Region *region) {
  auto function = dyn_cast<LLVM::LLVMFuncOp>(region->getParentOp());
  if (!function) {
    omp::YieldOp::create(builder, ValueRange());
    return;
  }
  SmallVector<Value> results;
  Type type = function.getFunctionType().getReturnType();
  if (!isa<LLVM::LLVMVoidType>(type))
    results.push_back(LLVM::PoisonOp::create(builder, type));
  LLVM::ReturnOp::create(builder, results);
}

// Threads of OpenMP may fail at once: any of their messages will do.
static constexpr auto ordering = LLVM::AtomicOrdering::monotonic;
static constexpr unsigned alignment = 8;

void Rewriter::checkAfter(Operation *op, Value slot) {
  Block *block = op->getBlock();
  Block *rest = block->splitBlock(op->getNextNode());
  auto *early = new Block;
  block->getParent()->push_back(early);
  ImplicitLocOpBuilder builder(op->getLoc(), op->getContext());
  builder.setInsertionPointToEnd(block);
  Value message = LLVM::LoadOp::create(
      builder, slot.getType(), slot, alignment, /*isVolatile=*/false,
      /*isNonTemporal=*/false, /*isInvariant=*/false,
      /*isInvariantGroup=*/false, ordering);
  Value none = LLVM::ZeroOp::create(builder, slot.getType());
  Value isSet =
      LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, message, none);
  LLVM::CondBrOp::create(builder, isSet, early, rest);
  builder.setInsertionPointToEnd(early);
  leave(builder, early->getParent());
}

static void storeMessage(ImplicitLocOpBuilder &builder, Value message,
                         Value slot) {
  LLVM::StoreOp::create(builder, message, slot, alignment, /*isVolatile=*/false,
                        /*isNonTemporal=*/false, /*isInvariantGroup=*/false,
                        ordering);
}

void Rewriter::checkAllocation(LLVM::CallOp allocation, Value slot) {
  Block *block = allocation->getBlock();
  Block *rest = block->splitBlock(allocation->getNextNode());
  auto *early = new Block;
  block->getParent()->push_back(early);
  ImplicitLocOpBuilder builder(allocation.getLoc(), allocation.getContext());
  builder.setInsertionPointToEnd(block);
  Value none = LLVM::ZeroOp::create(builder, slot.getType());
  Value isNone = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq,
                                      allocation.getResult(), none);
  LLVM::CondBrOp::create(builder, isNone, early, rest);
  builder.setInsertionPointToEnd(early);
  storeMessage(builder, createSentence(builder, "there is not enough memory"),
               slot);
  leave(builder, early->getParent());
}

void Rewriter::rewrite(LLVM::LLVMFuncOp function) {
  SmallVector<std::pair<Operation *, Failure>> failures;
  SmallVector<LLVM::CallOp> calls, allocations;
  // After which there may have been a failure.
  llvm::SetVector<Operation *> doubtful;
  function.walk([&](Operation *op) {
    if (std::optional<Failure> found = getFailure(op)) {
      failures.emplace_back(op, *found);
    } else if (isCheckedAllocation(op)) {
      allocations.push_back(cast<LLVM::CallOp>(op));
    } else if (callsChanged(op)) {
      calls.push_back(cast<LLVM::CallOp>(op));
      doubtful.insert(op);
    } else {
      return;
    }
    while ((op = op->getParentOp()) != function)
      doubtful.insert(op);
  });

  auto pointer = LLVM::LLVMPointerType::get(function.getContext());
  LLVM::LLVMFunctionType type = function.getFunctionType();
  auto parameters = llvm::to_vector(type.getParams());
  parameters.push_back(pointer);
  function.setFunctionType(
      LLVM::LLVMFunctionType::get(type.getReturnType(), parameters));
  if (ArrayAttr attributes = function.getArgAttrsAttr()) {
    auto all = llvm::to_vector(attributes);
    all.push_back(DictionaryAttr::get(function.getContext()));
    function.setArgAttrsAttr(ArrayAttr::get(function.getContext(), all));
  }
  Value slot =
      function.getBody().front().addArgument(pointer, function.getLoc());
  for (LLVM::CallOp call : calls)
    call.getCalleeOperandsMutable().append(slot);
  for (auto [end, found] : failures) {
    ImplicitLocOpBuilder builder(found.puts.getLoc(), end);
    Value message = getSentenceAt(builder, found.puts);
    storeMessage(builder, message, slot);
    leave(builder, end->getParentRegion());
    end->erase();
    found.abort->erase();
    found.puts->erase();
  }
  for (LLVM::CallOp allocation : allocations)
    checkAllocation(allocation, slot);
  for (Operation *op : doubtful)
    if (canLeave(op->getParentRegion()))
      checkAfter(op, slot);
}
