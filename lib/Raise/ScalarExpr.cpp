//===- ScalarExpr.cpp - Scalar code as an expression ----------------------===//

#include "glu/Raise/ScalarExpr.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace glu;
using Kind = ScalarNode::Kind;

/// `value` as a float type of at most double precision has it.
static double roundTo(FloatType type, double value) {
  APFloat number(value);
  bool losesInfo;
  number.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                 &losesInfo);
  number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                 &losesInfo);
  return number.convertToDouble();
}

//===----------------------------------------------------------------------===//
// From a block
//===----------------------------------------------------------------------===//

namespace glu {
/// Goes through a block and writes down a node per operation that it knows.
/// What reads an unknown value is unknown.
class ScalarExprBuilder {
public:
  FailureOr<ScalarExpr> run(Block &block);

private:
  using Node = unsigned;
  /// A truth value: a comparison, or two truth values combined.
  struct Condition {
    enum { Compare, And, Or, Xor, True } kind = True;
    Kind select = Kind::SelectEqual;
    unsigned lhs = 0, rhs = 0;
    bool negated = false;
  };
  /// Regions of more nodes are left alone.
  static constexpr unsigned maxNodes = 256;

  Node make(Kind kind, ArrayRef<Node> operands, double value = 0) {
    result.nodes.push_back({kind, value, 0, llvm::to_vector<4>(operands)});
    return result.nodes.size() - 1;
  }
  Node constant(double value) { return make(Kind::Constant, {}, value); }
  Node scale(Node x, double factor) {
    return make(Kind::Multiply, {x, constant(factor)});
  }
  Node add(Node x, Node y) { return make(Kind::Add, {x, y}); }
  Node negate(Node x) { return scale(x, -1); }
  Node exp(Node x) { return make(Kind::Exp, {x}); }
  Node max(Node x, Node y) { return make(Kind::Max, {x, y}); }
  Node min(Node x, Node y) { return negate(max(negate(x), negate(y))); }
  Node tanh(Node x) {
    Node denominator = add(exp(scale(x, 2)), constant(1));
    return add(make(Kind::Divide, {constant(-2), denominator}), constant(1));
  }

  bool isConstant(Node node) const {
    return result.nodes[node].kind == Kind::Constant;
  }
  std::optional<Node> visitClamp(ArrayRef<Node> x, bool isMax);
  std::optional<Node> visitMath(Operation &op, ArrayRef<Node> x);
  std::optional<Node> visitPower(Operation &op, ArrayRef<Node> x);
  std::optional<Node> visitConversion(Operation &op);
  std::optional<Node> visit(Operation &op);
  void visitCondition(Operation &op);
  Node select(unsigned condition, bool negated, Node x, Node y);
  Node selectBit(Value condition, Node x, Node y) {
    return select(conditionOf.lookup(condition), false, x, y);
  }

  ScalarExpr result;
  DenseMap<Value, Node> nodeOf;
  DenseMap<Value, unsigned> conditionOf;
  SmallVector<Condition> conditions;
};
} // namespace glu

unsigned ScalarExprBuilder::select(unsigned condition, bool negated, Node x,
                                   Node y) {
  Condition c = conditions[condition];
  if (negated != c.negated)
    std::swap(x, y);
  // Combined conditions may be a graph that is exponentially large as a tree.
  if (x == y || c.kind == Condition::True || result.nodes.size() > maxNodes)
    return x;
  switch (c.kind) {
  case Condition::And:
    return select(c.lhs, false, select(c.rhs, false, x, y), y);
  case Condition::Or:
    return select(c.lhs, false, x, select(c.rhs, false, x, y));
  case Condition::Xor:
    return select(c.lhs, false, select(c.rhs, true, x, y),
                  select(c.rhs, false, x, y));
  default:
    return make(c.select, {c.lhs, c.rhs, x, y});
  }
}

