//===- WgmmaProducts.cpp - What consumers compute -------------------------===//

#include "WgmmaKernel.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace glu;

/// A descriptor of what lies in a stage `offset` bytes behind the tile's start.
/// PTX ISA, "Matrix Descriptor Format": addresses and strides in units of 16
/// bytes; groups of eight rows (of the sum innermost) or of eight elements of
/// the sum follow each other; behind 64 columns come the next 64.
Value WgmmaKernel::createDescriptor(const StagedTile &tile, Value offset) {
  Value address = LLVM::PtrToIntOp::create(
      b, loc, b.getI64Type(),
      getShared(compute<arith::AddIOp>(offset, i32(tile.offset))));
  Value encoded = compute<arith::ShRUIOp>(
      compute<arith::AndIOp>(address, i64(0x3ffff)), i64(4));
  int64_t leading = tile.alongSum ? 1 : (atomBytes * span / 8) >> 4;
  int64_t strided = atomBytes >> 4;
  constexpr int64_t swizzle128 = int64_t(1) << 62;
  return compute<arith::OrIOp>(encoded,
                               i64(leading << 16 | strided << 32 | swizzle128));
}

static NVVM::WGMMATypes getType(const MappedValue &operand) {
  Type type = getElementTypeOrSelf(operand.value);
  return type.isF16()                  ? NVVM::WGMMATypes::f16
         : type.isBF16()               ? NVVM::WGMMATypes::bf16
         : isa<Float8E4M3FNType>(type) ? NVVM::WGMMATypes::e4m3
                                       : NVVM::WGMMATypes::e5m2;
}

Value WgmmaKernel::multiplyAdd(const Product &product,
                               ArrayRef<Value> descriptors, bool transposesA,
                               bool transposesB, Value sums) {
  return NVVM::WgmmaMmaAsyncOp::create(
      b, loc, sums.getType(), sums, descriptors[0], descriptors[1],
      NVVM::MMAShapeAttr::get(b.getContext(), wgmmaRows, width,
                              wgmmaDepthBytes / elementBytes),
      getType(swaps ? product.weight : product.input),
      getType(swaps ? product.input : product.weight), NVVM::WGMMATypes::f32,
      NVVM::WGMMAScaleOut::one, NVVM::WGMMAScaleIn::one,
      NVVM::WGMMAScaleIn::one,
      transposesA ? NVVM::MMALayout::col : NVVM::MMALayout::row,
      transposesB ? NVVM::MMALayout::row : NVVM::MMALayout::col,
      /*satfinite=*/NVVM::MMAIntOverflowAttr());
}

/// Starts the products of a stage, when it is full, as one group.
SmallVector<Value> WgmmaKernel::computeStage(Value step, ValueRange sums) {
  Value stage = getStage(step);
  wait(getFull(stage), step, /*forPrevious=*/false);
  Value start = compute<arith::MulIOp>(stage, i32(stageBytes));
  Value group = compute<arith::SubIOp>(warpGroup, i32(1));
  Value ownRows = compute<arith::AddIOp>(
      start,
      compute<arith::MulIOp>(group, i32(wgmmaRows * TensorMap::spanBytes)));
  SmallVector<Value> descriptors;
  for (const StagedTile &tile : tiles)
    descriptors.push_back(
        createDescriptor(tile, tile.isInput != swaps ? ownRows : start));

  NVVM::WgmmaFenceAlignedOp::create(b, loc);
  SmallVector<Value> results(sums);
  size_t inputs = tiles.size() - kernel.products.size();
  for (int64_t k = 0; k < span; k += wgmmaDepthBytes / elementBytes)
    for (auto [p, product] : llvm::enumerate(kernel.products)) {
      Value operands[2];
      bool transposes[2];
      size_t pair[] = {std::min(p, inputs - 1), inputs + p};
      if (swaps)
        std::swap(pair[0], pair[1]);
      for (auto [i, t] : llvm::enumerate(pair)) {
        // Along a row, or so many rows down.
        int64_t bytes =
            k * (tiles[t].alongSum ? elementBytes : TensorMap::spanBytes);
        operands[i] = compute<arith::AddIOp>(descriptors[t], i64(bytes >> 4));
        transposes[i] = !tiles[t].alongSum;
      }
      results[p] = multiplyAdd(product, operands, transposes[0], transposes[1],
                               results[p]);
    }
  NVVM::WgmmaGroupSyncAlignedOp::create(b, loc);
  return results;
}

/// A warp is done with the stage of `step`.
void WgmmaKernel::releaseStage(Value step) {
  ifTrue(isZero(compute<arith::RemUIOp>(thread, i32(warpSize))), [&] {
    NVVM::MBarrierArriveOp::create(b, loc, b.getI64Type(),
                                   getEmpty(getStage(step)), Value(),
                                   NVVM::MemScopeKind::CTA, /*relaxed=*/false);
  });
}

/// The numbers of an accumulator, fixed at this place: an empty piece of
/// assembly takes and returns them. Nothing but the order of instructions says
/// that a sum is there only after a wait, and that what it starts from is there
/// before wgmma.fence; without this, LLVM moves arithmetic and constants over
/// them.
Value WgmmaKernel::fixSums(Value sums) {
  auto type = cast<LLVM::LLVMStructType>(sums.getType());
  SmallVector<Value> values;
  std::string constraints, inputs;
  for (size_t i = 0; i < type.getBody().size(); ++i) {
    values.push_back(LLVM::ExtractValueOp::create(b, loc, sums, i));
    constraints += i ? ",=f" : "=f";
    inputs += "," + std::to_string(i);
  }
  auto fixed = LLVM::InlineAsmOp::create(
      b, loc, type, values, /*asm_string=*/"", constraints + inputs,
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::tailcallkind::TailCallKind::None,
      /*asm_dialect=*/LLVM::AsmDialectAttr(), /*operand_attrs=*/ArrayAttr());
  return fixed.getResult(0);
}

