//===- ApproximateMath.h - Gating functions as polynomials ------*- C++ -*-===//
//
// Rewrites transcendental functions on f32, f16 and bf16 scalars and vectors
// into arithmetic that vectorises: no calls, branches or gathers.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TRANSFORMS_APPROXIMATEMATH_H
#define GLU_TRANSFORMS_APPROXIMATEMATH_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace glu {

/// Adds the patterns of `glu-approximate-math`, whose description in Passes.td
/// says what they take and how exact they are.
///
/// A pattern that knows a whole function (silu) must see it before a pattern
/// that knows a part (exp), else only speed and the promise for the whole are
/// lost: apply them from users to producers, as the pass does. The greedy
/// driver has no order that can be relied on.
///
/// With `useInstructions`, what is rounded to 16 bits may use instructions of
/// GPUs that are not exact (the pass's option `instructions`).
///
/// What they make needs `math.fma` to become `llvm.fma`
/// (`-convert-math-to-llvm`) and a target that has it in hardware.
void populateApproximateMathPatterns(mlir::RewritePatternSet &patterns,
                                     bool useInstructions = false);

} // namespace glu

#endif // GLU_TRANSFORMS_APPROXIMATEMATH_H