void ScalarExprBuilder::visitCondition(Operation &op) {
  Condition condition;
  if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
    auto lhs = nodeOf.find(compare.getLhs()),
         rhs = nodeOf.find(compare.getRhs());
    if (lhs == nodeOf.end() || rhs == nodeOf.end())
      return;
    condition = {Condition::Compare, Kind::SelectEqual, lhs->second,
                 rhs->second, false};
    using P = arith::CmpFPredicate;
    P predicate = compare.getPredicate();
    switch (predicate) {
    case P::OLT:
    case P::ULT:
    case P::OLE:
    case P::ULE:
      std::swap(condition.lhs, condition.rhs);
      [[fallthrough]];
    case P::OGT:
    case P::UGT:
    case P::OGE:
    case P::UGE:
      condition.select =
          llvm::is_contained({P::OLT, P::ULT, P::OGT, P::UGT}, predicate)
              ? Kind::SelectGreater
              : Kind::SelectGreaterEqual;
      break;
    case P::OEQ:
    case P::UEQ:
      break;
    case P::ONE:
    case P::UNE:
      condition.negated = true;
      break;
    case P::ORD:
    case P::AlwaysTrue:
      condition = {};
      break;
    case P::UNO:
    case P::AlwaysFalse:
      condition = {};
      condition.negated = true;
      break;
    }
  } else if (isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op)) {
    auto lhs = conditionOf.find(op.getOperand(0));
    auto rhs = conditionOf.find(op.getOperand(1));
    if (lhs == conditionOf.end() || rhs == conditionOf.end())
      return;
    condition.kind = isa<arith::AndIOp>(op)  ? Condition::And
                     : isa<arith::OrIOp>(op) ? Condition::Or
                                             : Condition::Xor;
    condition.lhs = lhs->second;
    condition.rhs = rhs->second;
  } else {
    APInt value;
    if (!matchPattern(&op, m_ConstantInt(&value)))
      return;
    condition.negated = value.isZero();
  }
  conditionOf[op.getResult(0)] = conditions.size();
  conditions.push_back(condition);
}

/// Maximum or minimum. An infinity that bounds nothing goes.
std::optional<unsigned> ScalarExprBuilder::visitClamp(ArrayRef<Node> x,
                                                      bool isMax) {
  for (unsigned i = 0; i < 2; ++i)
    if (isConstant(x[i]) && std::isinf(result.nodes[x[i]].value) &&
        (result.nodes[x[i]].value < 0) == isMax)
      return x[1 - i];
  return isMax ? max(x[0], x[1]) : min(x[0], x[1]);
}

std::optional<unsigned> ScalarExprBuilder::visitPower(Operation &op,
                                                      ArrayRef<Node> x) {
  if (auto power = dyn_cast<math::FPowIOp>(op)) {
    APInt exponent;
    if (!matchPattern(power.getRhs(), m_ConstantInt(&exponent)) ||
        exponent.getSignificantBits() > 32)
      return std::nullopt;
    return make(Kind::Power, {x[0]}, exponent.getSExtValue());
  }
  if (!isConstant(x[1]))
    return std::nullopt;
  return make(Kind::Power, {x[0]}, result.nodes[x[1]].value);
}

/// A unary or ternary operation of the math dialect.
std::optional<unsigned> ScalarExprBuilder::visitMath(Operation &op,
                                                     ArrayRef<Node> x) {
  constexpr double ln2 = 0.69314718055994530942;
  constexpr double ln10 = 2.30258509299404568402;
  using R = std::optional<unsigned>;
  return TypeSwitch<Operation *, R>(&op)
      .Case([&](math::ExpOp) { return exp(x[0]); })
      .Case([&](math::Exp2Op) { return exp(scale(x[0], ln2)); })
      .Case([&](math::ExpM1Op) { return add(exp(x[0]), constant(-1)); })
      .Case([&](math::LogOp) { return make(Kind::Log, x); })
      .Case([&](math::Log2Op) { return scale(make(Kind::Log, x), 1 / ln2); })
      .Case([&](math::Log10Op) { return scale(make(Kind::Log, x), 1 / ln10); })
      .Case([&](math::Log1pOp) {
        return make(Kind::Log, {add(x[0], constant(1))});
      })
      .Case([&](math::TanhOp) { return tanh(x[0]); })
      .Case([&](math::SinhOp) {
        return scale(add(exp(x[0]), negate(exp(negate(x[0])))), 0.5);
      })
      .Case([&](math::CoshOp) {
        return scale(add(exp(x[0]), exp(negate(x[0]))), 0.5);
      })
      .Case([&](math::ErfOp) { return make(Kind::Erf, x); })
      .Case([&](math::ErfcOp) {
        return add(negate(make(Kind::Erf, x)), constant(1));
      })
      .Case([&](math::SqrtOp) { return make(Kind::Power, x, 0.5); })
      .Case([&](math::RsqrtOp) { return make(Kind::Power, x, -0.5); })
      .Case([&](math::AbsFOp) { return max(x[0], negate(x[0])); })
      .Case([&](math::FmaOp) {
        return add(make(Kind::Multiply, {x[0], x[1]}), x[2]);
      })
      .Case([&](math::ClampFOp) {
        R lower = visitClamp({x[0], x[1]}, /*isMax=*/true);
        return visitClamp({*lower, x[2]}, /*isMax=*/false);
      })
      .Case<math::PowFOp, math::FPowIOp>(
          [&](Operation *) { return visitPower(op, x); })
      .Default([](Operation *) { return std::nullopt; });
}

