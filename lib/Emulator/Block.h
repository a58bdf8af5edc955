//===- Block.h - The threads of a cluster, and who runs when -----*- C++
//-*-===//
//
// Each thread is a fiber that runs until it waits for others: at a barrier, or
// at an instruction of its warp. Which one goes on is drawn by lot. The blocks
// of a cluster, mostly one, run together.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_BLOCK_H
#define GLU_LIB_EMULATOR_BLOCK_H

#include "Accumulators.h"
#include "AsyncWork.h"
#include "BulkGroups.h"
#include "Clusters.h"
#include "Fiber.h"
#include "Mbarrier.h"
#include "Memory.h"
#include "Registers.h"
#include "Shadow.h"
#include "SharedMemory.h"
#include "Wgmma.h"

#include "glu/Emulator/Emulator.h"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace glu {

constexpr unsigned warpSize = 32, warpgroupSize = 128;

struct Dim3 {
  uint32_t x = 1, y = 1, z = 1;
  uint64_t count() const { return uint64_t(x) * y * z; }
  /// The `i`-th, x first.
  Dim3 at(uint64_t i) const {
    return {uint32_t(i % x), uint32_t(i / x % y), uint32_t(i / x / y)};
  }
};

/// A copy from global to shared memory that is on its way.
struct AsyncCopy {
  char *target; ///< In shared memory.
  std::vector<char> data;
};

struct Thread {
  Fiber fiber;
  Dim3 id;
  bool isDone = false;
  /// For reports: at what, of a barrier or mbarrier which one, and where.
  const char *waitsAt = "";
  uint64_t waitsFor = 0;
  int32_t site = -1;
  /// Copies not yet in a group, and groups, oldest first.
  std::vector<AsyncCopy> copies;
  std::vector<std::vector<AsyncCopy>> groups;
  BulkGroups bulkGroups;
  Accumulators accumulators;
  uint32_t registers = 0; ///< That it may use; 0 if nobody counts.
  /// Of the cluster's barrier, the phase it has arrived in and not waited for.
  std::optional<uint64_t> clusterPhase;
  /// What it brings to an instruction of its warp or warpgroup.
  const void *operands[4] = {};
  void *result = nullptr;
};

/// Threads that wait for each other: at a barrier, or at an instruction.
struct Rendezvous {
  std::vector<uint32_t> members; ///< That wait.
  std::vector<uint32_t> others;  ///< That came and went on.
  uint32_t expected = 0;
  const char *what = "";
  size_t count() const { return members.size() + others.size(); }
};

/// One launch, cluster by cluster. `current` is the one that runs.
class Launch {
public:
  Launch(const EmulatedKernel &kernel, Dim3 grid, Dim3 block,
         size_t sharedBytes, void **parameters, GlobalMemory &memory,
         uint32_t number, uint64_t seed);

  /// Runs all blocks, in any order; what went wrong, or nothing.
  std::string run();

  static Launch *current;

  // What instructions call, in a thread of the launch. Threads are counted
  // through all blocks of the cluster.

  Thread &getThread() { return threads[running]; }
  Thread &getThread(uint32_t number) { return threads[number]; }
  uint32_t getThreadNumber() const { return running; }
  Clock &getClock() { return clocks[running]; }
  Clock &getClock(uint32_t number) { return clocks[number]; }
  /// What a unit knows that the running thread starts: that one's accesses so
  /// far as well.
  Clock getClockForUnit() const;
  /// Of the block in its cluster.
  uint32_t getRank(uint32_t thread) const { return thread / blockThreads; }
  uint32_t getRank() const { return getRank(running); }
  uint32_t getNumberInBlock() const { return running % blockThreads; }
  Dim3 getBlockId() const { return getBlockId(getRank()); }
  Dim3 getBlockId(uint32_t rank) const;
  Dim3 getClusterId() const { return clusterId; }
  Dim3 getClusterSize() const { return cluster; }
  Dim3 getBlockSize() const { return block; }
  Dim3 getGridSize() const { return grid; }
  /// Threads of a block.
  uint32_t countThreads() const { return blockThreads; }
  std::mt19937_64 &getRandom() { return random; }
  const EmulatedKernel &getKernel() const { return kernel; }
  SharedMemory &getShared() { return shared; }
  Mbarriers &getMbarriers() { return mbarriers; }
  AsyncWork &getAsyncWork() { return asyncWork; }
  RegisterPool &getRegisterPool() { return registerPools[getRank()]; }
  ClusterBarrier &getClusterBarrier() { return clusterBarrier; }
  uint64_t getSeed() const { return seed; }
  uint32_t countRunningThreads() const { return left; }
  /// The first thread of the warp or warpgroup that a thread is in.
  uint32_t getFirstOf(uint32_t thread, uint32_t size) const {
    return thread - thread % blockThreads % size;
  }
  Warpgroup &getWarpgroup() {
    return warpgroups[getFirstOf(running, warpgroupSize)];
  }
  /// A number for a unit that works in the background.
  uint32_t createUnit(std::string name);

