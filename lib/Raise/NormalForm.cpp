//===- NormalForm.cpp - Proof that two expressions are equal --------------===//

#include "NormalForm.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace mlir;
using namespace glu;

namespace glu {
/// Brings one expression to its normal form in one cell. Whatever has no normal
/// form sets `stopped`, after which results mean nothing.
class Normalizer {
public:
  Normalizer(NormalForms &forms, const ScalarExpr &expr, const Cell &cell)
      : atoms(forms.atoms), tolerance(forms.tolerance), expr(expr), cell(cell),
        known(expr.getNodes().size()) {}

  std::optional<Quotient> run() {
    Quotient result = get(expr.getNodes().size() - 1);
    if (stopped)
      return std::nullopt;
    return result;
  }
  /// Where the cell must be split, if that is why there is no result.
  std::optional<Breakpoint> split;

private:
  using Node = ScalarNode;
  static constexpr unsigned maxTerms = 64;
  static constexpr int maxExponent = 16;

  Quotient stop() {
    stopped = true;
    return {};
  }
  Quotient get(unsigned number);
  Quotient compute(const Node &node);
  Quotient select(const Node &node);
  Quotient max(const Quotient &a, const Quotient &b);
  Quotient positivePart(const Quotient &difference);

  Quotient make(Polynomial numerator, Polynomial denominator);
  Quotient add(const Quotient &a, const Quotient &b);
  Quotient negate(const Quotient &a) {
    return {a.numerator * Term{-1, {}}, a.denominator};
  }
  Quotient subtract(const Quotient &a, const Quotient &b) {
    return add(a, negate(b));
  }
  Quotient multiply(const Quotient &a, const Quotient &b) {
    return make(a.numerator * b.numerator, a.denominator * b.denominator);
  }
  Quotient invert(const Quotient &a);
  Quotient power(const Quotient &a, double exponent);
  Quotient exp(const Quotient &a);
  Quotient log(const Quotient &a);
  Quotient log(const Polynomial &a);
  std::optional<Polynomial> approximateLog(const Polynomial &a);
  Quotient erf(const Quotient &a);

  bool areNear(const Quotient &a, const Quotient &b) {
    // Both factors of a product may be off by the tolerance.
    return (a.numerator * b.denominator)
        .isNear(b.numerator * a.denominator, 4 * tolerance);
  }
  bool isExp(Factor factor) {
    return atoms[factor.atom].kind == Atom::Kind::Exp;
  }
  /// The argument x if `factor` is a power of exp(x).
  std::optional<unsigned> getExpOfArgument(Factor factor) {
    if (!isExp(factor))
      return std::nullopt;
    const Monomial &m = atoms[factor.atom].monomial;
    if (m.size() != 1 || m[0].exponent != 1 ||
        atoms[m[0].atom].kind != Atom::Kind::Argument)
      return std::nullopt;
    return atoms[m[0].atom].argument;
  }
  bool isPositive(const Polynomial &a);
  Monomial getContent(const Polynomial &a);
  std::optional<int> getSign(const Polynomial &a);
  std::optional<int> getSignOfLinear(unsigned argument, double root,
                                     double slope);

  unsigned getAtom(Atom::Kind kind, unsigned argument);
  Polynomial getAtom(Atom::Kind kind, const Quotient &operand, bool isOdd);
  unsigned getExpAtom(ArrayRef<Factor> monomial);

  SmallVectorImpl<Atom> &atoms;
  double tolerance;
  const ScalarExpr &expr;
  const Cell &cell;
  SmallVector<std::optional<Quotient>> known;
  bool stopped = false;
};
} // namespace glu

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

unsigned Normalizer::getAtom(Atom::Kind kind, unsigned argument) {
  for (auto [i, atom] : llvm::enumerate(atoms))
    if (atom.kind == kind && atom.argument == argument)
      return i;
  atoms.push_back({kind, argument});
  return atoms.size() - 1;
}

