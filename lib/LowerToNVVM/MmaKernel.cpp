//===- MmaKernel.cpp - Projections by matrix products of warps ------------===//
//
// For f16 and bf16 with sums in f32, from sm_80 on. Tiles of inputs and weights
// come to shared memory by asynchronous copies, some steps ahead of their use;
// ldmatrix brings them to registers as mma.sync.m16n8k16 wants them. A warp
// computes `rows` x `columns` of each accumulator; what it loads of the input
// serves both.
//
// A tile lies as its operand does in global memory, with the sum innermost or
// the rows (columns): ldmatrix transposes where needed. Chunks of 16 bytes are
// permuted by their row, so that the eight that ldmatrix takes at once lie in
// different banks.
//
//===----------------------------------------------------------------------===//

#include "ProjectionKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

static constexpr int64_t stages = 3, chunk = 8, warpSize = 32;
static constexpr int64_t mmaRows = 16, mmaColumns = 8, mmaDepth = 16;

namespace {
/// A tile in shared memory, `stages` times: [stage][slow][fast].
struct SharedTile {
  const MappedValue *operand;
  const LoopGroup *group; ///< Rows or columns.
  int64_t length;         ///< So many of them.
  bool alongSum;          ///< Whether the sum is innermost.
  bool copiesChunks;      ///< Whether whole chunks can be copied.
  Value buffer;
};

class MmaKernel {
public:
  MmaKernel(OpBuilder &builder, const ProjectionKernel &kernel)
      : b(builder), loc(kernel.op->getLoc()), kernel(kernel),
        depth(kernel.schedule.getDepth()), warpRows(kernel.schedule.getRows()),
        warpColumns(kernel.schedule.getColumns()) {}

  void launch();

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value add(Value lhs, Value rhs) {
    return arith::AddIOp::create(b, loc, lhs, rhs);
  }
  Value add(Value lhs, int64_t rhs) {
    return rhs == 0 ? lhs : add(lhs, index(rhs));
  }
  Value multiply(Value lhs, int64_t rhs) {
    return arith::MulIOp::create(b, loc, lhs, index(rhs));
  }
  Value divide(Value lhs, int64_t rhs) {
    return arith::DivUIOp::create(b, loc, lhs, index(rhs));
  }
  Value remainder(Value lhs, int64_t rhs) {
    return arith::RemUIOp::create(b, loc, lhs, index(rhs));
  }
  Value isBelow(Value lhs, Value rhs) {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, lhs, rhs);
  }

  int64_t getThreads() const { return kernel.getThreads(); }
  SharedTile makeTile(const MappedValue &operand, const LoopGroup &group,
                      int64_t length);
  bool canCopyChunks(const SharedTile &tile);
  int64_t getFast(const SharedTile &tile) {
    return tile.alongSum ? depth : tile.length;
  }
  int64_t getSlow(const SharedTile &tile) {
    return tile.alongSum ? tile.length : depth;
  }
  Value swizzle(const SharedTile &tile, Value slow, Value fast);
  void fillChunk(const SharedTile &tile, Value stage, Value slow, Value fast,
                 Value point, Value sum);
  void fillElements(const SharedTile &tile, Value stage, Value slow, Value fast,
                    Value point, Value sum);
  void fill(const SharedTile &tile, Value stage, Value firstSum);
  Value fillStage(Value stage, Value firstSum);
  SmallVector<Value> loadFragments(const SharedTile &tile, Value stage,
                                   Value first, int64_t firstSum, bool isInput);
  SmallVector<Value> multiplyAdd(Type element, ArrayRef<Value> a,
                                 ArrayRef<Value> w, ArrayRef<Value> sums);
  SmallVector<Value> computeStage(Value stage, ValueRange sums);
  scf::IfOp atElement(int64_t i, int64_t j, int64_t r, TypeRange types,
                      function_ref<void(ArrayRef<Value>)> body);
  SmallVector<Value> createInitialSums();
  void run();

  OpBuilder &b;
  Location loc;
  const ProjectionKernel &kernel;
  int64_t depth, warpRows, warpColumns;
  BlockPosition position;
  SmallVector<SharedTile> tiles; ///< Inputs, then weights.
  Value lane, warpRow, warpColumn;
};
} // namespace

