//===- SoftFloat.cpp - Narrow floats by bits ------------------------------===//

#include "glu/Execution/SoftFloat.h"

#include <cmath>
#include <cstring>

using namespace glu;

template <typename To, typename From>
static To bitCast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(to));
  return to;
}

float glu::fromBFloat(uint16_t bits) {
  return bitCast<float>(uint32_t(bits) << 16);
}

float glu::fromHalf(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 0x1f, mantissa = bits & 0x3ff;
  if (exponent == 0x1f)
    return bitCast<float>(sign | 0x7f800000 | (mantissa << 13));
  if (exponent == 0) // Zero or subnormal: a multiple of 2^-24.
    return bitCast<float>(sign | bitCast<uint32_t>(float(mantissa) * 0x1p-24f));
  return bitCast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

/// The bits of the nearest float with `mantissaBits` bits after the point and
/// `exponentBits` bits of exponent.
static uint16_t round(double value, int mantissaBits, int exponentBits) {
  uint64_t bits = bitCast<uint64_t>(value);
  uint16_t sign = uint16_t(bits >> 63) << 15;
  uint16_t infinity = ((1 << exponentBits) - 1) << mantissaBits;
  if (std::isnan(value)) // Quiet, with the upper bits of the payload.
    return sign | infinity | (1 << (mantissaBits - 1)) |
           uint16_t((bits >> (52 - mantissaBits)) & ((1 << mantissaBits) - 1));
  double magnitude = std::fabs(value);
  int bias = (1 << (exponentBits - 1)) - 1;
  // 2^unit is the distance between neighbours around `magnitude`.
  int exponent =
      magnitude == 0 ? -bias : std::ilogb(std::fmin(magnitude, 0x1p1000));
  int unit = (exponent < 1 - bias ? 1 - bias : exponent) - mantissaBits;
  // Scaling by powers of two is exact; nearbyint rounds to even, the default.
  double steps = std::nearbyint(std::ldexp(magnitude, -unit));
  // Steps carry into the exponent as they should, up to infinity.
  double code =
      steps + std::ldexp(double(unit + mantissaBits + bias - 1), mantissaBits);
  return sign | (code >= infinity ? infinity : uint16_t(code));
}

uint16_t glu::toHalf(double value) { return round(value, 10, 5); }

uint16_t glu::toBFloat(double value) { return round(value, 7, 8); }