/// The atom of `kind` with that operand. One with the negated operand serves as
/// well: by f(-x) = -f(x) if `isOdd`, else by f(x) = x + f(-x).
Polynomial Normalizer::getAtom(Atom::Kind kind, const Quotient &operand,
                               bool isOdd) {
  for (auto [i, atom] : llvm::enumerate(atoms)) {
    if (atom.kind != kind)
      continue;
    if (areNear(atom.operand, operand))
      return Polynomial(Term{1, {{unsigned(i), 1}}});
    if (isOdd && areNear(atom.operand, negate(operand)))
      return Polynomial(Term{-1, {{unsigned(i), 1}}});
  }
  Atom atom{kind};
  atom.operand = operand;
  atoms.push_back(std::move(atom));
  return Polynomial(Term{1, {{unsigned(atoms.size() - 1), 1}}});
}

unsigned Normalizer::getExpAtom(ArrayRef<Factor> monomial) {
  for (auto [i, atom] : llvm::enumerate(atoms))
    if (atom.kind == Atom::Kind::Exp &&
        isNear(atom.monomial, monomial, tolerance))
      return i;
  Atom atom{Atom::Kind::Exp};
  atom.monomial.assign(monomial.begin(), monomial.end());
  atoms.push_back(std::move(atom));
  return atoms.size() - 1;
}

//===----------------------------------------------------------------------===//
// Signs
//===----------------------------------------------------------------------===//

/// Whether `a` is a sum of terms of which none is negative and one is positive,
/// for all values of the arguments.
bool Normalizer::isPositive(const Polynomial &a) {
  bool positive = false;
  for (const Term &term : a.getTerms()) {
    if (term.coefficient < 0)
      return false;
    bool onlyExp = true;
    for (Factor factor : term.monomial) {
      if (isExp(factor))
        continue;
      onlyExp = false;
      bool even = factor.exponent > 0 && std::fmod(factor.exponent, 2) == 0;
      if (!even && atoms[factor.atom].kind != Atom::Kind::PositivePart)
        return false;
    }
    positive |= onlyExp;
  }
  return positive;
}

/// The largest monomial of exponentials and arguments that divides every term.
Monomial Normalizer::getContent(const Polynomial &a) {
  Monomial content;
  for (unsigned atom = 0; atom < atoms.size(); ++atom) {
    Atom::Kind kind = atoms[atom].kind;
    if (kind != Atom::Kind::Exp && kind != Atom::Kind::Argument)
      continue;
    std::optional<double> least;
    for (const Term &term : a.getTerms()) {
      double exponent = 0;
      for (Factor factor : term.monomial)
        if (factor.atom == atom)
          exponent = factor.exponent;
      least = std::min(least.value_or(exponent), exponent);
    }
    if (least && *least != 0)
      content.push_back({atom, *least});
  }
  return content;
}

/// The sign in the cell of a function of `argument` that is monotonic, rises if
/// `slope` > 0, and has a root.
std::optional<int> Normalizer::getSignOfLinear(unsigned argument, double root,
                                               double slope) {
  Interval range = cell[argument];
  if (root <= range.low || isNear(root, range.low, tolerance))
    return slope > 0 ? 1 : -1;
  if (root >= range.high || isNear(root, range.high, tolerance))
    return slope > 0 ? -1 : 1;
  split = Breakpoint{argument, root};
  stopped = true;
  return std::nullopt;
}

