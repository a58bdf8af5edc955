//===- GatedOps.cpp - Builders and queries of gated ops -------------------===//

#include "glu/IR/GLU.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

SmallVector<OpOperand *> GatedOpInterface::getInputOperands() {
  auto destinations = cast<DestinationStyleOpInterface>(getOperation());
  return destinations.getDpsInputOperands();
}

AffineMap GatedOpInterface::getMap(OpOperand *operand) {
  return cast<IndexingMapOpInterface>(getOperation())
      .getMatchingIndexingMap(operand);
}

static void setMaps(Operation *op, ArrayRef<AffineMap> maps) {
  op->setAttr("indexing_maps",
              Builder(op->getContext()).getAffineMapArrayAttr(maps));
}

void GatedOpInterface::setMap(OpOperand *operand, AffineMap map) {
  auto indexing = cast<IndexingMapOpInterface>(getOperation());
  SmallVector<AffineMap> maps = indexing.getIndexingMapsArray();
  maps[operand->getOperandNumber()] = map;
  setMaps(getOperation(), maps);
}

void GatedOpInterface::eraseInput(unsigned number) {
  auto indexing = cast<IndexingMapOpInterface>(getOperation());
  SmallVector<AffineMap> maps = indexing.getIndexingMapsArray();
  maps.erase(maps.begin() + number);
  unsigned firstExtra = getExtraOperands().getBeginOperandIndex();
  if (number >= firstExtra)
    getGatingBlock()->eraseArgument(2 + number - firstExtra);
  eraseInputOperand(number);
  setMaps(getOperation(), maps);
}

/// The dimensions that `map` uses.
static void addUsedDims(AffineMap map, llvm::SmallBitVector &used) {
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
    if (map.isFunctionOfDim(dim))
      used.set(dim);
}

static llvm::SmallBitVector getParallelDimSet(Operation *op) {
  auto destinations = cast<DestinationStyleOpInterface>(op);
  AffineMap map = cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(
      destinations.getDpsInitOperand(0));
  llvm::SmallBitVector parallel(map.getNumDims());
  addUsedDims(map, parallel);
  return parallel;
}

SmallVector<unsigned> GatedOpInterface::getParallelDims() {
  return llvm::to_vector_of<unsigned>(
      getParallelDimSet(getOperation()).set_bits());
}

SmallVector<unsigned> GatedOpInterface::getReductionDims() {
  llvm::SmallBitVector reduction = getParallelDimSet(getOperation());
  reduction.flip();
  return llvm::to_vector_of<unsigned>(reduction.set_bits());
}

OpFoldResult GatedOpInterface::getLoopSize(OpBuilder &builder, unsigned dim) {
  Value dynamicIn;
  int64_t dynamicDim = 0;
  for (OpOperand &operand : getOperation()->getOpOperands())
    for (auto [i, expr] : llvm::enumerate(getMap(&operand).getResults())) {
      if (expr != builder.getAffineDimExpr(dim))
        continue;
      auto type = cast<ShapedType>(operand.get().getType());
      if (!type.isDynamicDim(i))
        return builder.getIndexAttr(type.getDimSize(i));
      if (!dynamicIn) {
        dynamicIn = operand.get();
        dynamicDim = i;
      }
    }
  assert(dynamicIn && "verified: every dimension indexes some operand");
  if (isa<RankedTensorType>(dynamicIn.getType()))
    return tensor::getMixedSize(builder, getLoc(), dynamicIn, dynamicDim);
  return memref::getMixedSize(builder, getLoc(), dynamicIn, dynamicDim);
}

Type glu::getDefaultAccumulatorType(Type element) {
  if (auto type = dyn_cast<FloatType>(element))
    return type.getWidth() < 32 ? Float32Type::get(type.getContext()) : element;
  if (auto type = dyn_cast<IntegerType>(element))
    return type.getWidth() < 32 ? IntegerType::get(type.getContext(), 32)
                                : element;
  return element;
}

Value glu::convertScalar(OpBuilder &builder, Location loc, Value value,
                         Type type) {
  // Between floats of one width there is no conversion but by a wider one.
  Type from = value.getType();
  if (from != type && isa<FloatType>(from) && isa<FloatType>(type) &&
      from.getIntOrFloatBitWidth() == type.getIntOrFloatBitWidth())
    value = convertScalar(builder, loc, value, builder.getF32Type());
  return convertScalarToDtype(builder, loc, value, type,
                              /*isUnsignedCast=*/false);
}