  enum class Kind { Read, Write, AsyncWrite };
  /// Checks an access of the running thread.
  void access(Kind kind, const void *pointer, size_t bytes, size_t alignment,
              int32_t site);
  void setMbarrier(const void *pointer, bool isMbarrier) {
    shadow.setMbarrier(shared.getOffset(pointer), Mbarrier::bytes, isMbarrier);
  }
  /// Checks an access by a unit that knows what `clock` does; `what` it is of
  /// is for the report.
  void accessAsync(Kind kind, const void *pointer, size_t bytes,
                   Accessor accessor, const Clock &clock, const char *what,
                   int32_t site);

  /// Waits until `expected` threads have come to barrier `id`, or only comes.
  void barrier(uint32_t id, uint32_t expected, bool waits);
  /// Waits until all lanes of `mask` have come to `what`; the last one runs
  /// `execute` for all. With `orders`, what they did before is visible to all.
  void warpInstruction(const char *what, uint32_t mask, bool orders,
                       void (*execute)(Launch &, uint32_t firstThread,
                                       uint32_t mask));
  /// Likewise all threads of a warpgroup.
  void warpgroupInstruction(const char *what,
                            void (*execute)(Launch &, uint32_t firstThread,
                                            uint32_t mask));
  Thread &getLane(uint32_t firstThread, uint32_t lane) {
    return threads[firstThread + lane];
  }
  void completeCopies(Thread &thread, size_t groupsLeft);

  /// Waits until somebody calls `resume`; for the report, what for.
  void suspend(const char *what, uint64_t which, int32_t site);
  void resume(uint32_t thread) { ready.push_back(thread); }
  /// Lets others run, then asks again; a deadlock if that is all that happens.
  void spin(const char *what, uint64_t which, int32_t site);
  /// Something happened that spinning threads may have waited for.
  void noteProgress() { idleRounds = 0; }

  /// Ends the launch with an error; does not return, so nothing of the thread's
  /// is destroyed.
  [[noreturn]] void fail(std::string message, int32_t site = -1);
  /// Likewise an error of what `thread` started; returns.
  void report(std::string message, uint32_t thread, int32_t site = -1);
  bool hasFailed() const { return !error.empty(); }

private:
  void runCluster(Dim3 id);
  void startThread(uint32_t number);
  void accessGlobal(Kind kind, GlobalBuffer &buffer, size_t offset,
                    size_t bytes, Accessor accessor, const Clock &clock,
                    const char *what, int32_t site);
  static void runThread(void *launch);
  void endThread();
  void wait();
  void meet(Rendezvous &rendezvous, const char *what, uint32_t expected,
            size_t count, bool orders, uint32_t first, uint32_t mask,
            void (*execute)(Launch &, uint32_t, uint32_t));
  void release(Rendezvous &rendezvous, bool orders);
  void releaseSpinning();
  std::string describe(uint32_t number) const;
  std::string describe(uint32_t otherCluster, uint32_t number) const;
  std::string describe(Conflict conflict) const;
  std::string describeWait(const Thread &thread) const;
  std::string describeDeadlock() const;

  const EmulatedKernel &kernel;
  Dim3 grid, block, cluster, clusterId;
  uint32_t blockThreads;
  void **parameters;
  GlobalMemory &memory;
  uint32_t number; ///< Of the launch, from 1 on.
  uint64_t seed;
  std::mt19937_64 random;
  std::vector<Thread> threads;
  std::vector<Clock> clocks;
  std::vector<std::string> units; ///< Their numbers are behind the threads'.
  std::vector<uint32_t> ready, spinning;
  uint32_t running = 0, left = 0, idleRounds = 0;
  Fiber scheduler;
  SharedMemory shared;
  SharedShadow shadow;
  Mbarriers mbarriers;
  AsyncWork asyncWork;
  std::map<uint32_t, Rendezvous> barriers; ///< By rank and number.
  std::map<uint32_t, Rendezvous> warps;    ///< By the first thread.
  std::map<uint32_t, Rendezvous> meetings; ///< Of warpgroups, likewise.
  std::map<uint32_t, Warpgroup> warpgroups;
  std::map<uint32_t, RegisterPool> registerPools; ///< By rank.
  std::vector<uint32_t> runningThreads;           ///< Likewise.
  ClusterBarrier clusterBarrier;
  std::string error;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_BLOCK_H
