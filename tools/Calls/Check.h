//===- Check.h - Results beside what they should be -------------*- C++ -*-===//

#ifndef GLU_TOOLS_CALLS_CHECK_H
#define GLU_TOOLS_CALLS_CHECK_H

#include "CallOptions.h"

#include "glu/Execution/Compare.h"
#include "glu/Execution/Signature.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

/// A result beside what it should be.
struct Check {
  unsigned index;
  std::string type;
  glu::Difference difference;
  double tolerance;
  /// Whether the shape was right too; `expectedType` says what it should be.
  bool sameShape = true;
  std::string expectedType;

  bool isRight() const { return sameShape && difference.error <= tolerance; }
};

/// The error that rounding to narrow types on the way makes: results of f32
/// that were bf16 before are as good as that.
double getRoundingTolerance(mlir::ModuleOp module, mlir::func::FuncOp entry);

/// `rounding` is the least tolerance of floats, if none is given.
llvm::SmallVector<Check> check(llvm::ArrayRef<glu::Array> got,
                               llvm::ArrayRef<glu::Array> want,
                               const CallOptions &options, double rounding);

/// Long sums, and terms that cancel, make errors that are nobody's fault. If
/// floats are not right by the tolerance of their type, allows four times the
/// error that plain loops in the same types have, of a hundred times that
/// tolerance at most. `want` is the reference in float64.
llvm::Error allowErrorsOfLoops(llvm::MutableArrayRef<Check> checks,
                               mlir::ModuleOp module,
                               const glu::Signature &signature,
                               llvm::ArrayRef<glu::Array> arguments,
                               llvm::ArrayRef<glu::Array> want,
                               const CallOptions &options);

#endif // GLU_TOOLS_CALLS_CHECK_H
