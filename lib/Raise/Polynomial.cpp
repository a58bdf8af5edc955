//===- Polynomial.cpp - Polynomials in atoms ------------------------------===//

#include "Polynomial.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

using namespace glu;
using llvm::ArrayRef;

/// Rounding errors of double precision, after a few operations.
static constexpr double noise = 1e-12;

bool glu::isNear(double a, double b, double tolerance) {
  return a == b ||
         std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

bool glu::isNear(ArrayRef<Factor> a, ArrayRef<Factor> b, double tolerance) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [&](auto pair) {
           auto [x, y] = pair;
           return x.atom == y.atom && isNear(x.exponent, y.exponent, tolerance);
         });
}

Monomial glu::multiply(ArrayRef<Factor> a, ArrayRef<Factor> b) {
  Monomial product;
  while (!a.empty() || !b.empty()) {
    if (b.empty() || (!a.empty() && a.front().atom < b.front().atom)) {
      product.push_back(a.front());
      a = a.drop_front();
    } else if (a.empty() || b.front().atom < a.front().atom) {
      product.push_back(b.front());
      b = b.drop_front();
    } else {
      if (!isNear(a.front().exponent, -b.front().exponent, noise))
        product.push_back(
            {a.front().atom, a.front().exponent + b.front().exponent});
      a = a.drop_front();
      b = b.drop_front();
    }
  }
  return product;
}

Monomial glu::power(ArrayRef<Factor> a, double exponent) {
  Monomial result;
  if (exponent != 0)
    for (Factor factor : a)
      result.push_back({factor.atom, factor.exponent * exponent});
  return result;
}

double Polynomial::getConstantTerm() const {
  for (const Term &term : terms)
    if (term.monomial.empty())
      return term.coefficient;
  return 0;
}

std::optional<double> Polynomial::getConstant() const {
  if (terms.size() > 1 || (terms.size() == 1 && !terms[0].monomial.empty()))
    return std::nullopt;
  return getConstantTerm();
}

void Polynomial::add(Term term) {
  if (term.coefficient == 0)
    return;
  for (Term &old : terms) {
    if (!glu::isNear(old.monomial, term.monomial, noise))
      continue;
    if (glu::isNear(old.coefficient, -term.coefficient, noise))
      terms.erase(terms.begin() + (&old - terms.data()));
    else
      old.coefficient += term.coefficient;
    return;
  }
  terms.push_back(std::move(term));
}

Polynomial Polynomial::operator+(const Polynomial &other) const {
  Polynomial sum = *this;
  for (const Term &term : other.terms)
    sum.add(term);
  return sum;
}

Polynomial Polynomial::operator*(const Term &factor) const {
  Polynomial product;
  for (const Term &term : terms)
    product.add({term.coefficient * factor.coefficient,
                 multiply(term.monomial, factor.monomial)});
  return product;
}

Polynomial Polynomial::operator*(const Polynomial &other) const {
  Polynomial product;
  for (const Term &term : other.terms)
    product = product + *this * term;
  return product;
}

bool Polynomial::isNear(const Polynomial &other, double tolerance) const {
  // As many terms, each near another one: near terms of one polynomial do not
  // occur but by contrivance, and then the numbers are compared besides.
  return terms.size() == other.terms.size() &&
         llvm::all_of(terms, [&](const Term &a) {
           return llvm::any_of(other.terms, [&](const Term &b) {
             return glu::isNear(a.monomial, b.monomial, tolerance) &&
                    glu::isNear(a.coefficient, b.coefficient, tolerance);
           });
         });
}
