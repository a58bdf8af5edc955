//===- MatchGating.cpp - The name of a region -----------------------------===//
//
// A region has a name only if it is, operation for operation, what building the
// named function gives: so printing by name loses nothing. Constants that stand
// for a parameter may have any value. The order of independent operations,
// repeated constants and unused ones do not count.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/GatingFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace glu;

/// While a pattern is built, parameter i has this value, which no constant of a
/// named function has and every float type can express.
static double getPlaceholder(unsigned i) { return 64 << i; }

namespace {
/// Compares two scalar expressions, binding parameters on the way.
class Comparison {
public:
  Comparison(Block &block, unsigned numParameters)
      : block(block), bound(numParameters) {}

  bool equal(Value expected, Value actual) {
    // Only what was found to be equal is noted: a failure may be of one order
    // of operands.
    if (auto known = matched.find(expected);
        known != matched.end() && known->second == actual)
      return true;
    SmallVector<std::optional<double>> before = bound;
    if (compare(expected, actual)) {
      matched[expected] = actual;
      return true;
    }
    bound = before;
    return false;
  }

  /// The values of the parameters; none if one does not occur.
  std::optional<SmallVector<double>> getParameters() {
    SmallVector<double> values;
    for (std::optional<double> value : bound) {
      if (!value)
        return std::nullopt;
      values.push_back(*value);
    }
    return values;
  }

private:
  bool compare(Value expected, Value actual) {
    if (expected.getType() != actual.getType())
      return false;
    if (auto argument = dyn_cast<BlockArgument>(expected))
      return actual == block.getArgument(argument.getArgNumber());
    APFloat wanted(0.0), got(0.0);
    if (matchPattern(expected, m_ConstantFloat(&wanted)))
      return matchPattern(actual, m_ConstantFloat(&got)) && equal(wanted, got);
    return equal(expected.getDefiningOp(), actual.getDefiningOp());
  }

  bool equal(Operation *expected, Operation *actual) {
    if (!actual || actual->getName() != expected->getName() ||
        actual->getNumOperands() != expected->getNumOperands() ||
        actual->getAttrDictionary() != expected->getAttrDictionary())
      return false;
    auto inOrder = [&](auto operands) {
      return llvm::all_of(llvm::zip(expected->getOperands(), operands),
                          [&](auto pair) {
                            return equal(std::get<0>(pair), std::get<1>(pair));
                          });
    };
    return inOrder(actual->getOperands()) ||
           (actual->hasTrait<OpTrait::IsCommutative>() &&
            inOrder(llvm::reverse(actual->getOperands())));
  }

  bool equal(const APFloat &wanted, const APFloat &got) {
    double placeholder = std::abs(wanted.convertToDouble());
    for (auto [i, value] : llvm::enumerate(bound)) {
      if (placeholder != getPlaceholder(i))
        continue;
      double number =
          wanted.isNegative() ? -got.convertToDouble() : got.convertToDouble();
      if (!std::isfinite(number) || (value && *value != number))
        return false;
      value = number;
      return true;
    }
    return wanted.bitwiseIsEqual(got);
  }

  Block &block;
  SmallVector<std::optional<double>> bound;
  DenseMap<Value, Value> matched;
};
} // namespace

/// Values that the type rounds a default to count as the default.
static void snapToDefaults(NamedGating &gating, Type type) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  for (auto [value, parameter] :
       llvm::zip_equal(gating.parameters, gating.function->parameters)) {
    APFloat rounded(parameter.defaultValue);
    bool losesInfo;
    rounded.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
    if (rounded.convertToDouble() == value)
      value = parameter.defaultValue;
  }
}

/// `candidate`, if `block` yields it; its parameters, if there are
/// placeholders, replaced by the ones that `block` has.
static std::optional<NamedGating>
matchFunction(Block &block, NamedGating candidate, unsigned numPlaceholders) {
  Type type = block.getArgument(0).getType();
  Value result = block.getTerminator()->getOperand(0);
  OpBuilder builder(type.getContext());
  Location loc = builder.getUnknownLoc();
  Block pattern;
  pattern.addArguments({type, type}, {loc, loc});
  builder.setInsertionPointToStart(&pattern);
  Value expected =
      buildNamedGating(builder, loc, candidate, pattern.getArgument(0),
                       pattern.getArgument(1), result.getType());
  Comparison comparison(block, numPlaceholders);
  if (!comparison.equal(expected, result))
    return std::nullopt;
  auto values = comparison.getParameters();
  if (!values)
    return std::nullopt;
  if (numPlaceholders)
    candidate.parameters = *values;
  snapToDefaults(candidate, type);
  return candidate;
}

std::optional<NamedGating> glu::matchNamedGating(Block &block) {
  if (block.getNumArguments() != 2 ||
      block.getTerminator()->getNumOperands() != 1)
    return std::nullopt;
  Type type = block.getArgument(0).getType();
  Value result = block.getTerminator()->getOperand(0);
  if (!isa<FloatType>(type) || block.getArgument(1).getType() != type ||
      !isa<FloatType>(result.getType()))
    return std::nullopt;
  for (const GatingFunction &function : getGatingFunctions()) {
    // With its defaults a function may be made of fewer operations.
    NamedGating gating = NamedGating::get(function.name);
    if (auto named = matchFunction(block, gating, /*numPlaceholders=*/0))
      return named;
    if (gating.parameters.empty())
      continue;
    for (auto [i, value] : llvm::enumerate(gating.parameters))
      value = getPlaceholder(i);
    if (auto named = matchFunction(block, gating, gating.parameters.size()))
      return named;
  }
  return std::nullopt;
}
