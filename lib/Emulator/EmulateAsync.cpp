//===- EmulateAsync.cpp - Barriers and copies in the background -----------===//
//
// The names and parameters are those of Mbarrier.cpp and BulkCopies.cpp.
//
//===----------------------------------------------------------------------===//

#include "EmulateInstructions.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace glu;

/// An instruction with a predicate becomes one in a block of its own.
void InstructionEmulator::branchAround(Operation *op, Value predicate) {
  Block *before = op->getBlock();
  Block *after = rewriter.splitBlock(before, std::next(op->getIterator()));
  Block *guarded = rewriter.createBlock(after);
  rewriter.moveOpBefore(op, guarded, guarded->end());
  LLVM::BrOp::create(rewriter, op->getLoc(), after);
  rewriter.setInsertionPointToEnd(before);
  LLVM::CondBrOp::create(rewriter, op->getLoc(), predicate, guarded, after);
  rewriter.setInsertionPoint(op);
}

/// Replaces `op` by a call; its result, if it has one, is the call's.
LogicalResult InstructionEmulator::replaceByCall(Operation *op, StringRef name,
                                                 ValueRange operands) {
  Type type = op->getNumResults() ? op->getResult(0).getType() : Type();
  Value result = call(op->getLoc(), name, type, operands);
  if (result)
    rewriter.replaceOp(op, result);
  else
    rewriter.eraseOp(op);
  return success();
}

/// All forms of arriving: how often, with how many bytes to come.
LogicalResult InstructionEmulator::rewriteArrival(Operation *op, Value pointer,
                                                  Value count, Value bytes,
                                                  bool drops, bool isRelaxed) {
  Location loc = op->getLoc();
  Type i64 = rewriter.getI64Type();
  Value expected = bytes ? LLVM::ZExtOp::create(rewriter, loc, i64, bytes)
                         : createInt(loc, 64, -1);
  Value phase = call(
      loc, "glu_emulate_mbarrier_arrive", i64,
      {toGeneric(loc, pointer), count ? count : createInt(loc, 32, 1), expected,
       createInt(loc, 32, drops), createInt(loc, 32, isRelaxed), getSite(op)});
  if (op->getNumResults())
    rewriter.replaceOp(op, phase);
  else
    rewriter.eraseOp(op);
  return success();
}

/// Whether a phase is complete, by its parity or the state of an arrival.
template <typename Op>
LogicalResult InstructionEmulator::rewriteTest(Op op, bool mayBlock) {
  Location loc = op.getLoc();
  Value parity = op.getStateOrPhase();
  Type i64 = rewriter.getI64Type();
  if (parity.getType() == i64)
    parity = LLVM::AndOp::create(rewriter, loc, parity, createInt(loc, 64, 1));
  else
    parity = LLVM::ZExtOp::create(rewriter, loc, i64, parity);
  return replaceByCall(op, "glu_emulate_mbarrier_try_wait",
                       {toGeneric(loc, op.getAddr()), parity,
                        createInt(loc, 32, mayBlock),
                        createInt(loc, 32, op.getRelaxed()), getSite(op)});
}

