//===- Swizzle.h - How the bytes of a tile are permuted ---------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_SWIZZLE_H
#define GLU_LIB_EMULATOR_SWIZZLE_H

#include <cstdint>

namespace glu {

/// Chunks of 16 bytes within 32, 64 or 128 bytes (1, 2 and 3; 0 is none) are
/// permuted by the number of the line of 128 bytes that they are in. The
/// address is one of shared memory. PTX ISA manual, "Swizzling Modes".
inline uint32_t swizzle(uint32_t address, unsigned mode) {
  uint32_t mask = (1u << mode) - 1;
  return address ^ ((address >> 7 & mask) << 4);
}

/// After so many bytes the pattern begins anew.
inline uint32_t getSwizzlePeriod(unsigned mode) { return 128u << mode; }

} // namespace glu

#endif // GLU_LIB_EMULATOR_SWIZZLE_H
