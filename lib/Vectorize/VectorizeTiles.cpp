//===- VectorizeTiles.cpp - glu-vectorize: tiles as rows of vectors -------===//
//
// A tile is any linalg operation on tensors that is small enough, wherever it
// comes from. Its innermost parallel dimension becomes a vector, the others are
// unrolled, reductions become loops that carry one 1-D vector per row and
// result. Accumulators as one 2-D vector would spill.
//
//===----------------------------------------------------------------------===//

#include "TileVectorizer.h"

#include "glu/Transforms/LookupTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace glu {
#define GEN_PASS_DEF_VECTORIZE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// A tile fits in registers, more or less; a single row is up to eight of them.
static constexpr int64_t maxRows = 64, maxLanes = 128;

/// Whether a vector of such elements lies in memory as an array of them does:
/// vectors of i1 are bits, and of i24 three bytes, one after the other.
static bool liesAsVector(Type element) {
  if (element.isIndex())
    return true;
  unsigned bits = element.getIntOrFloatBitWidth();
  return bits >= 8 && llvm::isPowerOf2_32(bits);
}

/// Bits of an element, of an index those of a register.
static int64_t getBits(Type element) {
  return element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
}

LogicalResult TileVectorizer::check() {
  auto fail = [&](StringRef reason) {
    return rewriter.notifyMatchFailure(op, reason);
  };
  if (!op.hasPureTensorSemantics())
    return fail("not on tensors");
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  int64_t count = 1;
  std::optional<unsigned> last;
  for (auto [d, iterator] : llvm::enumerate(iterators)) {
    if (iterator == utils::IteratorType::reduction) {
      reductions.push_back(d);
      continue;
    }
    if (ShapedType::isDynamic(sizes[d]) || sizes[d] == 0)
      return fail("a parallel dimension is dynamic or empty");
    if (last && (count *= sizes[*last]) > maxRows)
      return fail("too many rows to unroll");
    last = d;
  }
  if (!last || sizes[*last] > maxLanes || count > maxRows)
    return fail("not a register tile");
  lane = *last;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    unsigned numUses = 0;
    for (AffineExpr expr : map.getResults()) {
      if (!expr.isFunctionOfDim(lane))
        continue;
      if (!isa<AffineDimExpr>(expr) || ++numUses > 1)
        return fail("the lanes of an operand are not one apart");
    }
    if (op.isDpsInit(&operand) && numUses == 0)
      return fail("all lanes write one element");
    Type element = getElementTypeOrSelf(operand.get());
    if (!element.isIntOrIndexOrFloat())
      return fail("elements that no vector has");
    if (op.isDpsInit(&operand) && !liesAsVector(element))
      return fail("elements that no vector has in memory");
  }
  for (Operation &nested : op.getBlock()->without_terminator())
    if (!isa<arith::ConstantOp>(nested) &&
        (!OpTrait::hasElementwiseMappableTraits(&nested) ||
         nested.getNumResults() != 1))
      return fail("an operation of the body has no vector form");
  for (Value operand : op.getBlock()->getTerminator()->getOperands())
    if (Operation *def = operand.getDefiningOp();
        !def && cast<BlockArgument>(operand).getOwner() != op.getBlock())
      return fail("a value from outside is yielded");
  return success();
}

void TileVectorizer::enumerateRows() {
  rows.assign(1, Row(sizes.size(), -1));
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (auto [d, iterator] : llvm::enumerate(iterators)) {
    if (iterator == utils::IteratorType::reduction || d == lane)
      continue;
    SmallVector<Row> longer;
    for (const Row &row : rows)
      for (int64_t i = 0; i < sizes[d]; ++i) {
        longer.push_back(row);
        longer.back()[d] = i;
      }
    rows = std::move(longer);
  }
}

