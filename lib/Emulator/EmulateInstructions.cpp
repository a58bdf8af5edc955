//===- EmulateInstructions.cpp - Instructions as calls --------------------===//
//
// The names and parameters are those of Instructions.cpp.
//
//===----------------------------------------------------------------------===//

#include "EmulateInstructions.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace glu;

Value InstructionEmulator::createInt(Location loc, unsigned width,
                                     int64_t value) {
  return LLVM::ConstantOp::create(
      rewriter, loc, rewriter.getIntegerType(width),
      rewriter.getIntegerAttr(rewriter.getIntegerType(width), value));
}

Value InstructionEmulator::call(Location loc, StringRef name, Type result,
                                ValueRange operands) {
  auto function = host.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!function) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(host.getBody());
    Type type = result ? result : LLVM::LLVMVoidType::get(host.getContext());
    function = LLVM::LLVMFuncOp::create(
        rewriter, host.getLoc(), name,
        LLVM::LLVMFunctionType::get(type,
                                    SmallVector<Type>(operands.getTypes())));
  }
  auto call = LLVM::CallOp::create(rewriter, loc, function, operands);
  return result ? call.getResult() : Value();
}

Value InstructionEmulator::toGeneric(Location loc, Value pointer) {
  auto generic = LLVM::LLVMPointerType::get(host.getContext());
  if (pointer.getType() == generic)
    return pointer;
  return LLVM::AddrSpaceCastOp::create(rewriter, loc, generic, pointer);
}

/// 32 bits, whatever they mean.
Value InstructionEmulator::toInt(Location loc, Value value) {
  if (value.getType().isInteger(32))
    return value;
  return LLVM::BitcastOp::create(rewriter, loc, rewriter.getI32Type(), value);
}

Value InstructionEmulator::createBuffer(Location loc, int64_t bytes) {
  OpBuilder::InsertionGuard guard(rewriter);
  auto function = rewriter.getInsertionBlock()
                      ->getParentOp()
                      ->getParentOfType<LLVM::LLVMFuncOp>();
  if (!function)
    function = cast<LLVM::LLVMFuncOp>(rewriter.getBlock()->getParentOp());
  rewriter.setInsertionPointToStart(&function.getBody().front());
  return LLVM::AllocaOp::create(
      rewriter, loc, LLVM::LLVMPointerType::get(host.getContext()),
      rewriter.getI8Type(), createInt(loc, 64, bytes), /*alignment=*/16);
}

/// A buffer that holds registers of 32 bits.
Value InstructionEmulator::pack(Location loc, ValueRange values) {
  Value buffer = createBuffer(loc, 4 * values.size());
  for (auto [i, value] : llvm::enumerate(values)) {
    Value place = LLVM::GEPOp::create(rewriter, loc, buffer.getType(),
                                      rewriter.getI8Type(), buffer,
                                      ArrayRef<LLVM::GEPArg>{int32_t(4 * i)});
    LLVM::StoreOp::create(rewriter, loc, value, place, /*alignment=*/4);
  }
  return buffer;
}

/// The place in the source; code is moved and merged, so a line is all that is
/// worth having.
static std::string describe(Location loc) {
  std::string text;
  loc->walk([&](Location nested) {
    auto file = dyn_cast<FileLineColLoc>(nested);
    if (!file)
      return WalkResult::advance();
    text = (file.getFilename().getValue() + ":" + Twine(file.getLine())).str();
    return WalkResult::interrupt();
  });
  return text;
}

Value InstructionEmulator::getSite(Operation *op) {
  std::string text = describe(op->getLoc());
  auto [found, isNew] = siteNumbers.try_emplace(text, sites.size());
  if (isNew)
    sites.push_back(text);
  return createInt(op->getLoc(), 32, found->second);
}

void InstructionEmulator::checkAccess(Operation *op, Value pointer, Type type,
                                      uint64_t alignment, bool isWrite) {
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  DataLayout layout = DataLayout::closest(op);
  if (!alignment)
    alignment = layout.getTypeABIAlignment(type);
  call(loc, "glu_emulate_access", {},
       {toGeneric(loc, pointer),
        createInt(loc, 64, layout.getTypeSize(type).getFixedValue()),
        createInt(loc, 32, alignment), createInt(loc, 32, isWrite),
        getSite(op)});
}

