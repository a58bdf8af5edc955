//===- MatchGates.cpp - Find sigmoid, silu and GELU in arithmetic ---------===//

#include "MatchGates.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

#include <array>
#include <cmath>
#include <cstdio>

using namespace mlir;
using namespace glu;

/// Bounds the walk up operands: no spelling of a gate is deeper, and without it
/// a sum of a value with itself, repeated, would take exponential time.
static constexpr unsigned maxDepth = 8;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static APFloat roundTo(double value, const llvm::fltSemantics &semantics) {
  APFloat rounded(value);
  bool losesInfo;
  rounded.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  return rounded;
}

static double intendedNumber(const APFloat &constant) {
  static constexpr double known[] = {
      0.70710678118654752440, // 1 / sqrt(2)
      1.41421356237309504880, // sqrt(2)
      0.79788456080286535588, // sqrt(2 / pi)
      1.59576912160573071176, // 2 sqrt(2 / pi)
      0.044715,               // in the tanh form of GELU
      1.702,                  // in quick GELU
  };
  const llvm::fltSemantics &semantics = constant.getSemantics();
  APFloat magnitude = llvm::abs(constant);
  for (double number : known)
    if (roundTo(number, semantics).bitwiseIsEqual(magnitude))
      return constant.isNegative() ? -number : number;
  double exact = constant.convertToDouble();
  // Too many numbers round to the same one of 16 bits.
  if (&semantics != &APFloat::IEEEsingle())
    return exact;
  for (int digits = 1; digits <= 9; ++digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, exact);
    double number = std::strtod(text, nullptr);
    if (roundTo(number, semantics).bitwiseIsEqual(constant))
      return number;
  }
  return exact;
}

