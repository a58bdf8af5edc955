//===- TilesToAMX.cpp - glu-tiles-to-amx: products of whole tiles ---------===//
//
// Tile registers are loaded from and stored to memory, so that this happens on
// memrefs. glu-vectorize says which operations are such products.
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

namespace glu {
#define GEN_PASS_DEF_TILESTOAMX
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Rows of a tile register, and columns of 32 bits.
static constexpr int64_t tileRows = 16, tileColumns = 16;

/// More rows or columns than any schedule has are not unrolled.
static constexpr int64_t maxSize = 64;

namespace {
/// Rewrites one product of tiles, whose loops are parallel ones of which two
/// are longer than one, rows and columns, and reductions, the last two of which
/// are the groups and what is in them.
class TileMultiplier {
public:
  TileMultiplier(RewriterBase &rewriter, linalg::GenericOp op)
      : rewriter(rewriter), loc(op.getLoc()), op(op),
        sizes(op.getStaticLoopRanges()) {}

  LogicalResult run();

private:
  using Indices = SmallVector<OpFoldResult>;

  LogicalResult match();
  bool hasTileTypes(unsigned result);
  bool matchStride(OpOperand *operand, unsigned dim, int64_t stride);
  OpFoldResult getStride(OpOperand *operand, unsigned dim);
  SmallVector<Value> getIndices(OpOperand *operand, ArrayRef<OpFoldResult> at);
  Value load(OpOperand *operand, unsigned dim, int64_t columns,
             ArrayRef<OpFoldResult> at);
  SmallVector<Value> initialise();
  void fillInPlace(Value buffer);
  bool eraseZero(Value buffer);
  void hoist(Value buffer);
  SmallVector<Value> reduce(unsigned depth, ValueRange sums, Indices at);
  SmallVector<Value> multiply(ValueRange sums, Indices at);

  RewriterBase &rewriter;
  Location loc;
  linalg::GenericOp op;
  SmallVector<int64_t> sizes;
  unsigned row = 0, column = 0;
  SmallVector<unsigned> reductions; // But the last two.
  unsigned groups = 0, inGroup = 0;
  SmallVector<GroupProduct> products;
  int64_t rowBlocks = 1, columnBlocks = 1;
};
} // namespace

/// Elements between an index of `dim` and the next.
OpFoldResult TileMultiplier::getStride(OpOperand *operand, unsigned dim) {
  auto type = cast<MemRefType>(operand->get().getType());
  SmallVector<int64_t> strides = type.getStridesAndOffset().first;
  SmallVector<OpFoldResult> terms;
  AffineExpr sum = rewriter.getAffineConstantExpr(0);
  memref::ExtractStridedMetadataOp metadata;
  SmallVector<AffineExpr> at(sizes.size(), rewriter.getAffineConstantExpr(0));
  AffineMap map = op.getMatchingIndexingMap(operand);
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    at[dim] = rewriter.getAffineConstantExpr(1);
    AffineExpr one = expr.replaceDims(at);
    at[dim] = rewriter.getAffineConstantExpr(0);
    AffineExpr factor = one - expr.replaceDims(at);
    sum = sum + factor * rewriter.getAffineSymbolExpr(terms.size());
    if (!ShapedType::isDynamic(strides[i])) {
      terms.push_back(rewriter.getIndexAttr(strides[i]));
      continue;
    }
    if (!metadata)
      metadata = memref::ExtractStridedMetadataOp::create(rewriter, loc,
                                                          operand->get());
    terms.push_back(metadata.getStrides()[i]);
  }
  return affine::makeComposedFoldedAffineApply(rewriter, loc, sum, terms);
}

/// Whether a step of `dim` is so many elements.
bool TileMultiplier::matchStride(OpOperand *operand, unsigned dim,
                                 int64_t stride) {
  auto type = cast<MemRefType>(operand->get().getType());
  SmallVector<int64_t> strides = type.getStridesAndOffset().first;
  AffineMap map = op.getMatchingIndexingMap(operand);
  auto position = map.getResultPosition(rewriter.getAffineDimExpr(dim));
  return position && strides[*position] == stride;
}