/// The number of a special register in the emulator.
static std::optional<int64_t> getSpecialRegister(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<int64_t>>(op)
      .Case([](NVVM::ThreadIdXOp) { return 0; })
      .Case([](NVVM::ThreadIdYOp) { return 1; })
      .Case([](NVVM::ThreadIdZOp) { return 2; })
      .Case([](NVVM::BlockIdXOp) { return 3; })
      .Case([](NVVM::BlockIdYOp) { return 4; })
      .Case([](NVVM::BlockIdZOp) { return 5; })
      .Case([](NVVM::BlockDimXOp) { return 6; })
      .Case([](NVVM::BlockDimYOp) { return 7; })
      .Case([](NVVM::BlockDimZOp) { return 8; })
      .Case([](NVVM::GridDimXOp) { return 9; })
      .Case([](NVVM::GridDimYOp) { return 10; })
      .Case([](NVVM::GridDimZOp) { return 11; })
      .Case([](NVVM::LaneIdOp) { return 12; })
      .Case([](NVVM::WarpIdOp) { return 13; })
      .Case([](NVVM::ClusterIdXOp) { return 14; })
      .Case([](NVVM::ClusterIdYOp) { return 15; })
      .Case([](NVVM::ClusterIdZOp) { return 16; })
      .Case([](NVVM::ClusterDimXOp) { return 17; })
      .Case([](NVVM::ClusterDimYOp) { return 18; })
      .Case([](NVVM::ClusterDimZOp) { return 19; })
      .Case([](NVVM::BlockInClusterIdXOp) { return 20; })
      .Case([](NVVM::BlockInClusterIdYOp) { return 21; })
      .Case([](NVVM::BlockInClusterIdZOp) { return 22; })
      .Case([](NVVM::ClusterDimBlocksXOp) { return 23; })
      .Case([](NVVM::ClusterDimBlocksYOp) { return 24; })
      .Case([](NVVM::ClusterDimBlocksZOp) { return 25; })
      .Case([](NVVM::ClusterId) { return 26; })
      .Case([](NVVM::ClusterDim) { return 27; })
      .Default([](Operation *) { return std::nullopt; });
}

/// f16: 0, bf16: 1, as multiplyMatrices counts them.
static std::optional<int64_t> getMmaElement(NVVM::MmaOp op) {
  NVVM::MMAShapeAttr shape = op.getShape();
  auto a = op.getMultiplicandAPtxType(), b = op.getMultiplicandBPtxType();
  if (shape.getM() != 16 || shape.getN() != 8 || shape.getK() != 16 ||
      op.getLayoutA() != NVVM::MMALayout::row ||
      op.getLayoutB() != NVVM::MMALayout::col || !a || a != b ||
      op.accumPtxType() != NVVM::MMATypes::f32 ||
      op.resultPtxType() != NVVM::MMATypes::f32)
    return std::nullopt;
  if (*a == NVVM::MMATypes::f16)
    return 0;
  if (*a == NVVM::MMATypes::bf16)
    return 1;
  return std::nullopt;
}

LogicalResult InstructionEmulator::failUnknown(Operation *op) {
  return op->emitError("the emulator does not know '")
         << op->getName() << "', or not this form of it";
}

