//===- Compose.h - An elementwise computation as one function ---*- C++ -*-===//
//
// Walks back from an element of a tensor through elementwise operations and
// views and composes what they compute into one scalar function of elements of
// other tensors, the leaves.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_COMPOSE_H
#define GLU_RAISE_COMPOSE_H

#include "glu/Raise/Access.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace glu {

/// Whether `op` computes each element of its results from one element of each
/// operand, on tensors: an elementwise linalg operation that does not read
/// indices and has no effects, or an elementwise scalar operation on tensors.
bool isElementwise(mlir::Operation *op);

/// A composed function: a block whose arguments are the leaves.
class Composer {
public:
  /// Elementwise operations outside `home` are not computed again: they are
  /// leaves. Constants, fills and views may be anywhere.
  Composer(const Domain &domain, mlir::Block *home)
      : domain(domain), home(home), builder(home->getParentOp()->getContext()) {
    builder.setInsertionPointToEnd(&body);
  }

  /// The element that `access` reads, as a value in `body`. Null if the domain
  /// must be refined first: see `split`.
  mlir::Value compose(Access access);

  /// The argument of `body` for an element that is not looked into.
  mlir::Value getLeaf(const Access &access);

  std::optional<DimSplit> split;
  mlir::Block body;
  /// One per argument of `body`. Scalars have no indices.
  llvm::SmallVector<Access> leaves;

private:
  mlir::Value composeLinalg(mlir::linalg::LinalgOp op, unsigned result,
                            const Access &access);
  mlir::Value composeOnTensors(mlir::Operation *op, const Access &access);
  /// A scalar from outside: a constant is repeated, another one is a leaf.
  mlir::Value getScalar(mlir::Value value);
  /// Clones `op`, folded if constant and without repeating an equal operation.
  llvm::SmallVector<mlir::Value>
  clone(mlir::Operation *op, mlir::ValueRange operands, mlir::TypeRange types);

  const Domain &domain;
  mlir::Block *home;
  mlir::OpBuilder builder;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<std::pair<Access, mlir::Value>>>
      memo;
};

} // namespace glu

#endif // GLU_RAISE_COMPOSE_H