/// Whether AMX has an instruction for the types of a product.
bool TileMultiplier::hasTileTypes(unsigned result) {
  const GroupProduct &product = products[result];
  Type sum = getElementTypeOrSelf(op.getDpsInits()[result]);
  Type input = getElementTypeOrSelf(product.input->get());
  Type weight = getElementTypeOrSelf(product.weight->get());
  return input == weight && ((input.isBF16() && sum.isF32()) ||
                             (input.isInteger(8) && sum.isInteger(32)));
}

LogicalResult TileMultiplier::match() {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  if (!op.hasPureBufferSemantics())
    return fail("it is not on memrefs");
  op.getReductionDims(reductions);
  SmallVector<unsigned> parallel;
  op.getParallelDims(parallel);
  if (reductions.size() < 2 || parallel.empty())
    return fail("it has no groups");
  inGroup = reductions.pop_back_val();
  groups = reductions.pop_back_val();
  column = row = parallel.back();
  for (unsigned d : parallel)
    if (d != column && (sizes[d] != 1 || row == column))
      row = d;
  for (unsigned d : parallel)
    if (d != column && d != row && sizes[d] != 1)
      return fail("it has rows in two dimensions");
  if (row == column)
    return fail("it has no rows");
  for (unsigned d : {row, column, groups, inGroup})
    if (ShapedType::isDynamic(sizes[d]) || sizes[d] < 1)
      return fail("a size is not known");
  if (sizes[groups] % tileRows || sizes[row] % tileRows ||
      sizes[column] % tileColumns || sizes[row] > maxSize ||
      sizes[column] > maxSize)
    return fail("it is no register tile");
  rowBlocks = sizes[row] / tileRows;
  columnBlocks = sizes[column] / tileColumns;

  for (unsigned i = 0; i < op.getNumDpsInits(); ++i) {
    std::optional<GroupProduct> product = matchGroupProduct(op, i);
    if (!product)
      return fail("it does not sum up products of groups");
    products.push_back(*product);
    AffineMap input = op.getMatchingIndexingMap(product->input);
    AffineMap weight = op.getMatchingIndexingMap(product->weight);
    if (input.isFunctionOfDim(column) || weight.isFunctionOfDim(row))
      return fail("it multiplies no matrices");
    unsigned bits =
        getElementTypeOrSelf(product->input->get()).getIntOrFloatBitWidth();
    if (!hasTileTypes(i) || sizes[inGroup] * bits != 32)
      return fail("AMX does not multiply such elements");
    OpOperand *out = op.getDpsInitOperand(i);
    if (!matchStride(product->input, inGroup, 1) ||
        !matchStride(product->input, groups, sizes[inGroup]) ||
        !matchStride(product->weight, inGroup, 1) ||
        !matchStride(product->weight, column, sizes[inGroup]) ||
        !matchStride(out, column, 1))
      return fail("its elements do not lie beside each other");
  }
  return success();
}

SmallVector<Value> TileMultiplier::getIndices(OpOperand *operand,
                                              ArrayRef<OpFoldResult> at) {
  SmallVector<Value> indices;
  for (AffineExpr expr : op.getMatchingIndexingMap(operand).getResults())
    indices.push_back(getValueOrCreateConstantIndexOp(
        rewriter, loc,
        affine::makeComposedFoldedAffineApply(rewriter, loc, expr, at)));
  return indices;
}

/// A tile of `operand`, whose rows are indices of `dim`. All tiles have the
/// same size: LLVM gives each register one in a function, and fails if it has
/// to give out more.
Value TileMultiplier::load(OpOperand *operand, unsigned dim, int64_t columns,
                           ArrayRef<OpFoldResult> at) {
  auto type = cast<MemRefType>(operand->get().getType());
  Value stride =
      getValueOrCreateConstantIndexOp(rewriter, loc, getStride(operand, dim));
  return amx::TileLoadOp::create(
      rewriter, loc,
      amx::TileType::get({tileRows, columns}, type.getElementType()),
      operand->get(), getIndices(operand, at), stride);
}

