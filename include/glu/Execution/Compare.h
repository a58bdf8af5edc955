//===- Compare.h - Are these the right numbers? -----------------*- C++ -*-===//

#ifndef GLU_EXECUTION_COMPARE_H
#define GLU_EXECUTION_COMPARE_H

#include "glu/Execution/Array.h"

namespace glu {

/// What two arrays differ by.
struct Difference {
  /// max |got - want| / max |want|, over the finite elements of `want`; the
  /// absolute error if all of those are zero. Infinite if a NaN or infinity is
  /// not where it is expected, which is also where `want` is too large for a
  /// narrow type of `got`.
  double error = 0;
  /// Where the largest difference is, in row-major order, and the values.
  int64_t index = 0;
  double got = 0, want = 0;
};

/// Compares arrays of the same shape.
Difference compare(const Array &got, const Array &want);

/// The error that results of `type` may have if nothing else is said: 1e-9 for
/// f64, 1e-5 for f32, 1e-2 for f16, 4e-2 for bf16, 0.1 for f8E4M3FN, 0.2 for
/// f8E5M2, 0 for integers.
double getDefaultTolerance(ElementType type);

} // namespace glu

#endif // GLU_EXECUTION_COMPARE_H
