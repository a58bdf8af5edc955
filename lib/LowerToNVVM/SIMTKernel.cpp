//===- SIMTKernel.cpp - Projections by threads that multiply and add ------===//
//
// A block keeps tiles of inputs and weights in shared memory, a thread its part
// of all accumulators in registers; each element of the input that it reads is
// used for both branches.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace glu;

namespace {
class SIMTKernel : KernelEmitter {
public:
  SIMTKernel(OpBuilder &builder, const ProjectionKernel &kernel,
             BlockPosition at, ValueRange tiles)
      : KernelEmitter(builder, kernel), tiles(tiles),
        rows(kernel.schedule.getRows()), columns(kernel.schedule.getColumns()) {
    position = std::move(at);
  }

  void run();

private:
  /// Row `i` and column `j` of the thread's part, in the result. Columns lie as
  /// many apart as there are threads beside each other: these then read and
  /// write neighbours. Rows are neighbours.
  Value getRow(int64_t i) { return add(position.row, add(threadRow, i)); }
  Value getColumn(int64_t j) {
    return add(
        position.column,
        add(threadColumn, j * (kernel.schedule.getBlockColumns() / columns)));
  }
  void loadTile(const MappedValue &operand, const LoopGroup &group, Value first,
                Value depth, Value tile);
  void loadTiles(Value depth);
  SmallVector<Value> sumUpStep(Value k, ValueRange sums);

  ValueRange tiles;
  int64_t rows, columns;
  Value threadRow, threadColumn; ///< In the tile.
};
} // namespace

/// tile[k][r] = operand at row (or column) first + r and sum depth + k. The
/// threads go along the dimension that is innermost in memory.
void SIMTKernel::loadTile(const MappedValue &operand, const LoopGroup &group,
                          Value first, Value depth, Value tile) {
  int64_t steps = kernel.schedule.getDepth(), threads = kernel.getThreads();
  bool isInput = &group == &kernel.rows;
  int64_t length = isInput ? kernel.schedule.getBlockRows()
                           : kernel.schedule.getBlockColumns();
  bool alongSum = isAlongSum(operand.map, kernel.sums.dims);
  int64_t fastSize = alongSum ? steps : length;
  for (int64_t start = 0; start < steps * length; start += threads) {
    OpBuilder::InsertionGuard guard(b);
    Value element = add(position.thread, start);
    if (start + threads > steps * length) {
      auto some = scf::IfOp::create(
          b, loc, isBelow(element, index(steps * length)), false);
      b.setInsertionPointToStart(some.thenBlock());
    }
    Value fast = remainder(element, fastSize), slow = divide(element, fastSize);
    Value k = alongSum ? fast : slow, r = alongSum ? slow : fast;
    Value value = loadOrZero(operand, group, add(first, r), add(depth, k));
    memref::StoreOp::create(b, loc, value, tile, ValueRange{k, r});
  }
}

/// The tiles of inputs (one if all products share it), then those of weights.
void SIMTKernel::loadTiles(Value depth) {
  ArrayRef<Product> products = kernel.products;
  size_t inputs = kernel.sharesInput ? 1 : products.size();
  for (size_t p = 0; p < inputs; ++p)
    loadTile(products[p].input, kernel.rows, position.row, depth, tiles[p]);
  for (size_t p = 0; p < products.size(); ++p)
    loadTile(products[p].weight, kernel.columns, position.column, depth,
             tiles[inputs + p]);
}

/// The sums of all products, row by row, with the elements at `k` added.
SmallVector<Value> SIMTKernel::sumUpStep(Value k, ValueRange sums) {
  size_t inputs = kernel.sharesInput ? 1 : kernel.products.size();
  int64_t step = kernel.schedule.getBlockColumns() / columns;
  auto load = [&](Value tile, Value at, Type type) {
    Value element = memref::LoadOp::create(b, loc, tile, ValueRange{k, at});
    return convertScalar(b, loc, element, type);
  };
  SmallVector<Value> results;
  SmallVector<Value> x;
  for (auto [p, product] : llvm::enumerate(kernel.products)) {
    Type type = product.type;
    if (p < inputs) {
      x.clear();
      for (int64_t i = 0; i < rows; ++i)
        x.push_back(load(tiles[p], add(threadRow, i), type));
    }
    SmallVector<Value> w;
    for (int64_t j = 0; j < columns; ++j)
      w.push_back(load(tiles[inputs + p], add(threadColumn, j * step), type));
    for (Value a : x)
      for (Value c : w) {
        Value sum = sums[results.size()];
        results.push_back(isa<FloatType>(type)
                              ? math::FmaOp::create(b, loc, a, c, sum)
                              : createMulAdd(b, loc, a, c, sum));
      }
  }
  return results;
}

void SIMTKernel::run() {
  int64_t across = kernel.schedule.getBlockColumns() / columns;
  threadRow = multiply(divide(position.thread, across), rows);
  threadColumn = remainder(position.thread, across);

  SmallVector<Value> sums;
  for (size_t p = 0; p < kernel.products.size(); ++p)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        sums.push_back(createFirstSum(p, getRow(i), getColumn(j)));

  Value start = index(0), one = index(1);
  Value depth = index(kernel.schedule.getDepth());
  auto loop = scf::ForOp::create(b, loc, start, kernel.sums.size, depth, sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    loadTiles(loop.getInductionVar());
    gpu::BarrierOp::create(b, loc);
    auto inner =
        scf::ForOp::create(b, loc, start, depth, one, loop.getRegionIterArgs());
    {
      OpBuilder::InsertionGuard innerGuard(b);
      b.setInsertionPointToStart(inner.getBody());
      scf::YieldOp::create(
          b, loc,
          sumUpStep(inner.getInductionVar(), inner.getRegionIterArgs()));
    }
    gpu::BarrierOp::create(b, loc);
    scf::YieldOp::create(b, loc, inner.getResults());
  }

  int64_t size = rows * columns;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      SmallVector<Value> element;
      for (size_t p = 0; p < kernel.products.size(); ++p)
        element.push_back(loop.getResult(p * size + i * columns + j));
      storeElement(getRow(i), getColumn(j), element);
    }
}

void glu::launchSIMT(OpBuilder &builder, const ProjectionKernel &kernel) {
  // Four more in a row, or threads that store along the sum would meet in one
  // bank of the memory.
  constexpr int64_t padding = 4;
  SmallVector<Type> tiles;
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(),
                                          gpu::AddressSpace::Workgroup);
  auto addTile = [&](const MappedValue &operand, int64_t length) {
    tiles.push_back(
        MemRefType::get({kernel.schedule.getDepth(), length + padding},
                        getElementTypeOrSelf(operand.value),
                        MemRefLayoutAttrInterface(), space));
  };
  for (const Product &product :
       ArrayRef(kernel.products).take_front(kernel.sharesInput ? 1 : 2))
    addTile(product.input, kernel.schedule.getBlockRows());
  for (const Product &product : kernel.products)
    addTile(product.weight, kernel.schedule.getBlockColumns());
  launchBlocks(builder, kernel, tiles,
               [&](OpBuilder &b, BlockPosition position, ValueRange buffers) {
                 SIMTKernel(b, kernel, position, buffers).run();
               });
}