/// The sign that `a` has everywhere in the cell; none if that is not known.
std::optional<int> Normalizer::getSign(const Polynomial &a) {
  if (std::optional<double> constant = a.getConstant())
    return *constant > 0 ? 1 : *constant < 0 ? -1 : 0;
  int sign = 1;
  Monomial content = getContent(a);
  for (Factor factor : content) {
    if (atoms[factor.atom].kind != Atom::Kind::Argument)
      continue;
    std::optional<int> own = getSignOfLinear(atoms[factor.atom].argument, 0, 1);
    if (!own)
      return std::nullopt;
    if (std::fmod(factor.exponent, 2) != 0)
      sign *= *own;
  }
  Polynomial rest = a * Term{1, glu::power(content, -1)};
  if (isPositive(rest))
    return sign;
  if (isPositive(rest * Term{-1, {}}))
    return -sign;
  double constant = rest.getConstantTerm();
  if (rest.getTerms().size() != 2 || constant == 0)
    return std::nullopt;
  const Term &term = rest.getTerms()[rest.getTerms()[0].monomial.empty()];
  if (term.monomial.size() != 1)
    return std::nullopt;
  Factor factor = term.monomial[0];
  double ratio = -constant / term.coefficient;
  std::optional<int> own;
  if (atoms[factor.atom].kind == Atom::Kind::Argument && factor.exponent == 1)
    own = getSignOfLinear(atoms[factor.atom].argument, ratio, term.coefficient);
  else if (auto argument = getExpOfArgument(factor); argument && ratio > 0)
    own = getSignOfLinear(*argument, std::log(ratio) / factor.exponent,
                          term.coefficient * factor.exponent);
  if (!own)
    return std::nullopt;
  return sign * *own;
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// The quotient with a denominator whose constant term is 1, if it has one, so
/// that equal denominators are seen to be equal.
Quotient Normalizer::make(Polynomial numerator, Polynomial denominator) {
  if (numerator.getTerms().size() > maxTerms ||
      denominator.getTerms().size() > maxTerms)
    return stop();
  for (const Polynomial &p : {numerator, denominator})
    for (const Term &term : p.getTerms())
      if (!std::isfinite(term.coefficient))
        return stop();
  if (denominator.isZero())
    return stop();
  Monomial content = glu::power(getContent(denominator), -1);
  llvm::erase_if(content, [&](Factor factor) { return !isExp(factor); });
  denominator = denominator * Term{1, content};
  double constant = denominator.getConstantTerm();
  Term factor{constant == 0 ? 1 : 1 / constant, {}};
  if (factor.coefficient < 0)
    return stop();
  denominator = denominator * factor;
  factor.monomial = content;
  return {numerator * factor, denominator};
}

Quotient Normalizer::add(const Quotient &a, const Quotient &b) {
  if (a.denominator.isNear(b.denominator, 1e-12))
    return make(a.numerator + b.numerator, a.denominator);
  return make(a.numerator * b.denominator + b.numerator * a.denominator,
              a.denominator * b.denominator);
}

Quotient Normalizer::invert(const Quotient &a) {
  if (isPositive(a.numerator))
    return make(a.denominator, a.numerator);
  Quotient negated = negate(a);
  if (isPositive(negated.numerator))
    return negate(make(negated.denominator, negated.numerator));
  return stop();
}

Quotient Normalizer::power(const Quotient &a, double exponent) {
  std::optional<double> constant = a.numerator.getConstant();
  if (constant && a.denominator.getConstant() == 1.0)
    return make(Polynomial(std::pow(*constant, exponent)), Polynomial(1));
  if (std::abs(exponent) > maxExponent)
    return stop();
  if (exponent != std::floor(exponent)) {
    if (a.numerator.getTerms().size() != 1 ||
        a.denominator.getConstant() != 1.0)
      return stop();
    const Term &term = a.numerator.getTerms().front();
    if (term.coefficient < 0 ||
        !llvm::all_of(term.monomial, [&](Factor f) { return isExp(f); }))
      return stop();
    return make(Polynomial(Term{std::pow(term.coefficient, exponent),
                                glu::power(term.monomial, exponent)}),
                Polynomial(1));
  }
  Quotient base = exponent < 0 ? invert(a) : a;
  Quotient result{Polynomial(1)};
  for (int i = 0; i < std::abs(exponent) && !stopped; ++i)
    result = multiply(result, base);
  return result;
}

Quotient Normalizer::exp(const Quotient &a) {
  if (a.denominator.getConstant() != 1.0)
    return stop();
  Quotient result{Polynomial(1)};
  for (const Term &term : a.numerator.getTerms()) {
    ArrayRef<Factor> monomial = term.monomial;
    if (monomial.empty()) {
      double value = std::exp(term.coefficient);
      result = make(result.numerator * Term{value, {}}, result.denominator);
      continue;
    }
    double nearest = std::round(term.coefficient);
    if (monomial.size() == 1 && monomial[0].exponent == 1 &&
        atoms[monomial[0].atom].kind == Atom::Kind::Log &&
        isNear(term.coefficient, nearest, tolerance)) {
      Quotient operand = atoms[monomial[0].atom].operand;
      result = multiply(result, power(operand, nearest));
      continue;
    }
    Factor factor{getExpAtom(monomial), term.coefficient};
    result = make(result.numerator * Term{1, {factor}}, result.denominator);
  }
  return result;
}

/// log(1 + c exp(x)^e + ...) where one term is all there is to it: log(1 + r)
/// is r for small r, and log(c exp(x)^e) is log(c) + e x. Front ends write
/// softplus as x from some x on.
std::optional<Polynomial> Normalizer::approximateLog(const Polynomial &a) {
  std::optional<unsigned> argument;
  const Term *largest = nullptr;
  for (const Term &term : a.getTerms()) {
    if (term.monomial.empty())
      continue;
    std::optional<unsigned> own;
    if (term.monomial.size() == 1)
      own = getExpOfArgument(term.monomial[0]);
    if (!own || (argument && own != argument))
      return std::nullopt;
    argument = own;
    if (!largest || term.monomial[0].exponent > largest->monomial[0].exponent)
      largest = &term;
  }
  if (!largest)
    return std::nullopt;
  auto evaluateAt = [&](double x) {
    double sum = 0;
    for (const Term &term : a.getTerms())
      if (!term.monomial.empty())
        sum += term.coefficient * std::exp(term.monomial[0].exponent * x);
    return sum;
  };
  if (evaluateAt(cell[*argument].high) <= 2 * tolerance)
    return a + Polynomial(-1);
  double low = cell[*argument].low;
  double exponent = largest->monomial[0].exponent;
  double constant = std::log(largest->coefficient);
  double value = constant + exponent * low;
  double others = evaluateAt(low) + 1 - std::exp(value);
  if (!(value >= 1 && others * std::exp(-value) <= tolerance * value))
    return std::nullopt;
  Polynomial result(constant);
  result.add({exponent, {{getAtom(Atom::Kind::Argument, *argument), 1}}});
  return result;
}

Quotient Normalizer::log(const Polynomial &a) {
  if (!isPositive(a))
    return stop();
  Monomial content = getContent(a);
  if (!llvm::all_of(content, [&](Factor f) { return isExp(f); }))
    return stop();
  Polynomial rest = a * Term{1, glu::power(content, -1)};
  double constant = rest.getConstantTerm();
  if (constant == 0)
    return stop();
  Polynomial result(std::log(constant));
  for (Factor factor : content)
    result.add({factor.exponent, atoms[factor.atom].monomial});
  rest = rest * Term{1 / constant, {}};
  if (!rest.getConstant()) {
    std::optional<Polynomial> simple = approximateLog(rest);
    result = result + (simple ? *simple
                              : getAtom(Atom::Kind::Log, {rest},
                                        /*isOdd=*/false));
  }
  return {result};
}

Quotient Normalizer::log(const Quotient &a) {
  return subtract(log(a.numerator), log(a.denominator));
}

Quotient Normalizer::erf(const Quotient &a) {
  if (auto constant = a.numerator.getConstant();
      constant && a.denominator.getConstant() == 1.0)
    return {Polynomial(std::erf(*constant))};
  return {getAtom(Atom::Kind::Erf, a, /*isOdd=*/true)};
}

//===----------------------------------------------------------------------===//
// Cases
//===----------------------------------------------------------------------===//

/// max(a, 0) where the sign of `a` is not known.
Quotient Normalizer::positivePart(const Quotient &a) {
  Quotient negated = negate(a);
  for (auto [i, atom] : llvm::enumerate(atoms))
    if (atom.kind == Atom::Kind::PositivePart && areNear(atom.operand, negated))
      return add(a, {Polynomial(Term{1, {{unsigned(i), 1}}})});
  return {getAtom(Atom::Kind::PositivePart, a, /*isOdd=*/false)};
}

Quotient Normalizer::max(const Quotient &a, const Quotient &b) {
  Quotient difference = subtract(a, b);
  if (stopped)
    return {};
  if (std::optional<int> sign = getSign(difference.numerator))
    return *sign > 0 ? a : b;
  return stopped ? stop() : add(b, positivePart(difference));
}

Quotient Normalizer::select(const Node &node) {
  Quotient a = get(node.operands[0]), b = get(node.operands[1]);
  Quotient difference = subtract(a, b);
  if (stopped)
    return {};
  if (std::optional<int> sign = getSign(difference.numerator)) {
    bool holds = node.kind == Node::Kind::SelectGreater        ? *sign > 0
                 : node.kind == Node::Kind::SelectGreaterEqual ? *sign >= 0
                                                               : *sign == 0;
    return get(node.operands[holds ? 2 : 3]);
  }
  if (stopped)
    return {};
  Quotient x = get(node.operands[2]), y = get(node.operands[3]);
  if (stopped || areNear(x, y))
    return x;
  if (node.kind == Node::Kind::SelectEqual)
    return stop();
  if (areNear(x, a) && areNear(y, b))
    return max(a, b);
  if (areNear(x, b) && areNear(y, a))
    return negate(max(negate(a), negate(b)));
  return stop();
}

Quotient Normalizer::compute(const Node &node) {
  auto operand = [&](unsigned i) { return get(node.operands[i]); };
  switch (node.kind) {
  case Node::Kind::Constant:
    return make(Polynomial(node.value), Polynomial(1));
  case Node::Kind::Argument:
    return {Polynomial(
        Term{1, {{getAtom(Atom::Kind::Argument, node.argument), 1}}})};
  case Node::Kind::Add:
    return add(operand(0), operand(1));
  case Node::Kind::Multiply:
    return multiply(operand(0), operand(1));
  case Node::Kind::Divide: {
    Quotient divisor = invert(operand(1));
    return stopped ? stop() : multiply(operand(0), divisor);
  }
  case Node::Kind::Power:
    return power(operand(0), node.value);
  case Node::Kind::Exp:
    return exp(operand(0));
  case Node::Kind::Log:
    return log(operand(0));
  case Node::Kind::Erf:
    return erf(operand(0));
  case Node::Kind::Max:
    return max(operand(0), operand(1));
  case Node::Kind::SelectGreater:
  case Node::Kind::SelectGreaterEqual:
  case Node::Kind::SelectEqual:
    return select(node);
  }
  llvm_unreachable("all kinds are covered");
}

Quotient Normalizer::get(unsigned number) {
  if (stopped)
    return {};
  if (!known[number])
    known[number] = compute(expr.getNodes()[number]);
  return *known[number];
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

NormalForms::NormalForms(FloatType type, unsigned numArguments,
                         double tolerance)
    : tolerance(tolerance) {
  APFloat largest = APFloat::getLargest(type.getFloatSemantics());
  bool losesInfo;
  largest.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
  double bound = largest.convertToDouble();
  all.assign(numArguments, {-bound, bound});
}

bool NormalForms::forEachCell(
    ArrayRef<const ScalarExpr *> exprs,
    llvm::function_ref<bool(ArrayRef<Quotient>)> visit) {
  constexpr unsigned maxCells = 64;
  SmallVector<Cell> todo = {all};
  for (unsigned count = 0; !todo.empty(); ++count) {
    if (count == maxCells)
      return false;
    Cell cell = todo.pop_back_val();
    SmallVector<Quotient> results;
    std::optional<Breakpoint> split;
    for (const ScalarExpr *expr : exprs) {
      Normalizer normalizer(*this, *expr, cell);
      std::optional<Quotient> result = normalizer.run();
      split = normalizer.split;
      if (split)
        break;
      if (!result)
        return false;
      results.push_back(std::move(*result));
    }
    if (!split) {
      if (!visit(results))
        return false;
      continue;
    }
    breakpoints.push_back(*split);
    todo.append(2, cell);
    todo.back()[split->argument].low = split->value;
    todo[todo.size() - 2][split->argument].high = split->value;
  }
  return true;
}

std::optional<SmallVector<Quotient>> NormalForms::get(const ScalarExpr &expr) {
  SmallVector<Quotient> results;
  bool all = forEachCell(&expr, [&](ArrayRef<Quotient> result) {
    results.push_back(result.front());
    return true;
  });
  if (!all)
    return std::nullopt;
  return results;
}

bool NormalForms::areEqual(const ScalarExpr &a, const ScalarExpr &b) {
  return forEachCell({&a, &b}, [&](ArrayRef<Quotient> results) {
    return (results[0].numerator * results[1].denominator)
        .isNear(results[1].numerator * results[0].denominator, 4 * tolerance);
  });
}