/// Fills `buffer` itself, if it is a copy of another one that was only filled:
/// destinations that began as one tensor are.
void TileMultiplier::fillInPlace(Value buffer) {
  Block *block = op->getBlock();
  memref::CopyOp copy;
  for (Operation *user : buffer.getUsers())
    if (auto other = dyn_cast<memref::CopyOp>(user);
        other && other.getTarget() == buffer && other->getBlock() == block)
      copy = other;
  if (!copy || !copy.getSource().getDefiningOp<memref::AllocOp>())
    return;
  Value source = copy.getSource();
  linalg::FillOp fill;
  SmallVector<Operation *> ends;
  for (Operation *user : source.getUsers()) {
    Operation *here = block->findAncestorOpInBlock(*user);
    if (!here)
      return;
    if (isa<memref::DeallocOp>(user))
      ends.push_back(user);
    if (user == copy || copy->isBeforeInBlock(here))
      continue;
    if (fill || !(fill = dyn_cast<linalg::FillOp>(user)) || here != user)
      return;
  }
  if (!fill)
    return;
  rewriter.setInsertionPoint(copy);
  linalg::FillOp::create(rewriter, loc, fill.getInputs(), buffer);
  rewriter.eraseOp(copy);
  if (!llvm::hasNItems(source.getUsers(), 1 + ends.size()))
    return;
  for (Operation *end : ends)
    rewriter.eraseOp(end);
  rewriter.eraseOp(fill);
  rewriter.eraseOp(source.getDefiningOp());
}

/// If all that `buffer` holds are zeros, which nothing else looks at: erases
/// what wrote them, and returns true.
bool TileMultiplier::eraseZero(Value buffer) {
  SmallVector<Operation *> writes;
  for (Operation *user : buffer.getUsers()) {
    Operation *here = op->getBlock()->findAncestorOpInBlock(*user);
    if (!here)
      return false;
    if (here->isBeforeInBlock(op))
      writes.push_back(user);
  }
  auto fill =
      writes.size() == 1 ? dyn_cast<linalg::FillOp>(writes[0]) : nullptr;
  if (!fill || !buffer.getDefiningOp<memref::AllocOp>() ||
      fill->getBlock() != op->getBlock())
    return false;
  Value value = fill.getInputs().front();
  if (!matchPattern(value, m_PosZeroFloat()) && !matchPattern(value, m_Zero()))
    return false;
  rewriter.eraseOp(fill);
  return true;
}

/// The sums of the tiles before, row by row of tiles.
SmallVector<Value> TileMultiplier::initialise() {
  SmallVector<bool> zeros;
  for (Value out : op.getDpsInits()) {
    fillInPlace(out);
    zeros.push_back(eraseZero(out));
    hoist(out);
  }
  rewriter.setInsertionPoint(op);
  SmallVector<Value> sums;
  for (int64_t block = 0; block < rowBlocks; ++block)
    for (auto [p, out] : llvm::enumerate(op.getDpsInitsMutable()))
      for (int64_t i = 0; i < columnBlocks; ++i) {
        if (!zeros[p]) {
          Indices at(sizes.size(), rewriter.getIndexAttr(0));
          at[row] = rewriter.getIndexAttr(block * tileRows);
          at[column] = rewriter.getIndexAttr(i * tileColumns);
          sums.push_back(load(&out, row, tileColumns, at));
          continue;
        }
        auto type = amx::TileType::get({tileRows, tileColumns},
                                       getElementTypeOrSelf(out.get()));
        sums.push_back(amx::TileZeroOp::create(rewriter, loc, type));
      }
  return sums;
}

/// Moves a buffer out of the loops over tiles, which would make one each time.
void TileMultiplier::hoist(Value buffer) {
  auto alloc = buffer.getDefiningOp<memref::AllocOp>();
  if (!alloc || !alloc->getOperands().empty() ||
      alloc->getBlock() != op->getBlock())
    return;
  Operation *loop = nullptr;
  for (Operation *parent = op->getParentOp(); isa<scf::ForOp>(parent);
       parent = parent->getParentOp())
    loop = parent;
  SmallVector<Operation *> ends;
  for (Operation *user : buffer.getUsers())
    if (isa<memref::DeallocOp>(user))
      ends.push_back(user);
  if (!loop || ends.size() != 1 || ends[0]->getBlock() != op->getBlock())
    return;
  rewriter.moveOpBefore(alloc, loop);
  rewriter.moveOpAfter(ends[0], loop);
}

