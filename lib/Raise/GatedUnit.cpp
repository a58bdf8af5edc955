//===- GatedUnit.cpp - Whether a function gates ---------------------------===//

#include "glu/Raise/GatedUnit.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// Mixing
//===----------------------------------------------------------------------===//

/// The variables a value depends on: arguments, and sums, which stand for what
/// they add.
using Variables = SmallVector<Value, 2>;

static void addVariables(Variables &variables, const Variables &more) {
  for (Value variable : more)
    if (!llvm::is_contained(variables, variable))
      variables.push_back(variable);
}

bool glu::mixes(Block &body, ValueRange results, unsigned a, unsigned b) {
  // Only what the results need counts.
  llvm::DenseSet<Operation *> needed;
  SmallVector<Value> worklist(results);
  while (!worklist.empty()) {
    Operation *def = worklist.pop_back_val().getDefiningOp();
    if (def && def->getBlock() == &body && needed.insert(def).second)
      llvm::append_range(worklist, def->getOperands());
  }

  llvm::DenseMap<Value, Variables> known;
  for (unsigned i : {a, b})
    known[body.getArgument(i)] = {body.getArgument(i)};
  for (Operation &op : body) {
    if (!needed.contains(&op))
      continue;
    Variables all;
    unsigned depending = 0;
    for (Value operand : op.getOperands()) {
      Variables variables = known.lookup(operand);
      depending += !variables.empty();
      addVariables(all, variables);
    }
    if (all.size() > 1 && depending > 1) {
      bool isSum =
          isa<arith::AddFOp, arith::AddIOp, arith::SubFOp, arith::SubIOp>(op);
      if (auto fma = dyn_cast<math::FmaOp>(op)) {
        Variables product = known.lookup(fma.getA());
        addVariables(product, known.lookup(fma.getB()));
        isSum = product.size() < 2 || known.lookup(fma.getA()).empty() ||
                known.lookup(fma.getB()).empty();
      }
      if (!isSum)
        return true;
      all = {op.getResult(0)};
    }
    for (Value result : op.getResults())
      known[result] = all;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Gate and value
//===----------------------------------------------------------------------===//

/// How strong the non-linearity is that `op` applies to operands of which those
/// in `depends` vary.
static unsigned getStrength(Operation &op, ArrayRef<bool> depends) {
  if (isa<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp,
          arith::NegFOp, arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp,
          arith::SIToFPOp>(op))
    return 0;
  if (isa<arith::MulFOp, arith::MulIOp>(op))
    return depends[0] && depends[1] ? 1 : 0;
  if (isa<arith::DivFOp>(op))
    return depends[1] ? 1 : 0;
  if (isa<math::FmaOp>(op))
    return depends[0] && depends[1] ? 1 : 0;
  if (isa<arith::SelectOp>(op))
    return depends[0] ? 2 : 0;
  if (isa<math::TanhOp>(op))
    return 3;
  if (isa<math::ExpOp, math::Exp2Op, math::ExpM1Op, math::ErfOp, math::ErfcOp>(
          op))
    return 5;
  return 2;
}

/// How strong the non-linearity is that the branch goes through by itself.
static unsigned getStrength(Block &body, unsigned branch, unsigned other) {
  llvm::DenseSet<Value> ofBranch, ofOther;
  ofBranch.insert(body.getArgument(branch));
  ofOther.insert(body.getArgument(other));
  unsigned strength = 0;
  bool hasLog = false;
  for (Operation &op : body) {
    SmallVector<bool> depends;
    bool any = false, anyOther = false;
    for (Value operand : op.getOperands()) {
      depends.push_back(ofBranch.contains(operand));
      any |= depends.back();
      anyOther |= ofOther.contains(operand);
    }
    for (Value result : op.getResults()) {
      if (any)
        ofBranch.insert(result);
      if (anyOther)
        ofOther.insert(result);
    }
    if (!any)
      continue;
    unsigned own = getStrength(op, depends);
    // Where the branches have met, only plain products tell them apart.
    if (anyOther)
      own = std::min(own, 1u);
    strength = std::max(strength, own);
    hasLog |= !anyOther && isa<math::LogOp, math::Log1pOp>(op);
  }
  // A softplus is weaker than a sigmoid.
  return strength == 5 && hasLog ? 4 : strength;
}

std::pair<unsigned, unsigned> glu::orderBranches(Block &body, unsigned a,
                                                 unsigned b) {
  unsigned ofA = getStrength(body, a, b), ofB = getStrength(body, b, a);
  if (ofA == ofB)
    return {std::min(a, b), std::max(a, b)};
  return ofA > ofB ? std::make_pair(a, b) : std::make_pair(b, a);
}
