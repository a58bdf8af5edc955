//===- GatingFunctions.h - Gating functions by name -------------*- C++ -*-===//
//
// The table of gating functions that have a name, and the way from a name to a
// region and back.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_IR_GATINGFUNCTIONS_H
#define GLU_IR_GATINGFUNCTIONS_H

#include "mlir/IR/Builders.h"

#include <optional>

namespace glu {

/// A parameter of a gating function and the value that needs no mention.
struct GatingParameter {
  llvm::StringLiteral name;
  double defaultValue;
};

/// A named gating function y = f(g, v).
struct GatingFunction {
  llvm::StringLiteral name;
  llvm::ArrayRef<GatingParameter> parameters;
  /// Builds f(g, v) in the type of g and v (equal floats).
  mlir::Value (*build)(mlir::ImplicitLocOpBuilder &builder, mlir::Value g,
                       mlir::Value v, llvm::ArrayRef<double> parameters);
};

/// All gating functions that have a name.
llvm::ArrayRef<GatingFunction> getGatingFunctions();

/// The function of that name, or null.
const GatingFunction *lookupGatingFunction(llvm::StringRef name);

/// A gating function with its parameters.
struct NamedGating {
  const GatingFunction *function = nullptr;
  llvm::SmallVector<double> parameters;

  /// Parameters default. `name` must be in the table.
  static NamedGating get(llvm::StringRef name);
};

/// Builds y = f(g, v) and rounds it to `resultType`. g and v have equal float
/// types.
mlir::Value buildNamedGating(mlir::OpBuilder &builder, mlir::Location loc,
                             const NamedGating &gating, mlir::Value g,
                             mlir::Value v, mlir::Type resultType);

/// The named function that `block` (arguments g and v, a terminator with one
/// operand) computes by just the operations that `buildNamedGating` would make.
std::optional<NamedGating> matchNamedGating(mlir::Block &block);

} // namespace glu

#endif // GLU_IR_GATINGFUNCTIONS_H
