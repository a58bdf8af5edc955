//===- NameGatingTest.cpp - Names are never wrong -------------------------===//
//
// Named functions are changed at random, and expressions made at random. If one
// is given a name, both are evaluated at thousands of points and must agree.
//
//===----------------------------------------------------------------------===//

#include "glu/Raise/NameGating.h"
#include "GatingTestUtils.h"

#include "mlir/IR/Verifier.h"

#include "gtest/gtest.h"

#include <random>

using namespace glu;
using namespace mlir;

/// What is expected to differ: the tolerance of constants times what depends on
/// them.
static void expectEqual(Block &region, const RecognizedGating &found) {
  TestFunction named(found.gating);
  std::mt19937 random(7);
  std::normal_distribution<double> normal(0, 6);
  std::vector<std::pair<double, double>> points;
  // Zero, the usual thresholds and their neighbours are points, too.
  const double special[] = {0,   -0.0, 1e-30,  -1e-30, 0.5, -0.5, 1,
                            -1,  3,    -3,     6,      7,   -7,   10,
                            -10, 20,   20.001, 30,     -30, 1e-3};
  for (double g : special)
    for (double v : special)
      points.push_back({g, v});
  while (points.size() < 3000)
    points.push_back({normal(random), normal(random)});
  for (auto [g, v] : points) {
    bool overflows = false;
    double got = interpret(region, g, v, &overflows);
    // exp(exp(x)) / exp(exp(x)) is one, but not in doubles.
    if (overflows)
      continue;
    double want = found.swapped ? interpret(named.getBlock(), v, g)
                                : interpret(named.getBlock(), g, v);
    double scale =
        std::max({std::abs(want), std::abs(g * v), std::abs(g), std::abs(v)});
    ASSERT_NEAR(got, want, 4e-6 * scale + 1e-12)
        << found.gating.function->name.str() << " at " << g << ", " << v;
  }
}

/// One random change to the function: most make another one of it.
class Mutator {
public:
  Mutator(Block &block, unsigned seed) : block(block), random(seed) {}

  void mutate() {
    Operation &op =
        *std::next(block.begin(), pick(block.getOperations().size()));
    OpBuilder builder(&op);
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      double value = cast<FloatAttr>(constant.getValue()).getValueAsDouble();
      const double changed[] = {value * 2,       -value,       value + 1,
                                value * 1.00002, value + 0.01, 0};
      constant.setValueAttr(
          builder.getF32FloatAttr(changed[pick(std::size(changed))]));
      return;
    }
    if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
      compare.setPredicate(arith::CmpFPredicate(1 + pick(14)));
      return;
    }
    if (pick(2) && op.getNumOperands() > 0) {
      changeOperand(op);
      return;
    }
    if (op.getNumResults() == 1 && op.getNumOperands() <= 2)
      changeOperation(op, builder);
  }

private:
  unsigned pick(unsigned n) { return random() % n; }

  /// Another value that is there already.
  void changeOperand(Operation &op) {
    SmallVector<Value> values(block.getArguments());
    for (Operation &earlier : block) {
      if (&earlier == &op)
        break;
      values.push_back(earlier.getResult(0));
    }
    OpOperand &operand = op.getOpOperand(pick(op.getNumOperands()));
    Value other = values[pick(values.size())];
    if (other.getType() == operand.get().getType())
      operand.set(other);
  }

  void changeOperation(Operation &op, OpBuilder &builder) {
    static const char *const unary[] = {"arith.negf", "math.exp",  "math.tanh",
                                        "math.erf",   "math.absf", "math.log1p",
                                        "math.expm1"};
    static const char *const binary[] = {"arith.addf",     "arith.subf",
                                         "arith.mulf",     "arith.divf",
                                         "arith.maximumf", "arith.minimumf"};
    const char *name = op.getNumOperands() == 1
                           ? unary[pick(std::size(unary))]
                           : binary[pick(std::size(binary))];
    OperationState state(op.getLoc(), name, op.getOperands(),
                         op.getResultTypes());
    Operation *changed = builder.create(state);
    op.getResult(0).replaceAllUsesWith(changed->getResult(0));
    op.erase();
  }

  Block &block;
  std::mt19937 random;
};

