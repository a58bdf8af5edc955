//===- NameGating.cpp - glu-name: names for gating functions --------------===//
//
// Each named function is compared with the region: first at some points, which
// excludes nearly all of them, then by normal forms, which is the proof, and
// last where the proof says nothing, at the points at which a condition
// changes. Parameters are sought among the numbers in the region and in its
// normal form.
//
//===----------------------------------------------------------------------===//

#include "glu/Raise/NameGating.h"

#include "NormalForm.h"
#include "glu/Raise/ScalarExpr.h"
#include "glu/Transforms/Passes.h"

#include <cmath>

namespace glu {
#define GEN_PASS_DEF_NAME
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// How far apart, relatively, two constants may be: two units in the last place
/// of f32, which is what products and reciprocals of rounded constants need.
/// Narrower types round the constants on both sides in the same way; a quarter
/// of a unit is for reciprocals.
static double getTolerance(FloatType type) {
  unsigned precision = type.getFPMantissaWidth();
  return std::ldexp(1.0,
                    precision < 24 ? -2 - int(precision) : 2 - int(precision));
}

//===----------------------------------------------------------------------===//
// Comparison at points
//===----------------------------------------------------------------------===//

/// Whether the functions agree at a point, up to what the tolerance of
/// constants and the rounding of doubles do.
static bool agreeAt(const ScalarExpr &a, const ScalarExpr &b, double g,
                    double v, double tolerance) {
  double x = a.evaluate({g, v}), y = b.evaluate({g, v});
  // Double precision overflows for expressions that are fine elsewhere.
  if (!std::isfinite(x) || !std::isfinite(y))
    return true;
  double scale =
      std::max({std::abs(x), std::abs(y), std::abs(g * v), std::abs(v)});
  return std::abs(x - y) <= 16 * tolerance * scale + 1e-10;
}

static bool agreeAtSomePoints(const ScalarExpr &a, const ScalarExpr &b,
                              double tolerance) {
  for (double g : {0.7, -1.3, 2.9, -4.6, 8.3, 31.0, -17.0, 0.0})
    for (double v : {1.1, -0.6, 9.7, -12.0})
      if (!agreeAt(a, b, g, v, tolerance))
        return false;
  return true;
}

/// At and around the points where a condition changes.
static bool agreeAtBreakpoints(const ScalarExpr &a, const ScalarExpr &b,
                               ArrayRef<Breakpoint> breakpoints,
                               double tolerance) {
  SmallVector<double> values[2];
  for (SmallVector<double> &list : values)
    list = {0.7, -1.3, 2.9, -4.6, 0};
  for (const Breakpoint &breakpoint : breakpoints)
    for (double factor : {1.0, 0.999, 1.001})
      values[breakpoint.argument].push_back(breakpoint.value * factor);
  for (double g : values[0])
    for (double v : values[1])
      if (!agreeAt(a, b, g, v, tolerance))
        return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// While a named function is built, parameter i has this value, which no
/// constant of one has and every float type can express.
static double getPlaceholder(unsigned i) { return 64 << i; }

namespace {
/// The values that a parameter may have, likeliest first.
class Candidates {
public:
  /// `value` as it is.
  void add(double value) {
    value = std::abs(value);
    if (values.size() < 24 && std::isfinite(value) && value != 0 &&
        !llvm::is_contained(values, value))
      values.push_back(value);
  }
  /// `value`, the result of a computation: perhaps a rounder number was meant.
  void addComputed(double value) {
    value = std::abs(value);
    if (!std::isfinite(value) || value < 1e-6 || value > 1e6)
      return;
    double unit = std::pow(10, std::floor(std::log10(value)) - 5);
    add(std::round(value / unit) * unit);
    add(value);
  }
  void addComputed(const Polynomial &polynomial) {
    for (const Term &term : polynomial.getTerms()) {
      for (Factor factor : term.monomial) {
        addComputed(factor.exponent);
        addComputed(factor.exponent / 2);
      }
      addComputed(term.coefficient);
    }
  }
  ArrayRef<double> get() const { return values; }

private:
  SmallVector<double> values;
};
} // namespace

/// Numbers from the region itself, then from its normal form.
static Candidates collectCandidates(const ScalarExpr &expr,
                                    const NormalForms &forms,
                                    ArrayRef<Quotient> quotients) {
  Candidates candidates;
  for (const ScalarNode &node : expr.getNodes())
    if (node.kind == ScalarNode::Kind::Constant)
      candidates.add(node.value);
  for (const Breakpoint &breakpoint : forms.getBreakpoints())
    candidates.addComputed(breakpoint.value);
  for (const Quotient &quotient : quotients) {
    candidates.addComputed(quotient.numerator);
    candidates.addComputed(quotient.denominator);
  }
  return candidates;
}

/// Calls `visit` with `count` candidates in every way, until it returns true.
static bool anyCombination(ArrayRef<double> candidates, unsigned count,
                           SmallVectorImpl<double> &chosen,
                           llvm::function_ref<bool()> visit) {
  if (chosen.size() == count)
    return visit();
  for (double value : candidates) {
    chosen.push_back(value);
    if (anyCombination(candidates, count, chosen, visit))
      return true;
    chosen.pop_back();
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Recognition
//===----------------------------------------------------------------------===//

/// The expression of a named function, with placeholders for its parameters.
static FailureOr<ScalarExpr> getNamedExpr(const GatingFunction &function,
                                          FloatType type) {
  OpBuilder builder(type.getContext());
  Location loc = builder.getUnknownLoc();
  NamedGating gating = NamedGating::get(function.name);
  for (auto [i, value] : llvm::enumerate(gating.parameters))
    value = getPlaceholder(i);
  Block block;
  block.addArguments({type, type}, {loc, loc});
  builder.setInsertionPointToStart(&block);
  Value result = buildNamedGating(builder, loc, gating, block.getArgument(0),
                                  block.getArgument(1), type);
  YieldOp::create(builder, loc, result);
  return ScalarExpr::get(block);
}

static bool areEqual(const ScalarExpr &region, const ScalarExpr &named,
                     double tolerance) {
  if (!agreeAtSomePoints(region, named, tolerance))
    return false;
  NormalForms forms(region.getType(), 2, tolerance);
  return forms.areEqual(region, named) &&
         agreeAtBreakpoints(region, named, forms.getBreakpoints(), tolerance);
}

/// The parameters with which `named` is `region`.
static std::optional<NamedGating> bindParameters(const GatingFunction &function,
                                                 const ScalarExpr &named,
                                                 const ScalarExpr &region,
                                                 ArrayRef<double> candidates) {
  double tolerance = getTolerance(region.getType());
  NamedGating gating = NamedGating::get(function.name);
  unsigned count = gating.parameters.size();
  SmallVector<double> placeholders;
  for (unsigned i = 0; i < count; ++i)
    placeholders.push_back(getPlaceholder(i));
  auto fits = [&] {
    ScalarExpr bound = named.withConstants(placeholders, gating.parameters);
    return areEqual(region, bound, tolerance);
  };
  if (fits())
    return gating;
  if (!count)
    return std::nullopt;
  gating.parameters.clear();
  if (!anyCombination(candidates, count, gating.parameters, fits))
    return std::nullopt;
  return gating;
}

std::optional<RecognizedGating> glu::recognizeGating(Block &block) {
  if (block.getNumArguments() != 2)
    return std::nullopt;
  FailureOr<ScalarExpr> region = ScalarExpr::get(block);
  if (failed(region))
    return std::nullopt;
  FloatType type = region->getType();
  NormalForms forms(type, 2, getTolerance(type));
  std::optional<SmallVector<Quotient>> quotients = forms.get(*region);
  if (!quotients)
    return std::nullopt;
  Candidates candidates = collectCandidates(*region, forms, *quotients);

  for (bool swapped : {false, true})
    for (const GatingFunction &function : getGatingFunctions()) {
      FailureOr<ScalarExpr> named = getNamedExpr(function, type);
      if (failed(named))
        continue;
      ScalarExpr expr = swapped ? named->withArguments({1, 0}) : *named;
      if (auto gating =
              bindParameters(function, expr, *region, candidates.get()))
        return RecognizedGating{*gating, swapped};
    }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Exchanges gate and value: operands and maps; the region is left alone.
template <typename OpTy>
static void swapBranches(OpTy op) {
  SmallVector<Value> gate(op.getGate()), value(op.getValue());
  SmallVector<Attribute> maps(op.getIndexingMaps().getValue());
  std::rotate(maps.begin(), maps.begin() + gate.size(),
              maps.begin() + gate.size() + value.size());
  op.getGateMutable().assign(value);
  op.getValueMutable().assign(gate);
  op.setIndexingMapsAttr(ArrayAttr::get(op.getContext(), maps));
}

bool glu::nameGating(GatedOpInterface op) {
  Block *block = op.getGatingBlock();
  Operation *yield = block->getTerminator();
  if (!op.getExtraOperands().empty() || yield->getNumOperands() != 1)
    return false;
  if (matchNamedGating(*block))
    return true;
  std::optional<RecognizedGating> found = recognizeGating(*block);
  if (!found)
    return false;

  if (found->swapped) {
    if (auto gate = dyn_cast<GateOp>(op.getOperation()))
      swapBranches(gate);
    else
      swapBranches(cast<GatedProjectionOp>(op.getOperation()));
  }
  OpBuilder builder(yield);
  Type resultType = yield->getOperand(0).getType();
  Value result = buildNamedGating(builder, op.getLoc(), found->gating,
                                  block->getArgument(0), block->getArgument(1),
                                  resultType);
  yield->setOperand(0, result);
  // The old body: whatever the new result does not need.
  llvm::SmallDenseSet<Operation *> needed;
  SmallVector<Operation *> todo = {yield};
  while (!todo.empty()) {
    Operation *next = todo.pop_back_val();
    if (!needed.insert(next).second)
      continue;
    for (Value operand : next->getOperands())
      if (Operation *definition = operand.getDefiningOp())
        todo.push_back(definition);
  }
  for (Operation &old : llvm::make_early_inc_range(llvm::reverse(*block)))
    if (!needed.contains(&old))
      old.erase();
  return true;
}

namespace {
struct Name : glu::impl::NameBase<Name> {
  void runOnOperation() override {
    getOperation()->walk([&](GatedOpInterface op) {
      if (nameGating(op))
        ++numNamed;
      else
        ++numUnnamed;
    });
  }
};
} // namespace
