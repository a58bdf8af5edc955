//===- Destination.cpp - Where a raised operation writes ------------------===//

#include "glu/Raise/Destination.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace glu;

Destination glu::makeDestination(OpBuilder &builder, Location loc,
                                 const Access &out, const Domain &domain,
                                 Value reuse) {
  Destination destination;
  bool reshaped = false;
  int64_t next = 0;
  for (unsigned i = 0; i < out.indices.size(); ++i) {
    const LinearIndex &index = out.indices[i];
    SmallVector<unsigned> dims = index.getDims();
    // Outer dimensions have the larger coefficients.
    llvm::sort(dims, [&](unsigned a, unsigned b) {
      return index.getCoefficient(a) > index.getCoefficient(b);
    });
    ReassociationIndices group;
    for (unsigned dim : dims) {
      destination.indices.push_back(LinearIndex::dim(dim));
      group.push_back(next++);
    }
    reshaped |= group.size() != 1;
    destination.collapse.push_back(group);
    if (out.groups.empty()) {
      destination.expand.push_back({int64_t(i)});
    } else {
      destination.expand.push_back(ReassociationIndices(out.groups[i]));
      reshaped |= out.groups[i].size() != 1;
    }
  }
  if (!reshaped && reuse) {
    destination.init = reuse;
    return destination;
  }
  SmallVector<OpFoldResult> sizes;
  for (const LinearIndex &index : destination.indices)
    sizes.push_back(domain.getSize(builder, loc, *index.getSingleDim()));
  destination.init = tensor::EmptyOp::create(
      builder, loc, sizes, getElementTypeOrSelf(out.value.getType()));
  return destination;
}

Value glu::reshapeResult(OpBuilder &builder, Location loc, Value result,
                         const Destination &destination, Value out,
                         function_ref<SmallVector<OpFoldResult>()> getSizes) {
  auto type = cast<RankedTensorType>(out.getType());
  auto isTrivial = [](const ReassociationIndices &group) {
    return group.size() == 1;
  };
  if (!llvm::all_of(destination.collapse, isTrivial))
    result = tensor::CollapseShapeOp::create(builder, loc, result,
                                             destination.collapse);
  if (!llvm::all_of(destination.expand, isTrivial))
    result = tensor::ExpandShapeOp::create(builder, loc, type, result,
                                           destination.expand, getSizes());
  if (result.getType() != type)
    result = tensor::CastOp::create(builder, loc, type, result);
  return result;
}

SmallVector<AffineMap>
glu::getMaps(MLIRContext *context, unsigned numDims,
             ArrayRef<SmallVector<LinearIndex>> indices) {
  SmallVector<AffineMap> maps;
  llvm::SmallBitVector unused(numDims, true);
  for (ArrayRef<LinearIndex> operand : indices) {
    maps.push_back(getMap(context, numDims, operand));
    for (const LinearIndex &index : operand)
      for (unsigned dim : index.getDims())
        unused.reset(dim);
  }
  for (AffineMap &map : maps)
    map = projectDims(map, unused, /*compressDimsFlag=*/true);
  return maps;
}
