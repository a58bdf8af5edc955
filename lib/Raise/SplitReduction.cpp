//===- SplitReduction.cpp - Gating inside the body of a reduction ---------===//
//
// Elementwise fusion folds the gating into the body of the down projection,
// which then computes it anew for every column:
//
//   out[m, n] += f(g[m, k], v[m, k]) * w[k, n]
//
// Here f is taken out again; so is the activation of one input, or what makes
// weights of codes and scales, which would hide a projection.
//
//===----------------------------------------------------------------------===//

#include "RaiseSink.h"

#include "glu/Raise/Cleanup.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

namespace {
/// A factor of the product that a reduction sums.
struct Factor {
  Value value;
  /// What it is computed from, in the body.
  llvm::SetVector<Operation *> ops;
  SmallVector<OpOperand *> inputs;
  /// The dimensions that the inputs use, in the order of one that uses all.
  SmallVector<unsigned> dims;
  bool isAsLargeAsInput = false;
};
} // namespace

/// The operands of `root` in the body and the inputs it is computed from.
static std::optional<Factor> getFactor(linalg::GenericOp op, Value root) {
  Factor factor;
  factor.value = root;
  Block *block = op.getBlock();
  SmallVector<Value> worklist = {root};
  llvm::SetVector<OpOperand *> inputs;
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (auto argument = dyn_cast<BlockArgument>(value);
        argument && argument.getOwner() == block) {
      OpOperand *operand = op.getMatchingOpOperand(argument);
      if (!op.isDpsInput(operand))
        return std::nullopt;
      if (isa<RankedTensorType>(operand->get().getType()))
        inputs.insert(operand);
      else
        return std::nullopt;
      continue;
    }
    Operation *def = value.getDefiningOp();
    if (!def || def->getBlock() != block)
      continue;
    if (isa<linalg::IndexOp>(def) || def->getNumRegions() ||
        !isMemoryEffectFree(def))
      return std::nullopt;
    if (factor.ops.insert(def))
      llvm::append_range(worklist, def->getOperands());
  }
  factor.inputs = inputs.takeVector();
  llvm::SmallBitVector used(op.getNumLoops());
  for (OpOperand *input : factor.inputs) {
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!map.isProjectedPermutation())
      return std::nullopt;
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      if (map.isFunctionOfDim(dim))
        used.set(dim);
  }
  factor.dims = llvm::to_vector_of<unsigned>(used.set_bits());
  for (OpOperand *input : factor.inputs)
    if (AffineMap map = op.getMatchingIndexingMap(input);
        map.getNumResults() == used.count()) {
      for (auto [dim, expr] : llvm::zip_equal(factor.dims, map.getResults()))
        dim = cast<AffineDimExpr>(expr).getPosition();
      factor.isAsLargeAsInput = true;
      break;
    }
  // Nothing is gained if every column of the result needs its own.
  bool skipsParallel =
      llvm::any_of(llvm::seq(op.getNumLoops()), [&](unsigned dim) {
        return !used.test(dim) &&
               op.getIteratorTypesArray()[dim] == utils::IteratorType::parallel;
      });
  if (factor.ops.empty() || factor.inputs.empty() || !skipsParallel)
    return std::nullopt;
  return factor;
}

/// The factor as an operation of its own.
static linalg::GenericOp createElementwise(RewriterBase &rewriter,
                                           linalg::GenericOp op,
                                           const Factor &factor) {
  Location loc = op.getLoc();
  MLIRContext *context = rewriter.getContext();
  SmallVector<AffineExpr> newDims(op.getNumLoops());
  for (auto [i, dim] : llvm::enumerate(factor.dims))
    newDims[dim] = getAffineDimExpr(i, context);
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  SmallVector<OpFoldResult> sizes(factor.dims.size());
  for (OpOperand *input : factor.inputs) {
    AffineMap map = op.getMatchingIndexingMap(input);
    for (auto [i, dim] : llvm::enumerate(factor.dims))
      if (auto position = map.getResultPosition(getAffineDimExpr(dim, context)))
        sizes[i] = tensor::getMixedSize(rewriter, loc, input->get(), *position);
    inputs.push_back(input->get());
    maps.push_back(map.replaceDimsAndSymbols(newDims, {}, factor.dims.size(),
                                             /*numResultSyms=*/0));
  }
  maps.push_back(rewriter.getMultiDimIdentityMap(factor.dims.size()));
  Value init =
      tensor::EmptyOp::create(rewriter, loc, sizes, factor.value.getType());
  SmallVector<utils::IteratorType> iterators(factor.dims.size(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
      rewriter, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
        IRMapping mapping;
        for (auto [input, argument] : llvm::zip(factor.inputs, arguments))
          mapping.map(op.getMatchingBlockArgument(input), argument);
        for (Operation &nested : op.getBlock()->without_terminator())
          if (factor.ops.contains(&nested))
            b.clone(nested, mapping);
        linalg::YieldOp::create(b, bodyLoc, mapping.lookup(factor.value));
      });
}

