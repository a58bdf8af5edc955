//===- Check.h - Results beside what they should be -------------*- C++ -*-===//

#ifndef GLU_TOOLS_CALLS_CHECK_H
#define GLU_TOOLS_CALLS_CHECK_H

#include "CallOptions.h"

#include "glu/Execution/Compare.h"

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

#endif // GLU_TOOLS_CALLS_CHECK_H
