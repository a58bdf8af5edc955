//===- Memory.h - The memory of the emulated GPU ----------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_MEMORY_H
#define GLU_LIB_EMULATOR_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace glu {

/// Who wrote a byte last: in which launch, counted from 1, and when by the
/// clock of the thread or unit.
struct GlobalStamp {
  uint32_t launch = 0, cluster = 0, thread = 0, time = 0;
};

struct GlobalBuffer {
  uintptr_t begin = 0, end = 0;
  /// One a byte, once a kernel has written to the buffer.
  std::vector<GlobalStamp> stamps;
};

/// Buffers in global memory. They start out full of ones, which are NaNs in
/// every float type.
class GlobalMemory {
public:
  void *allocate(size_t bytes);
  /// False if there is no buffer at `pointer`.
  bool free(void *pointer);
  /// The buffer in which all the bytes lie, or null.
  GlobalBuffer *find(const void *pointer, size_t bytes);

private:
  std::map<uintptr_t, GlobalBuffer> buffers; ///< By where they end.
  GlobalBuffer *recent[4] = {};
  unsigned next = 0;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_MEMORY_H
