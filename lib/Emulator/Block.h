//===- Block.h - The threads of a block, and who runs when ------*- C++ -*-===//
//
// Each thread is a fiber that runs until it waits for others: at a barrier, or
// at an instruction of its warp. Which one goes on is drawn by lot.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_BLOCK_H
#define GLU_LIB_EMULATOR_BLOCK_H

#include "Fiber.h"
#include "Memory.h"
#include "Shadow.h"

#include "glu/Emulator/Emulator.h"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace glu {

constexpr unsigned warpSize = 32;

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
  uint64_t count() const { return uint64_t(x) * y * z; }
};

/// A copy from global to shared memory that is on its way.
struct AsyncCopy {
  size_t offset; ///< In shared memory.
  std::vector<char> data;
};

struct Thread {
  Fiber fiber;
  Dim3 id;
  bool isDone = false, isReady = true;
  /// For reports: at what, and of a barrier, which one.
  const char *waitsAt = "";
  uint32_t barrier = 0;
  /// Copies not yet in a group, and groups, oldest first.
  std::vector<AsyncCopy> copies;
  std::vector<std::vector<AsyncCopy>> groups;
  /// What it brings to an instruction of its warp.
  const void *operands[4] = {};
  void *result = nullptr;
};

/// Threads that wait for each other: at a barrier, or at an instruction.
struct Rendezvous {
  std::vector<uint32_t> members;
  uint32_t expected = 0;
  const char *what = "";
};

/// One launch, block by block. `current` is the one that runs.
class Launch {
public:
  Launch(const EmulatedKernel &kernel, Dim3 grid, Dim3 block,
         size_t sharedBytes, void **parameters, GlobalMemory &memory,
         uint32_t number, uint64_t seed);

  /// Runs all blocks, in any order; what went wrong, or nothing.
  std::string run();

  static Launch *current;

  // What instructions call, in a thread of the launch.

  Thread &getThread() { return threads[running]; }
  uint32_t getThreadNumber() const { return running; }
  Dim3 getBlockId() const { return blockId; }
  Dim3 getBlockSize() const { return block; }
  Dim3 getGridSize() const { return grid; }
  char *getShared() { return shared.data(); }
  bool isShared(const void *pointer, size_t bytes) const;
  std::mt19937_64 &getRandom() { return random; }
  uint32_t countThreads() const { return uint32_t(threads.size()); }

  enum class Kind { Read, Write, AsyncWrite };
  /// Checks an access of the running thread.
  void access(Kind kind, const void *pointer, size_t bytes, size_t alignment,
              int32_t site);
  /// Waits until `expected` threads have come to barrier `id`.
  void barrier(uint32_t id, uint32_t expected);
  /// Waits until all lanes of `mask` have come to `what`; the last one runs
  /// `execute` for all. With `orders`, what they did before is visible to all.
  void warpInstruction(const char *what, uint32_t mask, bool orders,
                       void (*execute)(Launch &, uint32_t firstThread,
                                       uint32_t mask));
  Thread &getLane(uint32_t firstThread, uint32_t lane) {
    return threads[firstThread + lane];
  }
  void completeCopies(Thread &thread, size_t groupsLeft);
  /// Ends the launch with an error; does not return, so nothing of the thread's
  /// is destroyed.
  [[noreturn]] void fail(std::string message, int32_t site = -1);

private:
  void runBlock(Dim3 id);
  void accessGlobal(Kind kind, GlobalBuffer &buffer, size_t offset,
                    size_t bytes, int32_t site);
  static void runThread(void *launch);
  void wait();
  void release(Rendezvous &rendezvous, bool orders);
  std::string describeDeadlock() const;

  const EmulatedKernel &kernel;
  Dim3 grid, block, blockId;
  void **parameters;
  GlobalMemory &memory;
  uint32_t number; ///< Of the launch, from 1 on.
  std::mt19937_64 random;
  std::vector<Thread> threads;
  std::vector<Clock> clocks;
  std::vector<uint32_t> ready;
  uint32_t running = 0, left = 0;
  Fiber scheduler;
  std::vector<char> shared;
  SharedShadow shadow;
  std::map<uint32_t, Rendezvous> barriers; ///< By number.
  std::map<uint32_t, Rendezvous> warps;    ///< By number of the warp.
  std::string error;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_BLOCK_H
