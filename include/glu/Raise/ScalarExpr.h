//===- ScalarExpr.h - Scalar code as an expression --------------*- C++ -*-===//
//
// The body of a gating function as a graph of a few kinds of node, and its
// value in double precision.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_SCALAREXPR_H
#define GLU_RAISE_SCALAREXPR_H

#include "mlir/IR/Block.h"
#include "mlir/IR/BuiltinTypes.h"

namespace glu {

/// A node of an expression over the reals. There are few kinds, as the others
/// are written with them: min(a, b) is -max(-a, -b), tanh(x) is
/// 1 - 2 / (1 + exp(2x)), and so on.
struct ScalarNode {
  enum class Kind {
    Constant,
    Argument,
    Add,
    Multiply,
    Divide,
    /// operand 0 to the power `value`
    Power,
    Exp,
    Log,
    Erf,
    Max,
    /// a > b ? x : y, for operands a, b, x, y
    SelectGreater,
    /// a >= b ? x : y
    SelectGreaterEqual,
    /// a == b ? x : y
    SelectEqual,
  };
  Kind kind;
  /// Of a constant, or the exponent of a power.
  double value = 0;
  /// Of an argument.
  unsigned argument = 0;
  /// Numbers of nodes before this one.
  llvm::SmallVector<unsigned, 4> operands = {};
};

/// What a block computes, as a function of its arguments.
class ScalarExpr {
public:
  /// The one value that the terminator of `block` has. Fails unless all of it
  /// is arithmetic in one type of at most double precision (f16, bf16, f32 or
  /// f64), that of the arguments, by known operations. Conversions of constants
  /// are folded; of other values only the last, of the result, is allowed, as a
  /// rounding elsewhere makes a different function. NaN and infinities do not
  /// count: ordered and unordered comparisons, `maxnumf` and `maximumf` are
  /// taken for the same, and fast-math flags are dropped.
  static mlir::FailureOr<ScalarExpr> get(mlir::Block &block);

  /// The type of the arithmetic.
  mlir::FloatType getType() const { return type; }
  /// Operands before users; the result last.
  llvm::ArrayRef<ScalarNode> getNodes() const { return nodes; }

  /// The value at a point, in double precision.
  double evaluate(llvm::ArrayRef<double> arguments) const;

  /// The same function of arguments in another order.
  ScalarExpr withArguments(llvm::ArrayRef<unsigned> order) const;
  /// The same expression with the constants c or -c, for c in `from`, replaced
  /// by the value or its negation in `to`, rounded to the type.
  ScalarExpr withConstants(llvm::ArrayRef<double> from,
                           llvm::ArrayRef<double> to) const;

private:
  friend class ScalarExprBuilder;
  mlir::FloatType type;
  llvm::SmallVector<ScalarNode> nodes;
};

} // namespace glu

#endif // GLU_RAISE_SCALAREXPR_H