/// Where an operand is accessed for `row`, the present reduction indices and
/// the `laneIndex`th lane.
SmallVector<Value> TileVectorizer::getIndices(OpOperand &operand,
                                              const Row &row,
                                              int64_t laneIndex) {
  SmallVector<OpFoldResult> dims;
  for (auto [d, value] : llvm::enumerate(row)) {
    if (Value iv = ivs.lookup(d))
      dims.push_back(iv);
    else
      dims.push_back(rewriter.getIndexAttr(d == lane ? laneIndex : value));
  }
  SmallVector<Value> indices;
  for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
    OpFoldResult index =
        affine::makeComposedFoldedAffineApply(rewriter, loc, expr, dims);
    indices.push_back(getValueOrCreateConstantIndexOp(rewriter, loc, index));
  }
  return indices;
}

Value TileVectorizer::toVector(Value scalar) {
  return vector::BroadcastOp::create(
      rewriter, loc, VectorType::get(sizes[lane], scalar.getType()), scalar);
}

Value TileVectorizer::read(OpOperand &operand, const Row &row) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  Row key(row);
  for (unsigned d = 0; d < key.size(); ++d)
    if (!map.isFunctionOfDim(d))
      key[d] = -1;
  Value &known =
      reads[{operand.getOperandNumber(), rewriter.getDenseI64ArrayAttr(key)}];
  if (known)
    return known;
  auto type = dyn_cast<RankedTensorType>(operand.get().getType());
  if (!type)
    return known = toVector(operand.get());
  SmallVector<Value> indices = getIndices(operand, row);
  auto position = map.getResultPosition(rewriter.getAffineDimExpr(lane));
  if (!position)
    return known = toVector(tensor::ExtractOp::create(rewriter, loc,
                                                      operand.get(), indices));
  if (!liesAsVector(type.getElementType())) {
    SmallVector<Value> lanes;
    for (int64_t i = 0; i < sizes[lane]; ++i)
      lanes.push_back(tensor::ExtractOp::create(rewriter, loc, operand.get(),
                                                getIndices(operand, row, i)));
    return known = vector::FromElementsOp::create(
               rewriter, loc,
               VectorType::get(sizes[lane], type.getElementType()), lanes);
  }
  auto permutation =
      AffineMap::get(type.getRank(), 0, rewriter.getAffineDimExpr(*position));
  Value padding = arith::ConstantOp::create(
      rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
  return known = vector::TransferReadOp::create(
             rewriter, loc, VectorType::get(sizes[lane], type.getElementType()),
             operand.get(), indices, padding, permutation,
             ArrayRef<bool>{true});
}

/// Known where it was just filled.
Value TileVectorizer::initialise(OpOperand &operand, const Row &row) {
  if (auto fill = operand.get().getDefiningOp<linalg::FillOp>())
    return toVector(fill.getInputs().front());
  return read(operand, row);
}

Value TileVectorizer::cloneOnVectors(Operation &scalar, IRMapping &mapping) {
  auto type = VectorType::get(sizes[lane], scalar.getResult(0).getType());
  if (auto constant = dyn_cast<arith::ConstantOp>(scalar))
    return arith::ConstantOp::create(
        rewriter, scalar.getLoc(),
        SplatElementsAttr::get(type, constant.getValue()));
  SmallVector<Value> operands;
  for (Value operand : scalar.getOperands()) {
    Value vector = mapping.lookupOrNull(operand);
    operands.push_back(vector ? vector : toVector(operand));
  }
  // A sum of products keeps its products exact: one rounding a step.
  if (auto add = dyn_cast<arith::AddFOp>(scalar); add && !reductions.empty())
    for (auto [sum, product] : {std::pair(0, 1), std::pair(1, 0)})
      if (auto mul = operands[product].getDefiningOp<arith::MulFOp>();
          mul && isa<BlockArgument>(add->getOperand(sum)))
        return math::FmaOp::create(rewriter, scalar.getLoc(), mul.getLhs(),
                                   mul.getRhs(), operands[sum]);
  OperationState state(scalar.getLoc(), scalar.getName());
  state.addOperands(operands);
  state.addTypes(type);
  state.addAttributes(scalar.getDiscardableAttrDictionary().getValue());
  state.propertiesAttr = scalar.getPropertiesAsAttribute();
  return rewriter.create(state)->getResult(0);
}

