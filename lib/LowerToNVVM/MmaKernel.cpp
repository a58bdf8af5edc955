//===- MmaKernel.cpp - Projections by matrix products of warps ------------===//
//
// For f16 and bf16 with sums in f32, from sm_80 on. ldmatrix brings tiles from
// shared memory to registers as mma.sync.m16n8k16 wants them, and transposes
// where needed. A warp computes `rows` x `columns` of each accumulator; what it
// loads of the input serves both.
//
//===----------------------------------------------------------------------===//

#include "SharedTiles.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

static constexpr int64_t warpSize = 32;
static constexpr int64_t mmaRows = 16, mmaColumns = 8, mmaDepth = 16;

namespace {
class MmaKernel : SharedTiles {
public:
  MmaKernel(OpBuilder &builder, const ProjectionKernel &kernel)
      : SharedTiles(builder, kernel), warpRows(kernel.schedule.getRows()),
        warpColumns(kernel.schedule.getColumns()) {}

  void launch();

private:
  SmallVector<Value> loadFragments(const SharedTile &tile, Value stage,
                                   Value first, int64_t firstSum, bool isInput);
  SmallVector<Value> multiplyAdd(Type element, ArrayRef<Value> a,
                                 ArrayRef<Value> w, ArrayRef<Value> sums);
  SmallVector<Value> computeStage(Value stage, ValueRange sums);
  Value getRow(int64_t i, int64_t r);
  Value getColumn(int64_t j, int64_t r);
  SmallVector<Value> createFirstSums();
  void run();

  int64_t warpRows, warpColumns;
  Value lane, warpRow, warpColumn;
};
} // namespace

/// Registers of a 16 x 16 part of the input (rows x sum) or of two 16 x 8 parts
/// of a weight (sum x columns) from `first` and `firstSum` on; four matrices of
/// 8 x 8, as ldmatrix counts them: lanes 8 i to 8 i + 7 bring the rows of the
/// i-th one.
SmallVector<Value> MmaKernel::loadFragments(const SharedTile &tile, Value stage,
                                            Value first, int64_t firstSum,
                                            bool isInput) {
  Value matrix = divide(lane, 8), row = remainder(lane, 8);
  Value even = multiply(remainder(matrix, 2), 8);
  Value high = multiply(divide(matrix, 2), 8);
  // Of the input, matrices go by rows first; of a weight, by the sum.
  Value point = add(first, isInput ? even : high);
  Value sum = add(isInput ? high : even, firstSum);
  Value slow = add(tile.alongSum ? point : sum, row);
  Value fast = tile.alongSum ? sum : point;
  // Rows of the tile are the fragments' rows of A and columns of B.
  Type element = getElementTypeOrSelf(tile.operand->value);
  auto load = nvgpu::LdMatrixOp::create(
      b, loc, VectorType::get({4, 2}, element), tile.buffer,
      ValueRange{stage, slow, swizzle(tile, slow, fast)},
      /*transpose=*/!tile.alongSum, /*numTiles=*/4);
  SmallVector<Value> registers;
  for (int64_t i = 0; i < 4; ++i) {
    Value pair = vector::ExtractOp::create(b, loc, load, ArrayRef<int64_t>{i});
    if (!element.isF16()) {
      Value bits = vector::BitCastOp::create(
          b, loc, VectorType::get({1}, b.getI32Type()), pair);
      pair = vector::ExtractOp::create(b, loc, bits, ArrayRef<int64_t>{0});
    }
    registers.push_back(pair);
  }
  return registers;
}

SmallVector<Value> MmaKernel::multiplyAdd(Type element, ArrayRef<Value> a,
                                          ArrayRef<Value> w,
                                          ArrayRef<Value> sums) {
  Type f32 = b.getF32Type();
  auto type =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {f32, f32, f32, f32});
  NVVM::MMATypes kind =
      element.isF16() ? NVVM::MMATypes::f16 : NVVM::MMATypes::bf16;
  Value product = NVVM::MmaOp::create(
      b, loc, type, a, w, sums, ArrayRef<int64_t>{16, 8, 16}, std::nullopt,
      std::nullopt, std::array<NVVM::MMATypes, 2>{kind, kind},
      std::array<NVVM::MMALayout, 2>{NVVM::MMALayout::row,
                                     NVVM::MMALayout::col});
  SmallVector<Value> results;
  for (int64_t r = 0; r < 4; ++r)
    results.push_back(LLVM::ExtractValueOp::create(b, loc, product, r));
  return results;
}

