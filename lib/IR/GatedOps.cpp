//===- GatedOps.cpp - Builders, verifier and queries of gated ops ---------===//

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
// Verifier
//===----------------------------------------------------------------------===//

/// How diagnostics call an operand.
static std::string describe(GatedOpInterface op, OpOperand *operand) {
  auto inBranch = [&](Branch branch, StringRef name) -> std::string {
    if (operand == branch.input)
      return (name + " input").str();
    if (operand == branch.weight)
      return (name + " weight").str();
    return operand == branch.bias ? (name + " bias").str() : "";
  };
  std::string name = inBranch(op.getGateBranch(), "gate");
  if (name.empty())
    name = inBranch(op.getValueBranch(), "value");
  if (!name.empty())
    return name;
  auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
  int64_t first = destinations.getDpsInits().getBeginOperandIndex();
  int64_t number = operand->getOperandNumber();
  if (number >= first)
    return "destination " + std::to_string(number - first);
  return "extra " +
         std::to_string(number - op.getExtraOperands().getBeginOperandIndex());
}

/// Element types within a branch are of one kind, and its argument is as wide.
static LogicalResult verifyBranchTypes(GatedOpInterface op, Branch branch,
                                       Type argument, StringRef name) {
  if (!argument.isIntOrIndexOrFloat())
    return op->emitOpError("expects the region's ")
           << name << " argument to be a float or an integer, got " << argument;
  for (OpOperand *operand : {branch.input, branch.weight, branch.bias}) {
    if (!operand)
      continue;
    Type element = getElementTypeOrSelf(operand->get());
    bool sameKind =
        (isa<FloatType>(element) && isa<FloatType>(argument)) ||
        (element.isSignlessInteger() && argument.isSignlessInteger()) ||
        element == argument;
    if (!sameKind)
      return op->emitOpError("expects the ")
             << describe(op, operand) << " to have the kind of element of the "
             << "region's argument, " << argument << ", got " << element;
    if (!branch.isProjection() && element != argument)
      return op->emitOpError("expects the region's ")
             << name << " argument to have the type of the tensor's elements, "
             << element << ", got " << argument;
    if (element.getIntOrFloatBitWidth() > argument.getIntOrFloatBitWidth())
      return op->emitOpError("expects the region's ")
             << name << " argument to be at least as wide as the "
             << describe(op, operand) << ", " << element << ", got "
             << argument;
  }
  return success();
}

static LogicalResult verifyRegion(GatedOpInterface op) {
  Block *block = op.getGatingBlock();
  auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
  if (block->empty() || !isa<YieldOp>(block->back()))
    return op->emitOpError("expects its region to end with a glu.yield");
  unsigned expected = 2 + op.getExtraOperands().size();
  if (block->getNumArguments() != expected)
    return op->emitOpError("expects a region with ")
           << expected << " arguments (g, v and one per extra), got "
           << block->getNumArguments();
  if (failed(verifyBranchTypes(op, op.getGateBranch(), op.getGateType(),
                               "gate")) ||
      failed(verifyBranchTypes(op, op.getValueBranch(), op.getValueType(),
                               "value")))
    return failure();
  for (auto [i, extra] : llvm::enumerate(op.getExtraOperands())) {
    Type element = getElementTypeOrSelf(extra);
    if (block->getArgument(2 + i).getType() != element)
      return op->emitOpError("expects region argument ")
             << 2 + i << " to have the type of extra " << i << ", " << element
             << ", got " << block->getArgument(2 + i).getType();
  }
  Operation *yield = block->getTerminator();
  if (yield->getNumOperands() != destinations.getNumDpsInits())
    return op->emitOpError("expects the region to yield one value per "
                           "destination (")
           << destinations.getNumDpsInits() << "), got "
           << yield->getNumOperands();
  for (auto [i, value] : llvm::enumerate(yield->getOperands())) {
    Type element = getElementTypeOrSelf(destinations.getDpsInits()[i]);
    if (value.getType() != element)
      return op->emitOpError("expects yielded value ")
             << i << " to have the element type of destination " << i << ", "
             << element << ", got " << value.getType();
  }
  for (Operation &nested : block->without_terminator())
    if (!isMemoryEffectFree(&nested))
      return nested.emitOpError("has effects, which a gating function must "
                                "not have");
  return success();
}

