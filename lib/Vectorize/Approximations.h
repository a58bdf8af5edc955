//===- Approximations.h - f32 functions as arithmetic -----------*- C++ -*-===//
//
// Each emits one function of an f32 value, correct over the whole range of f32:
// denormal arguments and results, exact limits at the infinities, NaN for NaN.
// Measured errors stand in the description of the pass.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_VECTORIZE_APPROXIMATIONS_H
#define GLU_LIB_VECTORIZE_APPROXIMATIONS_H

#include "FloatEmitter.h"

namespace glu {

// Exponentials and logarithms (Exponentials.cpp).

mlir::Value emitExp(FloatEmitter &e, mlir::Value x);
mlir::Value emitExp2(FloatEmitter &e, mlir::Value x);
mlir::Value emitExpM1(FloatEmitter &e, mlir::Value x);
mlir::Value emitLog(FloatEmitter &e, mlir::Value x);
mlir::Value emitLog1p(FloatEmitter &e, mlir::Value x);
/// log(1 + exp(x)), which never overflows.
mlir::Value emitSoftplus(FloatEmitter &e, mlir::Value x);
mlir::Value emitTanh(FloatEmitter &e, mlir::Value x);

// Error functions and gates (Gates.cpp).

mlir::Value emitErf(FloatEmitter &e, mlir::Value x);
mlir::Value emitErfc(FloatEmitter &e, mlir::Value x);

/// 1 / (1 + exp(-beta x)). 2^-60 <= |beta| <= 2^60.
mlir::Value emitSigmoid(FloatEmitter &e, mlir::Value x, double beta);
/// x sigmoid(beta x). 2^-10 <= beta <= 2^10.
mlir::Value emitSilu(FloatEmitter &e, mlir::Value x, double beta);
/// x (1 + erf(scale x)) / 2. 2^-4 <= scale <= 2^4.
mlir::Value emitGelu(FloatEmitter &e, mlir::Value x, double scale);
/// x (1 + tanh(scale (x + cubic x^3))) / 2. 2^-4 <= scale <= 2^4,
/// 2^-10 <= cubic <= 2^4.
mlir::Value emitGeluTanh(FloatEmitter &e, mlir::Value x, double scale,
                         double cubic);

// Building blocks.

/// exp(rate (x + low)) = (1 + fraction) * scale, where scale is a power of two
/// that holds 2^`bias` besides.
struct ScaledExp {
  /// fraction = reduced * slope; null for zero, where GPUs compute it all.
  mlir::Value reduced, slope, scale;

  /// factor * (1 + fraction)
  mlir::Value mantissaTimes(FloatEmitter &e, mlir::Value factor) const {
    return reduced ? e.fma(factor, e.mul(reduced, slope), factor) : factor;
  }
  /// 1 + fraction
  mlir::Value mantissa(FloatEmitter &e) const {
    mlir::Value one = e.constant(1);
    return reduced ? e.fma(reduced, slope, one) : one;
  }
};
/// |rate x| <= 120 where 2^bias is used to keep the scale a normal number:
/// -126 <= log2(exp(rate x)) + bias <= 127. `low` may be null.
ScaledExp emitScaledExp(FloatEmitter &e, mlir::Value x, double rate, int bias,
                        mlir::Value low = {});

/// expm1(rate t) / rate = (scale * fraction + (scale - 1) / rate), exact to
/// about one ULP however small t is. 0 <= |rate t| <= 87.
struct ExpM1Parts {
  mlir::Value fraction, scale;
};
ExpM1Parts emitExpM1Parts(FloatEmitter &e, mlir::Value t, double rate,
                          int bias = 0);

} // namespace glu

#endif // GLU_LIB_VECTORIZE_APPROXIMATIONS_H
