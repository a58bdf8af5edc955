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
  buffers[begin + bytes] = {begin, begin + bytes, {}};
  return pointer;
}

bool GlobalMemory::free(void *pointer) {
  auto begin = reinterpret_cast<uintptr_t>(pointer);
  auto found = buffers.lower_bound(begin);
  if (found == buffers.end() || found->second.begin != begin)
    return false;
  buffers.erase(found);
  for (GlobalBuffer *&buffer : recent)
    buffer = nullptr;
  std::free(pointer);
  return true;
}

GlobalBuffer *GlobalMemory::find(const void *pointer, size_t bytes) {
  auto begin = reinterpret_cast<uintptr_t>(pointer), end = begin + bytes;
  for (GlobalBuffer *buffer : recent)
    if (buffer && buffer->begin <= begin && end <= buffer->end)
      return buffer;
  auto found = buffers.lower_bound(end);
  if (found == buffers.end() || begin < found->second.begin)
    return nullptr;
  return recent[next++ % 4] = &found->second;
}
