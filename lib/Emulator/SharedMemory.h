//===- SharedMemory.h - Shared memory of a cluster --------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_SHAREDMEMORY_H
#define GLU_LIB_EMULATOR_SHAREDMEMORY_H

#include <cstddef>
#include <cstdint>

namespace glu {

/// The blocks of a cluster have a window of addresses each. Addresses in it are
/// what instructions and descriptors hold; the first kilobyte is the system's.
class SharedMemory {
public:
  static constexpr size_t windowBytes = 256 << 10, reservedBytes = 1024;
  /// What a block may have: 227 KiB.
  static constexpr size_t mostBytes = 227 << 10;

  SharedMemory(size_t blocks, size_t bytes);

  /// Full of ones, which are NaNs if a kernel reads them all the same.
  void reset();
  size_t getSize() const { return bytes; }
  size_t getTotalSize() const { return blocks * bytes; }
  char *getBegin(uint32_t rank) const {
    return region + rank * windowBytes + reservedBytes;
  }
  bool contains(const void *pointer, size_t size) const;
  /// Of bytes in it: the block's rank, the address in its window, the offset in
  /// the bytes of all blocks.
  uint32_t getRank(const void *pointer) const {
    return uint32_t(getDistance(pointer) / windowBytes);
  }
  uint32_t getAddress(const void *pointer) const {
    return uint32_t(getDistance(pointer) % windowBytes);
  }
  size_t getOffset(const void *pointer) const {
    return getRank(pointer) * bytes + getAddress(pointer) - reservedBytes;
  }
  char *getPointer(uint32_t rank, uint32_t address) const {
    return region + rank * windowBytes + address % windowBytes;
  }

private:
  size_t getDistance(const void *pointer) const {
    return static_cast<const char *>(pointer) - region;
  }
  size_t blocks, bytes;
  char *region;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_SHAREDMEMORY_H