LogicalResult InstructionEmulator::rewriteNVVM(Operation *op) {
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  Type i32 = rewriter.getI32Type();
  for (auto rewrite : {&InstructionEmulator::rewriteMbarrier,
                       &InstructionEmulator::rewriteBulkCopy,
                       &InstructionEmulator::rewriteWgmma})
    if (auto result = (this->*rewrite)(op))
      return *result;
  if (auto number = getSpecialRegister(op)) {
    rewriter.replaceOp(
        op, call(loc, "glu_emulate_special", i32, createInt(loc, 32, *number)));
    return success();
  }
  if (isa<NVVM::Barrier0Op>(op)) {
    call(loc, "glu_emulate_barrier", {},
         {createInt(loc, 32, 0), createInt(loc, 32, -1),
          createInt(loc, 32, /*waits=*/1)});
  } else if (auto barrier = dyn_cast<NVVM::BarrierOp>(op)) {
    if (barrier.getReductionOp())
      return failUnknown(op);
    Value id = barrier.getBarrierId(), count = barrier.getNumberOfThreads();
    call(loc, "glu_emulate_barrier", {},
         {id ? id : createInt(loc, 32, 0),
          count ? count : createInt(loc, 32, -1),
          createInt(loc, 32, /*waits=*/1)});
  } else if (auto arrive = dyn_cast<NVVM::BarrierArriveOp>(op)) {
    Value id = arrive.getBarrierId();
    call(loc, "glu_emulate_barrier", {},
         {id ? id : createInt(loc, 32, 0), arrive.getNumberOfThreads(),
          createInt(loc, 32, /*waits=*/0)});
  } else if (auto sync = dyn_cast<NVVM::SyncWarpOp>(op)) {
    call(loc, "glu_emulate_warp_barrier", {}, sync.getMask());
  } else if (auto shuffle = dyn_cast<NVVM::ShflOp>(op)) {
    if (shuffle.getReturnValueAndIsValid())
      return failUnknown(op);
    Value none = LLVM::ZeroOp::create(
        rewriter, loc, LLVM::LLVMPointerType::get(host.getContext()));
    Value result = call(loc, "glu_emulate_shuffle", i32,
                        {shuffle.getThreadMask(), toInt(loc, shuffle.getVal()),
                         shuffle.getOffset(), shuffle.getMaskAndClamp(),
                         createInt(loc, 32, int64_t(shuffle.getKind())), none});
    if (shuffle.getRes().getType() != i32)
      result = LLVM::BitcastOp::create(rewriter, loc,
                                       shuffle.getRes().getType(), result);
    rewriter.replaceOp(op, result);
    return success();
  } else if (auto mma = dyn_cast<NVVM::MmaOp>(op)) {
    std::optional<int64_t> element = getMmaElement(mma);
    if (!element)
      return failUnknown(op);
    Value result = createBuffer(loc, 16);
    call(loc, "glu_emulate_mma", {},
         {createInt(loc, 32, *element), pack(loc, mma.getOperandA()),
          pack(loc, mma.getOperandB()), pack(loc, mma.getOperandC()), result});
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, mma.getRes().getType(),
                                              result, /*alignment=*/4);
    return success();
  } else if (auto load = dyn_cast<NVVM::LdMatrixOp>(op)) {
    if (load.getEltType() != NVVM::LdStMatrixEltType::B16 ||
        load.getShape().getM() != 8 || load.getShape().getN() != 8)
      return failUnknown(op);
    Value result = createBuffer(loc, 4 * load.getNum());
    call(loc, "glu_emulate_ldmatrix", {},
         {toGeneric(loc, load.getPtr()), createInt(loc, 32, load.getNum()),
          createInt(loc, 32, load.getLayout() == NVVM::MMALayout::col), result,
          getSite(op)});
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(op, load.getRes().getType(),
                                              result, /*alignment=*/4);
    return success();
  } else if (auto store = dyn_cast<NVVM::StMatrixOp>(op)) {
    if (store.getEltType() != NVVM::LdStMatrixEltType::B16 ||
        store.getShape().getM() != 8 || store.getShape().getN() != 8)
      return failUnknown(op);
    call(loc, "glu_emulate_stmatrix", {},
         {toGeneric(loc, store.getPtr()),
          createInt(loc, 32, store.getSources().size()),
          createInt(loc, 32, store.getLayout() == NVVM::MMALayout::col),
          pack(loc, store.getSources()), getSite(op)});
  } else if (auto elect = dyn_cast<NVVM::ElectSyncOp>(op)) {
    Value mask = elect.getMembermask();
    return replaceByCall(op, "glu_emulate_elect",
                         mask ? mask : createInt(loc, 32, -1));
  } else if (auto registers = dyn_cast<NVVM::SetMaxRegisterOp>(op)) {
    call(loc, "glu_emulate_set_registers", {},
         {createInt(loc, 32, registers.getRegCount()),
          createInt(loc, 32,
                    registers.getAction() ==
                        NVVM::SetMaxRegisterAction::increase),
          getSite(op)});
  } else if (isa<NVVM::ClusterArriveOp, NVVM::ClusterArriveRelaxedOp>(op)) {
    call(loc, "glu_emulate_cluster_arrive", {},
         {createInt(loc, 32, isa<NVVM::ClusterArriveRelaxedOp>(op)),
          getSite(op)});
  } else if (isa<NVVM::ClusterWaitOp>(op)) {
    call(loc, "glu_emulate_cluster_wait", {}, getSite(op));
  } else if (auto map = dyn_cast<NVVM::MapaOp>(op)) {
    Value mapped = call(loc, "glu_emulate_map_address",
                        LLVM::LLVMPointerType::get(host.getContext()),
                        {toGeneric(loc, map.getA()), map.getB(), getSite(op)});
    if (map.getRes().getType() != mapped.getType())
      mapped = LLVM::AddrSpaceCastOp::create(rewriter, loc,
                                             map.getRes().getType(), mapped);
    rewriter.replaceOp(op, mapped);
    return success();
  } else if (isa<NVVM::MembarOp, NVVM::FenceProxyAcquireOp>(op)) {
    // What they order between blocks, nothing that is known here relies on.
  } else if (auto copy = dyn_cast<NVVM::CpAsyncOp>(op)) {
    Value size = createInt(loc, 32, copy.getSize());
    call(loc, "glu_emulate_copy_async", {},
         {toGeneric(loc, copy.getDst()), toGeneric(loc, copy.getSrc()), size,
          copy.getCpSize() ? copy.getCpSize() : size, getSite(op)});
  } else if (isa<NVVM::CpAsyncCommitGroupOp>(op)) {
    call(loc, "glu_emulate_commit_group", {}, {});
  } else if (auto wait = dyn_cast<NVVM::CpAsyncWaitGroupOp>(op)) {
    call(loc, "glu_emulate_wait_group", {}, createInt(loc, 32, wait.getN()));
  } else {
    return failUnknown(op);
  }
  rewriter.eraseOp(op);
  return success();
}

