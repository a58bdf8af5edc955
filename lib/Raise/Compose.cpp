//===- Compose.cpp - An elementwise computation as one function -----------===//

#include "glu/Raise/Compose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// What is elementwise
//===----------------------------------------------------------------------===//

/// An operation that may stand in a gating function, or an assertion, which
/// says only for which elements there is a result.
static bool isScalarComputation(Operation *op) {
  if (isa<cf::AssertOp>(op))
    return true;
  // Gathers are looked into when they are composed.
  if (isa<tensor::ExtractOp>(op))
    return op->getOperand(0).getParentBlock() != op->getBlock();
  if (isa<linalg::IndexOp>(op))
    return llvm::all_of(op->getUsers(), [](Operation *user) {
      return isa<tensor::ExtractOp>(user);
    });
  if (op->getNumRegions() || op->getNumResults() == 0 ||
      !isMemoryEffectFree(op))
    return false;
  auto isScalar = [](Type type) { return type.isIntOrIndexOrFloat(); };
  return llvm::all_of(op->getOperandTypes(), isScalar) &&
         llvm::all_of(op->getResultTypes(), isScalar);
}

static bool isElementwiseLinalg(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op->getNumResults() == 0 ||
      op.getNumParallelLoops() != op.getNumLoops())
    return false;
  for (OpOperand &init : op.getDpsInitsMutable())
    if (!op.getMatchingIndexingMap(&init).isPermutation())
      return false;
  for (Value operand : op->getOperands())
    if (!getElementTypeOrSelf(operand).isIntOrIndexOrFloat())
      return false;
  return llvm::all_of(op.getBlock()->without_terminator(), [&](Operation &def) {
    return isScalarComputation(&def);
  });
}

bool glu::isElementwise(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return isElementwiseLinalg(linalgOp);
  if (!OpTrait::hasElementwiseMappableTraits(op) || op->getNumResults() != 1 ||
      op->getNumRegions() || !isMemoryEffectFree(op))
    return false;
  auto isFit = [](Type type) {
    return (isa<RankedTensorType>(type) || !isa<ShapedType>(type)) &&
           getElementTypeOrSelf(type).isIntOrIndexOrFloat();
  };
  return isa<RankedTensorType>(op->getResult(0).getType()) &&
         llvm::all_of(op->getOperandTypes(), isFit) &&
         isFit(op->getResult(0).getType());
}

//===----------------------------------------------------------------------===//
// Composition
//===----------------------------------------------------------------------===//

Value Composer::getLeaf(const Access &access) {
  for (auto [i, leaf] : llvm::enumerate(leaves))
    if (leaf == access)
      return body.getArgument(i);
  leaves.push_back(access);
  return body.addArgument(getElementTypeOrSelf(access.value),
                          access.value.getLoc());
}

Value Composer::getScalar(Value value) {
  Operation *def = value.getDefiningOp();
  if (def && def->hasTrait<OpTrait::ConstantLike>())
    return clone(def, {}, def->getResultTypes()).front();
  return getLeaf(Access{value, {}, {}});
}

SmallVector<Value> Composer::clone(Operation *op, ValueRange operands,
                                   TypeRange types) {
  Operation *cloned = op->clone();
  cloned->setOperands(operands);
  for (auto [result, type] : llvm::zip_equal(cloned->getResults(), types))
    result.setType(type);
  builder.insert(cloned);
  auto isConstant = [](Value value) {
    return matchPattern(value, m_Constant());
  };
  SmallVector<Value> results;
  if (!operands.empty() && llvm::all_of(operands, isConstant) &&
      succeeded(builder.tryFold(cloned, results))) {
    cloned->erase();
    return results;
  }
  for (Operation &other : body) {
    if (&other == cloned)
      break;
    if (OperationEquivalence::isEquivalentTo(
            &other, cloned, OperationEquivalence::IgnoreLocations)) {
      cloned->erase();
      return SmallVector<Value>(other.getResults());
    }
  }
  return SmallVector<Value>(cloned->getResults());
}