/// `sums`: by product, then rows of 16, columns of 8, registers.
SmallVector<Value> MmaKernel::computeStage(Value stage, ValueRange sums) {
  SmallVector<Value> results(sums);
  size_t inputs = kernel.sharesInput ? 1 : kernel.products.size();
  int64_t across = warpColumns / mmaColumns;
  for (int64_t k = 0; k < depth; k += mmaDepth) {
    SmallVector<SmallVector<Value>> a;
    for (size_t p = 0; p < kernel.products.size(); ++p) {
      Type element = getElementTypeOrSelf(kernel.products[p].input.value);
      if (p < inputs) {
        a.clear();
        for (int64_t m = 0; m < warpRows; m += mmaRows)
          a.push_back(loadFragments(tiles[p], stage, add(warpRow, m), k, true));
      }
      for (int64_t n = 0; n < warpColumns; n += 2 * mmaColumns) {
        SmallVector<Value> w = loadFragments(tiles[inputs + p], stage,
                                             add(warpColumn, n), k, false);
        for (auto [i, x] : llvm::enumerate(a))
          for (int64_t half = 0; half < 2; ++half) {
            size_t at =
                ((p * a.size() + i) * across + n / mmaColumns + half) * 4;
            SmallVector<Value> next =
                multiplyAdd(element, x, ArrayRef(w).slice(2 * half, 2),
                            ArrayRef(results).slice(at, 4));
            llvm::copy(next, results.begin() + at);
          }
      }
    }
  }
  return results;
}

/// The place of register `r` of the warp's part (`i`, `j`) of an accumulator,
/// in the result.
Value MmaKernel::getRow(int64_t i, int64_t r) {
  Value row = add(add(warpRow, i * mmaRows + (r & 2 ? 8 : 0)), divide(lane, 4));
  return add(position.row, row);
}

Value MmaKernel::getColumn(int64_t j, int64_t r) {
  Value column = add(add(warpColumn, j * mmaColumns + (r & 1)),
                     multiply(remainder(lane, 4), 2));
  return add(position.column, column);
}

SmallVector<Value> MmaKernel::createFirstSums() {
  SmallVector<Value> sums;
  for (size_t p = 0; p < kernel.products.size(); ++p)
    for (int64_t i = 0; i < warpRows / mmaRows; ++i)
      for (int64_t j = 0; j < warpColumns / mmaColumns; ++j)
        for (int64_t r = 0; r < 4; ++r)
          sums.push_back(createFirstSum(p, getRow(i, r), getColumn(j, r)));
  return sums;
}

void MmaKernel::run() {
  lane = remainder(position.thread, warpSize);
  Value warp = divide(position.thread, warpSize);
  int64_t across = kernel.schedule.getBlockColumns() / warpColumns;
  warpRow = multiply(divide(warp, across), warpRows);
  warpColumn = multiply(remainder(warp, across), warpColumns);

  Value group;
  for (int64_t s = 0; s < stages - 1; ++s)
    group = fillStage(index(s), index(s * depth));
  // Which groups are waited for, their number says alone.
  auto wait = [&](int64_t others) {
    nvgpu::DeviceAsyncWaitOp::create(b, loc, group,
                                     b.getI32IntegerAttr(others));
  };
  SmallVector<Value> sums = createFirstSums();
  Value start = index(0);
  auto loop =
      scf::ForOp::create(b, loc, start, kernel.sums.size, index(depth), sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value k = loop.getInductionVar();
    Value step = divide(k, depth);
    // This step is there, for all threads; and all are done with the one before
    // it, which the next copies overwrite.
    wait(stages - 2);
    gpu::BarrierOp::create(b, loc);
    fillStage(remainder(add(step, stages - 1), stages),
              add(k, (stages - 1) * depth));
    scf::YieldOp::create(
        b, loc,
        computeStage(remainder(step, stages), loop.getRegionIterArgs()));
  }
  wait(0);

  int64_t size = warpRows * warpColumns / warpSize;
  for (int64_t i = 0; i < warpRows / mmaRows; ++i)
    for (int64_t j = 0; j < warpColumns / mmaColumns; ++j)
      for (int64_t r = 0; r < 4; ++r) {
        SmallVector<Value> element;
        for (size_t p = 0; p < kernel.products.size(); ++p)
          element.push_back(loop.getResult(
              p * size + (i * (warpColumns / mmaColumns) + j) * 4 + r));
        storeElement(getRow(i, r), getColumn(j, r), element);
      }
}

void MmaKernel::launch() {
  makeTiles();
  launchBlocks(b, kernel, getBufferTypes(),
               [&](OpBuilder &, BlockPosition at, ValueRange buffers) {
                 position = at;
                 for (auto [tile, buffer] : llvm::zip_equal(tiles, buffers))
                   tile.buffer = buffer;
                 run();
               });
}

bool glu::fitsMma(const ProjectionKernel &kernel, std::string &why) {
  ScheduleAttr schedule = kernel.schedule;
  for (const Product &product : kernel.products) {
    Type x = getElementTypeOrSelf(product.input.value);
    Type w = getElementTypeOrSelf(product.weight.value);
    if (x != w || !isa<Float16Type, BFloat16Type>(x) || !product.type.isF32())
      why = "takes matrix products (group = 2), which are of f16 or bf16 with "
            "sums in f32";
  }
  if (schedule.getRows() % mmaRows ||
      schedule.getColumns() % (2 * mmaColumns) ||
      schedule.getDepth() % mmaDepth)
    why =
        "takes matrix products (group = 2), for which rows, columns and depth "
        "are multiples of 16";
  return why.empty();
}

void glu::launchMma(OpBuilder &builder, const ProjectionKernel &kernel) {
  MmaKernel(builder, kernel).launch();
}
