//===- Views.cpp - Tensors that are other tensors' elements ---------------===//

#include "glu/IR/Views.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace glu;

/// The view that an elementwise `generic` is, if it moves or widens elements
/// and does nothing else.
static std::optional<View> getGenericView(linalg::GenericOp generic) {
  if (generic.getNumResults() != 1 ||
      generic.getNumParallelLoops() != generic.getNumLoops())
    return std::nullopt;
  AffineMap out = generic.getMatchingIndexingMap(generic.getDpsInitOperand(0));
  if (!out.isPermutation())
    return std::nullopt;
  Value yielded = generic.getBody()->getTerminator()->getOperand(0);
  Operation *extension = yielded.getDefiningOp();
  bool widens = isa_and_nonnull<arith::ExtFOp, arith::ExtSIOp>(extension);
  if (widens)
    yielded = extension->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(yielded);
  if (!argument || argument.getOwner() != generic.getBody() ||
      argument.getArgNumber() >= generic.getNumDpsInputs())
    return std::nullopt;
  OpOperand *source = generic.getDpsInputOperand(argument.getArgNumber());
  AffineMap in = generic.getMatchingIndexingMap(source);
  if (!isa<RankedTensorType>(source->get().getType()) ||
      !in.isProjectedPermutation())
    return std::nullopt;
  return View{source->get(), in.compose(inversePermutation(out)), widens};
}

std::optional<View> glu::getView(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  MLIRContext *context = value.getContext();
  auto getMap = [&](int64_t rank, ArrayRef<int64_t> results) {
    SmallVector<AffineExpr> dims;
    for (int64_t dim : results)
      dims.push_back(getAffineDimExpr(dim, context));
    return AffineMap::get(rank, 0, dims, context);
  };
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op)) {
    if (!transpose.hasPureTensorSemantics())
      return std::nullopt;
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    return View{transpose.getInput(),
                inversePermutation(getMap(permutation.size(), permutation))};
  }
  if (auto broadcast = dyn_cast<linalg::BroadcastOp>(op)) {
    if (!broadcast.hasPureTensorSemantics())
      return std::nullopt;
    int64_t rank = broadcast.getInit().getType().getRank();
    SmallVector<int64_t> kept;
    for (int64_t dim = 0; dim < rank; ++dim)
      if (!llvm::is_contained(broadcast.getDimensions(), dim))
        kept.push_back(dim);
    return View{broadcast.getInput(), getMap(rank, kept)};
  }
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
    // Unit dimensions only: of each group one dimension is the source's.
    RankedTensorType type = expand.getResultType();
    SmallVector<int64_t> kept;
    for (const ReassociationIndices &group : getGroups(expand)) {
      auto isUnit = [&](int64_t dim) { return type.getDimSize(dim) == 1; };
      int64_t units = llvm::count_if(group, isUnit);
      if (units + 1 < int64_t(group.size()))
        return std::nullopt;
      const int64_t *other = llvm::find_if_not(group, isUnit);
      kept.push_back(other == group.end() ? group.back() : *other);
    }
    return View{expand.getSrc(), getMap(type.getRank(), kept)};
  }
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return getGenericView(generic);
  return std::nullopt;
}
