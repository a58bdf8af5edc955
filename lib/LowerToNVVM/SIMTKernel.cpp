//===- SIMTKernel.cpp - Projections by threads that multiply and add ------===//
//
// A block keeps tiles of inputs and weights in shared memory, a thread its part
// of all accumulators in registers; each element of the input that it reads is
// used for both branches.
//
//===----------------------------------------------------------------------===//

#include "ProjectionKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace glu;

namespace {
class SIMTKernel {
public:
  SIMTKernel(OpBuilder &builder, const ProjectionKernel &kernel,
             BlockPosition position, ValueRange tiles)
      : b(builder), loc(kernel.op->getLoc()), kernel(kernel),
        position(position), tiles(tiles), rows(kernel.schedule.getRows()),
        columns(kernel.schedule.getColumns()) {}

  void run();

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value add(Value lhs, Value rhs) {
    return arith::AddIOp::create(b, loc, lhs, rhs);
  }
  Value multiply(Value lhs, Value rhs) {
    return arith::MulIOp::create(b, loc, lhs, rhs);
  }
  Value isBelow(Value lhs, Value rhs) {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, lhs, rhs);
  }
  /// Runs `body` with the loops of the element of the result at (`i`, `j`) of
  /// the thread's, if there is one.
  scf::IfOp atElement(int64_t i, int64_t j, TypeRange types,
                      function_ref<void(ArrayRef<Value>)> body);
  void loadTile(const MappedValue &operand, const LoopGroup &group, Value first,
                Value depth, Value tile);
  void loadTiles(Value depth);
  SmallVector<Value> sumUpStep(Value k, ValueRange sums);

  OpBuilder &b;
  Location loc;
  const ProjectionKernel &kernel;
  BlockPosition position;
  ValueRange tiles;
  int64_t rows, columns;
  Value threadRow, threadColumn; ///< In the tile.
};
} // namespace

/// Columns of a thread lie as many apart as there are threads beside each
/// other: these then read and write neighbours. Its rows are neighbours.
scf::IfOp SIMTKernel::atElement(int64_t i, int64_t j, TypeRange types,
                                function_ref<void(ArrayRef<Value>)> body) {
  int64_t step = kernel.schedule.getBlockColumns() / columns;
  Value m = add(position.row, add(threadRow, index(i)));
  Value n = add(position.column, add(threadColumn, index(j * step)));
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

/// tile[k][r] = operand at row (or column) first + r and sum depth + k. The
/// threads go along the dimension that is innermost in memory.
void SIMTKernel::loadTile(const MappedValue &operand, const LoopGroup &group,
                          Value first, Value depth, Value tile) {
  int64_t steps = kernel.schedule.getDepth(), threads = kernel.getThreads();
  bool isInput = &group == &kernel.rows;
  int64_t length = isInput ? kernel.schedule.getBlockRows()
                           : kernel.schedule.getBlockColumns();
  bool alongSum = operand.map.getNumResults() &&
                  llvm::any_of(kernel.sums.dims, [&](unsigned d) {
                    return operand.map.getResults().back().isFunctionOfDim(d);
                  });
  Value fastSize = index(alongSum ? steps : length);
  for (int64_t start = 0; start < steps * length; start += threads) {
    OpBuilder::InsertionGuard guard(b);
    Value element = add(position.thread, index(start));
    if (start + threads > steps * length) {
      auto some = scf::IfOp::create(
          b, loc, isBelow(element, index(steps * length)), false);
      b.setInsertionPointToStart(some.thenBlock());
    }
    Value fast = arith::RemUIOp::create(b, loc, element, fastSize);
    Value slow = arith::DivUIOp::create(b, loc, element, fastSize);
    Value k = alongSum ? fast : slow, r = alongSum ? slow : fast;
    Value sum = add(depth, k), point = add(first, r);
    Value inside = arith::AndIOp::create(b, loc, isBelow(point, group.size),
                                         isBelow(sum, kernel.sums.size));
    Type type = getElementTypeOrSelf(operand.value);
    auto load = scf::IfOp::create(b, loc, type, inside, true);
    {
      OpBuilder::InsertionGuard inner(b);
      b.setInsertionPointToStart(load.thenBlock());
      SmallVector<Value> loops = position.loops;
      setLoops(b, loc, kernel, group, point, loops);
      setLoops(b, loc, kernel, kernel.sums, sum, loops);
      scf::YieldOp::create(b, loc, loadElement(b, loc, operand, loops));
      b.setInsertionPointToStart(load.elseBlock());
      Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
      scf::YieldOp::create(b, loc, zero);
    }
    memref::StoreOp::create(b, loc, load.getResult(0), tile, ValueRange{k, r});
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
        x.push_back(load(tiles[p], add(threadRow, index(i)), type));
    }
    SmallVector<Value> w;
    for (int64_t j = 0; j < columns; ++j)
      w.push_back(
          load(tiles[inputs + p], add(threadColumn, index(j * step)), type));
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
  Value wide = index(kernel.schedule.getBlockColumns() / columns);
  threadRow = multiply(arith::DivUIOp::create(b, loc, position.thread, wide),
                       index(rows));
  threadColumn = arith::RemUIOp::create(b, loc, position.thread, wide);

  SmallVector<Value> sums;
  for (size_t p = 0; p < kernel.products.size(); ++p)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        Type type = kernel.products[p].type;
        if (isa<GatedProjectionOp>(kernel.op)) {
          sums.push_back(createInitialSum(b, loc, kernel, p, position.loops));
          continue;
        }
        auto branch = atElement(i, j, type, [&](ArrayRef<Value> loops) {
          scf::YieldOp::create(b, loc,
                               createInitialSum(b, loc, kernel, p, loops));
        });
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(branch.elseBlock());
        Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
        scf::YieldOp::create(b, loc, zero);
        sums.push_back(branch.getResult(0));
      }

  Value zero = index(0), one = index(1);
  Value depth = index(kernel.schedule.getDepth());
  auto loop = scf::ForOp::create(b, loc, zero, kernel.sums.size, depth, sums);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    loadTiles(loop.getInductionVar());
    gpu::BarrierOp::create(b, loc);
    auto inner =
        scf::ForOp::create(b, loc, zero, depth, one, loop.getRegionIterArgs());
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
      atElement(i, j, {}, [&](ArrayRef<Value> loops) {
        createEpilogue(b, loc, kernel, element, loops);
      });
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
