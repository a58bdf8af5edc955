//===- TilingInterface.cpp - Tiles of gated operations --------------------===//
//
// A tile of the iteration space is the same operation on slices of the operands
// (as their maps say, windows of convolutions included). Only parallel
// dimensions can be cut so: the gating function is not linear and needs whole
// sums. PartialReductionInterface.cpp cuts reductions.
//
//===----------------------------------------------------------------------===//

#include "TilingInterface.h"

#include "glu/IR/ExternalModels.h"
#include "glu/IR/GLU.h"
#include "glu/IR/IndexingMaps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace glu;

/// Whether a tile provably covers a dimension of size `size` from its start.
static bool isWhole(OpFoldResult offset, OpFoldResult tileSize,
                    OpFoldResult size) {
  if (!isZeroInteger(offset))
    return false;
  if (isEqualConstantIntOrValue(tileSize, size))
    return true;
  // Compares, for example, two `tensor.dim` of one tensor.
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(tileSize, size);
  return succeeded(equal) && *equal;
}

bool glu::growsLinearly(AffineExpr expr) {
  switch (expr.getKind()) {
  case AffineExprKind::Add: {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    return growsLinearly(sum.getLHS()) && growsLinearly(sum.getRHS());
  }
  case AffineExprKind::Mul: {
    auto product = cast<AffineBinaryOpExpr>(expr);
    auto factor = dyn_cast<AffineConstantExpr>(product.getRHS());
    return factor && factor.getValue() >= 0 && growsLinearly(product.getLHS());
  }
  case AffineExprKind::Constant:
  case AffineExprKind::DimId:
    return true;
  default:
    return false;
  }
}

/// Reports a dimension that the tile cuts and must not.
static LogicalResult checkTile(GatedOpInterface op, OpBuilder &builder,
                               ArrayRef<OpFoldResult> offsets,
                               ArrayRef<OpFoldResult> sizes) {
  auto isCut = [&](unsigned dim) {
    return !isWhole(offsets[dim], sizes[dim], op.getLoopSize(builder, dim));
  };
  for (unsigned dim : op.getReductionDims())
    if (isCut(dim))
      return op->emitOpError("cannot be tiled along d")
             << dim << ", a reduction: the gating function needs the whole "
             << "sums; decompose it or cut it by partial reductions";
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMap(&operand);
    for (AffineExpr expr : map.getResults())
      if (!growsLinearly(expr))
        for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
          if (expr.isFunctionOfDim(dim) && isCut(dim))
            return op->emitOpError("cannot be tiled along d")
                   << dim << ": operand " << operand.getOperandNumber()
                   << " is not indexed by it in growing, linear order";
  }
  return success();
}

/// The slice of an operand that a tile touches.
static linalg::SliceParameters getSlice(OpBuilder &builder, Location loc,
                                        Value operand, AffineMap map,
                                        ArrayRef<OpFoldResult> offsets,
                                        ArrayRef<OpFoldResult> sizes) {
  AffineExpr size = builder.getAffineDimExpr(0);
  SmallVector<OpFoldResult> last;
  for (OpFoldResult tileSize : sizes)
    last.push_back(affine::makeComposedFoldedAffineApply(builder, loc, size - 1,
                                                         tileSize));
  return linalg::computeSliceParameters(builder, loc, operand, sizes, map,
                                        offsets, /*ubs=*/{}, last,
                                        /*omitPartialTileCheck=*/true);
}

SmallVector<Value> glu::makeTiledOperands(
    GatedOpInterface op, OpBuilder &builder, Location loc,
    ArrayRef<OpOperand *> operands, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<Operation *> &slices) {
  SmallVector<Value> tiled;
  for (OpOperand *operand : operands) {
    Value value = operand->get();
    // Branches that read one input go on reading one.
    auto *same = llvm::find_if(operands, [&](OpOperand *other) {
      return other->get() == value && op.getMap(other) == op.getMap(operand);
    });
    if (*same != operand) {
      tiled.push_back(tiled[std::distance(operands.begin(), same)]);
      continue;
    }
    auto type = dyn_cast<ShapedType>(value.getType());
    if (!type || type.getRank() == 0) {
      tiled.push_back(value);
      continue;
    }
    linalg::SliceParameters slice =
        getSlice(builder, loc, value, op.getMap(operand), offsets, sizes);
    if (isa<RankedTensorType>(type))
      slices.push_back(tensor::ExtractSliceOp::create(
          builder, loc, value, slice.offsets, slice.sizes, slice.strides));
    else
      slices.push_back(memref::SubViewOp::create(
          builder, loc, value, slice.offsets, slice.sizes, slice.strides));
    tiled.push_back(slices.back()->getResult(0));
  }
  return tiled;
}