static LogicalResult verifyMaps(GatedOpInterface op) {
  auto indexing = cast<IndexingMapOpInterface>(op.getOperation());
  auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
  SmallVector<AffineMap> maps = indexing.getIndexingMapsArray();
  if (maps.size() != op->getNumOperands())
    return op->emitOpError("expects one indexing map per operand (")
           << op->getNumOperands() << "), got " << maps.size();
  unsigned numDims = maps.front().getNumDims();
  for (auto [map, operand] : llvm::zip_equal(maps, op->getOpOperands())) {
    if (map.getNumSymbols())
      return op->emitOpError("expects the map of the ")
             << describe(op, &operand) << " to have no symbols, got "
             << AffineMapAttr::get(map);
    if (map.getNumDims() != numDims)
      return op->emitOpError("expects every map to have ")
             << numDims << " dimensions, but the map of the "
             << describe(op, &operand) << " is " << AffineMapAttr::get(map);
    if (int64_t rank = getRank(operand.get().getType());
        map.getNumResults() != rank)
      return op->emitOpError("expects the map of the ")
             << describe(op, &operand) << " to have as many results as the "
             << "operand has dimensions (" << rank << "), got "
             << AffineMapAttr::get(map);
  }

  llvm::SmallBitVector parallel = getParallelDimSet(op);
  for (OpOperand &operand : destinations.getDpsInitsMutable()) {
    AffineMap map = op.getMap(&operand);
    llvm::SmallBitVector used(numDims);
    addUsedDims(map, used);
    if (!map.isProjectedPermutation() || used != parallel)
      return op->emitOpError("expects the map of ")
             << describe(op, &operand) << " to be a permutation of the parallel"
             << " dimensions, those of destination 0, got "
             << AffineMapAttr::get(map);
  }
  auto isParallel = [&](OpOperand *operand) {
    llvm::SmallBitVector used(numDims);
    addUsedDims(op.getMap(operand), used);
    return !used.test(parallel);
  };
  llvm::SmallBitVector reduced = parallel;
  for (Branch branch : {op.getGateBranch(), op.getValueBranch()}) {
    if (branch.isProjection()) {
      addUsedDims(op.getMap(branch.input), reduced);
      addUsedDims(op.getMap(branch.weight), reduced);
    }
    OpOperand *last = branch.isProjection() ? branch.bias : branch.input;
    if (last && !isParallel(last))
      return op->emitOpError("expects the map of the ")
             << describe(op, last) << " to use parallel dimensions only, got "
             << AffineMapAttr::get(op.getMap(last));
  }
  int64_t firstExtra = op.getExtraOperands().getBeginOperandIndex();
  for (auto [i, extra] : llvm::enumerate(op.getExtraOperands()))
    if (OpOperand &operand = op->getOpOperand(firstExtra + i);
        !isParallel(&operand))
      return op->emitOpError("expects the map of ")
             << describe(op, &operand) << " to use parallel dimensions only, "
             << "got " << AffineMapAttr::get(op.getMap(&operand));
  if (!reduced.all())
    return op->emitOpError("has a dimension, d")
           << reduced.find_first_unset() << ", that no projection uses";
  if (!indexing.getShapesToLoopsMap())
    return op->emitOpError("expects every dimension to be indexed by itself in "
                           "some operand, or its size would be unknown");
  return success();
}

