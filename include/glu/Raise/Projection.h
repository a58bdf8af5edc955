//===- Projection.h - Contractions and convolutions -------------*- C++ -*-===//
//
// What counts as a projection: a linalg operation, whatever its name, whose
// body adds a product of two inputs to the accumulator.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_PROJECTION_H
#define GLU_RAISE_PROJECTION_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace glu {

/// result = init + sum of lhs * rhs, both converted to the result's type.
struct Projection {
  mlir::linalg::LinalgOp op;
  unsigned result;
  mlir::OpOperand *lhs, *rhs, *init;

  mlir::AffineMap getMap(mlir::OpOperand *operand) {
    return op.getMatchingIndexingMap(operand);
  }
};

/// The projection whose result `value` is: of ranked tensors, with at least one
/// reduction, the accumulator indexed by the parallel dimensions.
std::optional<Projection> matchProjection(mlir::Value value);

} // namespace glu

#endif // GLU_RAISE_PROJECTION_H