//===----------------------------------------------------------------------===//
// Default maps
//===----------------------------------------------------------------------===//

static int64_t getRank(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() ? shaped.getRank() : 0;
}

SmallVector<AffineMap>
glu::getDefaultIndexingMaps(MLIRContext *context, TypeRange gate,
                            TypeRange value, TypeRange extras, TypeRange outs) {
  unsigned rank = outs.empty() ? 0 : getRank(outs.front());
  bool reduces = gate.size() > 1 || value.size() > 1;
  unsigned numDims = rank + reduces;
  SmallVector<AffineExpr> parallel, dims;
  for (unsigned dim = 0; dim < rank; ++dim)
    parallel.push_back(getAffineDimExpr(dim, context));
  auto makeMap = [&](ArrayRef<AffineExpr> results, Type type) {
    if (int64_t(results.size()) != getRank(type))
      return AffineMap();
    return AffineMap::get(numDims, 0, results, context);
  };
  /// Trailing parallel dimensions: a bias, or an extra of lower rank.
  auto makeTrailing = [&](Type type) {
    int64_t n = getRank(type);
    return n > rank ? AffineMap()
                    : makeMap(ArrayRef(parallel).take_back(n), type);
  };

  SmallVector<AffineMap> maps;
  for (TypeRange branch : {gate, value}) {
    if (branch.size() < 2) {
      for (Type type : branch)
        maps.push_back(makeTrailing(type));
      continue;
    }
    AffineExpr k = getAffineDimExpr(rank, context);
    SmallVector<AffineExpr> input(parallel), weight;
    if (rank) {
      input.back() = k;
      weight = {k, parallel.back()};
    }
    if (rank > 2 && getRank(branch[1]) == rank)
      weight.insert(weight.begin(), parallel.begin(), parallel.end() - 2);
    maps.push_back(makeMap(input, branch[0]));
    maps.push_back(makeMap(weight, branch[1]));
    if (branch.size() > 2)
      maps.push_back(makeTrailing(branch[2]));
  }
  for (Type type : extras)
    maps.push_back(makeTrailing(type));
  for (Type type : outs)
    maps.push_back(makeMap(parallel, type));
  return maps;
}

//===----------------------------------------------------------------------===//
// Builders
//===----------------------------------------------------------------------===//

using GatingBuilder =
    llvm::function_ref<SmallVector<Value>(OpBuilder &, Location, ValueRange)>;

/// The type of g or v.
static Type getBranchType(ValueRange branch, Type wanted) {
  if (wanted)
    return wanted;
  Type element = getElementTypeOrSelf(branch.front());
  return branch.size() > 1 ? getDefaultAccumulatorType(element) : element;
}

template <typename OpTy>
static void buildGatedOp(OpBuilder &builder, OperationState &state,
                         ValueRange gate, ValueRange value, ValueRange extras,
                         ValueRange outs, ArrayRef<AffineMap> maps,
                         GatingBuilder gating, Type gateType, Type valueType) {
  SmallVector<AffineMap> defaults;
  if (maps.empty()) {
    defaults = getDefaultIndexingMaps(builder.getContext(), gate.getTypes(),
                                      value.getTypes(), extras.getTypes(),
                                      outs.getTypes());
    maps = defaults;
  }
  for (ValueRange operands : {gate, value, extras, outs})
    state.addOperands(operands);
  auto &properties = state.getOrAddProperties<typename OpTy::Properties>();
  properties.indexing_maps = builder.getAffineMapArrayAttr(maps);
  llvm::copy(ArrayRef<int32_t>({int32_t(gate.size()), int32_t(value.size()),
                                int32_t(extras.size()), int32_t(outs.size())}),
             properties.operandSegmentSizes.begin());
  for (Value out : outs)
    if (isa<TensorType>(out.getType()))
      state.addTypes(out.getType());

  OpBuilder::InsertionGuard guard(builder);
  Region *region = state.addRegion();
  SmallVector<Type> types = {getBranchType(gate, gateType),
                             getBranchType(value, valueType)};
  for (Value extra : extras)
    types.push_back(getElementTypeOrSelf(extra));
  SmallVector<Location> locs(types.size(), state.location);
  Block *block = builder.createBlock(region, region->end(), types, locs);
  SmallVector<Value> results =
      gating(builder, state.location, block->getArguments());
  YieldOp::create(builder, state.location, results);
}