/// The body for one row, with `outs` as the values of the destinations.
SmallVector<Value> TileVectorizer::computeRow(const Row &row, ValueRange outs) {
  IRMapping mapping;
  Block *body = op.getBlock();
  unsigned numInputs = op.getNumDpsInputs();
  for (BlockArgument argument : body->getArguments()) {
    if (argument.use_empty())
      continue;
    unsigned i = argument.getArgNumber();
    Value vector =
        i >= numInputs ? outs[i - numInputs] : read(op->getOpOperand(i), row);
    mapping.map(argument, vector);
  }
  for (Operation &nested : body->without_terminator())
    mapping.map(nested.getResult(0), cloneOnVectors(nested, mapping));
  SmallVector<Value> results;
  for (Value value : body->getTerminator()->getOperands()) {
    Value vector = mapping.lookupOrNull(value);
    results.push_back(vector ? vector : toVector(value));
  }
  return results;
}

/// The body for `some` of the rows.
SmallVector<Value> TileVectorizer::computeRows(ArrayRef<Row> some,
                                               ValueRange outs) {
  unsigned numOuts = op.getNumDpsInits();
  SmallVector<Value> results;
  for (auto [i, row] : llvm::enumerate(some))
    results.append(computeRow(row, outs.slice(i * numOuts, numOuts)));
  return results;
}

Value TileVectorizer::getSize(unsigned reduction) {
  OpFoldResult size;
  for (OpOperand &operand : op->getOpOperands())
    if (auto at = op.getMatchingIndexingMap(&operand).getResultPosition(
            rewriter.getAffineDimExpr(reduction))) {
      size = tensor::getMixedSize(rewriter, loc, operand.get(), *at);
      break;
    }
  return getValueOrCreateConstantIndexOp(rewriter, loc, size);
}

scf::ForOp TileVectorizer::loopOver(unsigned dim, Value begin, Value end,
                                    int64_t by, ValueRange carried, Step step) {
  Value increment = arith::ConstantIndexOp::create(rewriter, loc, by);
  auto loop = scf::ForOp::create(rewriter, loc, begin, end, increment, carried);
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(loop.getBody());
  Value around = std::exchange(ivs[dim], loop.getInductionVar());
  reads.clear();
  scf::YieldOp::create(rewriter, loc, step(loop.getRegionIterArgs()));
  reads.clear();
  ivs[dim] = around;
  return loop;
}

SmallVector<Value> TileVectorizer::reduce(unsigned depth, unsigned end,
                                          SmallVector<Value> carried,
                                          Step step) {
  if (depth == end)
    return step(carried);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  unsigned dim = reductions[depth];
  auto loop =
      loopOver(dim, zero, getSize(dim), 1, carried, [&](ValueRange next) {
        return reduce(depth + 1, end, llvm::to_vector_of<Value>(next), step);
      });
  return llvm::to_vector_of<Value>(loop.getResults());
}

/// All rows; or those of one panel of weights, which are next to each other,
/// where the sums of all do not fit in registers.
size_t TileVectorizer::getRowsOfTurn() {
  int64_t vectors = 0;
  for (Value out : op.getDpsInits())
    vectors += llvm::divideCeil(
        sizes[lane] * getBits(getElementTypeOrSelf(out)), target.vectorBits);
  // Beside sums there are weights, and one element of the input.
  auto fits = [&](size_t count) {
    return (count + 1) * vectors + 1 < target.vectorRegisters;
  };
  if (reductions.empty() || fits(rows.size()))
    return rows.size();
  for (unsigned d = 0; d < sizes.size(); ++d) {
    if (d == lane || sizes[d] == 1 || llvm::is_contained(reductions, d))
      continue;
    bool isPanel = llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *in) {
      AffineMap map = op.getMatchingIndexingMap(in);
      return map.isFunctionOfDim(d) && map.isFunctionOfDim(lane);
    });
    size_t count = rows.size() / sizes[d];
    return isPanel && fits(count) ? count : rows.size();
  }
  return rows.size();
}

