//===- Shadow.h - Who touched shared memory last ----------------*- C++ -*-===//
//
// Vector clocks: an access is in order with another thread's if a barrier that
// both took part in lies between. Each byte of shared memory remembers its last
// writer and two readers, so that a race is found whatever order the threads
// happened to run in.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_SHADOW_H
#define GLU_LIB_EMULATOR_SHADOW_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace glu {

/// What one thread knows of the others' progress. Threads that left the same
/// barrier share what they know.
struct Clock {
  std::shared_ptr<const std::vector<uint32_t>> known;
  uint32_t own = 1;

  /// Whether what `thread` did at its time `time` is done.
  bool covers(uint32_t thread, uint32_t time) const {
    return (*known)[thread] >= time;
  }
};

/// Lets all threads in `members` know what each of them knew.
void joinClocks(std::vector<Clock> &clocks,
                const std::vector<uint32_t> &members);

class SharedShadow {
public:
  void reset(size_t bytes) { cells.assign(bytes, Cell()); }

  enum class Access { Read, Write, AsyncWrite };

  /// Notes an access; returns what is wrong with it, or nothing.
  std::string access(Access access, size_t offset, size_t bytes,
                     uint32_t thread, const Clock &clock);

  /// An asynchronous copy by `thread` is done: from now on these are its
  /// writes.
  void completeAsync(size_t offset, size_t bytes, uint32_t thread,
                     const Clock &clock);

private:
  /// Threads are counted from 1; 0 is nobody.
  struct Stamp {
    uint32_t thread = 0, time = 0;
  };
  struct Cell {
    Stamp writer, readers[2];
    bool isPending = false; ///< A copy is still writing it.
  };
  std::vector<Cell> cells;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_SHADOW_H
