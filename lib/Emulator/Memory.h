//===- Memory.h - The memory of the emulated GPU ----------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_MEMORY_H
#define GLU_LIB_EMULATOR_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>

namespace glu {

/// Buffers in global memory. They start out full of ones, which are NaNs in
/// every float type.
class GlobalMemory {
public:
  void *allocate(size_t bytes);
  /// False if there is no buffer at `pointer`.
  bool free(void *pointer);
  /// Whether all the bytes lie in one buffer.
  bool contains(const void *pointer, size_t bytes) const;

private:
  struct Range {
    uintptr_t begin = 0, end = 0;
  };
  std::map<uintptr_t, Range> buffers; ///< By where they end.
  mutable Range recent[4];
  mutable unsigned next = 0;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_MEMORY_H
