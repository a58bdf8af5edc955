//===- PartialReductionInterface.cpp - Reductions cut into tiles ----------===//
//
// The gating function is not linear, so that the results of tiles of a
// reduction can't be added up. The sums can: a tile adds its products to an
// accumulator per branch, and gating follows once, after the loop. A branch
// that does not use the dimensions that are cut stays out of the loop.
//
// Upstream's driver calls `tileToPartialReduction` on a clone whose
// destinations are the accumulators: it has fewer or more destinations than
// results and maps. So nothing here looks at destinations while tiling.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsDecompose.h"
#include "TilingInterface.h"

#include "glu/IR/IndexingMaps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace glu;

using Dims = llvm::SetVector<unsigned>;

namespace {
/// A branch of a gated projection, and its sums.
struct Sums {
  Sums(GatedOpInterface op, Branch branch, Type type, const Dims &cut)
      : branch(branch), type(type) {
    if (!branch.isProjection())
      return;
    map = partialMap = getAccumulatorMap(op, branch);
    for (unsigned dim : cut)
      if (op.getMap(branch.input).isFunctionOfDim(dim) ||
          op.getMap(branch.weight).isFunctionOfDim(dim))
        partialMap = partialMap.insertResult(
            getAffineDimExpr(dim, op.getContext()), partialMap.getNumResults());
  }

  /// Whether tiles of the dimensions that are cut add to these sums.
  bool isPartial() const { return map != partialMap; }

  Branch branch;
  /// The accumulator's element type.
  Type type;
  /// The maps of the whole sums and of the accumulator, which has the
  /// dimensions that are cut as well, last. Null if nothing is summed.
  AffineMap map, partialMap;
};
} // namespace

static SmallVector<Sums, 2> getSums(GatedOpInterface op, const Dims &cut) {
  return {Sums(op, op.getGateBranch(), op.getGateType(), cut),
          Sums(op, op.getValueBranch(), op.getValueType(), cut)};
}

/// Those of `getSums` that have an accumulator, in order.
static SmallVector<Sums, 2> getPartialSums(GatedOpInterface op,
                                           const Dims &cut) {
  SmallVector<Sums, 2> sums = getSums(op, cut);
  llvm::erase_if(sums, [](const Sums &sum) { return !sum.isPartial(); });
  return sums;
}

/// Reports what stands against cutting the dimensions `cut`.
static LogicalResult checkCut(GatedOpInterface op, const Dims &cut) {
  if (!cast<DestinationStyleOpInterface>(op.getOperation())
           .hasPureTensorSemantics())
    return op->emitOpError("expects tensors where a reduction is cut");
  if (cut.empty())
    return op->emitOpError("expects a reduction to cut");
  SmallVector<unsigned> reductions = op.getReductionDims();
  for (unsigned dim : cut)
    if (!llvm::is_contained(reductions, dim))
      return op->emitOpError("expects d")
             << dim << ", which is to be cut, to be a reduction";
  for (const Sums &sums : getPartialSums(op, cut)) {
    // Tiles of a dimension that the branch does not sum over would add the
    // same products again.
    for (unsigned dim : cut)
      if (!sums.partialMap.isFunctionOfDim(dim))
        return op->emitOpError("cannot be cut along d")
               << dim << " and other dimensions at once: a branch sums over "
               << "the others, but not over d" << dim;
    for (OpOperand *operand : {sums.branch.input, sums.branch.weight})
      if (!llvm::all_of(op.getMap(operand).getResults(), growsLinearly))
        return op->emitOpError("cannot be cut along reductions: operand ")
               << operand->getOperandNumber()
               << " is not indexed in growing, linear order";
  }
  return success();
}

/// Where in its accumulator a tile adds: in every tile to the same elements,
/// from the first on, or each tile to its own.
static LogicalResult
getTilePosition(const Sums &sums, ReductionTilingStrategy strategy,
                ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                const Dims &cut, ArrayRef<OpFoldResult> splitReductionIvs,
                SmallVector<OpFoldResult> &tileOffsets,
                SmallVector<OpFoldResult> &tileSizes) {
  if (strategy == ReductionTilingStrategy::FullReduction)
    return failure();
  bool parallel =
      strategy == ReductionTilingStrategy::PartialReductionOuterParallel;
  Builder b(sums.type.getContext());
  for (AffineExpr expr : sums.partialMap.getResults()) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    const auto *position = llvm::find(cut, dim);
    if (position == cut.end()) {
      tileOffsets.push_back(offsets[dim]);
      tileSizes.push_back(sizes[dim]);
      continue;
    }
    tileOffsets.push_back(
        parallel ? splitReductionIvs[std::distance(cut.begin(), position)]
                 : b.getIndexAttr(0));
    tileSizes.push_back(parallel ? b.getIndexAttr(1) : sizes[dim]);
  }
  return success();
}