/// The reduction with `hidden` in the place of the factor.
static linalg::GenericOp createReduction(RewriterBase &rewriter,
                                         linalg::GenericOp op,
                                         const Factor &factor, Value hidden) {
  Block *block = op.getBlock();
  // What is needed besides the factor.
  llvm::DenseSet<Operation *> needed;
  llvm::DenseSet<Value> arguments;
  SmallVector<Value> worklist(block->getTerminator()->getOperands());
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    if (value == factor.value)
      continue;
    Operation *def = value.getDefiningOp();
    if (!def)
      arguments.insert(value);
    else if (def->getBlock() == block && needed.insert(def).second)
      llvm::append_range(worklist, def->getOperands());
  }
  SmallVector<Value> inputs;
  SmallVector<OpOperand *> kept;
  SmallVector<AffineMap> maps;
  for (OpOperand *input : op.getDpsInputOperands())
    if (arguments.contains(op.getMatchingBlockArgument(input))) {
      kept.push_back(input);
      inputs.push_back(input->get());
      maps.push_back(op.getMatchingIndexingMap(input));
    }
  SmallVector<AffineExpr> dims;
  for (unsigned dim : factor.dims)
    dims.push_back(rewriter.getAffineDimExpr(dim));
  inputs.push_back(hidden);
  maps.push_back(
      AffineMap::get(op.getNumLoops(), 0, dims, rewriter.getContext()));
  OpOperand *init = op.getDpsInitOperand(0);
  maps.push_back(op.getMatchingIndexingMap(init));
  return linalg::GenericOp::create(
      rewriter, op.getLoc(), op.getResultTypes(), inputs, init->get(), maps,
      op.getIteratorTypesArray(),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        IRMapping mapping;
        for (auto [input, argument] : llvm::zip(kept, args))
          mapping.map(op.getMatchingBlockArgument(input), argument);
        mapping.map(factor.value, args[kept.size()]);
        mapping.map(op.getMatchingBlockArgument(init), args.back());
        for (Operation &nested : block->without_terminator())
          if (needed.contains(&nested))
            b.clone(nested, mapping);
        linalg::YieldOp::create(
            b, loc, mapping.lookup(block->getTerminator()->getOperand(0)));
      });
}

FailureOr<linalg::GenericOp>
glu::splitReductionBody(RewriterBase &rewriter, linalg::GenericOp op,
                        llvm::function_ref<bool(Operation *)> raise) {
  if (!op.hasPureTensorSemantics() || op->getNumResults() != 1 ||
      op.getNumReductionLoops() == 0)
    return failure();
  Value sum = op.getBlock()->getTerminator()->getOperand(0);
  BlockArgument accumulator =
      op.getMatchingBlockArgument(op.getDpsInitOperand(0));
  Operation *add = sum.getDefiningOp();
  if (!add || !isa<arith::AddFOp, arith::AddIOp>(add) ||
      !llvm::is_contained(add->getOperands(), accumulator))
    return failure();
  Value product = add->getOperand(add->getOperand(0) == accumulator);
  Operation *mul = product.getDefiningOp();
  if (!mul || !isa<arith::MulFOp, arith::MulIOp>(mul))
    return failure();
  for (Value root : mul->getOperands()) {
    // Widening belongs to the reduction.
    while (Operation *def = root.getDefiningOp()) {
      if (!isa<arith::ExtFOp, arith::ExtSIOp>(def))
        break;
      root = def->getOperand(0);
    }
    if (root.getParentBlock() != op.getBlock())
      continue;
    std::optional<Factor> factor = getFactor(op, root);
    if (!factor)
      continue;
    rewriter.setInsertionPoint(op);
    linalg::GenericOp elementwise = createElementwise(rewriter, op, *factor);
    linalg::GenericOp reduction =
        createReduction(rewriter, op, *factor, elementwise.getResult(0));
    if (raise(elementwise) || factor->isAsLargeAsInput) {
      // Views that only the fused form read would count as further uses of a
      // projection.
      SmallVector<Value> unused(op->getOperands());
      rewriter.replaceOp(op, reduction);
      eraseDead(rewriter, unused);
      return reduction;
    }
    rewriter.eraseOp(reduction);
    Value init = elementwise.getDpsInits()[0];
    rewriter.eraseOp(elementwise);
    eraseDead(rewriter, init);
  }
  return failure();
}
