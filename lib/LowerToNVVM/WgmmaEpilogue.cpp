//===- WgmmaEpilogue.cpp - From accumulators to results -------------------===//
//
// Biases and gating function are computed in registers. Results of f16 and bf16
// go to global memory by way of shared memory, in boxes of 64 columns and 64
// rows (or the few there are), which TMA cuts off at the edges; others one by
// one.
//
//===----------------------------------------------------------------------===//

#include "WgmmaKernel.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace glu;

/// Two elements of 16 bits as stmatrix takes them.
Value WgmmaKernel::packPair(Value low, Value high) {
  Type i16 = b.getIntegerType(16), i32Type = b.getI32Type();
  auto widen = [&](Value value) -> Value {
    Value bits = arith::BitcastOp::create(b, loc, i16, value);
    return arith::ExtUIOp::create(b, loc, i32Type, bits);
  };
  return compute<arith::OrIOp>(widen(low),
                               compute<arith::ShLIOp>(widen(high), i32(16)));
}

/// All threads of the warp group meet. The barriers behind the one of the block
/// are the consumers'.
void WgmmaKernel::synchronizeGroup() {
  NVVM::BarrierOp::create(b, loc, /*res=*/Type(), warpGroup, i32(groupSize),
                          /*reductionOp=*/NVVM::BarrierReductionAttr(),
                          /*reductionPredicate=*/Value());
}

/// Where buffer `number` of the warp group is, and `offset` in it. The number
/// is a constant in the end, which instructions take.
Value WgmmaKernel::getBox(Value offset, int64_t number) {
  Value group = compute<arith::SubIOp>(warpGroup, i32(1));
  Value start = compute<arith::AddIOp>(
      compute<arith::MulIOp>(group, i32(outputBuffers * boxBytes)),
      i32(stages * stageBytes));
  Value pointer = getShared(compute<arith::AddIOp>(start, offset));
  return LLVM::GEPOp::create(
      b, loc, pointer.getType(), b.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>{int32_t(number * boxBytes)});
}

/// Waits until TMA has read the buffers that are written next.
void WgmmaKernel::awaitBoxes() {
  ifTrue(isZero(thread), [&] {
    NVVM::CpAsyncBulkWaitGroupOp::create(b, loc, alternates() ? 1 : 0,
                                         b.getUnitAttr());
  });
  synchronizeGroup();
}

/// Where the lane's row of eight elements begins in a box, for the
/// instruction's columns 8 j to 8 j + 15. Lanes 8 i to 8 i + 7 bring the rows
/// of the i-th of four matrices: the upper and lower eight of the instruction's
/// rows, for eight columns, then for the next; with swapped operands, each lies
/// transposed. Chunks of 16 bytes are permuted as the map says.
Value WgmmaKernel::getMatrixRow(int64_t j) {
  Value lane = compute<arith::RemUIOp>(thread, i32(warpSize));
  Value warp = compute<arith::DivUIOp>(thread, i32(warpSize));
  Value inEight = compute<arith::RemUIOp>(lane, i32(8));
  Value matrix = compute<arith::DivUIOp>(lane, i32(8));
  Value lower = compute<arith::RemUIOp>(matrix, i32(2));
  Value next = compute<arith::DivUIOp>(matrix, i32(2));
  // In units of eight rows, or of chunks.
  Value tall =
      compute<arith::AddIOp>(compute<arith::MulIOp>(warp, i32(2)), lower);
  Value row = compute<arith::AddIOp>(
      compute<arith::MulIOp>(swaps ? next : tall, i32(8)), inEight);
  Value chunk = compute<arith::XOrIOp>(swaps ? tall : next, inEight);
  Value start = compute<arith::AddIOp>(
      compute<arith::MulIOp>(row, i32(TensorMap::spanBytes)),
      compute<arith::MulIOp>(chunk, i32(16)));
  return swaps
             ? compute<arith::AddIOp>(start, i32(j * 8 * TensorMap::spanBytes))
             : compute<arith::XOrIOp>(start, i32(j * 16));
}

/// Writes the instruction's columns 8 j to 8 j + 15 to a box, or eight of them.
/// `values` are the thread's: four of each 8 columns.
void WgmmaKernel::writeBox(int64_t number, int64_t j, ArrayRef<Value> values) {
  SmallVector<Value> registers;
  for (size_t r = 0; r < values.size(); r += 2)
    registers.push_back(packPair(values[r], values[r + 1]));
  NVVM::StMatrixOp::create(b, loc, getBox(getMatrixRow(j), number), registers,
                           swaps ? NVVM::MMALayout::col : NVVM::MMALayout::row,
                           NVVM::LdStMatrixShapeAttr::get(b.getContext(), 8, 8),
                           NVVM::LdStMatrixEltType::B16);
}

