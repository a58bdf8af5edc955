//===- Memory.cpp - The memory of the emulated GPU ------------------------===//

#include "Memory.h"

#include <cstdlib>
#include <cstring>

using namespace glu;

void *GlobalMemory::allocate(size_t bytes) {
  // Room between buffers, so that a step beyond one is not in the next.
  constexpr size_t alignment = 256;
  size_t size = (bytes + 2 * alignment - 1) / alignment * alignment;
  void *pointer = std::aligned_alloc(alignment, size);
  if (!pointer)
    return nullptr;
  std::memset(pointer, 0xff, size);
  auto begin = reinterpret_cast<uintptr_t>(pointer);
  buffers[begin + bytes] = {begin, begin + bytes};
  return pointer;
}

bool GlobalMemory::free(void *pointer) {
  auto begin = reinterpret_cast<uintptr_t>(pointer);
  auto found = buffers.lower_bound(begin);
  if (found == buffers.end() || found->second.begin != begin)
    return false;
  buffers.erase(found);
  for (Range &range : recent)
    range = Range();
  std::free(pointer);
  return true;
}

bool GlobalMemory::contains(const void *pointer, size_t bytes) const {
  auto begin = reinterpret_cast<uintptr_t>(pointer), end = begin + bytes;
  for (const Range &range : recent)
    if (range.begin <= begin && end <= range.end && range.begin)
      return true;
  auto found = buffers.lower_bound(end);
  if (found == buffers.end() || begin < found->second.begin)
    return false;
  recent[next++ % 4] = found->second;
  return true;
}
