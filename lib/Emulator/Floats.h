//===- Floats.h - Narrow floating-point numbers -----------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_FLOATS_H
#define GLU_LIB_EMULATOR_FLOATS_H

#include <cmath>
#include <cstdint>
#include <cstring>

namespace glu {

/// Types of the operands of matrix products, as rewritten kernels number them.
enum class Element : int32_t { F16, BF16, E4M3, E5M2 };

inline unsigned getBytes(Element element) {
  return element == Element::F16 || element == Element::BF16 ? 2 : 1;
}

inline float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

inline float fromHalf(uint16_t bits) {
  uint32_t magnitude = uint32_t(bits & 0x7fff) << 13;
  // The exponent begins 112 lower; that of infinities and NaNs is all ones.
  float value = (bits & 0x7c00) == 0x7c00 ? fromBits(magnitude | 0x7f800000)
                                          : fromBits(magnitude) * 0x1p112f;
  return bits >> 15 ? -value : value;
}

inline float fromBFloat(uint16_t bits) {
  return fromBits(uint32_t(bits) << 16);
}

/// It has the exponents of a half.
inline float fromE5M2(uint8_t bits) { return fromHalf(uint16_t(bits << 8)); }

/// There are no infinities, and NaN only with all ones.
inline float fromE4M3(uint8_t bits) {
  int exponent = bits >> 3 & 15, fraction = bits & 7;
  float magnitude = (bits & 127) == 127 ? NAN
                    : exponent == 0
                        ? std::ldexp(float(fraction), -9)
                        : std::ldexp(float(fraction + 8), exponent - 10);
  return bits >> 7 ? -magnitude : magnitude;
}

inline float fromBytes(Element element, const char *bytes) {
  uint16_t wide = 0;
  std::memcpy(&wide, bytes, getBytes(element));
  switch (element) {
  case Element::F16:
    return fromHalf(wide);
  case Element::BF16:
    return fromBFloat(wide);
  case Element::E4M3:
    return fromE4M3(uint8_t(wide));
  case Element::E5M2:
    return fromE5M2(uint8_t(wide));
  }
  return NAN;
}

} // namespace glu

#endif // GLU_LIB_EMULATOR_FLOATS_H
