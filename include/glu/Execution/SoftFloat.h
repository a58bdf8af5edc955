//===- SoftFloat.h - Narrow floats by bits ----------------------*- C++ -*-===//
//
// Conversions between f32/f64 and the two-byte floats, rounding to nearest,
// ties to even, exact for infinities, NaN kept. Used on data of the host and,
// under the names of the compiler's runtime library, by compiled code on chips
// that have no such instructions.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_SOFTFLOAT_H
#define GLU_EXECUTION_SOFTFLOAT_H

#include <cstdint>

namespace glu {

/// The value of an IEEE binary16, given its bits.
float fromHalf(uint16_t bits);
/// The value of a bfloat16, given its bits.
float fromBFloat(uint16_t bits);
/// The bits of the binary16 nearest to `value`; one rounding, from f64 too.
uint16_t toHalf(double value);
/// The bits of the bfloat16 nearest to `value`; one rounding, from f64 too.
uint16_t toBFloat(double value);

} // namespace glu

#endif // GLU_EXECUTION_SOFTFLOAT_H
