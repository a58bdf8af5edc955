//===- GatedOpsUnitDims.cpp - Dimensions of size one go -------------------===//
//
// A batch of one, a window of one: the iteration space loses the dimension, the
// operands theirs by a view. Not a canonicalisation, since tiles and packed
// operands have unit dimensions on purpose. What makes a matmul stays even at
// size one, so that a matmul of one row is still seen as one.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsCanonicalize.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace glu;

/// Which of the operands that make up the projections (all operands of a gate)
/// use `dim`.
static llvm::SmallBitVector getRole(GatedOpInterface op, unsigned dim) {
  llvm::SmallBitVector role;
  for (Branch branch : {op.getGateBranch(), op.getValueBranch()})
    for (OpOperand *operand : {branch.input, branch.weight}) {
      bool counts = operand && branch.isProjection();
      role.push_back(counts && op.getMap(operand).isFunctionOfDim(dim));
    }
  return role;
}

/// A dimension of size one that another one of the same role, or every operand
/// of the projections, makes superfluous.
static std::optional<unsigned> findSuperfluousDim(GatedOpInterface op) {
  auto indexing = cast<IndexingMapOpInterface>(op.getOperation());
  SmallVector<int64_t> sizes = indexing.getStaticLoopRanges();
  SmallVector<unsigned> parallel = op.getParallelDims();
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    if (size != 1)
      continue;
    bool isParallel = llvm::is_contained(parallel, dim);
    llvm::SmallBitVector role = getRole(op, dim);
    bool isBatch = isParallel && role.any();
    for (Branch branch : {op.getGateBranch(), op.getValueBranch()})
      if (branch.isProjection())
        for (OpOperand *operand : {branch.input, branch.weight})
          isBatch &= op.getMap(operand).isFunctionOfDim(dim);
    if (isBatch && parallel.size() > 1)
      return dim;
    for (unsigned other = 0; other < sizes.size(); ++other)
      if (other != dim && isParallel == llvm::is_contained(parallel, other) &&
          getRole(op, other) == role)
        return dim;
  }
  return std::nullopt;
}

/// The groups of dimensions that collapse into one each when those in `dropped`
/// go.
static SmallVector<ReassociationIndices>
getKeptGroups(const llvm::SmallBitVector &dropped) {
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices group;
  for (unsigned dim = 0; dim < dropped.size(); ++dim) {
    group.push_back(dim);
    if (dropped[dim])
      continue;
    groups.push_back(group);
    group.clear();
  }
  if (!groups.empty())
    llvm::append_range(groups.back(), group);
  return groups;
}

/// `value` without its dimensions `dropped`, which have size one.
static Value dropDims(OpBuilder &builder, Location loc, Value value,
                      const llvm::SmallBitVector &dropped) {
  auto type = cast<ShapedType>(value.getType());
  if (auto memref = dyn_cast<MemRefType>(type)) {
    SmallVector<OpFoldResult> sizes =
        memref::getMixedSizes(builder, loc, value);
    SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
    SmallVector<int64_t> shape;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!dropped[dim])
        shape.push_back(type.getDimSize(dim));
    MemRefType reduced = memref::SubViewOp::inferRankReducedResultType(
        shape, memref, offsets, sizes, strides);
    return memref::SubViewOp::create(builder, loc, reduced, value, offsets,
                                     sizes, strides);
  }
  return tensor::CollapseShapeOp::create(builder, loc, value,
                                         getKeptGroups(dropped));
}

namespace {
struct DropUnitDim : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    std::optional<unsigned> dim = findSuperfluousDim(op);
    if (!dim)
      return rewriter.notifyMatchFailure(op, "no dimension is superfluous");
    AffineExpr expr = rewriter.getAffineDimExpr(*dim);
    SmallVector<llvm::SmallBitVector> dropped;
    for (OpOperand &operand : op->getOpOperands()) {
      llvm::SmallBitVector &dims = dropped.emplace_back();
      auto type = dyn_cast<ShapedType>(operand.get().getType());
      for (auto [i, result] :
           llvm::enumerate(op.getMap(&operand).getResults())) {
        dims.push_back(result == expr);
        if (result == expr && type.getDimSize(i) != 1)
          return rewriter.notifyMatchFailure(
              op, "a unit dimension has dynamic size in an operand");
      }
      if (auto tensor = dyn_cast_or_null<RankedTensorType>(type);
          tensor && tensor.getEncoding() && dims.any())
        return rewriter.notifyMatchFailure(op, "an operand has an encoding");
    }

    SmallVector<Value> operands;
    SmallVector<AffineMap> maps;
    for (auto [operand, dims] : llvm::zip_equal(op->getOpOperands(), dropped)) {
      maps.push_back(withoutDim(op.getMap(&operand), *dim, dims));
      operands.push_back(
          dims.any() ? dropDims(rewriter, op.getLoc(), operand.get(), dims)
                     : operand.get());
    }
    unsigned numResults = op->getNumResults();
    SmallVector<Type> types;
    for (Value out : ArrayRef(operands).take_back(numResults))
      types.push_back(out.getType());
    Operation *smaller = cloneWithoutRegions(rewriter, op, types, operands);
    rewriter.inlineRegionBefore(op->getRegion(0), smaller->getRegion(0),
                                smaller->getRegion(0).begin());
    smaller->setAttr("indexing_maps", rewriter.getAffineMapArrayAttr(maps));

    SmallVector<Value> results;
    for (OpResult result : op->getResults()) {
      unsigned number =
          op->getNumOperands() - numResults + result.getResultNumber();
      results.push_back(tensor::ExpandShapeOp::create(
          rewriter, op.getLoc(), result.getType(),
          smaller->getResult(result.getResultNumber()),
          getKeptGroups(dropped[number]),
          tensor::getMixedSizes(rewriter, op.getLoc(),
                                op->getOperand(number))));
    }
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// `map` with zero for a dimension, and without the results in `dropped`.
  static AffineMap withoutDim(AffineMap map, unsigned dim,
                              const llvm::SmallBitVector &dropped) {
    MLIRContext *context = map.getContext();
    SmallVector<AffineExpr> replacements, results;
    for (unsigned d = 0; d < map.getNumDims(); ++d)
      replacements.push_back(d == dim
                                 ? getAffineConstantExpr(0, context)
                                 : getAffineDimExpr(d - (d > dim), context));
    for (auto [i, result] : llvm::enumerate(map.getResults()))
      if (!dropped[i])
        results.push_back(result.replaceDims(replacements));
    return AffineMap::get(map.getNumDims() - 1, 0, results, context);
  }
};
} // namespace

void glu::populateFoldUnitDimsPatterns(RewritePatternSet &patterns) {
  for (StringRef name :
       {GateOp::getOperationName(), GatedProjectionOp::getOperationName()})
    patterns.add<DropUnitDim>(patterns.getContext(), name);
}
