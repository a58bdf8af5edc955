//===- Exponentials.cpp - exp, exp2, expm1, log, log1p, softplus, tanh ----===//
//
// The polynomials are minimax fits (Remez), rounded to f32 coefficient by
// coefficient; each comment says the interval and the error before rounding.
//
//===----------------------------------------------------------------------===//

#include "Approximations.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace glu;

static constexpr double log2e = 1.44269504088896340736;
static constexpr double ln2 = 0.69314718055994530942;
static constexpr double infinity = std::numeric_limits<double>::infinity();

/// Adding this to |x| < 2^22 rounds x to an integer, which then lies in the low
/// bits of the sum; with the exponent bias added, shifting those bits to the
/// exponent's place makes 2^x.
static double roundingConstant(int bias) { return 0x1.8p23 + 127 + bias; }

static Value powerOfTwo(FloatEmitter &e, Value rounded) {
  return e.fromBits(e.shiftLeft(e.toBits(rounded), 23));
}

/// (2^x - 1) / x on [-0.5, 0.5], 2^-28.5 relative to 2^x.
static constexpr double exp2Coefficients[] = {6.9314724e-01, 2.4022654e-01,
                                              5.5502992e-02, 9.617691e-03,
                                              1.3406797e-03, 1.5595078e-04};

static ScaledExp scaledExp2(FloatEmitter &e, Value x, double rate,
                            Value rounding, Value low = {}) {
  double high = static_cast<float>(rate);
  Value rateHigh = e.constant(high);
  Value rounded = e.fma(x, rateHigh, rounding);
  Value minusInteger = e.sub(rounding, rounded);
  Value f = e.fma(x, rateHigh, minusInteger);
  if (rate != high)
    f = e.fma(x, e.constant(rate - high), f);
  if (low)
    f = e.fma(low, rateHigh, f);
  return {f, e.polynomial(f, exp2Coefficients), powerOfTwo(e, rounded)};
}

ScaledExp glu::emitScaledExp(FloatEmitter &e, Value x, double rate, int bias,
                             Value low) {
  if (e.hasExp2()) {
    Value slope = e.constant(rate * log2e);
    Value power = e.fma(x, slope, e.constant(bias));
    return {{}, {}, e.exp2(low ? e.fma(low, slope, power) : power)};
  }
  return scaledExp2(e, x, rate * log2e, e.constant(roundingConstant(bias)),
                    low);
}

/// 2^(rate x). The result is made at 2^64 times its size where it is small and
/// 2^-64 where it is large, so that one last rounding makes denormals and
/// infinity.
static Value emitPower(FloatEmitter &e, Value x, double rate) {
  if (e.hasExp2())
    return e.exp2(rate == 1 ? x : e.mul(x, e.constant(rate)));
  Value t = e.maxKeepNaN(e.minKeepNaN(x, 130 / rate), -153 / rate);
  Value small = e.compare(FloatEmitter::Predicate::OLT, x, 0);
  Value rounding = e.select(small, e.constant(roundingConstant(64)),
                            e.constant(roundingConstant(-64)));
  ScaledExp power = scaledExp2(e, t, rate, rounding);
  Value unscale = e.select(small, e.constant(0x1p-64), e.constant(0x1p64));
  return e.mul(e.mul(power.mantissa(e), power.scale), unscale);
}

Value glu::emitExp(FloatEmitter &e, Value x) { return emitPower(e, x, log2e); }
Value glu::emitExp2(FloatEmitter &e, Value x) { return emitPower(e, x, 1); }

/// (expm1(x) - x) / x^2 on [-ln2/2, ln2/2], 2^-32 relative to expm1(x).
static constexpr double expM1Coefficients[] = {5.0e-01,       1.6666666e-01,
                                               4.166642e-02,  8.333464e-03,
                                               1.3940649e-03, 1.9845876e-04};

ExpM1Parts glu::emitExpM1Parts(FloatEmitter &e, Value t, double rate,
                               int bias) {
  Value rounding = e.constant(roundingConstant(bias));
  Value rounded = e.fma(t, e.constant(rate * log2e), rounding);
  Value minusInteger = e.sub(rounding, rounded);
  double high = static_cast<float>(ln2 / rate);
  Value r = e.fma(minusInteger, e.constant(high), t);
  r = e.fma(minusInteger, e.constant(ln2 / rate - high), r);
  SmallVector<double> coefficients;
  double power = rate;
  for (double c : expM1Coefficients) {
    coefficients.push_back(c * power);
    power *= rate;
  }
  Value square = e.mul(r, r);
  Value fraction = e.fma(square, e.polynomial(r, coefficients), r);
  return {fraction, powerOfTwo(e, rounded)};
}