/// Pointers to shared memory are the host's here; as numbers they are what
/// instructions and descriptors hold.
void InstructionEmulator::rewriteAddress(Operation *op) {
  Location loc = op->getLoc();
  Type i64 = rewriter.getI64Type();
  auto isShared = [](Type type) {
    auto pointer = dyn_cast<LLVM::LLVMPointerType>(type);
    return pointer && pointer.getAddressSpace() == 3;
  };
  auto cast = [&](Type type, Value value) -> Value {
    unsigned from = value.getType().getIntOrFloatBitWidth(),
             to = type.getIntOrFloatBitWidth();
    if (from < to)
      return LLVM::ZExtOp::create(rewriter, loc, type, value);
    if (from > to)
      return LLVM::TruncOp::create(rewriter, loc, type, value);
    return value;
  };
  rewriter.setInsertionPoint(op);
  Value operand = op->getOperand(0);
  Type type = op->getResult(0).getType();
  if (isa<LLVM::PtrToIntOp>(op) && isShared(operand.getType()))
    rewriter.replaceOp(op, cast(type, call(loc, "glu_emulate_to_address", i64,
                                           toGeneric(loc, operand))));
  else if (isa<LLVM::IntToPtrOp>(op) && isShared(type))
    rewriter.replaceOp(
        op, call(loc, "glu_emulate_from_address", type, cast(i64, operand)));
}

/// No instructions, results in the operands' registers: what keeps compilers
/// from moving code over a wait.
static bool isIdentity(LLVM::InlineAsmOp op) {
  if (!op.getAsmString().empty() || op->getNumResults() != 1)
    return false;
  auto type = dyn_cast<LLVM::LLVMStructType>(op.getRes().getType());
  TypeRange operands = op.getOperandTypes();
  return type ? llvm::equal(type.getBody(), operands)
              : operands.size() == 1 && operands[0] == op.getRes().getType();
}

Value InstructionEmulator::repeatOperands(LLVM::InlineAsmOp op) {
  Type type = op.getRes().getType();
  if (!isa<LLVM::LLVMStructType>(type))
    return op.getOperand(0);
  Value result = LLVM::UndefOp::create(rewriter, op.getLoc(), type);
  for (auto [i, operand] : llvm::enumerate(op.getOperands()))
    result = LLVM::InsertValueOp::create(rewriter, op.getLoc(), result, operand,
                                         int64_t(i));
  return result;
}

LogicalResult
InstructionEmulator::rewrite(LLVM::LLVMFuncOp function,
                             const llvm::StringMap<int64_t> &shared) {
  if (failed(readAccumulators(function)))
    return failure();
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    if (isa<NVVM::NVVMDialect>(op->getDialect())) {
      if (failed(rewriteNVVM(op)))
        return failure();
    } else if (auto load = dyn_cast<LLVM::LoadOp>(op)) {
      checkAccess(op, load.getAddr(), load.getType(),
                  load.getAlignment().value_or(0), /*isWrite=*/false);
    } else if (auto store = dyn_cast<LLVM::StoreOp>(op)) {
      checkAccess(op, store.getAddr(), store.getValue().getType(),
                  store.getAlignment().value_or(0), /*isWrite=*/true);
    } else if (auto address = dyn_cast<LLVM::AddressOfOp>(op)) {
      auto found = shared.find(address.getGlobalName());
      if (found == shared.end())
        continue;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, call(op->getLoc(), "glu_emulate_shared",
                                  address.getType(),
                                  createInt(op->getLoc(), 64, found->second)));
    } else if (isa<LLVM::PtrToIntOp, LLVM::IntToPtrOp>(op)) {
      rewriteAddress(op);
    } else if (isa<LLVM::Trap>(op)) {
      rewriter.setInsertionPoint(op);
      call(op->getLoc(), "glu_emulate_trap", {}, getSite(op));
      rewriter.eraseOp(op);
    } else if (auto barrier = dyn_cast<LLVM::InlineAsmOp>(op);
               barrier && isIdentity(barrier)) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, repeatOperands(barrier));
    } else if (isa<LLVM::InlineAsmOp, LLVM::AtomicRMWOp, LLVM::AtomicCmpXchgOp,
                   LLVM::MemcpyOp, LLVM::FenceOp>(op)) {
      return op->emitError("the emulator does not know '")
             << op->getName() << "'";
    } else if (auto intrinsic = dyn_cast<LLVM::CallIntrinsicOp>(op)) {
      if (intrinsic.getIntrin().starts_with("llvm.nvvm."))
        return op->emitError("the emulator does not know '")
               << intrinsic.getIntrin() << "'";
    }
  }
  return success();
}
