//===- Shadow.h - Who touched shared memory last ----------------*- C++ -*-===//
//
// Each byte of shared memory remembers its last writer and two readers, so that
// a race is found whatever order the threads happened to run in.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_SHADOW_H
#define GLU_LIB_EMULATOR_SHADOW_H

#include "Clock.h"

namespace glu {

/// Who accesses memory: a thread, or a unit for one, at a time of its clock.
struct Accessor {
  uint32_t number = 0, time = 0;
  /// Through the asynchronous proxy: nothing is in order but what the threads
  /// know that started it, and of writes by threads they have a fence.
  bool isAsync = false;
};

/// What is wrong with an access, and who the other one was.
struct Conflict {
  enum Kind {
    None,
    Pending,    ///< cp.async is still writing.
    Unwritten,  ///< Nobody has written.
    Writer,     ///< Not in order with the last write.
    Reader,     ///< Not in order with a read.
    ProxyFence, ///< In order with a write by a thread, but without a fence.
    Mbarrier    ///< An mbarrier is there.
  };
  Kind kind = None;
  uint32_t other = 0;
};

class SharedShadow {
public:
  /// Numbers below `threadCount` are those of threads.
  void reset(size_t bytes, uint32_t threadCount) {
    cells.assign(bytes, Cell());
    threads = threadCount;
  }

  enum class Access { Read, Write, AsyncWrite };

  /// Notes an access by somebody who knows what `clock` does.
  Conflict access(Access access, size_t offset, size_t bytes, Accessor accessor,
                  const Clock &clock);

  /// An asynchronous copy by `thread` is done: from now on these are its
  /// writes.
  void completeAsync(size_t offset, size_t bytes, uint32_t thread,
                     const Clock &clock);

  /// An mbarrier is at these bytes from now on, or no longer.
  void setMbarrier(size_t offset, size_t bytes, bool isMbarrier);

private:
  /// Threads and units are counted from 1; 0 is nobody.
  struct Stamp {
    uint32_t number = 0, time = 0;
    bool operator==(const Stamp &other) const {
      return number == other.number && time == other.time;
    }
  };
  struct Cell {
    Stamp writer, readers[2];
    bool isPending = false; ///< A copy is still writing it.
    bool isMbarrier = false;
    bool operator==(const Cell &other) const {
      return writer == other.writer && readers[0] == other.readers[0] &&
             readers[1] == other.readers[1] && isPending == other.isPending &&
             isMbarrier == other.isMbarrier;
    }
  };
  Conflict access(Cell &cell, Access access, Accessor accessor,
                  const Clock &clock) const;

  std::vector<Cell> cells;
  uint32_t threads = 0;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_SHADOW_H