/// The elements of an accumulator that a tile adds to; without the dimensions
/// that are cut where each tile has elements of its own.
static Operation *sliceAccumulator(OpBuilder &b, Location loc, const Sums &sums,
                                   bool dropsCut, Value accumulator,
                                   ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamicSizes;
  unsigned rank = dropsCut ? sums.map.getNumResults() : sizes.size();
  dispatchIndexOpFoldResults(sizes.take_front(rank), dynamicSizes, shape);
  return tensor::ExtractSliceOp::create(b, loc,
                                        RankedTensorType::get(shape, sums.type),
                                        accumulator, offsets, sizes, strides);
}

/// Adds up the dimensions of an accumulator that were cut.
static Value createTotal(OpBuilder &b, Location loc, const Sums &sums,
                         Value accumulator, Value zeros) {
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(
      sums.map.getNumResults(), sums.partialMap.getNumResults()));
  return linalg::ReduceOp::create(
             b, loc, accumulator, zeros, dims,
             [](OpBuilder &b, Location loc, ValueRange args) {
               linalg::YieldOp::create(b, loc,
                                       addBias(b, loc, args[1], args[0]));
             })
      .getResult(0);
}

/// The gating of whole sums or given tensors `branches` by the maps
/// `branchMaps`; biases become extras.
static GateOp createGate(OpBuilder &b, Location loc, GatedOpInterface op,
                         ValueRange branches, ArrayRef<AffineMap> branchMaps) {
  auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
  SmallVector<AffineMap> maps(branchMaps);
  SmallVector<Value> extras;
  auto addExtra = [&](OpOperand *operand) {
    extras.push_back(operand->get());
    maps.push_back(op.getMap(operand));
  };
  OpOperand *biases[] = {op.getGateBranch().bias, op.getValueBranch().bias};
  for (OpOperand *bias : biases)
    if (bias)
      addExtra(bias);
  unsigned numBiases = extras.size();
  for (unsigned i = 0; i < op.getExtraOperands().size(); ++i)
    addExtra(
        &op->getOpOperand(op.getExtraOperands().getBeginOperandIndex() + i));
  for (OpOperand &out : destinations.getDpsInitsMutable())
    maps.push_back(op.getMap(&out));

  // Reduction dimensions play no part here.
  llvm::SmallBitVector reductions(maps.front().getNumDims());
  for (unsigned dim : op.getReductionDims())
    reductions.set(dim);
  for (AffineMap &map : maps)
    map = projectDims(map, reductions, /*compressDimsFlag=*/true);

  auto gating = [&](OpBuilder &b, Location loc, ValueRange args) {
    Block *block = op.getGatingBlock();
    ValueRange biasArgs = args.slice(2, numBiases);
    IRMapping mapping;
    for (unsigned i = 0; i < 2; ++i) {
      Value sum = args[i];
      if (biases[i]) {
        sum = addBias(b, loc, sum, biasArgs.front());
        biasArgs = biasArgs.drop_front();
      }
      mapping.map(block->getArgument(i), sum);
    }
    mapping.map(block->getArguments().drop_front(2),
                args.drop_front(2 + numBiases));
    for (Operation &nested : block->without_terminator())
      b.clone(nested, mapping);
    return llvm::map_to_vector(
        block->getTerminator()->getOperands(),
        [&](Value value) { return mapping.lookup(value); });
  };
  return GateOp::create(b, loc, branches[0], branches[1], extras,
                        destinations.getDpsInits(), maps, gating,
                        op.getGateType(), op.getValueType());
}