/// Whether the tile's innermost dimension is one loop that is innermost in
/// memory, so that eight elements that start at a multiple of eight are 16
/// aligned bytes of memory, inside altogether or not at all.
bool MmaKernel::canCopyChunks(const SharedTile &tile) {
  auto type = cast<MemRefType>(tile.operand->value.getType());
  AffineMap map = tile.operand->map;
  ArrayRef<unsigned> dims =
      tile.alongSum ? kernel.sums.dims : ArrayRef<unsigned>(tile.group->dims);
  if (dims.empty() || map.getNumResults() == 0 ||
      !type.getLayout().isIdentity())
    return false;
  unsigned dim = dims.back();
  int64_t size = type.getShape().back();
  bool isInnermost =
      map.getResults().back() == getAffineDimExpr(dim, b.getContext()) &&
      llvm::none_of(map.getResults().drop_back(),
                    [&](AffineExpr expr) { return expr.isFunctionOfDim(dim); });
  return isInnermost && !ShapedType::isDynamic(size) && size % chunk == 0;
}

SharedTile MmaKernel::makeTile(const MappedValue &operand,
                               const LoopGroup &group, int64_t length) {
  SharedTile tile{&operand, &group, length, true, false, Value()};
  AffineMap map = operand.map;
  tile.alongSum = map.getNumResults() == 0 ||
                  llvm::any_of(kernel.sums.dims, [&](unsigned d) {
                    return map.getResults().back().isFunctionOfDim(d);
                  });
  tile.copiesChunks = canCopyChunks(tile);
  return tile;
}

/// Where element `fast` of row `slow` of a tile lies in that row. Eight rows
/// that follow each other have their chunks in all banks.
Value MmaKernel::swizzle(const SharedTile &tile, Value slow, Value fast) {
  int64_t chunks = getFast(tile) / chunk;
  int64_t permuted = std::min<int64_t>(chunks, 8);
  Value mask = remainder(divide(slow, 8 / permuted), permuted);
  Value at = arith::XOrIOp::create(b, loc, divide(fast, chunk), mask);
  return add(multiply(at, chunk), remainder(fast, chunk));
}

/// Eight elements at once, or zeros.
void MmaKernel::fillChunk(const SharedTile &tile, Value stage, Value slow,
                          Value fast, Value point, Value sum) {
  Value inside = arith::AndIOp::create(b, loc, isBelow(point, tile.group->size),
                                       isBelow(sum, kernel.sums.size));
  Value zero = index(0);
  SmallVector<Value> loops = position.loops;
  setLoops(b, loc, kernel, *tile.group,
           arith::SelectOp::create(b, loc, inside, point, zero), loops);
  setLoops(b, loc, kernel, kernel.sums,
           arith::SelectOp::create(b, loc, inside, sum, zero), loops);
  Value count = arith::SelectOp::create(b, loc, inside, index(chunk), zero);
  nvgpu::DeviceAsyncCopyOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), tile.buffer,
      ValueRange{stage, slow, swizzle(tile, slow, fast)}, tile.operand->value,
      createIndices(b, loc, *tile.operand, loops), b.getIndexAttr(chunk), count,
      b.getUnitAttr());
}

/// The same, element by element.
void MmaKernel::fillElements(const SharedTile &tile, Value stage, Value slow,
                             Value fast, Value point, Value sum) {
  Type type = getElementTypeOrSelf(tile.operand->value);
  for (int64_t i = 0; i < chunk; ++i) {
    Value thisPoint = add(point, tile.alongSum ? 0 : i);
    Value thisSum = add(sum, tile.alongSum ? i : 0);
    Value inside =
        arith::AndIOp::create(b, loc, isBelow(thisPoint, tile.group->size),
                              isBelow(thisSum, kernel.sums.size));
    auto load = scf::IfOp::create(b, loc, type, inside, true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(load.thenBlock());
      SmallVector<Value> loops = position.loops;
      setLoops(b, loc, kernel, *tile.group, thisPoint, loops);
      setLoops(b, loc, kernel, kernel.sums, thisSum, loops);
      scf::YieldOp::create(b, loc, loadElement(b, loc, *tile.operand, loops));
      b.setInsertionPointToStart(load.elseBlock());
      Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      scf::YieldOp::create(b, loc, zero);
    }
    memref::StoreOp::create(
        b, loc, load.getResult(0), tile.buffer,
        ValueRange{stage, slow, add(swizzle(tile, slow, fast), i)});
  }
}