namespace {
template <typename OpTy>
struct GatedTiling : TilingInterface::ExternalModel<GatedTiling<OpTy>, OpTy> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    auto gated = cast<GatedOpInterface>(op);
    SmallVector<utils::IteratorType> types(
        cast<OpTy>(op).getIndexingMapsArray().front().getNumDims(),
        utils::IteratorType::parallel);
    for (unsigned dim : gated.getReductionDims())
      types[dim] = utils::IteratorType::reduction;
    return types;
  }

  SmallVector<Range> getIterationDomain(Operation *op, OpBuilder &b) const {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(op);
    auto gated = cast<GatedOpInterface>(op);
    SmallVector<Range> ranges;
    unsigned numDims = getLoopIteratorTypes(op).size();
    for (unsigned dim = 0; dim < numDims; ++dim)
      ranges.push_back(
          {b.getIndexAttr(0), gated.getLoopSize(b, dim), b.getIndexAttr(1)});
    return ranges;
  }

  FailureOr<TilingResult>
  getTiledImplementation(Operation *op, OpBuilder &b,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes) const {
    auto gated = cast<GatedOpInterface>(op);
    if (failed(checkTile(gated, b, offsets, sizes)))
      return failure();
    SmallVector<OpOperand *> operands = llvm::map_to_vector(
        op->getOpOperands(), [](OpOperand &operand) { return &operand; });
    TilingResult result;
    SmallVector<Value> tiled =
        makeTiledOperands(gated, b, op->getLoc(), operands, offsets, sizes,
                          result.generatedSlices);
    SmallVector<Type> types;
    if (op->getNumResults())
      llvm::append_range(
          types, ValueRange(tiled).take_back(op->getNumResults()).getTypes());
    result.tiledOps = {clone(b, op, types, tiled)};
    llvm::append_range(result.tiledValues, result.tiledOps[0]->getResults());
    return result;
  }

  LogicalResult
  getResultTilePosition(Operation *op, OpBuilder &b, unsigned resultNumber,
                        ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        SmallVector<OpFoldResult> &resultOffsets,
                        SmallVector<OpFoldResult> &resultSizes) const {
    // The map of a destination is a projected permutation.
    for (AffineExpr expr : getResultMap(op, resultNumber).getResults()) {
      unsigned dim = cast<AffineDimExpr>(expr).getPosition();
      resultOffsets.push_back(offsets[dim]);
      resultSizes.push_back(sizes[dim]);
    }
    return success();
  }

  LogicalResult getIterationDomainTileFromResultTile(
      Operation *op, OpBuilder &b, unsigned resultNumber,
      ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
      SmallVectorImpl<OpFoldResult> &domainOffsets,
      SmallVectorImpl<OpFoldResult> &domainSizes) const {
    return getDomainTile(op, b, getResultMap(op, resultNumber), offsets, sizes,
                         domainOffsets, domainSizes);
  }

  FailureOr<TilingResult>
  generateResultTileValue(Operation *op, OpBuilder &b, unsigned resultNumber,
                          ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes) const {
    SmallVector<OpFoldResult> domainOffsets, domainSizes;
    if (failed(getIterationDomainTileFromResultTile(
            op, b, resultNumber, offsets, sizes, domainOffsets, domainSizes)))
      return failure();
    FailureOr<TilingResult> result =
        getTiledImplementation(op, b, domainOffsets, domainSizes);
    if (succeeded(result))
      result->tiledValues = {result->tiledValues[resultNumber]};
    return result;
  }

  LogicalResult getIterationDomainTileFromOperandTiles(
      Operation *op, OpBuilder &b, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes,
      SmallVectorImpl<OpFoldResult> &domainOffsets,
      SmallVectorImpl<OpFoldResult> &domainSizes) const {
    if (!isOpFusableWithProducerSlices(op, operandNumbers, allOffsets,
                                       allSizes))
      return failure();
    // Later operands only fix dimensions that earlier ones leave open.
    for (auto [i, number] : llvm::enumerate(operandNumbers)) {
      AffineMap map =
          cast<OpTy>(op).getMatchingIndexingMap(&op->getOpOperand(number));
      if (failed(getDomainTile(op, b, map, allOffsets[i], allSizes[i],
                               domainOffsets, domainSizes)))
        return failure();
    }
    return success();
  }

  FailureOr<TilingResult> getTiledImplementationFromOperandTiles(
      Operation *op, OpBuilder &b, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes) const {
    SmallVector<OpFoldResult> offsets, sizes;
    if (failed(getIterationDomainTileFromOperandTiles(
            op, b, operandNumbers, allOffsets, allSizes, offsets, sizes)))
      return failure();
    return getTiledImplementation(op, b, offsets, sizes);
  }

  bool isOpFusableWithConsumerSlice(Operation *op, unsigned resultNumber,
                                    ArrayRef<OpFoldResult>,
                                    ArrayRef<OpFoldResult>) const {
    return true;
  }

  /// Whether the operands' tiles name one tile of the iteration space.
  bool isOpFusableWithProducerSlices(
      Operation *op, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes) const {
    DenseMap<unsigned, std::pair<OpFoldResult, OpFoldResult>> tiles;
    for (auto [number, offsets, sizes] :
         llvm::zip_equal(operandNumbers, allOffsets, allSizes)) {
      AffineMap map =
          cast<OpTy>(op).getMatchingIndexingMap(&op->getOpOperand(number));
      if (!map.isProjectedPermutation())
        return false;
      for (auto [expr, offset, size] :
           llvm::zip_equal(map.getResults(), offsets, sizes)) {
        auto [tile, inserted] = tiles.try_emplace(
            cast<AffineDimExpr>(expr).getPosition(), std::pair(offset, size));
        if (!inserted && tile->second != std::pair(offset, size))
          return false;
      }
    }
    return true;
  }

  /// One element of a gating: a projection has no element before its sums.
  LogicalResult generateScalarImplementation(Operation *op, OpBuilder &b,
                                             Location loc,
                                             ValueRange ivs) const {
    auto gate = dyn_cast<GateOp>(op);
    if (!gate)
      return op->emitOpError("has no scalar form: a sum over its reductions "
                             "comes before the gating; decompose it first");
    if (!gate.hasPureBufferSemantics())
      return op->emitOpError("expects memrefs for its scalar form");
    auto getIndices = [&](OpOperand &operand) {
      SmallVector<Value> indices;
      AffineMap map = gate.getMatchingIndexingMap(&operand);
      for (unsigned i = 0; i < map.getNumResults(); ++i)
        indices.push_back(
            affine::AffineApplyOp::create(b, loc, map.getSubMap({i}), ivs));
      return indices;
    };
    Block *block = &gate.getGating().front();
    IRMapping mapping;
    for (OpOperand *operand : gate.getDpsInputOperands()) {
      Value value = operand->get();
      if (isa<MemRefType>(value.getType()))
        value = memref::LoadOp::create(b, loc, value, getIndices(*operand));
      mapping.map(block->getArgument(operand->getOperandNumber()), value);
    }
    for (Operation &nested : block->without_terminator())
      b.clone(nested, mapping);
    for (auto [value, out] : llvm::zip_equal(
             block->getTerminator()->getOperands(), gate.getDpsInitsMutable()))
      memref::StoreOp::create(b, loc, mapping.lookupOrDefault(value), out.get(),
                              getIndices(out));
    return success();
  }

