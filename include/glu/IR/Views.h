//===- Views.h - Tensors that are other tensors' elements -------*- C++ -*-===//

#ifndef GLU_IR_VIEWS_H
#define GLU_IR_VIEWS_H

#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace glu {

/// A tensor, and where in it each element of a view lies.
struct View {
  mlir::Value source;
  mlir::AffineMap map;
  /// Whether the view's elements are the source's widened.
  bool widens = false;
};

/// The view that `value` is of another tensor: by a transpose, a broadcast,
/// dimensions of size one, or a generic that moves or widens elements and does
/// nothing else.
std::optional<View> getView(mlir::Value value);

/// The groups of dimensions of `op`, a tensor's or memref's expand_shape or
/// collapse_shape. They are counted anew, for upstream's verifier takes 2^32
/// for dimension 0.
template <typename OpTy>
llvm::SmallVector<mlir::ReassociationIndices> getGroups(OpTy op) {
  llvm::SmallVector<mlir::ReassociationIndices> groups =
      op.getReassociationIndices();
  int64_t next = 0;
  for (mlir::ReassociationIndices &group : groups)
    for (int64_t &dim : group)
      dim = next++;
  return groups;
}

} // namespace glu

#endif // GLU_IR_VIEWS_H
