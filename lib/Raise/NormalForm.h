//===- NormalForm.h - Proof that two expressions are equal ------*- C++ -*-===//
//
// In a cell, a product of intervals for the arguments in which every comparison
// comes out one way, an expression is a quotient of polynomials in atoms: the
// arguments, exponentials of monomials, logarithms and error functions. As
//   exp(a x + b y) = exp(x)^a exp(y)^b,   tanh x = 1 - 2 / (1 + exp(x)^2),
//   log(p / q) = log p - log q,           erf(-x) = -erf(x),
// most ways to write a function give the same quotient, and quotients are
// compared by multiplying out. Cells are found by splitting at the roots of the
// conditions, which are functions of one argument. A maximum whose condition is
// not of that form is an atom, too: max(a, b) = b + positive part of (a - b).
//
// Denominators are sums of positive terms, or the expression has no normal
// form: so cancelling never hides a pole.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_RAISE_NORMALFORM_H
#define GLU_LIB_RAISE_NORMALFORM_H

#include "Polynomial.h"
#include "glu/Raise/ScalarExpr.h"

namespace glu {

/// A quotient; the denominator is positive everywhere.
struct Quotient {
  Polynomial numerator = {}, denominator = Polynomial(1);
};

/// What polynomials are made of.
struct Atom {
  enum class Kind { Argument, Exp, Log, Erf, PositivePart };
  Kind kind;
  /// Of `Argument`.
  unsigned argument = 0;
  /// The operand of `Exp`.
  Monomial monomial = {};
  /// The operand of the others.
  Quotient operand = {};
};

/// Open intervals of the arguments.
struct Interval {
  double low, high;
};
using Cell = llvm::SmallVector<Interval, 2>;

/// A value of an argument at which a condition changes.
struct Breakpoint {
  unsigned argument;
  double value;
};

/// Normal forms of expressions of the same type and arguments, which share
/// their atoms.
class NormalForms {
public:
  /// `tolerance` is relative, for coefficients and exponents.
  NormalForms(mlir::FloatType type, unsigned numArguments, double tolerance);

  /// The normal form in each cell, or none.
  std::optional<llvm::SmallVector<Quotient>> get(const ScalarExpr &expr);
  /// Whether the two are the same function but for the breakpoints themselves,
  /// at which the caller looks.
  bool areEqual(const ScalarExpr &a, const ScalarExpr &b);

  llvm::ArrayRef<Atom> getAtoms() const { return atoms; }
  /// Those met so far.
  llvm::ArrayRef<Breakpoint> getBreakpoints() const { return breakpoints; }

private:
  friend class Normalizer;
  /// Calls `visit` for every cell in which all of `exprs` have normal forms,
  /// until it returns false. Whether all of it went well.
  bool forEachCell(llvm::ArrayRef<const ScalarExpr *> exprs,
                   llvm::function_ref<bool(llvm::ArrayRef<Quotient>)> visit);

  double tolerance;
  Cell all;
  llvm::SmallVector<Atom> atoms;
  llvm::SmallVector<Breakpoint> breakpoints;
};

} // namespace glu

#endif // GLU_LIB_RAISE_NORMALFORM_H
