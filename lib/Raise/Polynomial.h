//===- Polynomial.h - Polynomials in atoms ----------------------*- C++ -*-===//
//
// Sums of products of powers of atoms, which are numbered. Exponents are real,
// as an exponential's may be; coefficients are doubles.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_RAISE_POLYNOMIAL_H
#define GLU_LIB_RAISE_POLYNOMIAL_H

#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <vector>

namespace glu {

/// Whether two numbers agree up to a relative tolerance.
bool isNear(double a, double b, double tolerance);

/// A power of an atom; the exponent is not zero.
struct Factor {
  unsigned atom;
  double exponent;
};

/// A product of powers of different atoms, ordered by atom.
using Monomial = llvm::SmallVector<Factor, 2>;

/// The product; exponents that cancel leave no factor.
Monomial multiply(llvm::ArrayRef<Factor> a, llvm::ArrayRef<Factor> b);
/// Every exponent times `exponent`.
Monomial power(llvm::ArrayRef<Factor> a, double exponent);
/// The same atoms to near exponents.
bool isNear(llvm::ArrayRef<Factor> a, llvm::ArrayRef<Factor> b,
            double tolerance);

/// A coefficient, not zero, times a monomial.
struct Term {
  double coefficient;
  Monomial monomial;
};

/// A sum of terms with different monomials, in no order.
class Polynomial {
public:
  Polynomial() = default;
  Polynomial(double constant) { add({constant, {}}); }
  explicit Polynomial(Term term) { add(std::move(term)); }

  llvm::ArrayRef<Term> getTerms() const { return terms; }
  bool isZero() const { return terms.empty(); }
  /// The coefficient of the term without atoms.
  double getConstantTerm() const;
  /// The value of a polynomial without atoms.
  std::optional<double> getConstant() const;

  /// Adds a term; terms that cancel, up to rounding in double precision, go.
  void add(Term term);
  Polynomial operator+(const Polynomial &other) const;
  Polynomial operator*(const Polynomial &other) const;
  Polynomial operator*(const Term &factor) const;
  /// The same terms, up to a relative tolerance of coefficients and exponents.
  bool isNear(const Polynomial &other, double tolerance) const;

private:
  std::vector<Term> terms;
};

} // namespace glu

#endif // GLU_LIB_RAISE_POLYNOMIAL_H