/// One step: each tile of weights is loaded once, each tile of the input
/// once for all of them.
SmallVector<Value> TileMultiplier::multiply(ValueRange sums, Indices at) {
  int64_t depth = tileRows * sizes[inGroup];
  SmallVector<Value> weights;
  for (const GroupProduct &product : products)
    for (int64_t i = 0; i < columnBlocks; ++i) {
      at[column] = rewriter.getIndexAttr(i * tileColumns);
      weights.push_back(
          load(product.weight, groups, tileColumns * sizes[inGroup], at));
    }
  at[column] = rewriter.getIndexAttr(0);
  SmallVector<Value> next;
  for (int64_t block = 0; block < rowBlocks; ++block) {
    at[row] = rewriter.getIndexAttr(block * tileRows);
    DenseMap<OpOperand *, Value> inputs;
    for (auto [p, product] : llvm::enumerate(products)) {
      Value &input = inputs[product.input];
      if (!input)
        input = load(product.input, row, depth, at);
      for (int64_t i = 0; i < columnBlocks; ++i) {
        Value sum = sums[next.size()], weight = weights[p * columnBlocks + i];
        auto type = cast<amx::TileType>(sum.getType());
        next.push_back(
            isa<FloatType>(type.getElementType())
                ? Value(amx::TileMulFOp::create(rewriter, loc, type, input,
                                                weight, sum))
                : Value(amx::TileMulIOp::create(
                      rewriter, loc, type, input, weight, sum,
                      product.unsignedInput, product.unsignedWeight)));
      }
    }
  }
  return next;
}

/// Loops over the other reductions from `depth` on, and over the groups.
SmallVector<Value> TileMultiplier::reduce(unsigned depth, ValueRange sums,
                                          Indices at) {
  bool isLast = depth == reductions.size();
  unsigned dim = isLast ? groups : reductions[depth];
  OpFoldResult size = rewriter.getIndexAttr(sizes[dim]);
  if (ShapedType::isDynamic(sizes[dim]))
    for (OpOperand &operand : op->getOpOperands())
      if (auto position = op.getMatchingIndexingMap(&operand).getResultPosition(
              rewriter.getAffineDimExpr(dim)))
        size = memref::getMixedSize(rewriter, loc, operand.get(), *position);
  auto toValue = [&](OpFoldResult value) {
    return getValueOrCreateConstantIndexOp(rewriter, loc, value);
  };
  auto loop = scf::ForOp::create(
      rewriter, loc, toValue(rewriter.getIndexAttr(0)), toValue(size),
      toValue(rewriter.getIndexAttr(isLast ? tileRows : 1)), sums);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  at[dim] = loop.getInductionVar();
  ValueRange carried = loop.getRegionIterArgs();
  scf::YieldOp::create(rewriter, loc,
                       isLast ? multiply(carried, at)
                              : reduce(depth + 1, carried, at));
  return llvm::to_vector_of<Value>(loop.getResults());
}

LogicalResult TileMultiplier::run() {
  if (failed(match()))
    return failure();
  SmallVector<Value> sums = initialise();
  Indices zeros(sizes.size(), rewriter.getIndexAttr(0));
  sums = reduce(0, sums, zeros);
  ArrayRef<Value> rest(sums);
  for (int64_t block = 0; block < rowBlocks; ++block)
    for (OpOperand &out : op.getDpsInitsMutable())
      for (int64_t i = 0; i < columnBlocks; ++i) {
        Indices at(zeros);
        at[row] = rewriter.getIndexAttr(block * tileRows);
        at[column] = rewriter.getIndexAttr(i * tileColumns);
        Value stride = getValueOrCreateConstantIndexOp(rewriter, loc,
                                                       getStride(&out, row));
        amx::TileStoreOp::create(rewriter, loc, out.get(), getIndices(&out, at),
                                 rest.consume_front(), stride);
      }
  rewriter.eraseOp(op);
  return success();
}

namespace {
struct TilesToAMX : glu::impl::TilesToAMXBase<TilesToAMX> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) {
      if (op->hasAttr("glu.amx"))
        ops.push_back(op);
    });
    for (linalg::GenericOp op : ops)
      if (failed(TileMultiplier(rewriter, op).run()))
        op->removeAttr("glu.amx");
  }
};
} // namespace