std::optional<double> glu::getIntendedConstant(Value value) {
  if (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  FloatAttr scalar;
  SplatElementsAttr splat;
  if (matchPattern(value, m_Constant(&splat)))
    scalar = dyn_cast<FloatAttr>(splat.getSplatValue<Attribute>());
  else
    matchPattern(value, m_Constant(&scalar));
  if (!scalar || scalar.getType().getIntOrFloatBitWidth() > 32 ||
      !scalar.getValue().isFinite())
    return std::nullopt;
  return intendedNumber(scalar.getValue());
}

static bool isConstant(Value value, double number) {
  return getIntendedConstant(value) == number;
}

/// The operand that is constant, and the other one.
static std::optional<std::pair<double, Value>> splitConstant(Value a, Value b) {
  if (std::optional<double> c = getIntendedConstant(a))
    return std::make_pair(*c, b);
  if (std::optional<double> c = getIntendedConstant(b))
    return std::make_pair(*c, a);
  return std::nullopt;
}

/// value = factor * result, as far as constant factors can be seen.
static Value stripFactor(Value value, double &factor) {
  factor = 1;
  for (unsigned i = 0; i < maxDepth; ++i) {
    if (auto neg = value.getDefiningOp<arith::NegFOp>()) {
      factor = -factor;
      value = neg.getOperand();
    } else if (auto mul = value.getDefiningOp<arith::MulFOp>()) {
      auto split = splitConstant(mul.getLhs(), mul.getRhs());
      if (!split)
        break;
      factor *= split->first;
      value = split->second;
    } else if (auto div = value.getDefiningOp<arith::DivFOp>()) {
      std::optional<double> c = getIntendedConstant(div.getRhs());
      if (!c || *c == 0)
        break;
      factor /= *c;
      value = div.getLhs();
    } else if (auto sub = value.getDefiningOp<arith::SubFOp>();
               sub && isConstant(sub.getLhs(), 0)) {
      factor = -factor;
      value = sub.getRhs();
    } else {
      break;
    }
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

using Cubic = std::array<double, 4>;

static std::optional<Cubic> multiply(const Cubic &a, const Cubic &b) {
  Cubic product = {};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      if (a[i] == 0 || b[j] == 0)
        continue;
      if (i + j > 3)
        return std::nullopt;
      product[i + j] += a[i] * b[j];
    }
  return product;
}

static Cubic combine(const Cubic &a, double factor, const Cubic &b) {
  Cubic sum = a;
  for (int i = 0; i < 4; ++i)
    sum[i] += factor * b[i];
  return sum;
}

/// The coefficients of `value` as a polynomial in `x`, up to the third power.
static std::optional<Cubic> polynomialIn(Value value, Value x,
                                         unsigned depth = 0) {
  if (value == x)
    return Cubic{0, 1, 0, 0};
  if (std::optional<double> c = getIntendedConstant(value))
    return Cubic{*c, 0, 0, 0};
  Operation *op = value.getDefiningOp();
  if (!op || depth == maxDepth)
    return std::nullopt;
  auto operand = [&](unsigned i) {
    return polynomialIn(op->getOperand(i), x, depth + 1);
  };
  if (isa<arith::NegFOp>(op)) {
    auto a = operand(0);
    return a ? std::optional(combine({}, -1, *a)) : std::nullopt;
  }
  if (isa<arith::AddFOp, arith::SubFOp>(op)) {
    auto a = operand(0);
    auto b = a ? operand(1) : std::nullopt;
    double sign = isa<arith::AddFOp>(op) ? 1 : -1;
    return b ? std::optional(combine(*a, sign, *b)) : std::nullopt;
  }
  if (isa<arith::MulFOp, math::FmaOp>(op)) {
    auto a = operand(0);
    auto b = a ? operand(1) : std::nullopt;
    auto product = b ? multiply(*a, *b) : std::nullopt;
    if (!product || isa<arith::MulFOp>(op))
      return product;
    auto c = operand(2);
    return c ? std::optional(combine(*product, 1, *c)) : std::nullopt;
  }
  if (isa<arith::DivFOp>(op)) {
    std::optional<double> c = getIntendedConstant(op->getOperand(1));
    auto a = c && *c != 0 ? operand(0) : std::nullopt;
    return a ? std::optional(combine({}, 1 / *c, *a)) : std::nullopt;
  }
  if (isa<math::PowFOp>(op)) {
    std::optional<double> power = getIntendedConstant(op->getOperand(1));
    auto a = power == 2 || power == 3 ? operand(0) : std::nullopt;
    auto square = a ? multiply(*a, *a) : std::nullopt;
    return power == 2 || !square ? square : multiply(*square, *a);
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

namespace {
/// factor * product of numerators / product of denominators.
struct Product {
  double factor = 1;
  SmallVector<Value, 4> numerators, denominators;
};

/// scale * (1 + sign * f(z)), where f is an exp, erf or tanh operation.
struct OnePlus {
  double scale, sign;
  Operation *f;
};
} // namespace

/// Takes `value` apart. Inner results with other uses stay whole unless nothing
/// is computed twice by going on: products with constants, and reciprocals,
/// which a sigmoid is.
static void takeApart(Value value, bool inverse, Product &product,
                      unsigned depth = 0) {
  if (std::optional<double> c = getIntendedConstant(value); c && *c != 0) {
    product.factor = inverse ? product.factor / *c : product.factor * *c;
    return;
  }
  Operation *op = value.getDefiningOp();
  bool free = false;
  if (op && depth < maxDepth) {
    free = depth == 0 || op->hasOneUse() || isa<arith::NegFOp>(op);
    if (isa<arith::MulFOp>(op))
      free |= splitConstant(op->getOperand(0), op->getOperand(1)).has_value();
    if (isa<arith::DivFOp>(op))
      free |= getIntendedConstant(op->getOperand(0)).has_value() ||
              getIntendedConstant(op->getOperand(1)).has_value();
  }
  if (free && isa<arith::NegFOp>(op)) {
    product.factor = -product.factor;
    takeApart(op->getOperand(0), inverse, product, depth + 1);
  } else if (free && isa<arith::MulFOp, arith::DivFOp>(op)) {
    bool divides = isa<arith::DivFOp>(op);
    takeApart(op->getOperand(0), inverse, product, depth + 1);
    takeApart(op->getOperand(1), inverse != divides, product, depth + 1);
  } else {
    (inverse ? product.denominators : product.numerators).push_back(value);
  }
}

static std::optional<OnePlus> matchOnePlus(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<math::ErfcOp>(op))
    return OnePlus{1, -1, op};
  if (!isa_and_nonnull<arith::AddFOp, arith::SubFOp>(op))
    return std::nullopt;
  // constant + factor * f
  double subtract = isa<arith::SubFOp>(op) ? -1 : 1;
  std::optional<double> constant = getIntendedConstant(op->getOperand(0));
  bool first = constant.has_value();
  if (!first) {
    constant = getIntendedConstant(op->getOperand(1));
    if (!constant)
      return std::nullopt;
    *constant *= subtract;
  }
  double factor;
  Value f = stripFactor(op->getOperand(first ? 1 : 0), factor);
  if (first)
    factor *= subtract;
  if (*constant == 0 || std::abs(factor) != std::abs(*constant) ||
      !isa_and_nonnull<math::ExpOp, math::ErfOp, math::TanhOp>(
          f.getDefiningOp()))
    return std::nullopt;
  return OnePlus{*constant, factor / *constant, f.getDefiningOp()};
}

/// Removes the first of `values` that satisfies `test`, and returns it.
template <typename Test>
static Value take(SmallVectorImpl<Value> &values, Test test) {
  auto *found = llvm::find_if(values, test);
  if (found == values.end())
    return {};
  Value value = *found;
  values.erase(found);
  return value;
}

static bool within(double value, double low, double high) {
  return value >= low && value <= high;
}

/// Reads sigmoid(argument), or argument-times-x forms of it: `match.kind`,
/// `x`, `scale` and `cubic`, for u in sigmoid(sign u). May take an x out of the
/// numerators.
static void matchSigmoidArgument(Value u, double sign, Product &product,
                                 GateMatch &match) {
  Cubic c;
  Value x = take(product.numerators, [&](Value candidate) {
    std::optional<Cubic> found = polynomialIn(u, candidate);
    if (!found || (*found)[0] != 0 || (*found)[2] != 0)
      return false;
    c = combine({}, sign, *found);
    // x S(-x) = -((-x) S(-x)): the mirrored gate has the negated scale.
    double scale = std::abs(c[1]);
    if (c[3] == 0)
      return within(scale, 0x1p-10, 0x1p10);
    return within(scale / 2, 0x1p-4, 0x1p4) &&
           within(c[3] / c[1], 0x1p-10, 0x1p4);
  });
  if (!x) {
    match.kind = GateMatch::Kind::Sigmoid;
    match.x = stripFactor(u, match.scale);
    if (!within(std::abs(match.scale), 0x1p-60, 0x1p60)) {
      match.x = u;
      match.scale = 1;
    }
    match.scale *= sign;
    return;
  }
  match.x = x;
  match.kind = GateMatch::Kind::Silu;
  match.scale = c[1];
  if (c[3] == 0)
    return;
  match.kind = GateMatch::Kind::GeluTanh;
  match.scale = c[1] / 2;
  match.cubic = c[3] / c[1];
}

/// 1 + sign erf(z) times an x with z = scale x.
static bool matchErfArgument(Value z, double sign, Product &product,
                             GateMatch &match) {
  match.x = take(product.numerators, [&](Value candidate) {
    std::optional<Cubic> c = polynomialIn(z, candidate);
    if (!c || (*c)[0] != 0 || (*c)[2] != 0 || (*c)[3] != 0)
      return false;
    match.scale = sign * (*c)[1];
    return within(std::abs(match.scale), 0x1p-4, 0x1p4);
  });
  // Products of rounded constants come near the number that is meant.
  constexpr double usual = 0.70710678118654752440;
  if (std::abs(std::abs(match.scale) - usual) < 0x1p-24)
    match.scale = std::copysign(usual, match.scale);
  match.kind = GateMatch::Kind::Gelu;
  match.factor *= 2;
  return static_cast<bool>(match.x);
}

std::optional<GateMatch> glu::matchGate(Operation *root) {
  Product product;
  takeApart(root->getResult(0), /*inverse=*/false, product);
  GateMatch match;

  std::optional<OnePlus> core;
  auto isCore = [&](bool exp) {
    return [&core, exp](Value value) {
      core = matchOnePlus(value);
      return core && isa<math::ExpOp>(core->f) == exp &&
             !(exp && core->sign < 0);
    };
  };
  if (take(product.denominators, isCore(true))) {
    // 1 / (1 + exp(u)) = sigmoid(-u); exp(u) / (1 + exp(u)) = sigmoid(u).
    Value exp = core->f->getResult(0);
    bool onTop = static_cast<bool>(
        take(product.numerators, [&](Value v) { return v == exp; }));
    match.factor = product.factor / core->scale;
    matchSigmoidArgument(core->f->getOperand(0), onTop ? 1 : -1, product,
                         match);
  } else if (take(product.numerators, isCore(false))) {
    match.factor = product.factor * core->scale;
    Value z = core->f->getOperand(0);
    if (isa<math::TanhOp>(core->f)) {
      // 1 + tanh(z) = 2 sigmoid(2 z)
      match.factor *= 2;
      matchSigmoidArgument(z, 2 * core->sign, product, match);
    } else if (!matchErfArgument(z, core->sign, product, match)) {
      return std::nullopt;
    }
  } else {
    return std::nullopt;
  }

  // More than one other value would change the order of a product, and with it
  // where it overflows.
  if (product.numerators.size() > 1 || !product.denominators.empty() ||
      !std::isfinite(match.factor))
    return std::nullopt;
  if (!product.numerators.empty())
    match.other = product.numerators.front();
  return match;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

Value glu::matchExpMinusOne(Operation *root) {
  Value exp;
  if (auto sub = dyn_cast<arith::SubFOp>(root))
    exp = isConstant(sub.getRhs(), 1) ? sub.getLhs() : Value();
  else if (auto add = dyn_cast<arith::AddFOp>(root))
    if (auto split = splitConstant(add.getLhs(), add.getRhs());
        split && split->first == -1)
      exp = split->second;
  auto op = exp ? exp.getDefiningOp<math::ExpOp>() : math::ExpOp();
  return op ? op.getOperand() : Value();
}

Value glu::matchSoftplus(Operation *root) {
  if (auto log = dyn_cast<math::LogOp>(root)) {
    std::optional<OnePlus> sum = matchOnePlus(log.getOperand());
    if (sum && sum->scale == 1 && sum->sign == 1)
      if (auto exp = dyn_cast<math::ExpOp>(sum->f))
        return exp.getOperand();
  }
  if (auto log = dyn_cast<math::Log1pOp>(root))
    if (auto exp = log.getOperand().getDefiningOp<math::ExpOp>())
      return exp.getOperand();
  return {};
}
