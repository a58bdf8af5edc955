//===- Gating.cpp - Random gating functions -------------------------------===//

#include "Gating.h"

using namespace glu::differential;
using llvm::ArrayRef;
using llvm::StringRef;

Expr glu::differential::leaf(Tensor tensor, ArrayRef<int> mapResults,
                             unsigned rank) {
  Node node{"leaf", tensor.element, {}};
  node.operand = {tensor, mapOf(rank, mapResults)};
  return std::make_shared<Node>(std::move(node));
}

Expr glu::differential::constant(double value, StringRef type) {
  return std::make_shared<Node>(Node{"constant", type.str(), {}, value});
}

Expr glu::differential::convert(Expr x, StringRef type) {
  if (x->type == type)
    return x;
  return std::make_shared<Node>(Node{"convert", type.str(), {x}});
}

Expr glu::differential::combine(StringRef op, ArrayRef<Expr> inputs) {
  return std::make_shared<Node>(
      Node{op.str(), inputs.back()->type, {inputs.begin(), inputs.end()}});
}

namespace {
/// Spells activations.
struct Speller {
  Emitter &dice;

  Expr c(double value, Expr like) { return constant(value, like->type); }
  /// a op b in either order.
  Expr either(StringRef op, Expr a, Expr b) {
    return dice.chance(50) ? combine(op, {a, b}) : combine(op, {b, a});
  }
  Expr mul(Expr a, Expr b) { return either("arith.mulf", a, b); }
  Expr add(Expr a, Expr b) { return either("arith.addf", a, b); }
  Expr max(Expr x, double bound) {
    Expr b = c(bound, x);
    switch (dice.pick(3)) {
    case 0:
      return either("arith.maximumf", x, b);
    case 1:
      return either("arith.maxnumf", x, b);
    default:
      return combine("select", {x, b, x, b});
    }
  }
  Expr min(Expr x, double bound) {
    Expr b = c(bound, x);
    switch (dice.pick(3)) {
    case 0:
      return either("arith.minimumf", x, b);
    case 1:
      return either("arith.minnumf", x, b);
    default:
      return combine("select", {x, b, b, x});
    }
  }
  Expr sigmoid(Expr x) {
    if (dice.chance(20)) {
      Expr half = c(0.5, x);
      return add(mul(combine("math.tanh", mul(x, half)), half), half);
    }
    Expr negated =
        dice.chance(70) ? combine("arith.negf", x) : mul(x, c(-1, x));
    Expr sum = add(c(1, x), combine("math.exp", negated));
    return combine("arith.divf", {c(1, x), sum});
  }
  Expr gelu(Expr x) {
    Expr scaled = dice.chance(50)
                      ? mul(x, c(0.70710678118654757, x))
                      : combine("arith.divf", {x, c(1.4142135623730951, x)});
    Expr sum = add(combine("math.erf", scaled), c(1, x));
    return dice.chance(50) ? mul(mul(x, c(0.5, x)), sum)
                           : mul(x, mul(sum, c(0.5, x)));
  }
  Expr geluTanh(Expr x) {
    Expr cube = mul(mul(x, x), x);
    Expr inner = mul(c(0.79788456080286541, x),
                     add(x, mul(c(0.044714999999999998, x), cube)));
    Expr sum = add(c(1, x), combine("math.tanh", inner));
    return mul(mul(c(0.5, x), x), sum);
  }

  /// A function of x alone that is not linear but for identity.
  Expr activation(Expr x) {
    switch (dice.pick(11)) {
    case 0:
      return sigmoid(x);
    case 1:
      return x;
    case 2:
      return max(x, 0);
    case 3:
      return gelu(x);
    case 4:
      return geluTanh(x);
    case 5:
      return mul(x, sigmoid(mul(x, c(1.702, x))));
    case 6:
      return combine("math.tanh", x);
    case 7: {
      Expr relu = max(x, 0);
      return mul(relu, relu);
    }
    default: // The one that models have.
      return dice.chance(50)
                 ? mul(x, sigmoid(x))
                 : combine(
                       "arith.divf",
                       {x, add(c(1, x),
                               combine("math.exp", combine("arith.negf", x)))});
    }
  }

  /// Smooth, or at least continuous, and tame: what goes wrong by rounding
  /// stays small.
  Expr composition(Expr x, Expr y, unsigned depth) {
    if (depth == 0)
      return dice.chance(50) ? x : y;
    Expr a = composition(x, y, depth - 1);
    Expr b = composition(x, y, depth - 1);
    switch (dice.pick(12)) {
    case 0:
      return add(a, b);
    case 1:
      return combine("arith.subf", {a, b});
    case 2:
      return mul(a, combine("math.tanh", b));
    case 3:
      return combine("math.absf", a);
    case 4:
      return either("arith.maximumf", a, b);
    case 5:
      return mul(a, sigmoid(b));
    case 6: // Softplus.
      return combine("math.log1p", combine("math.exp", min(a, 8)));
    case 7:
      return combine("arith.divf", {a, add(c(1.5, b), mul(b, b))});
    case 8:
      return combine("math.sqrt", add(c(1, a), mul(a, a)));
    case 9: // A clamp.
      return min(max(a, -1.25), 2.5);
    case 10:
      return mul(c(0.37, a), a);
    default:
      return combine("select", {a, b, a, b});
    }
  }

  Expr gating(Expr g, Expr v) {
    switch (dice.pick(10)) {
    case 0: { // As gpt-oss has it.
      Expr limited = min(g, 7), value = min(max(v, -7), 7);
      Expr swish = mul(limited, sigmoid(mul(limited, c(1.702, g))));
      return mul(add(value, c(1, g)), swish);
    }
    case 1: // GTU.
      return mul(combine("math.tanh", v), sigmoid(g));
    case 2:
      return mul(composition(g, v, 1 + dice.pick(2)),
                 composition(v, g, dice.pick(3)));
    case 3: // Clamped.
      return mul(activation(min(g, 3)), min(max(v, -3), 3));
    case 4: // A highway: mixes by the gate.
    {
      Expr s = sigmoid(g);
      return add(mul(s, v), mul(combine("arith.subf", {c(1, g), s}), g));
    }
    default:
      return mul(activation(g), v);
    }
  }
};
} // namespace

Expr glu::differential::randomGating(Emitter &emitter, Expr g, Expr v) {
  return Speller{emitter}.gating(g, v);
}
