//===- GatingFunctions.cpp - The table of named gating functions ----------===//

#include "glu/IR/GLU.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace glu;

using B = ImplicitLocOpBuilder;

//===----------------------------------------------------------------------===//
// The scalar functions
//
// Constants are second operands and nothing folds, so that canonicalisation
// leaves the regions as they are.
//===----------------------------------------------------------------------===//

/// A constant of the type of `x`.
static Value constant(B &b, Value x, double value) {
  return arith::ConstantOp::create(b, b.getFloatAttr(x.getType(), value));
}
static Value mul(B &b, Value x, Value y) {
  return arith::MulFOp::create(b, x, y);
}
static Value add(B &b, Value x, Value y) {
  return arith::AddFOp::create(b, x, y);
}
static Value div(B &b, Value x, Value y) {
  return arith::DivFOp::create(b, x, y);
}
static Value minimum(B &b, Value x, Value y) {
  return arith::MinimumFOp::create(b, x, y);
}
static Value maximum(B &b, Value x, Value y) {
  return arith::MaximumFOp::create(b, x, y);
}

/// 1 + exp(-x)
static Value sigmoidDenominator(B &b, Value x) {
  Value e = math::ExpOp::create(b, arith::NegFOp::create(b, x));
  return add(b, e, constant(b, x, 1));
}
static Value sigmoid(B &b, Value x) {
  return div(b, constant(b, x, 1), sigmoidDenominator(b, x));
}
static Value silu(B &b, Value x) { return div(b, x, sigmoidDenominator(b, x)); }
/// x sigmoid(beta x)
static Value swish(B &b, Value x, double beta) {
  Value scaled = mul(b, x, constant(b, x, beta));
  return div(b, x, sigmoidDenominator(b, scaled));
}
static Value relu(B &b, Value x) { return maximum(b, x, constant(b, x, 0)); }
static Value softplus(B &b, Value x) {
  // max(x, 0) + log1p(exp(-|x|)): overflows nowhere.
  Value e = math::ExpOp::create(
      b, arith::NegFOp::create(b, math::AbsFOp::create(b, x)));
  return add(b, relu(b, x), math::Log1pOp::create(b, e));
}
static Value gelu(B &b, Value x) {
  Value scaled = mul(b, x, constant(b, x, 0.70710678118654752440));
  Value cdf2 = add(b, math::ErfOp::create(b, scaled), constant(b, x, 1));
  return mul(b, mul(b, x, constant(b, x, 0.5)), cdf2);
}
static Value geluTanh(B &b, Value x, double scale) {
  Value cube = mul(b, mul(b, x, x), x);
  Value inner = add(b, x, mul(b, cube, constant(b, x, 0.044715)));
  Value t = math::TanhOp::create(b, mul(b, inner, constant(b, x, scale)));
  return mul(b, mul(b, x, constant(b, x, 0.5)), add(b, t, constant(b, x, 1)));
}
/// min(max(x + 3, 0), 6)
static Value relu6Shifted(B &b, Value x) {
  return minimum(b, relu(b, add(b, x, constant(b, x, 3))), constant(b, x, 6));
}
/// Clamps to [-limit, limit].
static Value clamp(B &b, Value x, double limit) {
  return minimum(b, maximum(b, x, constant(b, x, -limit)),
                 constant(b, x, limit));
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

// f(g, v) = act(g) * v, act given as an expression in x.
#define GATE(ACT)                                                              \
  [](B &b, Value x, Value v, ArrayRef<double> p) -> Value {                    \
    return mul(b, ACT, v);                                                     \
  }

static constexpr double sqrt2OverPi = 0.79788456080286535588;

static constexpr GatingParameter slope[] = {{"slope", 0.01}};
static constexpr GatingParameter alphaOne[] = {{"alpha", 1.0}};
static constexpr GatingParameter scale[] = {{"scale", sqrt2OverPi}};
static constexpr GatingParameter beta[] = {{"beta", 1.0}};
static constexpr GatingParameter limitTen[] = {{"limit", 10.0}};
static constexpr GatingParameter limitSeven[] = {{"limit", 7.0}};
static constexpr GatingParameter oai[] = {{"alpha", 1.702}, {"limit", 7.0}};

static Value leakyRelu(B &b, Value x, double slope) {
  Value positive =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UGE, x, constant(b, x, 0));
  return arith::SelectOp::create(b, positive, x,
                                 mul(b, x, constant(b, x, slope)));
}
static Value elu(B &b, Value x, double alpha) {
  Value positive =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UGT, x, constant(b, x, 0));
  Value negative = math::ExpM1Op::create(b, x);
  if (alpha != 1) // A product with one folds away.
    negative = mul(b, negative, constant(b, x, alpha));
  return arith::SelectOp::create(b, positive, x, negative);
}
static Value sixth(B &b, Value x) { return div(b, x, constant(b, x, 6)); }

