//===- ResultsToDestinations.cpp - glu-results-to-destinations ------------===//

#include "glu/IR/Views.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/SymbolTable.h"

namespace glu {
#define GEN_PASS_DEF_RESULTSTODESTINATIONS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ResultsToDestinations
    : glu::impl::ResultsToDestinationsBase<ResultsToDestinations> {
  void runOnOperation() override;
};
} // namespace

/// Which results of `function` are tensors; a diagnostic if it has some and
/// cannot change.
static FailureOr<BitVector> findTensorResults(func::FuncOp function,
                                              ModuleOp module) {
  BitVector tensors(function.getNumResults());
  for (auto [i, type] : llvm::enumerate(function.getResultTypes())) {
    if (!isa<TensorType>(type))
      continue;
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked || ranked.getEncoding())
      return function.emitError("result ")
             << i
             << " has no place to go to: expected a ranked tensor without "
                "an encoding, got "
             << type;
    tensors.set(i);
  }
  if (tensors.any() && !SymbolTable::symbolKnownUseEmpty(function, module))
    return function.emitError("cannot write its results to arguments: it is "
                              "used in this module, expected a function that "
                              "only others call");
  return tensors;
}

/// `destination` seen with the shape of `op`'s source, so that what is computed
/// before `op`, a reshape, goes to the same place; nothing if the sizes of that
/// shape cannot be told from the destination.
static Value reshape(OpBuilder &builder, Value destination, Operation *op) {
  Location loc = op->getLoc();
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return memref::CollapseShapeOp::create(builder, loc, destination,
                                           glu::getGroups(expand));
  auto collapse = dyn_cast<tensor::CollapseShapeOp>(op);
  if (!collapse)
    return {};
  auto reassociation = glu::getGroups(collapse);
  ArrayRef<int64_t> shape = collapse.getSrcType().getShape();
  auto isDynamic = [&](int64_t d) { return ShapedType::isDynamic(shape[d]); };
  if (llvm::any_of(reassociation, [&](const ReassociationIndices &group) {
        return llvm::count_if(group, isDynamic) > 1;
      }))
    return {};
  SmallVector<OpFoldResult> sizes;
  for (auto [i, group] : llvm::enumerate(reassociation)) {
    int64_t known = 1;
    for (int64_t d : group)
      known *= isDynamic(d) ? 1 : shape[d];
    for (int64_t d : group) {
      if (!isDynamic(d)) {
        sizes.push_back(builder.getIndexAttr(shape[d]));
        continue;
      }
      Value all = memref::DimOp::create(builder, loc, destination, i);
      Value factor = arith::ConstantIndexOp::create(builder, loc, known);
      sizes.push_back(
          arith::DivUIOp::create(builder, loc, all, factor).getResult());
    }
  }
  auto type = MemRefType::get(shape, collapse.getSrcType().getElementType());
  return memref::ExpandShapeOp::create(builder, loc, type, destination,
                                       reassociation, sizes);
}

/// The operand of `op`, which computes `result`, that gives the result its
/// shape, if none of its elements matter.
static OpOperand *getUnreadInit(Operation *op, OpResult result) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    OpOperand *init = linalgOp.getDpsInitOperand(result.getResultNumber());
    return linalgOp.payloadUsesValueFromOperand(init) ? nullptr : init;
  }
  auto write = dyn_cast<vector::TransferWriteOp>(op);
  if (!write || write.getMask() || !write.getPermutationMap().isIdentity() ||
      write.getVectorType().getShape() != write.getShapedType().getShape() ||
      !llvm::all_of(write.getIndices(),
                    [](Value index) { return isConstantIntValue(index, 0); }))
    return nullptr;
  return &write.getBaseMutable();
}

/// Arithmetic on whole tensors takes the shape of its result from an operand,
/// which is not to be written to: from now on from an empty tensor, whose place
/// bufferisation takes the destination for.
static void forgetInit(Value result) {
  Operation *op = result.getDefiningOp();
  OpOperand *init = op ? getUnreadInit(op, cast<OpResult>(result)) : nullptr;
  if (!init || init->get().getDefiningOp<tensor::EmptyOp>())
    return;
  OpBuilder builder(op);
  init->set(tensor::EmptyOp::create(
      builder, op->getLoc(),
      tensor::getMixedSizes(builder, op->getLoc(), init->get()),
      getElementTypeOrSelf(init->get())));
}

/// Stores `result` of `op`, a return, to `destination`.
static void store(func::ReturnOp op, Value result, BlockArgument destination) {
  // Views come first in the function: bufferisation puts what is computed into
  // a destination that is there when its computation begins.
  OpBuilder builder = OpBuilder::atBlockBegin(destination.getOwner());
  Value place = destination;
  while (Operation *producer = result.getDefiningOp()) {
    Value reshaped = reshape(builder, place, producer);
    if (!reshaped)
      break;
    place = reshaped;
    result = producer->getOperand(0);
  }
  forgetInit(result);
  builder.setInsertionPoint(op);
  auto store = bufferization::MaterializeInDestinationOp::create(
      builder, op.getLoc(), TypeRange(), result, place);
  store.setRestrict(true);
  store.setWritable(true);
}

/// Makes the results `tensors` of `function` arguments.
static void moveResults(func::FuncOp function, const BitVector &tensors) {
  OpBuilder builder(function.getContext());
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (isa<TensorType>(function.getArgument(i).getType()))
      function.setArgAttr(
          i, bufferization::BufferizationDialect::kWritableAttrName,
          builder.getBoolAttr(false));
  SmallVector<BlockArgument> destinations(tensors.size());
  for (unsigned i : tensors.set_bits()) {
    auto type = cast<RankedTensorType>(function.getResultTypes()[i]);
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(
        position, MemRefType::get(type.getShape(), type.getElementType()), {},
        function.getLoc());
    destinations[i] = function.getArgument(position);
  }
  function.walk([&](func::ReturnOp op) {
    for (unsigned i : tensors.set_bits())
      store(op, op.getOperand(i), destinations[i]);
    op->eraseOperands(tensors);
  });
  (void)function.eraseResults(tensors);
}

void ResultsToDestinations::runOnOperation() {
  ModuleOp module = getOperation();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    FailureOr<BitVector> tensors = findTensorResults(function, module);
    if (failed(tensors))
      return signalPassFailure();
    moveResults(function, *tensors);
  }
}
