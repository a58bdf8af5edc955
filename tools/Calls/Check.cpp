//===- Check.cpp - Results beside what they should be ---------------------===//

#include "Check.h"

#include "glu/Execution/Signature.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace glu;
using namespace mlir;

double getRoundingTolerance(ModuleOp module, func::FuncOp entry) {
  double tolerance = 0;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (function && function.isPublic() && function != entry)
      return WalkResult::skip(); // No part of what is run.
    if (!isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
        isa<arith::ExtFOp>(op) || op->getNumOperands() == 0)
      return WalkResult::advance();
    for (Type type : op->getResultTypes())
      if (auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type)))
        if (auto known = llvm::expectedToOptional(getElementType(element)))
          tolerance = std::max(tolerance, getDefaultTolerance(*known));
    return WalkResult::advance();
  });
  return tolerance;
}

SmallVector<Check> check(ArrayRef<Array> got, ArrayRef<Array> want,
                         const CallOptions &options, double rounding) {
  SmallVector<Check> checks;
  for (auto [i, output] : llvm::enumerate(llvm::zip(got, want))) {
    auto &[a, b] = output;
    Check check;
    check.index = i;
    check.type = formatType(a.getShape(), a.getType());
    check.expectedType = formatType(b.getShape(), a.getType());
    check.sameShape = a.getShape() == b.getShape();
    if (check.sameShape)
      check.difference = compare(a, b);
    double byType = getDefaultTolerance(a.getType());
    if (isFloat(a.getType()))
      byType = std::max(byType, rounding);
    check.tolerance = options.tolerance.value_or(byType);
    checks.push_back(std::move(check));
  }
  return checks;
}