namespace {
struct PartialReduction
    : PartialReductionOpInterface::ExternalModel<PartialReduction,
                                                 GatedProjectionOp> {
  FailureOr<SmallVector<Value>> generateInitialTensorForPartialReduction(
      Operation *op, OpBuilder &b, Location loc, ArrayRef<OpFoldResult> sizes,
      const Dims &cut) const {
    auto gated = cast<GatedOpInterface>(op);
    if (failed(checkCut(gated, cut)))
      return failure();
    SmallVector<Value> accumulators;
    for (const Sums &sums : getPartialSums(gated, cut)) {
      SmallVector<OpFoldResult> shape;
      for (AffineExpr expr : sums.partialMap.getResults())
        shape.push_back(sizes[cast<AffineDimExpr>(expr).getPosition()]);
      accumulators.push_back(createZeroTensor(b, loc, shape, sums.type));
    }
    return accumulators;
  }

  FailureOr<TilingResult>
  tileToPartialReduction(Operation *op, OpBuilder &b, Location loc,
                         ReductionTilingStrategy strategy, ValueRange init,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes, const Dims &cut,
                         ArrayRef<OpFoldResult> splitReductionIvs) const {
    auto gated = cast<GatedOpInterface>(op);
    if (failed(checkCut(gated, cut)))
      return failure();
    SmallVector<Sums, 2> partial = getPartialSums(gated, cut);
    if (init.size() != partial.size())
      return op->emitOpError("expects ")
             << partial.size() << " accumulators, got " << init.size();
    bool dropsCut =
        strategy == ReductionTilingStrategy::PartialReductionOuterParallel;

    TilingResult result;
    SmallVector<Value> accumulators;
    for (auto [sums, value] : llvm::zip_equal(partial, init)) {
      SmallVector<OpFoldResult> tileOffsets, tileSizes;
      if (failed(getTilePosition(sums, strategy, offsets, sizes, cut,
                                 splitReductionIvs, tileOffsets, tileSizes)))
        return op->emitOpError("expects a strategy of partial reductions");
      result.generatedSlices.push_back(sliceAccumulator(
          b, loc, sums, dropsCut, value, tileOffsets, tileSizes));
      accumulators.push_back(result.generatedSlices.back()->getResult(0));
    }
    // One contraction for both branches if they read one input.
    unsigned step = sharesContraction(gated) ? 2 : 1;
    for (unsigned i = 0; i < partial.size(); i += step) {
      SmallVector<OpOperand *> operands = {partial[i].branch.input};
      for (const Sums &sums : ArrayRef(partial).slice(i, step))
        operands.push_back(sums.branch.weight);
      SmallVector<AffineMap> maps = llvm::map_to_vector(
          operands, [&](OpOperand *operand) { return gated.getMap(operand); });
      maps.append(step, dropsCut ? partial[i].map : partial[i].partialMap);
      SmallVector<Value> tiled = makeTiledOperands(
          gated, b, loc, operands, offsets, sizes, result.generatedSlices);
      linalg::GenericOp generic = createContraction(
          b, loc, tiled, ArrayRef(accumulators).slice(i, step), maps);
      result.tiledOps.push_back(generic);
      llvm::append_range(result.tiledValues, generic.getResults());
    }
    return result;
  }

  FailureOr<MergeResult> mergeReductions(Operation *op, OpBuilder &b,
                                         Location loc, ValueRange accumulators,
                                         const Dims &cut) const {
    auto gated = cast<GatedOpInterface>(op);
    if (failed(checkCut(gated, cut)))
      return failure();
    if (accumulators.size() != getPartialSums(gated, cut).size())
      return op->emitOpError("expects an accumulator for each branch that sums "
                             "over the dimensions that are cut");
    SmallVector<Value> branches;
    SmallVector<AffineMap> maps;
    for (const Sums &sums : getSums(gated, cut)) {
      if (!sums.map) {
        branches.push_back(sums.branch.input->get());
        maps.push_back(gated.getMap(sums.branch.input));
        continue;
      }
      SmallVector<OpFoldResult> shape;
      for (AffineExpr expr : sums.map.getResults())
        shape.push_back(
            gated.getLoopSize(b, cast<AffineDimExpr>(expr).getPosition()));
      Value zeros = createZeroTensor(b, loc, shape, sums.type);
      maps.push_back(sums.map);
      if (sums.isPartial()) {
        branches.push_back(
            createTotal(b, loc, sums, accumulators.front(), zeros));
        accumulators = accumulators.drop_front();
        continue;
      }
      OpOperand *input = sums.branch.input, *weight = sums.branch.weight;
      branches.push_back(createContraction(b, loc,
                                           {input->get(), weight->get()}, zeros,
                                           {gated.getMap(input),
                                            gated.getMap(weight), sums.map})
                             .getResult(0));
    }
    GateOp gate = createGate(b, loc, gated, branches, maps);
    return MergeResult{{gate}, SmallVector<Value>(gate->getResults())};
  }

  LogicalResult getPartialResultTilePosition(
      Operation *op, OpBuilder &b, unsigned resultNumber,
      ReductionTilingStrategy strategy, ArrayRef<OpFoldResult> offsets,
      ArrayRef<OpFoldResult> sizes, const Dims &cut,
      ArrayRef<OpFoldResult> splitReductionIvs,
      SmallVector<OpFoldResult> &resultOffsets,
      SmallVector<OpFoldResult> &resultSizes) const {
    SmallVector<Sums, 2> partial =
        getPartialSums(cast<GatedOpInterface>(op), cut);
    if (resultNumber >= partial.size())
      return failure();
    return getTilePosition(partial[resultNumber], strategy, offsets, sizes, cut,
                           splitReductionIvs, resultOffsets, resultSizes);
  }
};
} // namespace

void glu::attachPartialReductionInterface(MLIRContext &context) {
  GatedProjectionOp::attachInterface<PartialReduction>(context);
}