/// Has TMA copy the boxes of all results from `column` of the tile on.
void WgmmaKernel::storeBoxes(int64_t column) {
  // What threads have written (and read, of a destination that is added to),
  // before what TMA reads and writes.
  if (!kernel.startsFromDestination)
    NVVM::FenceProxyOp::create(
        b, loc, NVVM::ProxyKind::async_shared,
        NVVM::SharedSpaceAttr::get(b.getContext(),
                                   NVVM::SharedSpace::shared_cta));
  else
    NVVM::FenceProxyOp::create(b, loc, NVVM::ProxyKind::async,
                               NVVM::SharedSpaceAttr());
  synchronizeGroup();
  ifTrue(isZero(thread), [&] {
    Value group = arith::IndexCastOp::create(
        b, loc, b.getIndexType(), compute<arith::SubIOp>(warpGroup, i32(1)));
    Value firstColumn = add(position.column, column), firstRow = position.row;
    Value &first = swaps ? firstColumn : firstRow;
    first = add(first, multiply(group, wgmmaRows));
    for (const Output &output : outputs)
      if (output.map)
        NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp::create(
            b, loc, output.pointer, getBox(i32(0), getNumber(output, column)),
            output.map->getCoordinates(b, loc, firstColumn, firstRow,
                                       position.loops),
            /*l2CacheHint=*/Value(), NVVM::TMAStoreMode::TILE,
            /*predicate=*/Value());
    NVVM::CpAsyncBulkCommitGroupOp::create(b, loc);
  });
}

/// PTX ISA, "Register Fragments" of wgmma's D: a warp has 16 rows, a thread two
/// of them, and of each two columns of every eight.
void WgmmaKernel::storeTile(ArrayRef<SmallVector<Value>> sums) {
  auto toIndex = [&](Value value) -> Value {
    return arith::IndexCastOp::create(b, loc, b.getIndexType(), value);
  };
  Value lane = remainder(toIndex(thread), warpSize);
  Value warp = divide(toIndex(thread), warpSize);
  Value group = toIndex(compute<arith::SubIOp>(warpGroup, i32(1)));
  // Sums of what a tile and what a thread has, before constants: these would
  // otherwise be added once for all tiles, and kept in registers.
  Value tall =
      add(add(multiply(group, wgmmaRows), multiply(warp, 16)), divide(lane, 4));
  Value flat = multiply(remainder(lane, 4), 2);
  Value row = add(position.row, swaps ? flat : tall);
  Value column = add(position.column, swaps ? tall : flat);

  // All threads compute everywhere, since TMA takes whole boxes; outside of the
  // matrix, they load nothing.
  auto computeElement = [&](int64_t j, int64_t r) -> SmallVector<Value> {
    int64_t down = r & 2 ? 8 : 0, along = 8 * j + (r & 1);
    Value m = add(row, swaps ? along : down);
    Value n = add(column, swaps ? down : along);
    Value inside = isInside(m, n);
    SmallVector<Value> loops = getLoops(m, n);
    SmallVector<Value> element;
    for (const SmallVector<Value> &product : sums)
      element.push_back(product[4 * j + r]);
    if (kernel.startsFromDestination)
      element[0] = compute<arith::AddFOp>(element[0], createFirstSum(0, m, n));
    auto load = [&](const MappedValue &operand) -> Value {
      if (!isa<MemRefType>(operand.value.getType()))
        return operand.value;
      Type type = getElementTypeOrSelf(operand.value);
      auto branch = scf::IfOp::create(b, loc, type, inside, true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(b, loc, loadElement(b, loc, operand, loops));
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, loc, zero(type));
      return branch.getResult(0);
    };
    SmallVector<Value> results = createGating(b, loc, kernel, element, load);
    ifTrue(inside, [&] {
      for (auto [output, value] : llvm::zip_equal(outputs, results))
        if (!output.map)
          glu::storeElement(b, loc, value, output.destination, loops);
    });
    return results;
  };

  for (int64_t start = 0; start < width; start += boxColumns) {
    int64_t eights = std::min(boxColumns, width - start) / 8;
    if (outputBuffers)
      awaitBoxes();
    // What a stmatrix takes at a time, so that little is in registers.
    for (int64_t j = 0; j < eights; j += 2) {
      SmallVector<SmallVector<Value>> results(outputs.size());
      for (int64_t r = 0; r < 4 * std::min<int64_t>(2, eights - j); ++r)
        for (auto [all, value] : llvm::zip_equal(
                 results, computeElement(start / 8 + j + r / 4, r % 4)))
          all.push_back(value);
      for (auto [output, values] : llvm::zip_equal(outputs, results))
        if (output.map)
          writeBox(getNumber(output, start), j, values);
    }
    if (outputBuffers)
      storeBoxes(start);
  }
}