/// Steps in which four lines of memory of a panel are read, which lie in a row.
int64_t TileVectorizer::getStepsOfTurn() {
  constexpr int64_t bits = 4 * 64 * 8;
  int64_t step = 1;
  for (OpOperand *in : op.getDpsInputOperands())
    if (op.getMatchingIndexingMap(in).isFunctionOfDim(lane))
      step += sizes[lane] * getBits(getElementTypeOrSelf(in->get()));
  return llvm::divideCeil(bits, step);
}

/// Unrolled, all turns would share the inputs' broadcasts, and spill them.
static LLVM::LoopAnnotationAttr getNotUnrolled(Builder &builder) {
  MLIRContext *context = builder.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/builder.getBoolAttr(true), /*count=*/{},
      /*runtimeDisable=*/{}, /*full=*/{}, /*followupUnrolled=*/{},
      /*followupRemainder=*/{}, /*followupAll=*/{});
  return LLVM::LoopAnnotationAttr::get(
      context, /*disableNonforced=*/{}, /*vectorize=*/{}, /*interleave=*/{},
      unroll, /*unrollAndJam=*/{}, /*licm=*/{}, /*distribute=*/{},
      /*pipeline=*/{}, /*peeled=*/{}, /*unswitch=*/{}, /*mustProgress=*/{},
      /*isVectorized=*/{}, /*startLoc=*/{}, /*endLoc=*/{},
      /*parallelAccesses=*/{});
}

/// The innermost reduction: some steps with the first `count` rows, as many
/// with the next, and so on, so that their sums are in registers in turns.
SmallVector<Value> TileVectorizer::reduceInTurns(size_t count,
                                                 ValueRange carried) {
  unsigned dim = reductions.back(), numOuts = op.getNumDpsInits();
  int64_t steps = getStepsOfTurn();
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
  Value size = getSize(dim);
  AffineExpr first = rewriter.getAffineDimExpr(0);
  SmallVector<AffineExpr> ends = {first + steps};
  if (ShapedType::isDynamic(sizes[dim]) || sizes[dim] % steps)
    ends.push_back(rewriter.getAffineDimExpr(1));
  auto map = AffineMap::get(2, 0, ends, rewriter.getContext());
  LLVM::LoopAnnotationAttr notUnrolled = getNotUnrolled(rewriter);
  auto turns = loopOver(dim, zero, size, steps, carried, [&](ValueRange sums) {
    Value begin = ivs[dim];
    Value end = getValueOrCreateConstantIndexOp(
        rewriter, loc,
        affine::makeComposedFoldedAffineMin(rewriter, loc, map, {begin, size}));
    SmallVector<Value> next;
    for (size_t row = 0; row < rows.size(); row += count) {
      auto turn = loopOver(
          dim, begin, end, 1, sums.slice(row * numOuts, count * numOuts),
          [&](ValueRange own) {
            return computeRows(ArrayRef(rows).slice(row, count), own);
          });
      turn->setAttr("llvm.loop_annotation", notUnrolled);
      next.append(turn.result_begin(), turn.result_end());
    }
    return next;
  });
  return llvm::to_vector_of<Value>(turns.getResults());
}

LogicalResult TileVectorizer::run() {
  if (failed(check()))
    return failure();
  enumerateRows();
  unsigned numInputs = op.getNumDpsInputs(), numOuts = op.getNumDpsInits();
  rewriter.setInsertionPoint(op);
  SmallVector<Value> values;
  for (const Row &row : rows)
    for (unsigned i = 0; i < numOuts; ++i) {
      OpOperand &out = *op.getDpsInitOperand(i);
      bool isRead = !op.getBlock()->getArgument(numInputs + i).use_empty();
      values.push_back(isRead || !reductions.empty() ? initialise(out, row)
                                                     : Value());
    }
  unsigned outer = reductions.size();
  size_t count = getRowsOfTurn();
  if (count < rows.size())
    --outer;
  write(reduce(0, outer, values, [&](ValueRange carried) {
    return count < rows.size() ? reduceInTurns(count, carried)
                               : computeRows(rows, carried);
  }));
  return success();
}

