//===- Check.cpp - Results beside what they should be ---------------------===//

#include "Check.h"
#include "CompiledProgram.h"

#include "glu/Execution/Reference.h"

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

llvm::Error allowErrorsOfLoops(llvm::MutableArrayRef<Check> checks,
                               ModuleOp module, const Signature &signature,
                               ArrayRef<Array> arguments, ArrayRef<Array> want,
                               const CallOptions &options) {
  auto isClose = [&](const Check &check) {
    return isFloat(want[check.index].getType()) && !check.isRight() &&
           check.difference.error <= 100 * check.tolerance;
  };
  if (options.tolerance || llvm::none_of(checks, isClose))
    return llvm::Error::success();
  auto program = compileForCPU(module, signature, arguments, options,
                               /*general=*/true);
  if (!program)
    return program.takeError();
  if (llvm::Error error = program->call->run())
    return error;
  auto loops = getOutputs(*program->call, signature, program->arguments);
  if (!loops)
    return loops.takeError();
  for (Check &check : checks)
    if (isClose(check))
      check.tolerance = std::max(
          check.tolerance,
          std::min(
              100 * check.tolerance,
              4 * compare((*loops)[check.index], want[check.index]).error));
  return llvm::Error::success();
}
