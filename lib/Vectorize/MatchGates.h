//===- MatchGates.h - Find sigmoid, silu and GELU in arithmetic -*- C++ -*-===//
//
// Reads products and sums of arith and math operations as functions, so that
// one description of a gate covers its many spellings.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_VECTORIZE_MATCHGATES_H
#define GLU_LIB_VECTORIZE_MATCHGATES_H

#include "mlir/IR/Value.h"

#include <optional>

namespace glu {

/// A product `factor * other * f(x)`.
struct GateMatch {
  enum class Kind {
    Sigmoid, ///< 1 / (1 + exp(-scale x))
    Silu,    ///< x / (1 + exp(-scale x))
    Gelu,    ///< x (1 + erf(scale x)) / 2
    GeluTanh ///< x (1 + tanh(scale (x + cubic x^3))) / 2
  };
  Kind kind;
  mlir::Value x;
  double scale = 1;
  double cubic = 0;
  double factor = 1;
  mlir::Value other; ///< Null for one.
};

/// Reads the value of `root` (a float product, quotient, sum or difference) as
/// a gate times at most one other value. Constants are taken for the numbers
/// that were meant, see `getIntendedConstant`.
std::optional<GateMatch> matchGate(mlir::Operation *root);

/// The x for which `root` is exp(x) - 1, or null.
mlir::Value matchExpMinusOne(mlir::Operation *root);

/// The x for which `root` is log(1 + exp(x)) or log1p(exp(x)), or null.
mlir::Value matchSoftplus(mlir::Operation *root);

/// The number that the author of a float constant meant: the number known from
/// gating functions (sqrt(2/pi), 1.702 ...) that rounds to it, or else, in f32,
/// the shortest decimal number that does. So the f32 nearest to 1.702 gives
/// 1.702, and functions are as exact as if the constants were. Nothing if
/// `value` is not a finite scalar or splat constant of up to 32 bits.
std::optional<double> getIntendedConstant(mlir::Value value);

} // namespace glu

#endif // GLU_LIB_VECTORIZE_MATCHGATES_H