static const GatingFunction functions[] = {
    {"identity", {}, GATE(x)},
    {"sigmoid", {}, GATE(sigmoid(b, x))},
    {"tanh", {}, GATE(math::TanhOp::create(b, x))},
    {"tanh_sigmoid",
     {},
     [](B &b, Value g, Value v, ArrayRef<double>) -> Value {
       return mul(b, sigmoid(b, g), math::TanhOp::create(b, v));
     }},
    {"relu", {}, GATE(relu(b, x))},
    {"drelu",
     {},
     [](B &b, Value g, Value v, ArrayRef<double>) -> Value {
       return mul(b, relu(b, g), relu(b, v));
     }},
    {"relu_squared",
     {},
     [](B &b, Value g, Value v, ArrayRef<double>) -> Value {
       Value r = relu(b, g);
       return mul(b, mul(b, r, r), v);
     }},
    {"leaky_relu", slope, GATE(leakyRelu(b, x, p[0]))},
    {"elu", alphaOne, GATE(elu(b, x, p[0]))},
    {"gelu", {}, GATE(gelu(b, x))},
    {"gelu_tanh", scale, GATE(geluTanh(b, x, p[0]))},
    {"silu", {}, GATE(silu(b, x))},
    // Before swish, which it is with a parameter: the first name counts.
    {"quick_gelu", {}, GATE(swish(b, x, 1.702))},
    {"swish", beta, GATE(swish(b, x, p[0]))},
    {"hard_sigmoid", {}, GATE(sixth(b, relu6Shifted(b, x)))},
    {"hard_swish", {}, GATE(mul(b, x, sixth(b, relu6Shifted(b, x))))},
    {"softplus", {}, GATE(softplus(b, x))},
    {"sigmoid_softplus",
     {},
     [](B &b, Value g, Value v, ArrayRef<double>) -> Value {
       return mul(b, sigmoid(b, g), softplus(b, v));
     }},
    {"mish", {}, GATE(mul(b, x, math::TanhOp::create(b, softplus(b, x))))},
    {"clamped_silu", limitTen,
     [](B &b, Value g, Value v, ArrayRef<double> p) -> Value {
       return mul(b, silu(b, minimum(b, g, constant(b, g, p[0]))),
                  clamp(b, v, p[0]));
     }},
    {"silu_clamped", limitSeven,
     [](B &b, Value g, Value v, ArrayRef<double> p) -> Value {
       return mul(b, minimum(b, silu(b, g), constant(b, g, p[0])),
                  clamp(b, v, p[0]));
     }},
    {"swiglu_oai", oai,
     [](B &b, Value g, Value v, ArrayRef<double> p) -> Value {
       Value gate = swish(b, minimum(b, g, constant(b, g, p[1])), p[0]);
       Value shifted = add(b, clamp(b, v, p[1]), constant(b, v, 1));
       return mul(b, gate, shifted);
     }},
};

#undef GATE

ArrayRef<GatingFunction> glu::getGatingFunctions() { return functions; }

const GatingFunction *glu::lookupGatingFunction(StringRef name) {
  const auto *found = llvm::find_if(
      functions, [&](const GatingFunction &f) { return f.name == name; });
  return found == std::end(functions) ? nullptr : found;
}

NamedGating NamedGating::get(StringRef name) {
  NamedGating gating;
  gating.function = lookupGatingFunction(name);
  assert(gating.function && "no gating function of that name");
  for (const GatingParameter &parameter : gating.function->parameters)
    gating.parameters.push_back(parameter.defaultValue);
  return gating;
}

Value glu::buildNamedGating(OpBuilder &builder, Location loc,
                            const NamedGating &gating, Value g, Value v,
                            Type resultType) {
  ImplicitLocOpBuilder b(loc, builder);
  Value result = gating.function->build(b, g, v, gating.parameters);
  return convertScalar(builder, loc, result, resultType);
}