Value glu::emitExpM1(FloatEmitter &e, Value x) {
  // Halves are summed, as 2^128 is no f32.
  Value t = e.maxKeepNaN(e.minKeepNaN(x, 88.8), -30);
  ExpM1Parts parts = emitExpM1Parts(e, t, 1, /*bias=*/-1);
  Value half =
      e.fma(parts.scale, parts.fraction, e.add(parts.scale, e.constant(-0.5)));
  Value result = e.add(half, half);
  // The last bit of denormals and the sign of zero.
  Value tiny = e.compare(FloatEmitter::Predicate::OLT, e.abs(x), 0x1p-30);
  return e.select(tiny, x, result);
}

Value glu::emitTanh(FloatEmitter &e, Value x) {
  // h / (h + 1), h = expm1(2 |x|) / 2. Beyond 9.1 tanh is 1.
  Value t = e.minKeepNaN(e.abs(x), 9.2);
  ExpM1Parts parts = emitExpM1Parts(e, t, 2);
  Value offset = e.fma(parts.scale, e.constant(0.5), e.constant(-0.5));
  Value h = e.fma(parts.scale, parts.fraction, offset);
  return e.copySign(e.div(h, e.add(h, e.constant(1))), x);
}

/// (log1p(x) - x) / x^2 on [-1/3, 1/3], 2^-27.6 relative to log1p(x).
static constexpr double logCoefficients[] = {
    -5.0e-01,     3.3333197e-01, -2.4999921e-01, 2.0011504e-01, -1.6674313e-01,
    1.398766e-01, -1.227771e-01, 1.4075035e-01,  -1.2454014e-01};

/// `exponent` ln 2 + log1p(f).
static Value emitLogSum(FloatEmitter &e, Value exponent, Value f) {
  Value square = e.mul(f, f);
  Value log = e.fma(square, e.polynomial(f, logCoefficients), f);
  return e.fma(exponent, e.constant(ln2), log);
}

/// The exponent n for which u 2^-n lies in [2/3, 4/3), times 2^23; an i32. `u`
/// is positive and normal.
static Value exponentBits(FloatEmitter &e, Value u) {
  const int32_t twoThirds = 0x3f2aaaab;
  Value n = e.intSub(e.toBits(u), e.intConstant(twoThirds));
  return e.shiftLeft(e.shiftRightSigned(n, 23), 23);
}

/// The limits of a logarithm of `u`: `x` itself where u is +inf or NaN.
static Value withLogLimits(FloatEmitter &e, Value u, Value result, Value x) {
  using P = FloatEmitter::Predicate;
  result = e.select(e.compare(P::OLT, u, infinity), result, x);
  result = e.select(e.compare(P::OEQ, u, 0), e.constant(-infinity), result);
  return e.select(e.compare(P::OLT, u, 0),
                  e.constant(std::numeric_limits<double>::quiet_NaN()), result);
}

Value glu::emitLog(FloatEmitter &e, Value x) {
  Value denormal = e.compare(FloatEmitter::Predicate::OLT, x, 0x1p-126);
  Value u = e.select(denormal, e.mul(x, e.constant(0x1p23)), x);
  Value bits = exponentBits(e, u);
  Value f = e.sub(e.fromBits(e.intSub(e.toBits(u), bits)), e.constant(1));
  Value exponent = e.fma(e.intToFloat(bits), e.constant(0x1p-23),
                         e.select(denormal, e.constant(-23), e.constant(0)));
  return withLogLimits(e, x, emitLogSum(e, exponent, f), x);
}

/// log1p(x) for finite x > -1, without limits.
static Value emitLog1pCore(FloatEmitter &e, Value u, Value x) {
  // f = (1 + x) 2^-n - 1 with x itself, not the rounded sum u: 4 f, as 2^-n
  // alone may be too small.
  Value bits = exponentBits(e, u);
  Value scale = e.fromBits(e.intSub(e.intConstant((127 + 2) << 23), bits));
  Value f = e.fma(x, scale, e.add(scale, e.constant(-4)));
  Value exponent = e.mul(e.intToFloat(bits), e.constant(0x1p-23));
  return emitLogSum(e, exponent, e.mul(f, e.constant(0.25)));
}

Value glu::emitLog1p(FloatEmitter &e, Value x) {
  Value u = e.add(x, e.constant(1));
  Value result = withLogLimits(e, u, emitLog1pCore(e, u, x), x);
  // The sign of zero.
  return e.select(e.compare(FloatEmitter::Predicate::OEQ, x, 0), x, result);
}

Value glu::emitSoftplus(FloatEmitter &e, Value x) {
  // max(x, 0) + log1p(exp(-|x|)); NaN comes through the maximum.
  Value t = e.minKeepNaN(e.abs(x), 106);
  ScaledExp exp = emitScaledExp(e, t, -1, /*bias=*/48);
  Value power = e.mul(e.mul(exp.mantissa(e), exp.scale), e.constant(0x1p-48));
  Value u = e.add(power, e.constant(1));
  return e.add(e.maxKeepNaN(x, 0), emitLog1pCore(e, u, power));
}
