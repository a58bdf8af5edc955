//===- GatedOpsVerify.cpp - The verifier of gated ops ---------------------===//
//
// Operands, then maps, then shapes, then the region: each check may rely on the
// ones before it.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/GLU.h"

#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace glu;

/// The dimensions that `map` uses.
static void addUsedDims(AffineMap map, llvm::SmallBitVector &used) {
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
    if (map.isFunctionOfDim(dim))
      used.set(dim);
}

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

/// Whether `from` converts to `to` without loss: wider, or the same.
static bool widensTo(Type from, Type to) {
  bool sameKind = (isa<FloatType>(from) && isa<FloatType>(to)) ||
                  (from.isSignlessInteger() && to.isSignlessInteger());
  return from == to || (sameKind && from.getIntOrFloatBitWidth() <
                                        to.getIntOrFloatBitWidth());
}

/// A given tensor has elements of the argument's type; what is multiplied and
/// summed is converted to it.
static LogicalResult verifyBranchTypes(GatedOpInterface op, Branch branch,
                                       Type argument, StringRef name) {
  if (!isa<FloatType>(argument) && !argument.isSignlessInteger())
    return op->emitOpError("expects the region's ")
           << name << " argument to be a float or a signless integer, got "
           << argument;
  for (OpOperand *operand : {branch.input, branch.weight, branch.bias}) {
    if (!operand)
      continue;
    Type element = getElementTypeOrSelf(operand->get());
    if (!branch.isProjection() && element != argument)
      return op->emitOpError("expects the region's ")
             << name << " argument to have the type of the tensor's elements, "
             << element << ", got " << argument;
    if (!widensTo(element, argument))
      return op->emitOpError("expects the ")
             << describe(op, operand) << " to have elements of the type of the "
             << "region's " << name << " argument, " << argument
             << ", or narrower ones of its kind, got " << element;
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

/// Whether `map` divides by positive constants only.
static bool dividesByPositives(AffineMap map) {
  bool positive = true;
  map.walkExprs([&](AffineExpr expr) {
    if (expr.getKind() != AffineExprKind::Mod &&
        expr.getKind() != AffineExprKind::FloorDiv &&
        expr.getKind() != AffineExprKind::CeilDiv)
      return;
    auto divisor =
        dyn_cast<AffineConstantExpr>(cast<AffineBinaryOpExpr>(expr).getRHS());
    positive &= divisor && divisor.getValue() > 0;
  });
  return positive;
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
    if (!dividesByPositives(map))
      return op->emitOpError("expects the map of the ")
             << describe(op, &operand) << " to divide by positive constants "
             << "only, got " << AffineMapAttr::get(map);
    if (map.getNumDims() != numDims)
      return op->emitOpError("expects every map to have ")
             << numDims << " dimensions, but the map of the "
             << describe(op, &operand) << " is " << AffineMapAttr::get(map);
    auto type = dyn_cast<ShapedType>(operand.get().getType());
    unsigned rank = type ? type.getRank() : 0;
    if (map.getNumResults() != rank)
      return op->emitOpError("expects the map of the ")
             << describe(op, &operand) << " to have as many results as the "
             << "operand has dimensions (" << rank << "), got "
             << AffineMapAttr::get(map);
  }

  llvm::SmallBitVector parallel(numDims);
  for (unsigned dim : op.getParallelDims())
    parallel.set(dim);
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
      AffineMap both[] = {op.getMap(branch.input), op.getMap(branch.weight)};
      for (AffineMap map : both)
        addUsedDims(map, reduced);
      for (unsigned dim : op.getReductionDims()) {
        auto uses = [&](AffineMap map) { return map.isFunctionOfDim(dim); };
        auto isIndexedBy = [&](AffineMap map) {
          return map.getResultPosition(getAffineDimExpr(dim, op.getContext()))
              .has_value();
        };
        if (llvm::any_of(both, uses) && llvm::none_of(both, isIndexedBy))
          return op->emitOpError("expects the reduction d")
                 << dim << " to index the " << describe(op, branch.input)
                 << " or weight by itself, or its size would be unknown";
      }
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

using Interval = std::pair<int64_t, int64_t>;

/// Bounds of `expr` where dimension i is in `dims[i]`, exact if no dimension
/// occurs twice and nothing is divided, and where each is a single number.
/// Everything if a number is too large. Divisors are positive constants.
static Interval getRange(AffineExpr expr, ArrayRef<Interval> dims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return {constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Interval lhs = getRange(binary.getLHS(), dims);
  Interval rhs = getRange(binary.getRHS(), dims);
  constexpr Interval everything(std::numeric_limits<int64_t>::min(),
                                std::numeric_limits<int64_t>::max());
  if (lhs == everything || rhs == everything)
    return everything;
  int64_t low, high, factor = rhs.first;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    if (llvm::AddOverflow(lhs.first, rhs.first, low) ||
        llvm::AddOverflow(lhs.second, rhs.second, high))
      return everything;
    return {low, high};
  case AffineExprKind::Mul:
    if (llvm::MulOverflow(lhs.first, factor, low) ||
        llvm::MulOverflow(lhs.second, factor, high))
      return everything;
    return {std::min(low, high), std::max(low, high)};
  case AffineExprKind::CeilDiv:
    return {llvm::divideCeilSigned(lhs.first, factor),
            llvm::divideCeilSigned(lhs.second, factor)};
  default:
    low = llvm::divideFloorSigned(lhs.first, factor);
    high = llvm::divideFloorSigned(lhs.second, factor);
    if (expr.getKind() == AffineExprKind::FloorDiv)
      return {low, high};
    if (low == high)
      return {llvm::mod(lhs.first, factor), llvm::mod(lhs.second, factor)};
    return {0, factor - 1};
  }
}

/// What `expr` reaches outside of 0 to `size` - 1 where dimension i runs from 0
/// to `sizes[i]` - 1; none if it does not, or a size is unknown.
static std::optional<Interval> getRangeOutside(AffineExpr expr, int64_t size,
                                               ArrayRef<int64_t> sizes) {
  SmallVector<Interval> dims(sizes.size());
  SmallVector<unsigned> used;
  bool isExact = true, isKnown = true;
  expr.walk([&](AffineExpr part) {
    if (auto dim = dyn_cast<AffineDimExpr>(part)) {
      unsigned position = dim.getPosition();
      isExact &= !llvm::is_contained(used, position);
      used.push_back(position);
      isKnown &= !ShapedType::isDynamic(sizes[position]) && sizes[position] > 0;
      dims[position] = {0, sizes[position] - 1};
    } else if (part.getKind() != AffineExprKind::Add &&
               part.getKind() != AffineExprKind::Mul) {
      isExact &= isa<AffineConstantExpr>(part);
    }
  });
  if (!isKnown)
    return std::nullopt;
  auto isOutside = [&](Interval range) {
    return range.first < 0 || range.second >= size;
  };
  Interval bounds = getRange(expr, dims);
  if (!isOutside(bounds))
    return std::nullopt;
  // Where the bounds are too wide perhaps, all numbers, if they are not many.
  constexpr int64_t most = 1 << 16;
  llvm::sort(used);
  used.erase(llvm::unique(used), used.end());
  int64_t points = 1;
  for (unsigned dim : used)
    if (llvm::MulOverflow(points, sizes[dim], points) || points > most)
      return bounds;
  if (isExact)
    return bounds;
  bounds = {std::numeric_limits<int64_t>::max(),
            std::numeric_limits<int64_t>::min()};
  for (int64_t point = 0; point < points; ++point) {
    int64_t rest = point;
    for (unsigned dim : used) {
      dims[dim] = Interval(rest % sizes[dim], rest % sizes[dim]);
      rest /= sizes[dim];
    }
    Interval value = getRange(expr, dims);
    bounds = {std::min(bounds.first, value.first),
              std::max(bounds.second, value.second)};
  }
  return isOutside(bounds) ? std::optional(bounds) : std::nullopt;
}

/// Every operand is as large as its map reaches, and sizes agree where a map's
/// result is a single dimension.
static LogicalResult verifyShapes(GatedOpInterface op) {
  auto indexing = cast<IndexingMapOpInterface>(op.getOperation());
  SmallVector<int64_t> sizes = indexing.getStaticLoopRanges();
  for (OpOperand &operand : op->getOpOperands()) {
    SmallVector<int64_t> shape = indexing.getStaticOperandShape(&operand);
    AffineMap map = op.getMap(&operand);
    for (auto [i, expr] : llvm::enumerate(map.getResults())) {
      int64_t size = shape[i];
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
      if (auto range = getRangeOutside(expr, size, sizes))
        return op->emitOpError("reads dimension ")
               << i << " of the " << describe(op, &operand) << " from "
               << range->first << " to " << range->second
               << ", but its size is " << size;
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
