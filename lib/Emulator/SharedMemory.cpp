//===- SharedMemory.cpp - Shared memory of a cluster ----------------------===//

#include "SharedMemory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace glu;

/// Outlives launches, as stacks do.
static char *getRegion() {
  constexpr size_t mostBlocks = 16;
  static char *region = static_cast<char *>(std::aligned_alloc(
      SharedMemory::windowBytes, mostBlocks * SharedMemory::windowBytes));
  if (!region) {
    std::perror("emulator: no memory for shared memory");
    std::abort();
  }
  return region;
}

SharedMemory::SharedMemory(size_t blocks, size_t bytes)
    : blocks(blocks), bytes(bytes), region(getRegion()) {}

void SharedMemory::reset() {
  for (size_t i = 0; i < blocks; ++i)
    std::memset(getBegin(i), 0xff, bytes);
}

bool SharedMemory::contains(const void *pointer, size_t size) const {
  auto *address = static_cast<const char *>(pointer);
  if (address < region || address >= region + blocks * windowBytes)
    return false;
  uint32_t inWindow = getAddress(pointer);
  return inWindow >= reservedBytes && inWindow + size <= reservedBytes + bytes;
}