TEST(NameGatingTest, EveryNamedFunctionIsRecognized) {
  for (const GatingFunction &function : getGatingFunctions()) {
    NamedGating gating = NamedGating::get(function.name);
    TestFunction region(gating);
    auto found = recognizeGating(region.getBlock());
    ASSERT_TRUE(found) << function.name.str();
    // Swish with beta = 1 has a simpler name.
    if (function.name == "swish")
      gating = NamedGating::get("silu");
    EXPECT_EQ(found->gating.function->name, gating.function->name);
    EXPECT_EQ(found->gating.parameters, gating.parameters);
    EXPECT_FALSE(found->swapped);
    expectEqual(region.getBlock(), *found);
  }
}

TEST(NameGatingTest, EveryParameterIsFound) {
  for (const GatingFunction &function : getGatingFunctions()) {
    NamedGating gating = NamedGating::get(function.name);
    if (gating.parameters.empty())
      continue;
    for (auto [i, value] : llvm::enumerate(gating.parameters))
      value = 0.625 + i;
    TestFunction region(gating);
    auto found = recognizeGating(region.getBlock());
    ASSERT_TRUE(found) << function.name.str();
    EXPECT_EQ(found->gating.function->name, function.name);
    EXPECT_EQ(found->gating.parameters, gating.parameters);
  }
}

TEST(NameGatingTest, ChangedFunctionsAreNotNamedWrongly) {
  unsigned seed = 0, named = 0, unnamed = 0;
  for (const GatingFunction &function : getGatingFunctions())
    for (unsigned i = 0; i < 120; ++i) {
      TestFunction region(NamedGating::get(function.name));
      Mutator mutator(region.getBlock(), ++seed);
      for (unsigned change = 0; change <= i % 3; ++change)
        mutator.mutate();
      ASSERT_TRUE(succeeded(verify(*region.module)));
      auto found = recognizeGating(region.getBlock());
      if (!found) {
        ++unnamed;
        continue;
      }
      ++named;
      SCOPED_TRACE("change " + std::to_string(seed) + " of " +
                   function.name.str());
      expectEqual(region.getBlock(), *found);
      if (HasFatalFailure()) {
        region.module->print(llvm::errs());
        return;
      }
    }
  // The test tests something only if both happen often.
  EXPECT_GT(named, 200u);
  EXPECT_GT(unnamed, 1000u);
}

TEST(NameGatingTest, RandomFunctionsAreNotNamedWrongly) {
  unsigned named = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    std::string body = "%x0 = arith.constant 1.0 : f32\n"
                       "%x1 = arith.constant 0.0 : f32\n"
                       "%x2 = arith.constant 0.5 : f32\n"
                       "%x3 = arith.negf %g : f32\n";
    unsigned count = 4;
    auto value = [&]() -> std::string {
      unsigned choice = random() % (count + 4);
      // The newest is likeliest, so that little is unused.
      if (choice >= count + 2)
        return "%x" + std::to_string(count - 1);
      return choice == count       ? "%g"
             : choice == count + 1 ? "%v"
                                   : "%x" + std::to_string(choice);
    };
    const char *const operations[] = {
        "arith.addf", "arith.mulf",     "arith.mulf", "arith.divf",
        "arith.subf", "arith.maximumf", "math.exp",   "math.tanh"};
    for (unsigned length = 1 + random() % 6; length; --length) {
      std::string operation = operations[random() % std::size(operations)];
      std::string operands = value();
      if (operation[0] == 'a')
        operands += ", " + value();
      body += "%x" + std::to_string(count++) + " = " + operation + " " +
              operands + " : f32\n";
    }
    body += "%y = arith.mulf %x" + std::to_string(count - 1) + ", %v : f32";
    TestFunction region(body);
    auto found = recognizeGating(region.getBlock());
    if (!found)
      continue;
    ++named;
    SCOPED_TRACE(body);
    expectEqual(region.getBlock(), *found);
    if (HasFatalFailure())
      return;
  }
  EXPECT_GT(named, 30u);
}