Value Composer::compose(Access access) {
  SmallVector<std::pair<Access, Value>> &known = memo[access.value];
  for (auto &[other, value] : known)
    if (other == access)
      return value;
  Access original = access;
  while (stepThroughView(access, domain, &split))
    ;
  if (split)
    return {};

  Value value;
  Operation *def = access.value.getDefiningOp();
  DenseElementsAttr elements;
  if (!isa<RankedTensorType>(access.value.getType())) {
    value = getScalar(access.value);
  } else if (matchPattern(access.value, m_Constant(&elements)) &&
             elements.isSplat() &&
             elements.getElementType().isIntOrIndexOrFloat()) {
    auto splat = elements.getSplatValue<TypedAttr>();
    auto constant =
        arith::ConstantOp::create(builder, access.value.getLoc(), splat);
    value = constant;
    for (Operation &other : body)
      if (&other != constant &&
          OperationEquivalence::isEquivalentTo(
              &other, constant, OperationEquivalence::IgnoreLocations)) {
        constant.erase();
        value = other.getResult(0);
        break;
      }
  } else if (auto splat = dyn_cast_or_null<tensor::SplatOp>(def)) {
    value = getScalar(splat.getInput());
  } else if (auto from = dyn_cast_or_null<tensor::FromElementsOp>(def);
             from && from.getElements().size() == 1) {
    value = getScalar(from.getElements().front());
  } else if (def && isElementwise(def) &&
             (def->getBlock() == home || isa<linalg::FillOp>(def))) {
    if (auto op = dyn_cast<linalg::LinalgOp>(def))
      value = composeLinalg(op, cast<OpResult>(access.value).getResultNumber(),
                            access);
    else
      value = composeOnTensors(def, access);
  }
  if (split)
    return {};
  if (!value)
    value = getLeaf(access);
  memo[original.value].push_back({original, value});
  return value;
}

Value Composer::composeLinalg(linalg::LinalgOp op, unsigned result,
                              const Access &access) {
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(result));
  SmallVector<LinearIndex> loops(map.getNumDims());
  for (auto [i, expr] : llvm::enumerate(map.getResults()))
    loops[cast<AffineDimExpr>(expr).getPosition()] = access.indices[i];

  // What the result needs, in the order of the body.
  Block *block = op.getBlock();
  llvm::SetVector<Value> needed;
  needed.insert(block->getTerminator()->getOperand(result));
  for (unsigned i = 0; i < needed.size(); ++i)
    if (Operation *def = needed[i].getDefiningOp();
        def && def->getBlock() == block && !isa<tensor::ExtractOp>(def))
      needed.insert(def->operand_begin(), def->operand_end());

  // First where the operands are read, then their elements.
  IRMapping mapping;
  SmallVector<std::pair<BlockArgument, Access>> reads;
  for (Value value : needed) {
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != block)
      continue;
    OpOperand *operand = op.getMatchingOpOperand(argument);
    auto indices = evaluate(op.getMatchingIndexingMap(operand), loops, domain);
    if (!indices)
      return {};
    reads.push_back({argument, Access{operand->get(), *indices, {}}});
  }
  SmallVector<std::pair<tensor::ExtractOp, Access>> gathers;
  for (Value value : needed) {
    auto extract = value.getDefiningOp<tensor::ExtractOp>();
    if (!extract || extract->getBlock() != block)
      continue;
    auto access = getGatheredAccess(op, extract, loops, domain);
    if (!access)
      return {};
    gathers.push_back({extract, *access});
  }
  for (auto &[extract, access] : gathers) {
    Value element = compose(access);
    if (!element)
      return {};
    mapping.map(extract.getResult(), element);
  }
  for (auto &[argument, read] : reads) {
    Value element = compose(read);
    if (!element)
      return {};
    mapping.map(argument, element);
  }
  auto lookup = [&](Value value) {
    return mapping.contains(value) ? mapping.lookup(value) : getScalar(value);
  };
  for (Operation &nested : block->without_terminator()) {
    if (isa<tensor::ExtractOp>(nested) ||
        llvm::none_of(nested.getResults(),
                      [&](Value value) { return needed.contains(value); }))
      continue;
    SmallVector<Value> operands =
        llvm::map_to_vector(nested.getOperands(), lookup);
    mapping.map(nested.getResults(),
                clone(&nested, operands, nested.getResultTypes()));
  }
  return lookup(block->getTerminator()->getOperand(result));
}

Value Composer::composeOnTensors(Operation *op, const Access &access) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    Value element = isa<RankedTensorType>(operand.getType())
                        ? compose(Access{operand, access.indices, {}})
                        : getScalar(operand);
    if (!element)
      return {};
    operands.push_back(element);
  }
  return clone(op, operands, getElementTypeOrSelf(op->getResult(0).getType()))
      .front();
}