template <typename OpTy>
static void buildNamedGatedOp(OpBuilder &builder, OperationState &state,
                              ValueRange gate, ValueRange value,
                              ValueRange outs, const NamedGating &gating,
                              ArrayRef<AffineMap> maps, Type accumulator) {
  Type element = getElementTypeOrSelf(outs.front());
  buildGatedOp<OpTy>(
      builder, state, gate, value, /*extras=*/{}, outs, maps,
      [&](OpBuilder &b, Location loc, ValueRange args) -> SmallVector<Value> {
        return {buildNamedGating(b, loc, gating, args[0], args[1], element)};
      },
      accumulator, accumulator);
}

void GateOp::build(OpBuilder &builder, OperationState &state, ValueRange gate,
                   ValueRange value, ValueRange extras, ValueRange outs,
                   ArrayRef<AffineMap> maps, GatingBuilder gating,
                   Type gateType, Type valueType) {
  buildGatedOp<GateOp>(builder, state, gate, value, extras, outs, maps, gating,
                       gateType, valueType);
}

void GateOp::build(OpBuilder &builder, OperationState &state, ValueRange gate,
                   ValueRange value, ValueRange outs, const NamedGating &gating,
                   ArrayRef<AffineMap> maps, Type accumulator) {
  buildNamedGatedOp<GateOp>(builder, state, gate, value, outs, gating, maps,
                            accumulator);
}

void GatedProjectionOp::build(OpBuilder &builder, OperationState &state,
                              ValueRange gate, ValueRange value,
                              ValueRange extras, ValueRange outs,
                              ArrayRef<AffineMap> maps, GatingBuilder gating,
                              Type gateType, Type valueType) {
  buildGatedOp<GatedProjectionOp>(builder, state, gate, value, extras, outs,
                                  maps, gating, gateType, valueType);
}

void GatedProjectionOp::build(OpBuilder &builder, OperationState &state,
                              ValueRange gate, ValueRange value,
                              ValueRange outs, const NamedGating &gating,
                              ArrayRef<AffineMap> maps, Type accumulator) {
  buildNamedGatedOp<GatedProjectionOp>(builder, state, gate, value, outs,
                                       gating, maps, accumulator);
}

//===----------------------------------------------------------------------===//
// Effects, speculation, shapes
//===----------------------------------------------------------------------===//

using Effects =
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

/// Memrefs are read, destinations written.
static void getGatedEffects(DestinationStyleOpInterface op, Effects &effects) {
  if (op.hasPureTensorSemantics())
    return;
  for (OpOperand *operand : op.getDpsInputOperands())
    if (isa<MemRefType>(operand->get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), operand, 0, true,
                           SideEffects::DefaultResource::get());
  for (OpOperand &operand : op.getDpsInitsMutable())
    effects.emplace_back(MemoryEffects::Write::get(), &operand, 0, true,
                         SideEffects::DefaultResource::get());
}

/// A region may divide integers, so its operations decide.
static Speculation::Speculatability getGatedSpeculatability(Operation *op) {
  if (!cast<DestinationStyleOpInterface>(op).hasPureTensorSemantics())
    return Speculation::NotSpeculatable;
  for (Operation &nested :
       cast<GatedOpInterface>(op).getGatingBlock()->without_terminator())
    if (!isSpeculatable(&nested))
      return Speculation::NotSpeculatable;
  return Speculation::Speculatable;
}

/// Results have the shapes of the destinations.
static LogicalResult reifyGatedShapes(DestinationStyleOpInterface op,
                                      OpBuilder &builder,
                                      ReifiedRankedShapedTypeDims &shapes) {
  for (Value destination : op.getDpsInits())
    if (isa<RankedTensorType>(destination.getType()))
      shapes.push_back(
          tensor::getMixedSizes(builder, op.getLoc(), destination));
  return success();
}

void GateOp::getEffects(Effects &effects) { getGatedEffects(*this, effects); }
void GatedProjectionOp::getEffects(Effects &effects) {
  getGatedEffects(*this, effects);
}

Speculation::Speculatability GateOp::getSpeculatability() {
  return getGatedSpeculatability(*this);
}
Speculation::Speculatability GatedProjectionOp::getSpeculatability() {
  return getGatedSpeculatability(*this);
}

LogicalResult GateOp::reifyResultShapes(OpBuilder &builder,
                                        ReifiedRankedShapedTypeDims &shapes) {
  return reifyGatedShapes(*this, builder, shapes);
}
LogicalResult
GatedProjectionOp::reifyResultShapes(OpBuilder &builder,
                                     ReifiedRankedShapedTypeDims &shapes) {
  return reifyGatedShapes(*this, builder, shapes);
}
