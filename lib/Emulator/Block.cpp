//===- Block.cpp - The threads of a block, and who runs when --------------===//

#include "Block.h"

#include <algorithm>
#include <cstring>
#include <numeric>

using namespace glu;

Launch *Launch::current = nullptr;

/// Stacks outlive launches: a kernel of few instructions should not pay for
/// the pages of 1024 of them.
static FiberStacks &getStacks() {
  static FiberStacks stacks;
  return stacks;
}

Launch::Launch(const EmulatedKernel &kernel, Dim3 grid, Dim3 block,
               size_t sharedBytes, void **parameters, GlobalMemory &memory,
               uint32_t number, uint64_t seed)
    : kernel(kernel), grid(grid), block(block), parameters(parameters),
      memory(memory), number(number), random(seed), threads(block.count()),
      clocks(block.count()), shared(sharedBytes) {}

std::string Launch::run() {
  Launch *outer = current;
  current = this;
  // Blocks run in any order; all of a large grid would be too long a list.
  uint64_t count = grid.count(),
           start = random() % std::max<uint64_t>(count, 1);
  bool backwards = random() & 1;
  for (uint64_t i = 0; i < count && error.empty(); ++i) {
    uint64_t number = (start + (backwards ? count - i : i)) % count;
    runBlock({uint32_t(number % grid.x), uint32_t(number / grid.x % grid.y),
              uint32_t(number / grid.x / grid.y)});
  }
  current = outer;
  return error;
}

void Launch::runThread(void *argument) {
  auto *launch = static_cast<Launch *>(argument);
  launch->kernel.entry(launch->parameters);
  Thread &thread = launch->getThread();
  if (!thread.copies.empty() || !thread.groups.empty())
    launch->completeCopies(thread, 0);
  thread.isDone = true;
  --launch->left;
  launch->wait();
}

void Launch::runBlock(Dim3 id) {
  blockId = id;
  // Ones are NaNs, if a kernel reads them all the same.
  shared.assign(shared.size(), char(0xff));
  shadow.reset(shared.size());
  barriers.clear();
  warps.clear();
  auto nobody =
      std::make_shared<const std::vector<uint32_t>>(threads.size(), 0);
  left = uint32_t(threads.size());
  ready.resize(threads.size());
  std::iota(ready.begin(), ready.end(), 0);
  for (uint32_t i = 0; i < threads.size(); ++i) {
    threads[i] = Thread();
    threads[i].fiber = getStacks().start(i, runThread, this);
    threads[i].id = {i % block.x, i / block.x % block.y, i / block.x / block.y};
    clocks[i] = {nobody, 1};
  }
  while (left > 0 && error.empty()) {
    if (ready.empty()) {
      error = describeDeadlock();
      break;
    }
    size_t drawn = random() % ready.size();
    std::swap(ready[drawn], ready.back());
    running = ready.back();
    ready.pop_back();
    switchFiber(scheduler, threads[running].fiber);
  }
}

void Launch::wait() { switchFiber(getThread().fiber, scheduler); }

static std::string describe(Dim3 id) {
  return "(" + std::to_string(id.x) + ", " + std::to_string(id.y) + ", " +
         std::to_string(id.z) + ")";
}

void Launch::fail(std::string message, int32_t site) {
  error = std::string("kernel '") + kernel.name + "', block " +
          describe(blockId) + ", thread " + std::to_string(running) + ": " +
          message;
  std::string().swap(message);
  if (site >= 0 && kernel.sites && *kernel.sites[site])
    error += std::string(", at ") + kernel.sites[site];
  for (;;) // The thread never goes on.
    wait();
}

std::string Launch::describeDeadlock() const {
  std::map<std::string, std::vector<uint32_t>> waiting;
  for (uint32_t i = 0; i < threads.size(); ++i) {
    std::string where = threads[i].waitsAt;
    if (where == "barrier")
      where += " " + std::to_string(threads[i].barrier) + " (which expects " +
               std::to_string(barriers.at(threads[i].barrier).expected) + ")";
    if (!threads[i].isDone)
      waiting[where].push_back(i);
  }
  std::string text = std::string("kernel '") + kernel.name + "', block " +
                     describe(blockId) + ": deadlock";
  for (const auto &[what, members] : waiting)
    text += "; " + std::to_string(members.size()) + " threads from " +
            std::to_string(members.front()) + " wait at " + what;
  if (left < threads.size())
    text += "; " + std::to_string(threads.size() - left) + " have ended";
  return text;
}

bool Launch::isShared(const void *pointer, size_t bytes) const {
  auto *address = static_cast<const char *>(pointer);
  return address >= shared.data() &&
         address + bytes <= shared.data() + shared.size();
}