void MmaKernel::fill(const SharedTile &tile, Value stage, Value firstSum) {
  int64_t chunks = getFast(tile) / chunk, all = getSlow(tile) * chunks;
  Value first = tile.group == &kernel.rows ? position.row : position.column;
  for (int64_t start = 0; start < all; start += getThreads()) {
    OpBuilder::InsertionGuard guard(b);
    Value number = add(position.thread, start);
    if (start + getThreads() > all) {
      auto some = scf::IfOp::create(b, loc, isBelow(number, index(all)), false);
      b.setInsertionPointToStart(some.thenBlock());
    }
    Value slow = divide(number, chunks);
    Value fast = multiply(remainder(number, chunks), chunk);
    Value point = add(first, tile.alongSum ? slow : fast);
    Value sum = add(firstSum, tile.alongSum ? fast : slow);
    if (tile.copiesChunks)
      fillChunk(tile, stage, slow, fast, point, sum);
    else
      fillElements(tile, stage, slow, fast, point, sum);
  }
}

/// All tiles of a step, as one group of copies, which is returned.
Value MmaKernel::fillStage(Value stage, Value firstSum) {
  for (const SharedTile &tile : tiles)
    fill(tile, stage, firstSum);
  return nvgpu::DeviceAsyncCreateGroupOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), ValueRange());
}

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

/// Runs `body` with the loops of the element that is register `r` of the warp's
/// part (`i`, `j`) of an accumulator, if there is one.
scf::IfOp MmaKernel::atElement(int64_t i, int64_t j, int64_t r, TypeRange types,
                               function_ref<void(ArrayRef<Value>)> body) {
  Value m = add(add(warpRow, i * mmaRows + (r & 2 ? 8 : 0)), divide(lane, 4));
  Value n = add(add(warpColumn, j * mmaColumns + (r & 1)),
                multiply(remainder(lane, 4), 2));
  m = add(position.row, m);
  n = add(position.column, n);
  Value inside = arith::AndIOp::create(b, loc, isBelow(m, kernel.rows.size),
                                       isBelow(n, kernel.columns.size));
  auto branch = scf::IfOp::create(b, loc, types, inside,
                                  /*withElseRegion=*/!types.empty());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  SmallVector<Value> loops = position.loops;
  setLoops(b, loc, kernel, kernel.rows, m, loops);
  setLoops(b, loc, kernel, kernel.columns, n, loops);
  body(loops);
  return branch;
}

SmallVector<Value> MmaKernel::createInitialSums() {
  Type type = b.getF32Type();
  SmallVector<Value> sums;
  for (size_t p = 0; p < kernel.products.size(); ++p)
    for (int64_t i = 0; i < warpRows / mmaRows; ++i)
      for (int64_t j = 0; j < warpColumns / mmaColumns; ++j)
        for (int64_t r = 0; r < 4; ++r) {
          if (isa<GatedProjectionOp>(kernel.op)) {
            sums.push_back(createInitialSum(b, loc, kernel, p, position.loops));
            continue;
          }
          auto branch = atElement(i, j, r, type, [&](ArrayRef<Value> loops) {
            scf::YieldOp::create(b, loc,
                                 createInitialSum(b, loc, kernel, p, loops));
          });
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(branch.elseBlock());
          Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
          scf::YieldOp::create(b, loc, zero);
          sums.push_back(branch.getResult(0));
        }
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
  SmallVector<Value> sums = createInitialSums();
  Value zero = index(0);
  auto loop =
      scf::ForOp::create(b, loc, zero, kernel.sums.size, index(depth), sums);
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
        atElement(i, j, r, {}, [&](ArrayRef<Value> loops) {
          createEpilogue(b, loc, kernel, element, loops);
        });
      }
}

void MmaKernel::launch() {
  for (const Product &product :
       ArrayRef(kernel.products).take_front(kernel.sharesInput ? 1 : 2))
    tiles.push_back(
        makeTile(product.input, kernel.rows, kernel.schedule.getBlockRows()));
  for (const Product &product : kernel.products)
    tiles.push_back(makeTile(product.weight, kernel.columns,
                             kernel.schedule.getBlockColumns()));
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  SmallVector<Type> types;
  for (const SharedTile &tile : tiles)
    types.push_back(MemRefType::get({stages, getSlow(tile), getFast(tile)},
                                    getElementTypeOrSelf(tile.operand->value),
                                    MemRefLayoutAttrInterface(), space));
  launchBlocks(b, kernel, types,
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
