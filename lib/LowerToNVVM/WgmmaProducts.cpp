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

Value WgmmaKernel::consumeTile(Value step) {
  SmallVector<Value> state{step};
  auto type = LLVM::LLVMStructType::getLiteral(
      b.getContext(), SmallVector<Type>(width / 2, b.getF32Type()));
  for (size_t p = 0; p < kernel.products.size(); ++p)
    state.push_back(fixSums(LLVM::ZeroOp::create(b, loc, type)));
  auto loop = scf::ForOp::create(b, loc, index(0), steps, index(1), state);
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
                                 loop.getInductionVar(), index(0)),
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
  storeTile(sums);
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