/// Every operand is at least as large as its map reaches, and sizes agree where
/// a map's result is a single dimension.
static LogicalResult verifyShapes(GatedOpInterface op) {
  auto indexing = cast<IndexingMapOpInterface>(op.getOperation());
  SmallVector<int64_t> sizes = indexing.getStaticLoopRanges();
  MLIRContext *context = op->getContext();
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMap(&operand);
    for (auto [i, expr] : llvm::enumerate(map.getResults())) {
      int64_t size = indexing.getStaticOperandShape(&operand)[i];
      if (ShapedType::isDynamic(size))
        continue;
      if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
        int64_t loop = sizes[dim.getPosition()];
        if (!ShapedType::isDynamic(loop) && loop != size)
          return op->emitOpError("expects dimension ")
                 << i << " of the " << describe(op, &operand) << " to have "
                 << "size " << loop << ", got " << size;
        continue;
      }
      // The largest and smallest index; affine in each dimension, so that the
      // corners decide.
      bool known = true;
      SmallVector<AffineExpr> low, high;
      for (unsigned d = 0; d < map.getNumDims(); ++d) {
        bool used = expr.isFunctionOfDim(d);
        known &= !used || (!ShapedType::isDynamic(sizes[d]) && sizes[d] > 0);
        low.push_back(getAffineConstantExpr(0, context));
        high.push_back(
            getAffineConstantExpr(used && known ? sizes[d] - 1 : 0, context));
      }
      if (!known)
        continue;
      auto first =
          dyn_cast<AffineConstantExpr>(expr.replaceDimsAndSymbols(low, {}));
      auto last =
          dyn_cast<AffineConstantExpr>(expr.replaceDimsAndSymbols(high, {}));
      if (!first || !last)
        continue;
      auto [smallest, largest] = std::minmax(first.getValue(), last.getValue());
      if (smallest < 0 || largest >= size)
        return op->emitOpError("reads dimension ")
               << i << " of the " << describe(op, &operand) << " from "
               << smallest << " to " << largest << ", but its size is " << size;
    }
  }
  return success();
}

/// Operands are ranked tensors or memrefs, all of one kind; extras may be
/// scalars.
static LogicalResult verifyOperandTypes(GatedOpInterface op) {
  auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
  bool tensors = isa<TensorType>(destinations.getDpsInits()[0].getType());
  OperandRange extras = op.getExtraOperands();
  for (OpOperand &operand : op->getOpOperands()) {
    Type type = operand.get().getType();
    unsigned number = operand.getOperandNumber();
    bool isExtra = number >= extras.getBeginOperandIndex() &&
                   number < extras.getBeginOperandIndex() + extras.size();
    if (isExtra && type.isIntOrIndexOrFloat())
      continue;
    bool right = tensors ? isa<RankedTensorType>(type) : isa<MemRefType>(type);
    if (!right)
      return op->emitOpError("expects the ")
             << describe(op, &operand) << " to be a "
             << (tensors ? "ranked tensor" : "memref") << " as destination 0, "
             << "got " << type;
    if (!cast<ShapedType>(type).getElementType().isIntOrIndexOrFloat())
      return op->emitOpError("expects the ")
             << describe(op, &operand)
             << " to have elements that are floats or integers, got " << type;
  }
  SmallVector<Type> types;
  if (tensors)
    llvm::append_range(types, destinations.getDpsInits().getTypes());
  if (op->getResultTypes() != TypeRange(types))
    return op->emitOpError(
        tensors ? "expects one result per destination, of the same type"
                : "expects no results when it writes to memrefs");
  return success();
}

template <typename OpTy>
static LogicalResult verifyGatedOp(OpTy op) {
  if (op.getOuts().empty())
    return op.emitOpError("expects at least one destination");
  constexpr bool projects = std::is_same_v<OpTy, GatedProjectionOp>;
  for (auto [name, size] : {std::pair("gate", op.getGate().size()),
                            std::pair("value", op.getValue().size())}) {
    if (!projects && size != 1)
      return op.emitOpError("expects one ") << name << " operand, got " << size;
    if (size < 1 || size > 3)
      return op.emitOpError("expects the ")
             << name << " branch to be (tensor), (input, weight) or (input, "
             << "weight, bias), got " << size << " operands";
  }
  if (projects && op.getGate().size() == 1 && op.getValue().size() == 1)
    return op.emitOpError(
        "expects a weight in at least one branch; without, it is a glu.gate");
  GatedOpInterface gated = op;
  if (failed(verifyOperandTypes(gated)) || failed(verifyMaps(gated)) ||
      failed(verifyShapes(gated)))
    return failure();
  return success();
}

// Operands and maps are checked before the region, whose checks need them.
LogicalResult GateOp::verify() {
  return failed(verifyGatedOp(*this)) ? failure() : verifyRegion(*this);
}
LogicalResult GatedProjectionOp::verify() {
  return failed(verifyGatedOp(*this)) ? failure() : verifyRegion(*this);
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
