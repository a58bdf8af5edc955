//===- Gates.cpp - erf, sigmoid, silu and GELU as arithmetic --------------===//
//
// silu and the GELUs are x times a distribution function S that rises from 0 to
// 1 and has S(x) = 1 - S(-x). They are computed as
//
//   x S(x) = max(x, 0) - |x| S(-|x|)
//
// so that only the tail S(-|x|) is needed, which is exact in the relative sense
// however small it is. The tail is made 2^48 times its size: all of it is then
// normal, and the fused multiply-add that takes the factor away rounds to
// denormals once.
//
//===----------------------------------------------------------------------===//

#include "Approximations.h"

#include <cmath>

using namespace mlir;
using namespace glu;

/// log2 of the size at which tails are made, and its inverse's value.
static constexpr int tailBias = 48;
static constexpr double tailUnit = 0x1p-48;
/// x exp(-tailEnd) rounds to zero for all x < 2^21, and exp(tailEnd) 2^-48 is
/// finite.
static constexpr double tailEnd = 120;

/// max(x, 0) - y tail 2^-48, where `product` is y tail. -0 and NaN are kept.
static Value emitFromTail(FloatEmitter &e, Value x, Value product) {
  return e.fma(product, e.constant(-tailUnit), e.maxKeepNaN(x, -0.0));
}

Value glu::emitSigmoid(FloatEmitter &e, Value x, double beta) {
  double low = -105 / beta, high = 30 / beta;
  if (beta < 0)
    std::swap(low, high);
  Value t = e.maxKeepNaN(e.minKeepNaN(x, high), low);
  ScaledExp exp = emitScaledExp(e, t, -beta, -tailBias);
  Value unit = e.constant(tailUnit);
  return e.div(unit, e.fma(exp.mantissa(e), exp.scale, unit));
}

Value glu::emitSilu(FloatEmitter &e, Value x, double beta) {
  Value y = e.minKeepNaN(e.abs(x), tailEnd / beta);
  ScaledExp exp = emitScaledExp(e, y, beta, -tailBias);
  Value denominator = e.fma(exp.mantissa(e), exp.scale, e.constant(tailUnit));
  return emitFromTail(e, x, e.div(y, denominator));
}

Value glu::emitGeluTanh(FloatEmitter &e, Value x, double scale, double cubic) {
  // x sigmoid(2 u), u = scale (x + cubic x^3) = scale cubic x (x^2 + 1/cubic).
  double rate = 2 * scale * cubic, offset = 1 / cubic;
  double low = 0, high = tailEnd / (2 * scale);
  for (int i = 0; i < 60; ++i) {
    double middle = (low + high) / 2;
    bool inside = rate * middle * (middle * middle + offset) < tailEnd;
    (inside ? low : high) = middle;
  }
  Value y = e.minKeepNaN(e.abs(x), low);

  // The argument of exp is up to 100, so that its own rounding would be seen a
  // hundredfold in the result: it is carried as a sum of two floats. The high
  // part of the offset has 12 bits, which makes offset - t exact.
  int exponent;
  double fraction = std::frexp(offset, &exponent);
  double offsetHigh =
      std::ldexp(std::floor(std::ldexp(fraction, 12)), exponent - 12);
  Value high1 = e.constant(offsetHigh);
  Value t = e.fma(y, y, high1);
  Value tLow =
      e.add(e.fma(y, y, e.sub(high1, t)), e.constant(offset - offsetHigh));
  Value u = e.mul(y, t);
  Value uLow = e.fma(y, tLow, e.fma(y, t, e.neg(u)));

  ScaledExp exp = emitScaledExp(e, u, rate, -tailBias, uLow);
  Value denominator = e.fma(exp.mantissa(e), exp.scale, e.constant(tailUnit));
  return emitFromTail(e, x, e.div(y, denominator));
}

//===----------------------------------------------------------------------===//
// Error functions
//===----------------------------------------------------------------------===//

// With R(y) = erfc(y / sqrt(2)) exp(y^2 / 2) / 2, which falls as
// 1 / (sqrt(2 pi) y), the fit on [0, 14.5] is
//
//   R(y) = P(y) / (sqrt(2 pi) y P(y) + S(y)),   2^-29.9 relative.
//
// All coefficients are positive, so that nothing cancels; and for large y,
// where Horner's rule is least exact, P is on both sides and its errors vanish.
// (A plain quotient of polynomials misses the promised 4 ULP.)
static constexpr double tailP[] = {5.3917545e-01, 5.856046e-01,  3.0541542e-01,
                                   9.22151e-02,   1.6121484e-02, 1.3484389e-03};