/// A conversion of a constant, of a truth value, or there and back.
std::optional<unsigned> ScalarExprBuilder::visitConversion(Operation &op) {
  Value from = op.getOperand(0);
  Type to = op.getResult(0).getType();
  if (conditionOf.count(from)) {
    double one = isa<arith::UIToFPOp>(op) ? 1 : -1;
    return selectBit(from, constant(one), constant(0));
  }
  if (auto up = from.getDefiningOp<arith::ExtFOp>();
      up && isa<arith::TruncFOp>(op) && up.getIn().getType() == to)
    if (auto known = nodeOf.find(up.getIn()); known != nodeOf.end())
      return known->second;
  auto type = dyn_cast<FloatType>(to);
  APFloat value(0.0);
  if (!type || type.getWidth() > 64 || !isa<FloatType>(from.getType()) ||
      op.hasAttr("roundingmode") ||
      !matchPattern(from, m_ConstantFloat(&value)))
    return std::nullopt;
  bool losesInfo;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                &losesInfo);
  return constant(roundTo(type, value.convertToDouble()));
}

std::optional<unsigned> ScalarExprBuilder::visit(Operation &op) {
  using R = std::optional<unsigned>;
  if (isa<arith::ExtFOp, arith::TruncFOp, arith::UIToFPOp, arith::SIToFPOp>(op))
    return visitConversion(op);
  // Constants of other types wait for a conversion.
  if (op.getResult(0).getType() != result.type)
    return std::nullopt;
  if (auto choice = dyn_cast<arith::SelectOp>(op)) {
    auto x = nodeOf.find(choice.getTrueValue());
    auto y = nodeOf.find(choice.getFalseValue());
    if (!conditionOf.count(choice.getCondition()) || x == nodeOf.end() ||
        y == nodeOf.end())
      return std::nullopt;
    return selectBit(choice.getCondition(), x->second, y->second);
  }
  SmallVector<Node, 3> x;
  for (Value operand : op.getOperands()) {
    auto known = nodeOf.find(operand);
    if (known != nodeOf.end())
      x.push_back(known->second);
    else if (isa<FloatType>(operand.getType()))
      return std::nullopt;
  }
  return TypeSwitch<Operation *, R>(&op)
      .Case([&](arith::ConstantOp constantOp) {
        APFloat value = cast<FloatAttr>(constantOp.getValue()).getValue();
        bool losesInfo;
        value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                      &losesInfo);
        return constant(value.convertToDouble());
      })
      .Case([&](arith::AddFOp) { return add(x[0], x[1]); })
      .Case([&](arith::SubFOp) { return add(x[0], negate(x[1])); })
      .Case([&](arith::MulFOp) { return make(Kind::Multiply, x); })
      .Case([&](arith::DivFOp) { return make(Kind::Divide, x); })
      .Case([&](arith::NegFOp) { return negate(x[0]); })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [&](Operation *) { return visitClamp(x, /*isMax=*/true); })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [&](Operation *) { return visitClamp(x, /*isMax=*/false); })
      .Default([&](Operation *) { return visitMath(op, x); });
}

