//===- Reports.cpp - Checks of accesses, and what is said of them ---------===//

#include "Block.h"

using namespace glu;

static std::string describe(Dim3 id) {
  return "(" + std::to_string(id.x) + ", " + std::to_string(id.y) + ", " +
         std::to_string(id.z) + ")";
}

void Launch::report(std::string message, uint32_t thread, int32_t site) {
  if (!error.empty())
    return;
  error = std::string("kernel '") + kernel.name + "', block " +
          ::describe(getBlockId(getRank(thread))) + ", thread " +
          std::to_string(thread % blockThreads) + ": " + message;
  if (site >= 0 && kernel.sites && *kernel.sites[site])
    error += std::string(", at ") + kernel.sites[site];
}

void Launch::fail(std::string message, int32_t site) {
  report(std::move(message), running, site);
  std::string().swap(message);
  for (;;) // The thread never goes on.
    wait();
}

/// A thread or unit.
std::string Launch::describe(uint32_t number) const {
  if (number >= threads.size())
    return units[number - threads.size()];
  std::string text = "thread " + std::to_string(number % blockThreads);
  if (cluster.count() > 1)
    text += " of block " + ::describe(getBlockId(getRank(number)));
  return text;
}

/// Likewise of another cluster.
std::string Launch::describe(uint32_t otherCluster, uint32_t number) const {
  Dim3 clusters{grid.x / cluster.x, grid.y / cluster.y, grid.z / cluster.z};
  Dim3 id = clusters.at(otherCluster),
       inside = cluster.at(number < threads.size() ? getRank(number) : 0);
  std::string who = number < threads.size()
                        ? "thread " + std::to_string(number % blockThreads)
                        : std::string("a copy");
  return who + " of block " +
         ::describe({id.x * cluster.x + inside.x, id.y * cluster.y + inside.y,
                     id.z * cluster.z + inside.z});
}

std::string Launch::describe(Conflict conflict) const {
  std::string other = conflict.kind == Conflict::Unwritten ||
                              conflict.kind == Conflict::Mbarrier
                          ? std::string()
                          : describe(conflict.other);
  // Of units, the name says what was to come between.
  std::string between =
      conflict.other < threads.size() ? ": no barrier between" : "";
  switch (conflict.kind) {
  case Conflict::Pending:
    return "of bytes that an asynchronous copy of " + other +
           " is still writing: nobody waited for it";
  case Conflict::Unwritten:
    return "of bytes that nobody has written";
  case Conflict::Writer:
    return "races with a write of " + other + between;
  case Conflict::Reader:
    return "races with a read of " + other + between;
  case Conflict::ProxyFence:
    return "may not see a write of " + other + ": no fence.proxy.async between";
  case Conflict::Mbarrier:
    return "of bytes where an mbarrier is";
  case Conflict::None:
    break;
  }
  return "";
}

std::string Launch::describeWait(const Thread &thread) const {
  std::string text = thread.waitsAt;
  if (text == "barrier") {
    uint32_t key = uint32_t(thread.waitsFor);
    text += " " + std::to_string(key % 16) + " (which expects " +
            std::to_string(barriers.at(key).expected) + ")";
  } else if (text == "mbarrier") {
    auto *pointer = reinterpret_cast<const void *>(thread.waitsFor);
    text = "the mbarrier at byte " +
           std::to_string(shared.getAddress(pointer) -
                          SharedMemory::reservedBytes) +
           " (" + mbarriers.describe(thread.waitsFor) + ")";
  }
  if (thread.site >= 0 && kernel.sites && *kernel.sites[thread.site])
    text += std::string(", at ") + kernel.sites[thread.site];
  return text;
}

std::string Launch::describeDeadlock() const {
  std::string text = std::string("kernel '") + kernel.name + "', block " +
                     ::describe(getBlockId(0)) + ": deadlock";
  for (uint32_t rank = 0; rank < cluster.count(); ++rank) {
    std::map<std::string, std::vector<uint32_t>> waiting;
    for (uint32_t i = rank * blockThreads; i < (rank + 1) * blockThreads; ++i)
      if (!threads[i].isDone)
        waiting[describeWait(threads[i])].push_back(i % blockThreads);
    for (const auto &[what, members] : waiting) {
      text += "; " + std::to_string(members.size()) + " threads from " +
              std::to_string(members.front()) + " wait at " + what;
      if (cluster.count() > 1)
        text += " in block " + ::describe(getBlockId(rank));
    }
  }
  if (left < threads.size())
    text += "; " + std::to_string(threads.size() - left) + " have ended";
  return text;
}

