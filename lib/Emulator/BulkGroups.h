//===- BulkGroups.h - Copies out of shared memory ---------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_BULKGROUPS_H
#define GLU_LIB_EMULATOR_BULKGROUPS_H

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace glu {

/// A copy out of shared memory: it reads all of it, then writes.
struct BulkStore {
  std::function<void()> read, write;
  bool isRead = false, isWritten = false;

  void completeRead() {
    if (!std::exchange(isRead, true))
      read();
  }
  void complete() {
    completeRead();
    if (!std::exchange(isWritten, true))
      write();
  }
};

/// The groups that a thread's copies are in. In background, the copies of group
/// i, counted from 1, are a unit's at its time i: one unit reads, one writes.
struct BulkGroups {
  uint32_t readUnit = 0, writeUnit = 0; ///< 0: none yet.
  uint32_t committed = 0, readWaited = 0;
  uint32_t last = 0; ///< The last group that has copies.
  std::vector<std::pair<uint32_t, std::shared_ptr<BulkStore>>> stores;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_BULKGROUPS_H