FailureOr<ScalarExpr> ScalarExprBuilder::run(Block &block) {
  if (!block.mightHaveTerminator() || !block.getNumArguments())
    return failure();
  Operation *terminator = block.getTerminator();
  result.type = dyn_cast<FloatType>(block.getArgument(0).getType());
  if (!isa_and_present<Float16Type, BFloat16Type, Float32Type, Float64Type>(
          result.type) ||
      terminator->getNumOperands() != 1 ||
      !llvm::all_equal(block.getArgumentTypes()))
    return failure();
  for (BlockArgument argument : block.getArguments()) {
    nodeOf[argument] = make(Kind::Argument, {});
    result.nodes.back().argument = argument.getArgNumber();
  }
  for (Operation &op : block.without_terminator()) {
    if (op.getNumResults() != 1 || op.getNumRegions())
      continue;
    if (op.getResult(0).getType().isInteger(1))
      visitCondition(op);
    else if (std::optional<Node> node = visit(op))
      nodeOf[op.getResult(0)] = *node;
    if (result.nodes.size() > maxNodes)
      return failure();
  }

  // The rounding of the result.
  Value yielded = terminator->getOperand(0);
  if (!isa<FloatType>(yielded.getType()))
    return failure();
  if (!nodeOf.count(yielded))
    if (Operation *last = yielded.getDefiningOp();
        isa_and_present<arith::ExtFOp, arith::TruncFOp>(last) &&
        !last->hasAttr("roundingmode"))
      yielded = last->getOperand(0);
  auto known = nodeOf.find(yielded);
  if (known == nodeOf.end() || yielded.getType() != result.type)
    return failure();
  // The root last, so that it need not be named.
  result.nodes.truncate(std::max(known->second + 1, block.getNumArguments()));
  if (known->second + 1 != result.nodes.size())
    make(Kind::Multiply, {known->second, constant(1)});
  return std::move(result);
}

FailureOr<ScalarExpr> ScalarExpr::get(Block &block) {
  return ScalarExprBuilder().run(block);
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

double ScalarExpr::evaluate(ArrayRef<double> arguments) const {
  SmallVector<double> values;
  for (const ScalarNode &node : nodes) {
    auto x = [&](unsigned i) { return values[node.operands[i]]; };
    auto compute = [&]() -> double {
      switch (node.kind) {
      case Kind::Constant:
        return node.value;
      case Kind::Argument:
        return arguments[node.argument];
      case Kind::Add:
        return x(0) + x(1);
      case Kind::Multiply:
        return x(0) * x(1);
      case Kind::Divide:
        return x(0) / x(1);
      case Kind::Power:
        return std::pow(x(0), node.value);
      case Kind::Exp:
        return std::exp(x(0));
      case Kind::Log:
        return std::log(x(0));
      case Kind::Erf:
        return std::erf(x(0));
      case Kind::Max:
        return std::max(x(0), x(1));
      case Kind::SelectGreater:
        return x(0) > x(1) ? x(2) : x(3);
      case Kind::SelectGreaterEqual:
        return x(0) >= x(1) ? x(2) : x(3);
      case Kind::SelectEqual:
        return x(0) == x(1) ? x(2) : x(3);
      }
      llvm_unreachable("all kinds are covered");
    };
    values.push_back(compute());
  }
  return values.back();
}

ScalarExpr ScalarExpr::withArguments(ArrayRef<unsigned> order) const {
  ScalarExpr expr = *this;
  for (ScalarNode &node : expr.nodes)
    if (node.kind == Kind::Argument)
      node.argument = order[node.argument];
  return expr;
}

ScalarExpr ScalarExpr::withConstants(ArrayRef<double> from,
                                     ArrayRef<double> to) const {
  ScalarExpr expr = *this;
  for (ScalarNode &node : expr.nodes)
    if (node.kind == Kind::Constant)
      for (auto [old, value] : llvm::zip_equal(from, to))
        if (std::abs(node.value) == old) {
          node.value = std::copysign(1.0, node.value) * roundTo(type, value);
          break;
        }
  return expr;
}