static const char *getVerb(Launch::Kind kind) {
  return kind == Launch::Kind::Read ? "read" : "write";
}

void Launch::access(Kind kind, const void *pointer, size_t bytes,
                    size_t alignment, int32_t site) {
  auto describeAccess = [&] {
    return std::string("a ") + getVerb(kind) + " of " + std::to_string(bytes) +
           " bytes";
  };
  if (alignment > 1 && reinterpret_cast<uintptr_t>(pointer) % alignment)
    fail(describeAccess() + " at an address that is not a multiple of " +
             std::to_string(alignment),
         site);
  if (!shared.contains(pointer, bytes) && !memory.find(pointer, bytes)) {
    if (getFiberStacks().contains(running, pointer, bytes))
      return;
    fail(describeAccess() + " outside of every buffer", site);
  }
  accessAsync(kind, pointer, bytes,
              {running, clocks[running].own, /*isAsync=*/false},
              clocks[running], "", site);
}

void Launch::accessAsync(Kind kind, const void *pointer, size_t bytes,
                         Accessor accessor, const Clock &clock,
                         const char *what, int32_t site) {
  if (shared.contains(pointer, bytes)) {
    uint32_t rank = shared.getRank(pointer);
    if (runningThreads[rank] == 0)
      fail(std::string("a ") + getVerb(kind) + what +
               " of shared memory of a block that has ended",
           site);
    SharedShadow::Access access =
        kind == Kind::Read    ? SharedShadow::Access::Read
        : kind == Kind::Write ? SharedShadow::Access::Write
                              : SharedShadow::Access::AsyncWrite;
    Conflict conflict = shadow.access(access, shared.getOffset(pointer), bytes,
                                      accessor, clock);
    if (conflict.kind != Conflict::None)
      fail(std::string("a ") + getVerb(kind) + what +
               " of shared memory at byte " +
               std::to_string(shared.getAddress(pointer) -
                              SharedMemory::reservedBytes) +
               " " + describe(conflict),
           site);
    return;
  }
  if (GlobalBuffer *buffer = memory.find(pointer, bytes))
    return accessGlobal(kind, *buffer,
                        reinterpret_cast<uintptr_t>(pointer) - buffer->begin,
                        bytes, accessor, clock, what, site);
  fail(std::string("a ") + getVerb(kind) + what + " of " +
           std::to_string(bytes) + " bytes outside of every buffer",
       site);
}

/// Clusters of a launch are in no order; threads of one as their clocks say.
void Launch::accessGlobal(Kind kind, GlobalBuffer &buffer, size_t offset,
                          size_t bytes, Accessor accessor, const Clock &clock,
                          const char *what, int32_t site) {
  bool isWrite = kind != Kind::Read;
  if (buffer.stamps.empty()) {
    if (!isWrite)
      return;
    buffer.stamps.resize(buffer.end - buffer.begin);
  }
  Dim3 clusters{grid.x / cluster.x, grid.y / cluster.y, grid.z / cluster.z};
  uint32_t self =
      (clusterId.z * clusters.y + clusterId.y) * clusters.x + clusterId.x;
  for (size_t i = offset; i < offset + bytes; ++i) {
    GlobalStamp &stamp = buffer.stamps[i];
    bool isOrdered = stamp.launch != number ||
                     (stamp.cluster == self &&
                      ((stamp.thread == accessor.number && !accessor.isAsync) ||
                       clock.covers(stamp.thread, stamp.time)));
    if (!isOrdered)
      fail(std::string("a ") + getVerb(kind) + what + " of byte " +
               std::to_string(i) +
               " of a buffer in global memory races with a write of " +
               (stamp.cluster == self ? describe(stamp.thread)
                                      : describe(stamp.cluster, stamp.thread)),
           site);
    bool isFenced = !accessor.isAsync || stamp.launch != number ||
                    stamp.thread >= threads.size() ||
                    isKnown(clock.fenced, stamp.thread, stamp.time);
    if (!isFenced)
      fail(std::string("a ") + getVerb(kind) + what + " of byte " +
               std::to_string(i) +
               " of a buffer in global memory may not see a write of " +
               describe(stamp.thread) + ": no fence.proxy.async between",
           site);
    if (isWrite)
      stamp = {number, self, accessor.number, accessor.time};
  }
}