void Launch::access(Kind kind, const void *pointer, size_t bytes,
                    size_t alignment, int32_t site) {
  const char *verb = kind == Kind::Read ? "read" : "write";
  auto describeAccess = [&] {
    return std::string("a ") + verb + " of " + std::to_string(bytes) + " bytes";
  };
  if (alignment > 1 && reinterpret_cast<uintptr_t>(pointer) % alignment)
    fail(describeAccess() + " at an address that is not a multiple of " +
             std::to_string(alignment),
         site);
  if (isShared(pointer, bytes)) {
    size_t offset = static_cast<const char *>(pointer) - shared.data();
    SharedShadow::Access access =
        kind == Kind::Read    ? SharedShadow::Access::Read
        : kind == Kind::Write ? SharedShadow::Access::Write
                              : SharedShadow::Access::AsyncWrite;
    std::string wrong =
        shadow.access(access, offset, bytes, running, clocks[running]);
    if (!wrong.empty()) {
      wrong.insert(0, std::string("a ") + verb + " of shared memory at byte " +
                          std::to_string(offset) + " ");
      fail(std::move(wrong), site);
    }
    return;
  }
  if (GlobalBuffer *buffer = memory.find(pointer, bytes))
    return accessGlobal(kind, *buffer,
                        reinterpret_cast<uintptr_t>(pointer) - buffer->begin,
                        bytes, site);
  if (getStacks().contains(running, pointer, bytes))
    return;
  fail(describeAccess() + " outside of every buffer", site);
}

/// Blocks of a launch are in no order; threads of a block as their clocks say.
void Launch::accessGlobal(Kind kind, GlobalBuffer &buffer, size_t offset,
                          size_t bytes, int32_t site) {
  bool isWrite = kind != Kind::Read;
  if (buffer.stamps.empty()) {
    if (!isWrite)
      return;
    buffer.stamps.resize(buffer.end - buffer.begin);
  }
  uint32_t self = (blockId.z * grid.y + blockId.y) * grid.x + blockId.x;
  for (size_t i = offset; i < offset + bytes; ++i) {
    GlobalStamp &stamp = buffer.stamps[i];
    bool isOrdered = stamp.launch != number ||
                     (stamp.block == self &&
                      (stamp.thread == running ||
                       clocks[running].covers(stamp.thread, stamp.time)));
    if (!isOrdered)
      fail(std::string("a ") + (isWrite ? "write" : "read") + " of byte " +
               std::to_string(i) +
               " of a buffer in global memory races with a write of thread " +
               std::to_string(stamp.thread) + " of block " +
               std::to_string(stamp.block),
           site);
    if (isWrite)
      stamp = {number, self, running, clocks[running].own};
  }
}

void Launch::release(Rendezvous &rendezvous, bool orders) {
  if (orders)
    joinClocks(clocks, rendezvous.members);
  for (uint32_t member : rendezvous.members)
    if (member != running)
      ready.push_back(member);
  rendezvous = Rendezvous();
}

void Launch::barrier(uint32_t id, uint32_t expected) {
  Rendezvous &barrier = barriers[id];
  if (barrier.members.empty())
    barrier.expected = expected;
  else if (barrier.expected != expected)
    fail("barrier " + std::to_string(id) + " is for " +
         std::to_string(expected) + " threads here and for " +
         std::to_string(barrier.expected) + " where others wait");
  barrier.members.push_back(running);
  if (barrier.members.size() == expected) {
    release(barrier, /*orders=*/true);
    ready.push_back(running);
  } else {
    getThread().waitsAt = "barrier";
    getThread().barrier = id;
  }
  wait();
}

void Launch::warpInstruction(const char *what, uint32_t mask, bool orders,
                             void (*execute)(Launch &, uint32_t, uint32_t)) {
  uint32_t first = running / warpSize * warpSize;
  uint32_t self = 1u << (running - first);
  if (!(mask & self))
    fail(std::string(what) + ": the thread is not in its own mask");
  if (first + 32 > threads.size() && (mask >> (threads.size() - first)) != 0)
    fail(std::string(what) + ": the mask has lanes that do not exist");
  Rendezvous &warp = warps[first];
  if (warp.members.empty()) {
    warp.expected = mask;
    warp.what = what;
  } else if (warp.expected != mask || std::strcmp(warp.what, what)) {
    fail(std::string(what) + ": other lanes of the warp are at " + warp.what);
  }
  warp.members.push_back(running);
  if (warp.members.size() == size_t(__builtin_popcount(mask))) {
    if (execute)
      execute(*this, first, mask);
    release(warp, orders);
    ready.push_back(running);
  } else {
    getThread().waitsAt = what;
  }
  wait();
}

void Launch::completeCopies(Thread &thread, size_t groupsLeft) {
  uint32_t number = uint32_t(&thread - threads.data());
  while (thread.groups.size() > groupsLeft) {
    for (const AsyncCopy &copy : thread.groups.front()) {
      std::memcpy(shared.data() + copy.offset, copy.data.data(),
                  copy.data.size());
      shadow.completeAsync(copy.offset, copy.data.size(), number,
                           clocks[number]);
    }
    thread.groups.erase(thread.groups.begin());
  }
}
