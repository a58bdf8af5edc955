//===- NormalFormTest.cpp - Proofs of equality ----------------------------===//

#include "Raise/NormalForm.h"
#include "GatingTestUtils.h"

#include "gtest/gtest.h"

using namespace glu;

static constexpr double tolerance = 1.0 / (1 << 22);

static Polynomial atom(unsigned number, double exponent = 1) {
  return Polynomial(Term{1, {{number, exponent}}});
}

TEST(PolynomialTest, Arithmetic) {
  Polynomial x = atom(0), y = atom(1);
  // (x + y)(x - y) = x^2 - y^2: the mixed terms cancel.
  Polynomial product = (x + y) * (x + y * Polynomial(-1));
  EXPECT_EQ(product.getTerms().size(), 2u);
  EXPECT_TRUE(product.isNear(atom(0, 2) + atom(1, 2) * Polynomial(-1), 1e-15));
  EXPECT_FALSE(product.isNear(atom(0, 2) + atom(1, 2), 1e-15));
  EXPECT_TRUE((x + x * Polynomial(-1)).isZero());
  EXPECT_EQ((x * atom(0, -1)).getConstant(), 1.0);
  EXPECT_EQ(x.getConstant(), std::nullopt);
  EXPECT_EQ(Polynomial().getConstant(), 0.0);
  EXPECT_EQ((x + Polynomial(3)).getConstantTerm(), 3.0);
}

TEST(PolynomialTest, RealExponents) {
  Polynomial product = atom(0, 1.702) * atom(0, -0.702);
  EXPECT_TRUE(product.isNear(atom(0), 1e-12));
  EXPECT_FALSE(product.isNear(atom(0, 1.001), 1e-4));
  EXPECT_TRUE(product.isNear(atom(0, 1.001), 1e-2));
}

/// Whether the normal forms of two bodies are proved to be equal.
static bool areEqual(llvm::StringRef a, llvm::StringRef b) {
  TestFunction first(a), second(b);
  auto x = ScalarExpr::get(first.getBlock());
  auto y = ScalarExpr::get(second.getBlock());
  EXPECT_TRUE(succeeded(x) && succeeded(y)) << a.str() << b.str();
  return NormalForms(x->getType(), 2, tolerance).areEqual(*x, *y);
}

static constexpr const char *tanhG = "%y = math.tanh %g : f32";

TEST(NormalFormTest, Identities) {
  EXPECT_TRUE(areEqual(tanhG, R"(
    %two = arith.constant 2.0 : f32
    %one = arith.constant 1.0 : f32
    %x = arith.mulf %g, %two : f32
    %e = math.exp %x : f32
    %n = arith.subf %e, %one : f32
    %d = arith.addf %e, %one : f32
    %y = arith.divf %n, %d : f32)"));
  // exp(g + v) = exp(g) exp(v)
  EXPECT_TRUE(areEqual(R"(
    %s = arith.addf %g, %v : f32
    %y = math.exp %s : f32)",
                       R"(
    %a = math.exp %g : f32
    %b = math.exp %v : f32
    %y = arith.mulf %b, %a : f32)"));
  // log(exp(g) (1 + exp(-g))) = log(1 + exp(g))
  EXPECT_TRUE(areEqual(R"(
    %n = arith.negf %g : f32
    %a = math.exp %n : f32
    %l = math.log1p %a : f32
    %y = arith.addf %l, %g : f32)",
                       R"(
    %a = math.exp %g : f32
    %y = math.log1p %a : f32)"));
  // max(g, v) + min(g, v) = g + v, though the condition is not of one argument.
  EXPECT_TRUE(areEqual(R"(
    %a = arith.maximumf %g, %v : f32
    %b = arith.minimumf %v, %g : f32
    %y = arith.addf %a, %b : f32)",
                       "%y = arith.addf %v, %g : f32"));
}

TEST(NormalFormTest, Differences) {
  EXPECT_FALSE(areEqual(tanhG, "%y = math.erf %g : f32"));
  EXPECT_FALSE(areEqual(tanhG, "%y = math.tanh %v : f32"));
  EXPECT_FALSE(areEqual(tanhG, "%y = arith.addf %g, %v : f32"));
  EXPECT_FALSE(areEqual("%y = arith.maximumf %g, %v : f32",
                        "%y = arith.minimumf %g, %v : f32"));
  EXPECT_FALSE(areEqual("%y = math.absf %g : f32", R"(
    %c = arith.constant 0.0 : f32
    %y = arith.maximumf %g, %c : f32)"));
}

TEST(NormalFormTest, PolesHaveNoNormalForm) {
  // g / g is one but at zero.
  TestFunction quotient("%y = arith.divf %g, %g : f32");
  auto expr = ScalarExpr::get(quotient.getBlock());
  ASSERT_TRUE(succeeded(expr));
  EXPECT_EQ(NormalForms(expr->getType(), 2, tolerance).get(*expr),
            std::nullopt);
}

TEST(NormalFormTest, Breakpoints) {
  TestFunction clamp(R"(
    %a = arith.constant -2.0 : f32
    %b = arith.constant 3.0 : f32
    %l = arith.maximumf %g, %a : f32
    %y = arith.minimumf %b, %l : f32)");
  auto expr = ScalarExpr::get(clamp.getBlock());
  ASSERT_TRUE(succeeded(expr));
  NormalForms forms(expr->getType(), 2, tolerance);
  auto quotients = forms.get(*expr);
  ASSERT_TRUE(quotients);
  EXPECT_EQ(quotients->size(), 3u);
  ASSERT_EQ(forms.getBreakpoints().size(), 2u);
  EXPECT_EQ(forms.getBreakpoints()[0].argument, 0u);
  EXPECT_EQ(forms.getBreakpoints()[0].value, -2);
  EXPECT_EQ(forms.getBreakpoints()[1].value, 3);
}

TEST(ScalarExprTest, RefusesRoundingInside) {
  TestFunction rounded(R"(
    %t = arith.truncf %g : f32 to bf16
    %e = arith.extf %t : bf16 to f32
    %y = arith.mulf %e, %v : f32)");
  EXPECT_TRUE(failed(ScalarExpr::get(rounded.getBlock())));
}

TEST(ScalarExprTest, CombinedConditionsDoNotExplode) {
  std::string body = "%c0 = arith.cmpf ogt, %g, %v : f32\n"
                     "%d0 = arith.cmpf olt, %g, %v : f32\n";
  for (unsigned i = 0; i < 60; ++i) {
    std::string n = std::to_string(i), m = std::to_string(i + 1);
    body += "%c" + m + " = arith.xori %c" + n + ", %d" + n + " : i1\n";
    body += "%d" + m + " = arith.xori %d" + n + ", %c" + n + " : i1\n";
  }
  body += "%y = arith.select %c60, %g, %v : f32";
  TestFunction function(body);
  EXPECT_TRUE(failed(ScalarExpr::get(function.getBlock())));
}

TEST(ScalarExprTest, EvaluatesLikeTheRegion) {
  for (const GatingFunction &function : getGatingFunctions()) {
    TestFunction region(NamedGating::get(function.name));
    auto expr = ScalarExpr::get(region.getBlock());
    ASSERT_TRUE(succeeded(expr)) << function.name.str();
    for (double g = -20; g < 20; g += 0.37)
      for (double v : {-11.0, -0.4, 0.0, 1.3, 12.0}) {
        double want = interpret(region.getBlock(), g, v);
        EXPECT_NEAR(expr->evaluate({g, v}), want, 1e-12 * (1 + std::abs(want)))
            << function.name.str() << " at " << g << ", " << v;
      }
  }
}
