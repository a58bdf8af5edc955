//===- Descriptors.h - Matrices in shared memory ----------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_DESCRIPTORS_H
#define GLU_LIB_EMULATOR_DESCRIPTORS_H

#include <cstdint>
#include <string>

namespace glu {

/// A matrix descriptor of wgmma. PTX ISA manual, "Asynchronous Warpgroup Level
/// Matrix Shared Memory Layout" and "Matrix Descriptor Format".
struct MatrixDescriptor {
  uint32_t start;      ///< Addresses and strides in bytes.
  uint32_t leading;    ///< LBO.
  uint32_t stride;     ///< SBO.
  unsigned baseOffset; ///< Of the pattern.
  unsigned swizzle;    ///< 0, or 1 to 3 for 32, 64 and 128 bytes.
  bool hasReserved;    ///< Bits are set that have no meaning.

  explicit MatrixDescriptor(uint64_t bits);

  /// Why no product takes it, or nothing.
  std::string check() const;

  /// The address of the chunk of 16 bytes in which an element is, and the bytes
  /// from there. Elements lie along K, or along M or N: then `inner` is the
  /// number along the latter, otherwise along K.
  uint32_t getChunk(bool isKMajor, uint32_t inner, uint32_t outer,
                    unsigned elementBytes) const;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_DESCRIPTORS_H
