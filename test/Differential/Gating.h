//===- Gating.h - Random gating functions -----------------------*- C++ -*-===//
//
// Scalar expressions over two branches and further operands, and their text in
// the ways of front ends: in one body, an operation each, or anything between.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TEST_DIFFERENTIAL_GATING_H
#define GLU_TEST_DIFFERENTIAL_GATING_H

#include "Emitter.h"

#include <memory>

namespace glu::differential {

struct Node;
using Expr = std::shared_ptr<Node>;

/// An expression of a float type.
struct Node {
  /// "leaf", "constant", "convert", "select" (a > b ? c : d), or an operation
  /// of arith or math that takes `inputs`.
  std::string op;
  std::string type;
  llvm::SmallVector<Expr, 4> inputs;
  double value = 0;  ///< Of a constant.
  Operand operand{}; ///< Of a leaf; the map is over the result's dimensions.
};

Expr leaf(Tensor tensor, llvm::ArrayRef<int> mapResults, unsigned rank);
Expr constant(double value, llvm::StringRef type);
Expr convert(Expr x, llvm::StringRef type);
Expr combine(llvm::StringRef op, llvm::ArrayRef<Expr> inputs);

/// f(g, v) of a random gating function, in the type of g and v.
Expr randomGating(Emitter &emitter, Expr g, Expr v);

/// Writes `root` as a tensor of `dims`.
Tensor emit(Emitter &emitter, Expr root, llvm::ArrayRef<Dim> dims);

} // namespace glu::differential

#endif // GLU_TEST_DIFFERENTIAL_GATING_H