/// All threads of the cluster meet; those of the producer's first warp come one
/// by one, so it is not the aligned form.
void WgmmaKernel::synchronizeCluster() {
  NVVM::ClusterArriveOp::create(b, loc, /*aligned=*/UnitAttr());
  NVVM::ClusterWaitOp::create(b, loc, /*aligned=*/UnitAttr());
}

/// Where the first block keeps the i-th number of an accumulator of this thread
/// that block `from` (an i32, not 0) has; neighbouring threads', side by side.
Value WgmmaKernel::getSharedSum(int64_t product, int64_t i, Value from) {
  int64_t numbers = kernel.products.size() * (width / 2);
  Value group = compute<arith::SubIOp>(warpGroup, i32(1));
  Value slot = compute<arith::AddIOp>(
      compute<arith::MulIOp>(compute<arith::SubIOp>(from, i32(1)),
                             i32(consumers)),
      group);
  Value number =
      compute<arith::AddIOp>(compute<arith::MulIOp>(slot, i32(numbers)),
                             i32(product * (width / 2) + i));
  Value offset = compute<arith::MulIOp>(
      compute<arith::AddIOp>(compute<arith::MulIOp>(number, i32(groupSize)),
                             thread),
      i32(sizeof(float)));
  return getShared(compute<arith::AddIOp>(offset, i32(getSumsOffset())));
}

/// Writes this thread's sums to the first block's shared memory.
void WgmmaKernel::sendSums(ArrayRef<SmallVector<Value>> sums) {
  Value from = arith::IndexCastOp::create(b, loc, b.getI32Type(), rank);
  for (auto [p, product] : llvm::enumerate(sums))
    for (auto [i, sum] : llvm::enumerate(product)) {
      Value target = NVVM::MapaOp::create(
          b, loc, LLVM::LLVMPointerType::get(b.getContext(), /*cluster=*/7),
          getSharedSum(p, i, from), i32(0));
      LLVM::StoreOp::create(b, loc, sum, target);
    }
}

/// Adds the other blocks' sums, in their order.
void WgmmaKernel::addSums(MutableArrayRef<SmallVector<Value>> sums) {
  for (int64_t from = 1; from < split; ++from)
    for (auto [p, product] : llvm::enumerate(sums))
      for (auto [i, sum] : llvm::enumerate(product)) {
        Value other = LLVM::LoadOp::create(b, loc, b.getF32Type(),
                                           getSharedSum(p, i, i32(from)));
        sum = compute<arith::AddFOp>(sum, other);
      }
}

Value WgmmaKernel::consumeTile(Value step) {
  SmallVector<Value> state{step};
  auto type = LLVM::LLVMStructType::getLiteral(
      b.getContext(), SmallVector<Type>(width / 2, b.getF32Type()));
  for (size_t p = 0; p < kernel.products.size(); ++p)
    state.push_back(fixSums(LLVM::ZeroOp::create(b, loc, type)));
  auto loop = scf::ForOp::create(b, loc, firstStep, lastStep, index(1), state);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value at = loop.getRegionIterArg(0);
    SmallVector<Value> next{compute<arith::AddIOp>(at, i32(1))};
    llvm::append_range(next,
                       computeStage(at, loop.getRegionIterArgs().drop_front()));
    // The products of the step before are done, and with them its stage.
    NVVM::WgmmaWaitGroupSyncOp::create(b, loc, 1);
    ifTrue(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne,
                                 loop.getInductionVar(), firstStep),
           [&] { releaseStage(compute<arith::SubIOp>(at, i32(1))); });
    scf::YieldOp::create(b, loc, next);
  }
  Value end = loop.getResult(0);
  NVVM::WgmmaWaitGroupSyncOp::create(b, loc, 0);
  ifTrue(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, end, step),
         [&] { releaseStage(compute<arith::SubIOp>(end, i32(1))); });
  SmallVector<SmallVector<Value>> sums;
  for (Value result : loop.getResults().drop_front()) {
    Value fixed = fixSums(result);
    sums.emplace_back();
    for (int64_t i = 0; i < width / 2; ++i)
      sums.back().push_back(LLVM::ExtractValueOp::create(b, loc, fixed, i));
  }
  if (split == 1) {
    storeTile(sums);
    return end;
  }
  Value isFirst =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rank, index(0));
  Value isOther =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, rank, index(0));
  ifTrue(isOther, [&] { sendSums(sums); });
  synchronizeCluster();
  ifTrue(isFirst, [&] {
    addSums(sums);
    storeTile(sums);
  });
  return end;
}

void WgmmaKernel::consume() {
  forEachTile([&](Value step) { return consumeTile(step); });
  // Shared memory stays until TMA has read it.
  if (outputBuffers)
    ifTrue(isZero(thread), [&] {
      NVVM::CpAsyncBulkWaitGroupOp::create(b, loc, 0, /*read=*/UnitAttr());
    });
}