std::optional<LogicalResult>
InstructionEmulator::rewriteMbarrier(Operation *op) {
  using Result = std::optional<LogicalResult>;
  Location loc = op->getLoc();
  auto generic = [&](Value pointer) { return toGeneric(loc, pointer); };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](NVVM::MBarrierInitOp init) {
        if (Value predicate = init.getPredicate())
          branchAround(op, predicate);
        return replaceByCall(
            op, "glu_emulate_mbarrier_init",
            {generic(init.getAddr()), init.getCount(), getSite(op)});
      })
      .Case([&](NVVM::MBarrierInvalOp inval) {
        return replaceByCall(op, "glu_emulate_mbarrier_inval",
                             {generic(inval.getAddr()), getSite(op)});
      })
      .Case([&](NVVM::MBarrierExpectTxOp expect) {
        return replaceByCall(
            op, "glu_emulate_mbarrier_expect",
            {generic(expect.getAddr()), expect.getTxcount(), getSite(op)});
      })
      .Case([&](NVVM::MBarrierCompleteTxOp complete) {
        return replaceByCall(
            op, "glu_emulate_mbarrier_complete",
            {generic(complete.getAddr()), complete.getTxcount(), getSite(op)});
      })
      .Case([&](NVVM::MBarrierArriveOp arrive) {
        return rewriteArrival(op, arrive.getAddr(), arrive.getCount(), {},
                              /*drops=*/false, arrive.getRelaxed());
      })
      .Case([&](NVVM::MBarrierArriveDropOp arrive) {
        return rewriteArrival(op, arrive.getAddr(), arrive.getCount(), {},
                              /*drops=*/true, arrive.getRelaxed());
      })
      .Case([&](NVVM::MBarrierArriveNocompleteOp arrive) {
        return rewriteArrival(op, arrive.getAddr(), arrive.getCount(), {},
                              /*drops=*/false, /*isRelaxed=*/false);
      })
      .Case([&](NVVM::MBarrierArriveExpectTxOp arrive) {
        if (Value predicate = arrive.getPredicate())
          branchAround(op, predicate);
        return rewriteArrival(op, arrive.getAddr(), {}, arrive.getTxcount(),
                              /*drops=*/false, arrive.getRelaxed());
      })
      .Case([&](NVVM::MBarrierTryWaitParityOp wait) {
        Value parity = LLVM::ZExtOp::create(
            rewriter, loc, rewriter.getI64Type(), wait.getPhase());
        return replaceByCall(op, "glu_emulate_mbarrier_wait",
                             {generic(wait.getAddr()), parity,
                              createInt(loc, 32, /*isRelaxed=*/0),
                              getSite(op)});
      })
      .Case([&](NVVM::MBarrierTryWaitOp wait) {
        return rewriteTest(wait, /*mayBlock=*/true);
      })
      .Case([&](NVVM::MBarrierTestWaitOp wait) {
        return rewriteTest(wait, /*mayBlock=*/false);
      })
      .Case([&](NVVM::FenceMbarrierInitOp) {
        return replaceByCall(op, "glu_emulate_mbarrier_fence", {});
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<LogicalResult>
InstructionEmulator::rewriteBulkCopy(Operation *op) {
  using Result = std::optional<LogicalResult>;
  Location loc = op->getLoc();
  auto generic = [&](Value pointer) { return toGeneric(loc, pointer); };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp load) {
        if (load.getMode() != NVVM::TMALoadMode::TILE || load.getGroup())
          return failUnknown(op);
        if (Value predicate = load.getPredicate())
          branchAround(op, predicate);
        Value blocks = load.getMulticastMask();
        blocks = blocks ? LLVM::ZExtOp::create(rewriter, loc,
                                               rewriter.getI32Type(), blocks)
                        : createInt(loc, 32, 0);
        return replaceByCall(op, "glu_emulate_bulk_load",
                             {generic(load.getDstMem()),
                              load.getTmaDescriptor(), generic(load.getMbar()),
                              createInt(loc, 32, load.getCoordinates().size()),
                              pack(loc, load.getCoordinates()), blocks,
                              getSite(op)});
      })
      .Case([&](NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp store) {
        if (store.getMode() != NVVM::TMAStoreMode::TILE)
          return failUnknown(op);
        if (Value predicate = store.getPredicate())
          branchAround(op, predicate);
        return replaceByCall(op, "glu_emulate_bulk_store",
                             {store.getTmaDescriptor(),
                              generic(store.getSrcMem()),
                              createInt(loc, 32, store.getCoordinates().size()),
                              pack(loc, store.getCoordinates()), getSite(op)});
      })
      .Case([&](NVVM::CpAsyncBulkCommitGroupOp) {
        return replaceByCall(op, "glu_emulate_bulk_commit", {});
      })
      .Case([&](NVVM::CpAsyncBulkWaitGroupOp wait) {
        return replaceByCall(op, "glu_emulate_bulk_wait",
                             {createInt(loc, 32, wait.getGroup()),
                              createInt(loc, 32, bool(wait.getRead()))});
      })
      .Case([&](NVVM::CpAsyncBulkTensorPrefetchOp prefetch) {
        if (prefetch.getMode() != NVVM::TMALoadMode::TILE)
          return failUnknown(op);
        return replaceByCall(
            op, "glu_emulate_bulk_prefetch",
            {prefetch.getTmaDescriptor(),
             createInt(loc, 32, prefetch.getCoordinates().size()),
             getSite(op)});
      })
      .Case([&](NVVM::PrefetchOp prefetch) {
        if (!prefetch.getTensormap())
          return failUnknown(op);
        if (Value predicate = prefetch.getPredicate())
          branchAround(op, predicate);
        return replaceByCall(
            op, "glu_emulate_bulk_prefetch",
            {generic(prefetch.getAddr()), createInt(loc, 32, 0), getSite(op)});
      })
      .Case([&](NVVM::FenceProxyOp fence) {
        if (!llvm::is_contained({NVVM::ProxyKind::async,
                                 NVVM::ProxyKind::async_global,
                                 NVVM::ProxyKind::async_shared},
                                fence.getKind()))
          return failUnknown(op);
        return replaceByCall(op, "glu_emulate_fence_proxy", {});
      })
      .Default([](Operation *) { return std::nullopt; });
}
