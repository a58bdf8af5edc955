//===- Absorb.cpp - The projections of a gated unit -----------------------===//

#include "Absorb.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace glu;

bool glu::findProjection(FusedBranch &branch, Domain &domain,
                         ArrayRef<Access *> accesses, Block *home) {
  bool refined = false;
  while (true) {
    Access access = branch.start;
    SmallVector<Access> views = {access};
    std::optional<DimSplit> split;
    while (stepThroughView(access, domain, &split))
      views.push_back(access);
    if (split) {
      splitDim(domain, accesses, *split);
      refined = true;
      continue;
    }
    branch.projection = matchProjection(access.value);
    if (branch.projection && branch.projection->op->getBlock() != home)
      branch.projection.reset();
    branch.views = std::move(views);
    branch.result = access;
    return refined;
  }
}

/// Whether the reductions of two projections run over the same sizes.
static bool reducesAlike(Projection a, Projection b) {
  SmallVector<int64_t> sizesA = a.op.getStaticLoopRanges();
  SmallVector<int64_t> sizesB = b.op.getStaticLoopRanges();
  SmallVector<unsigned> dimsA, dimsB;
  a.op.getReductionDims(dimsA);
  b.op.getReductionDims(dimsB);
  if (dimsA.size() != dimsB.size())
    return false;
  if (a.op == b.op)
    return true;
  for (auto [dimA, dimB] : llvm::zip_equal(dimsA, dimsB)) {
    if (sizesA[dimA] != sizesB[dimB])
      return false;
    // Equal sizes that are not static: those of one tensor.
    if (ShapedType::isDynamic(sizesA[dimA]) &&
        (a.lhs->get() != b.lhs->get() ||
         a.getMap(a.lhs).getResultPosition(
             getAffineDimExpr(dimA, a.op->getContext())) !=
             b.getMap(b.lhs).getResultPosition(
                 getAffineDimExpr(dimB, b.op->getContext()))))
      return false;
  }
  return true;
}

/// The operand dimension that loop `dim` indexes by itself.
static std::optional<SizeSource> getLoopSource(Projection projection,
                                               unsigned dim) {
  AffineExpr expr = getAffineDimExpr(dim, projection.op->getContext());
  for (OpOperand *operand : {projection.lhs, projection.rhs})
    if (auto position = projection.getMap(operand).getResultPosition(expr))
      return SizeSource{operand->get(), int64_t(*position), 1};
  return std::nullopt;
}

/// Follows an operand of the projection through views and conversions.
static std::optional<Access> getOperandAccess(Projection projection,
                                              OpOperand *operand,
                                              ArrayRef<LinearIndex> loops,
                                              const Domain &domain) {
  auto indices = evaluate(projection.getMap(operand), loops, domain);
  if (!indices)
    return std::nullopt;
  Access access{operand->get(), *indices, {}};
  Access best = access;
  while (stepThroughView(access, domain, nullptr, /*conversions=*/true))
    if (canMaterialize(access, domain))
      best = access;
  return canMaterialize(best, domain) ? std::optional<Access>(best)
                                      : std::nullopt;
}

bool glu::absorb(FusedBranch &branch, Domain &domain, unsigned numParallel,
                 FusedBranch *sibling) {
  Projection projection = *branch.projection;
  AffineMap resultMap = projection.getMap(projection.init);
  SmallVector<LinearIndex> loops(projection.op.getNumLoops());
  for (auto [i, expr] : llvm::enumerate(resultMap.getResults()))
    loops[cast<AffineDimExpr>(expr).getPosition()] = branch.result.indices[i];

  SmallVector<unsigned> reductions;
  projection.op.getReductionDims(reductions);
  SmallVector<int64_t> sizes = projection.op.getStaticLoopRanges();
  bool shares = sibling && reducesAlike(*sibling->projection, projection);
  for (auto [i, dim] : llvm::enumerate(reductions)) {
    if (shares) {
      loops[dim] = LinearIndex::dim(numParallel + i);
      continue;
    }
    std::optional<SizeSource> source = getLoopSource(projection, dim);
    if (!source)
      return false;
    loops[dim] = LinearIndex::dim(domain.add(sizes[dim], *source));
  }

  auto lhs = getOperandAccess(projection, projection.lhs, loops, domain);
  auto rhs = getOperandAccess(projection, projection.rhs, loops, domain);
  if (!lhs || !rhs)
    return false;
  branch.input = *lhs;
  branch.weight = *rhs;
  return true;
}