void TileVectorizer::write(ValueRange values) {
  unsigned numOuts = op.getNumDpsInits();
  SmallVector<Value> results(op.getDpsInits());
  for (auto [i, row] : llvm::enumerate(rows))
    for (unsigned j = 0; j < numOuts; ++j) {
      OpOperand &out = *op.getDpsInitOperand(j);
      AffineMap map = op.getMatchingIndexingMap(&out);
      unsigned position =
          *map.getResultPosition(rewriter.getAffineDimExpr(lane));
      auto permutation = AffineMap::get(map.getNumResults(), 0,
                                        rewriter.getAffineDimExpr(position));
      results[j] = vector::TransferWriteOp::create(
                       rewriter, loc, values[i * numOuts + j], results[j],
                       getIndices(out, row), permutation, ArrayRef<bool>{true})
                       .getResult();
    }
  rewriter.replaceOp(op, results);
}

/// Loops over the rows of an elementwise operation that is no register tile,
/// for it has more vectors than any chip has registers: unrolled, they would be
/// much code for nothing. Returns what is in the loops.
static linalg::LinalgOp loopOverRows(RewriterBase &rewriter,
                                     linalg::LinalgOp op,
                                     const Target &target) {
  constexpr int64_t maxRegisters = 32;
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  if (!op.hasPureTensorSemantics() || op.getNumReductionLoops() ||
      sizes.size() < 2 || ShapedType::isDynamicShape(sizes) ||
      sizes.back() > maxLanes)
    return op;
  int64_t bytes = 4; // What narrow numbers are computed in.
  for (Type type : op->getResultTypes())
    if (Type element = getElementTypeOrSelf(type); element.isIntOrFloat())
      bytes = std::max<int64_t>(bytes, element.getIntOrFloatBitWidth() / 8);
  int64_t registers =
      llvm::divideCeil(sizes.back(), std::max<int64_t>(1, target.lanes(bytes)));
  int64_t rows = 1;
  for (int64_t size : ArrayRef(sizes).drop_back())
    rows *= size;
  if (rows > maxRows)
    return op; // glu-vectorize leaves those alone.
  SmallVector<OpFoldResult> tiles(sizes.size(), rewriter.getIndexAttr(0));
  for (unsigned d = 0; rows * registers > maxRegisters && d + 1 < sizes.size();
       ++d) {
    tiles[d] = rewriter.getIndexAttr(1);
    rows /= sizes[d];
  }
  auto tileable = dyn_cast<TilingInterface>(*op);
  if (!tileable || isZeroInteger(tiles[0]))
    return op;
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTilingResult> tiled = scf::tileUsingSCF(
      rewriter, tileable, scf::SCFTilingOptions().setTileSizes(tiles));
  if (failed(tiled))
    return op;
  rewriter.replaceOp(op, tiled->replacements);
  return cast<linalg::LinalgOp>(tiled->tiledOps.front());
}

namespace {
struct Vectorize : glu::impl::VectorizeBase<Vectorize> {
  using VectorizeBase::VectorizeBase;

  void runOnOperation() override {
    FailureOr<Target> target =
        lookupTarget(getOperation(), getArgument(), targetCPU);
    if (failed(target))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      // A fill is known to what it initialises.
      if (!isa<linalg::FillOp>(op))
        ops.push_back(op);
    });
    for (linalg::LinalgOp whole : ops) {
      linalg::LinalgOp op = loopOverRows(rewriter, whole, *target);
      if (failed(vectorizeDots(rewriter, op, *target)))
        (void)TileVectorizer(rewriter, op, *target).run();
    }

    // Rows written by one tile operation and read by the next stay in
    // registers.
    RewritePatternSet patterns(&getContext());
    vector::TransferReadOp::getCanonicalizationPatterns(patterns,
                                                        &getContext());
    vector::TransferWriteOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
