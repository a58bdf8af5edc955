//===- SharedTiles.cpp - Tiles that are copied asynchronously -------------===//

#include "SharedTiles.h"

#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"

using namespace mlir;
using namespace glu;

/// Elements of f16 or bf16 that are copied at once.
static constexpr int64_t chunk = 8;

/// Whether the tile's innermost dimension is one loop that is innermost in
/// memory, so that eight elements that start at a multiple of eight are 16
/// aligned bytes of memory, inside altogether or not at all.
bool SharedTiles::canCopyChunks(const SharedTile &tile) {
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

SharedTile SharedTiles::makeTile(const MappedValue &operand,
                                 const LoopGroup &group, int64_t length) {
  SharedTile tile{&operand, &group, length, true, false, Value()};
  tile.alongSum = isAlongSum(operand.map, kernel.sums.dims);
  tile.copiesChunks = canCopyChunks(tile);
  return tile;
}

/// Eight rows that follow each other have their chunks in all banks.
Value SharedTiles::swizzle(const SharedTile &tile, Value slow, Value fast) {
  int64_t chunks = getFast(tile) / chunk;
  int64_t permuted = std::min<int64_t>(chunks, 8);
  Value mask = remainder(divide(slow, 8 / permuted), permuted);
  Value at = arith::XOrIOp::create(b, loc, divide(fast, chunk), mask);
  return add(multiply(at, chunk), remainder(fast, chunk));
}

/// Eight elements at once, or zeros.
void SharedTiles::fillChunk(const SharedTile &tile, Value stage, Value slow,
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
void SharedTiles::fillElements(const SharedTile &tile, Value stage, Value slow,
                               Value fast, Value point, Value sum) {
  for (int64_t i = 0; i < chunk; ++i) {
    Value element = loadOrZero(*tile.operand, *tile.group,
                               add(point, tile.alongSum ? 0 : i),
                               add(sum, tile.alongSum ? i : 0));
    memref::StoreOp::create(
        b, loc, element, tile.buffer,
        ValueRange{stage, slow, add(swizzle(tile, slow, fast), i)});
  }
}

void SharedTiles::fill(const SharedTile &tile, Value stage, Value firstSum) {
  int64_t chunks = getFast(tile) / chunk, all = getSlow(tile) * chunks;
  Value first = tile.group == &kernel.rows ? position.row : position.column;
  for (int64_t start = 0; start < all; start += kernel.getThreads()) {
    OpBuilder::InsertionGuard guard(b);
    Value number = add(position.thread, start);
    if (start + kernel.getThreads() > all) {
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

Value SharedTiles::fillStage(Value stage, Value firstSum) {
  for (const SharedTile &tile : tiles)
    fill(tile, stage, firstSum);
  return nvgpu::DeviceAsyncCreateGroupOp::create(
      b, loc, nvgpu::DeviceAsyncTokenType::get(b.getContext()), ValueRange());
}

void SharedTiles::makeTiles() {
  for (const Product &product :
       ArrayRef(kernel.products).take_front(kernel.sharesInput ? 1 : 2))
    tiles.push_back(
        makeTile(product.input, kernel.rows, kernel.schedule.getBlockRows()));
  for (const Product &product : kernel.products)
    tiles.push_back(makeTile(product.weight, kernel.columns,
                             kernel.schedule.getBlockColumns()));
}

SmallVector<Type> SharedTiles::getBufferTypes() {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  SmallVector<Type> types;
  for (const SharedTile &tile : tiles)
    types.push_back(MemRefType::get({stages, getSlow(tile), getFast(tile)},
                                    getElementTypeOrSelf(tile.operand->value),
                                    MemRefLayoutAttrInterface(), space));
  return types;
}
