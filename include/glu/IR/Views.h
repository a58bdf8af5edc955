//===- Views.h - Tensors that are other tensors' elements -------*- C++ -*-===//

#ifndef GLU_IR_VIEWS_H
#define GLU_IR_VIEWS_H

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

} // namespace glu

#endif // GLU_IR_VIEWS_H