static constexpr double tailS[] = {1.0783509e+00, 6.8009627e-01, 2.2475235e-01,
                                   4.039397e-02, 3.3803647e-03};
static constexpr double sqrt2Pi = 2.50662827463100050242;
/// erfc(y / sqrt(2)) y rounds to zero beyond.
static constexpr double tailRange = 14.5;

/// `erfc(scale y) / 2`, times y if `timesY`, times 2^48, for
/// 0 <= y <= tailRange / (sqrt(2) scale).
static Value emitErfcTail(FloatEmitter &e, Value y, double scale, bool timesY) {
  // The square as a sum of two floats, for the sake of exp.
  Value square = e.mul(y, y);
  Value low = e.fma(y, y, e.neg(square));
  ScaledExp exp = emitScaledExp(e, square, -scale * scale, tailBias, low);
  double unit = std::sqrt(2.0) * scale;
  auto polynomial = [&](ArrayRef<double> coefficients) {
    SmallVector<double> scaled;
    double power = 1;
    for (double c : coefficients) {
      scaled.push_back(c * power);
      power *= unit;
    }
    return e.polynomial(y, scaled);
  };
  Value p = polynomial(tailP);
  Value yp = e.mul(y, p);
  Value denominator = e.fma(yp, e.constant(sqrt2Pi * unit), polynomial(tailS));
  Value numerator = exp.mantissaTimes(e, timesY ? yp : p);
  return e.div(e.mul(numerator, exp.scale), denominator);
}

/// erf(sqrt(u / 2)) / (2 sqrt(u)) on [0, 0.25], 2^-28.7 relative to
/// erfc(sqrt(u / 2)).
static constexpr double centreCoefficients[] = {3.9894226e-01, -6.648949e-02,
                                                9.961251e-03, -1.1229963e-03};

Value glu::emitGelu(FloatEmitter &e, Value x, double scale) {
  double unit = std::sqrt(2.0) * scale;
  Value y = e.minKeepNaN(e.abs(x), tailRange / unit);
  Value result = emitFromTail(e, x, emitErfcTail(e, y, scale, true));
  // Near zero x (1 + erf(scale x)) / 2 is more exact as it stands.
  SmallVector<double> coefficients;
  double power = unit;
  for (double c : centreCoefficients) {
    coefficients.push_back(c * power);
    power *= unit * unit;
  }
  Value half = e.polynomial(e.mul(y, y), coefficients);
  Value centre = e.mul(x, e.fma(x, half, e.constant(0.5)));
  Value near = e.compare(FloatEmitter::Predicate::OLT, y, 0.5 / unit);
  return e.select(near, centre, result);
}

Value glu::emitErfc(FloatEmitter &e, Value x) {
  Value y = e.minKeepNaN(e.abs(x), tailRange / std::sqrt(2.0));
  Value tail = emitErfcTail(e, y, 1, false);
  Value negative = e.compare(FloatEmitter::Predicate::OLT, x, 0);
  Value factor =
      e.select(negative, e.constant(-2 * tailUnit), e.constant(2 * tailUnit));
  return e.fma(tail, factor, e.select(negative, e.constant(2), e.constant(0)));
}

/// -log(erfc(x)) / x on [0, 4], 2^-27.9 relative to erf. The first coefficient
/// is a sum of two floats, 2 / sqrt(pi).
static constexpr double erfFirst = 1.128379225730896;
static constexpr double erfCoefficients[] = {
    -5.4119308e-08, 6.366194e-01,   1.02777824e-01,
    -1.9153068e-02, -1.6039486e-04, 1.6670261e-03,
    -6.32836e-04,   1.1764102e-04,  -9.256235e-06};

Value glu::emitErf(FloatEmitter &e, Value x) {
  // erf(|x|) = -expm1(log(erfc(|x|))), exact in the relative sense near 0 too.
  // Beyond 3.93 erf is 1.
  Value y = e.minKeepNaN(e.abs(x), 4);
  Value rest = e.mul(y, e.polynomial(y, erfCoefficients));
  Value log = e.fma(y, e.constant(erfFirst), rest);
  // With the rate -1, expm1(-log) / -1 is the result.
  ExpM1Parts parts = emitExpM1Parts(e, log, -1);
  Value result =
      e.fma(parts.scale, parts.fraction, e.sub(e.constant(1), parts.scale));
  return e.copySign(result, x);
}