private:
  static AffineMap getResultMap(Operation *op, unsigned resultNumber) {
    auto gated = cast<OpTy>(op);
    return gated.getMatchingIndexingMap(gated.getDpsInitOperand(resultNumber));
  }

  /// The tile of the iteration space, whole where `map` does not say.
  LogicalResult
  getDomainTile(Operation *op, OpBuilder &b, AffineMap map,
                ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                SmallVectorImpl<OpFoldResult> &domainOffsets,
                SmallVectorImpl<OpFoldResult> &domainSizes) const {
    if (!map.isProjectedPermutation())
      return failure();
    if (domainOffsets.empty())
      for (Range range : getIterationDomain(op, b)) {
        domainOffsets.push_back(range.offset);
        domainSizes.push_back(range.size);
      }
    for (auto [expr, offset, size] :
         llvm::zip_equal(map.getResults(), offsets, sizes)) {
      unsigned dim = cast<AffineDimExpr>(expr).getPosition();
      domainOffsets[dim] = offset;
      domainSizes[dim] = size;
    }
    return success();
  }
};
} // namespace

void glu::registerTilingExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, GLUDialect *) {
    GateOp::attachInterface<GatedTiling<GateOp>>(*context);
    GatedProjectionOp::attachInterface<GatedTiling<GatedProjectionOp>>(
        *context);
    attachPartialReductionInterface(*context);
  });
}
