//===- Descriptors.cpp - Matrices in shared memory ------------------------===//

#include "Descriptors.h"
#include "Swizzle.h"

using namespace glu;

MatrixDescriptor::MatrixDescriptor(uint64_t bits)
    : start(uint32_t(bits & 0x3fff) << 4),
      leading(uint32_t(bits >> 16 & 0x3fff) << 4),
      stride(uint32_t(bits >> 32 & 0x3fff) << 4),
      baseOffset(unsigned(bits >> 49 & 7)),
      // 1 is 128 bytes, 3 is 32.
      swizzle(bits >> 62 ? 4 - unsigned(bits >> 62) : 0),
      hasReserved((bits & 0x3ff1c000c000c000u) != 0) {}

std::string MatrixDescriptor::check() const {
  if (hasReserved)
    return "has bits that mean nothing";
  if (baseOffset)
    return "has a base offset, which the emulator does not know";
  uint32_t period = getSwizzlePeriod(swizzle);
  // Within the pattern only the chunk may differ, which is what steps along K
  // change.
  if (swizzle && start % period >= 128)
    return "is of a matrix that does not begin where its swizzle does, at a "
           "multiple of " +
           std::to_string(period) + " bytes";
  return "";
}

uint32_t MatrixDescriptor::getChunk(bool isKMajor, uint32_t inner,
                                    uint32_t outer,
                                    unsigned elementBytes) const {
  // In chunks of 16 bytes: `line` is one of the eight of a core matrix.
  uint32_t chunk = inner * elementBytes / 16, line = outer % 8,
           block = outer / 8;
  uint32_t width = 1u << swizzle; // Of a line of the swizzle, in chunks.
  uint32_t offset;
  if (isKMajor)
    offset =
        line * 16 * width + block * stride + chunk * (swizzle ? 16 : leading);
  else if (swizzle)
    offset = line * 16 * width + block * stride + chunk % width * 16 +
             chunk / width * leading;
  else
    offset = line * 16 + block * leading + chunk * stride;
  return glu::swizzle(start + offset, swizzle) & 0x3ffff;
}
