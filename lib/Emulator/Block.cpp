//===- Block.cpp - The threads of a cluster, and who runs when ------------===//

#include "Block.h"
#include "BulkCopies.h"

#include <algorithm>
#include <cstring>
#include <numeric>

using namespace glu;

Launch *Launch::current = nullptr;

Launch::Launch(const EmulatedKernel &kernel, Dim3 grid, Dim3 block,
               size_t sharedBytes, void **parameters, GlobalMemory &memory,
               uint32_t number, uint64_t seed)
    : kernel(kernel), grid(grid), block(block),
      cluster{uint32_t(kernel.clusterX), uint32_t(kernel.clusterY),
              uint32_t(kernel.clusterZ)},
      blockThreads(uint32_t(block.count())), parameters(parameters),
      memory(memory), number(number), seed(seed), random(seed),
      threads(cluster.count() * blockThreads), clocks(threads.size()),
      shared(cluster.count(), sharedBytes), asyncWork(random) {}

std::string Launch::run() {
  Launch *outer = current;
  current = this;
  // Clusters run in any order; all of a large grid would be too long a list.
  Dim3 clusters{grid.x / cluster.x, grid.y / cluster.y, grid.z / cluster.z};
  uint64_t count = clusters.count(),
           start = random() % std::max<uint64_t>(count, 1);
  bool backwards = random() & 1;
  for (uint64_t i = 0; i < count && error.empty(); ++i)
    runCluster(clusters.at((start + (backwards ? count - i : i)) % count));
  current = outer;
  return error;
}

Dim3 Launch::getBlockId(uint32_t rank) const {
  Dim3 inside = cluster.at(rank);
  return {clusterId.x * cluster.x + inside.x,
          clusterId.y * cluster.y + inside.y,
          clusterId.z * cluster.z + inside.z};
}

void Launch::runThread(void *argument) {
  auto *launch = static_cast<Launch *>(argument);
  launch->kernel.entry(launch->parameters);
  launch->endThread();
  launch->wait();
}

void Launch::endThread() {
  Thread &thread = getThread();
  if (!thread.copies.empty() || !thread.groups.empty())
    completeCopies(thread, 0);
  checkBulkGroupsAtEnd(*this);
  checkProductsAtEnd(*this);
  if (left == 1)
    checkCopiesAtEnd(*this);
  thread.isDone = true;
  --runningThreads[getRank()];
  --left;
  noteProgress();
  completeClusterBarrier(*this);
}

void Launch::startThread(uint32_t number) {
  Thread &thread = threads[number];
  thread = Thread();
  thread.fiber = getFiberStacks().start(number, runThread, this);
  thread.id = block.at(number % blockThreads);
  clocks[number] = Clock();
}

void Launch::runCluster(Dim3 id) {
  clusterId = id;
  shared.reset();
  shadow.reset(shared.getTotalSize(), uint32_t(threads.size()));
  mbarriers.reset();
  asyncWork.reset();
  units.clear();
  barriers.clear();
  warps.clear();
  meetings.clear();
  warpgroups.clear();
  registerPools.clear();
  runningThreads.assign(cluster.count(), blockThreads);
  clusterBarrier = ClusterBarrier();
  left = uint32_t(threads.size());
  ready.resize(threads.size());
  std::iota(ready.begin(), ready.end(), 0);
  spinning.clear();
  idleRounds = 0;
  for (uint32_t i = 0; i < threads.size(); ++i)
    startThread(i);
  while (left > 0 && error.empty()) {
    asyncWork.doSome();
    if (ready.empty()) {
      if (asyncWork.doOne())
        continue;
      releaseSpinning();
      if (ready.empty() && error.empty())
        error = describeDeadlock();
      continue;
    }
    size_t drawn = random() % ready.size();
    std::swap(ready[drawn], ready.back());
    running = ready.back();
    ready.pop_back();
    switchFiber(scheduler, threads[running].fiber);
  }
  while (error.empty() && asyncWork.doOne())
    ;
}

void Launch::wait() { switchFiber(getThread().fiber, scheduler); }

void Launch::suspend(const char *what, uint64_t which, int32_t site) {
  Thread &thread = getThread();
  thread.waitsAt = what;
  thread.waitsFor = which;
  thread.site = site;
  wait();
}

void Launch::spin(const char *what, uint64_t which, int32_t site) {
  spinning.push_back(running);
  suspend(what, which, site);
}

/// Nobody else can go on.
void Launch::releaseSpinning() {
  constexpr uint32_t mostIdleRounds = 100;
  if (spinning.empty())
    return;
  if (++idleRounds > mostIdleRounds) {
    error = describeDeadlock();
    return;
  }
  ready.swap(spinning);
}

uint32_t Launch::createUnit(std::string name) {
  units.push_back(std::move(name));
  return uint32_t(threads.size() + units.size() - 1);
}

Clock Launch::getClockForUnit() const {
  Clock clock = clocks[running];
  clock.known = join(clock.known, running, clock.own);
  return clock;
}

void Launch::release(Rendezvous &rendezvous, bool orders) {
  if (orders) {
    std::vector<uint32_t> all = rendezvous.members;
    all.insert(all.end(), rendezvous.others.begin(), rendezvous.others.end());
    joinClocks(clocks, all);
  }
  for (uint32_t member : rendezvous.members)
    if (member != running)
      ready.push_back(member);
  rendezvous = Rendezvous();
  noteProgress();
}

void Launch::barrier(uint32_t id, uint32_t expected, bool waits) {
  constexpr uint32_t barrierCount = 16;
  if (id >= barrierCount)
    fail("barrier " + std::to_string(id) + ": there are 16");
  uint32_t key = getRank() * barrierCount + id;
  Rendezvous &barrier = barriers[key];
  if (barrier.count() == 0)
    barrier.expected = expected;
  else if (barrier.expected != expected)
    fail("barrier " + std::to_string(id) + " is for " +
         std::to_string(expected) + " threads here and for " +
         std::to_string(barrier.expected) + " where others wait");
  (waits ? barrier.members : barrier.others).push_back(running);
  bool isLast = barrier.count() == expected;
  if (isLast)
    release(barrier, /*orders=*/true);
  if (!waits)
    return;
  if (isLast)
    ready.push_back(running);
  suspend("barrier", key, -1);
}

void Launch::meet(Rendezvous &rendezvous, const char *what, uint32_t expected,
                  size_t count, bool orders, uint32_t first, uint32_t mask,
                  void (*execute)(Launch &, uint32_t, uint32_t)) {
  if (rendezvous.members.empty()) {
    rendezvous.expected = expected;
    rendezvous.what = what;
  } else if (rendezvous.expected != expected ||
             std::strcmp(rendezvous.what, what)) {
    fail(std::string(what) + ": other lanes of the warp are at " +
         rendezvous.what);
  }
  rendezvous.members.push_back(running);
  if (rendezvous.members.size() == count) {
    if (execute)
      execute(*this, first, mask);
    release(rendezvous, orders);
    ready.push_back(running);
  }
  suspend(what, 0, -1);
}

void Launch::warpInstruction(const char *what, uint32_t mask, bool orders,
                             void (*execute)(Launch &, uint32_t, uint32_t)) {
  uint32_t first = getFirstOf(running, warpSize);
  uint32_t self = 1u << (running - first);
  if (!(mask & self))
    fail(std::string(what) + ": the thread is not in its own mask");
  uint32_t end = (getRank() + 1) * blockThreads;
  if (first + warpSize > end && (mask >> (end - first)) != 0)
    fail(std::string(what) + ": the mask has lanes that do not exist");
  meet(warps[first], what, mask, size_t(__builtin_popcount(mask)), orders,
       first, mask, execute);
}

void Launch::warpgroupInstruction(const char *what,
                                  void (*execute)(Launch &, uint32_t,
                                                  uint32_t)) {
  uint32_t first = getFirstOf(running, warpgroupSize);
  if (first + warpgroupSize > (getRank() + 1) * blockThreads)
    fail(std::string(what) + ": the block ends within the warpgroup");
  meet(meetings[first], what, ~0u, warpgroupSize, /*orders=*/false, first, ~0u,
       execute);
}

void Launch::completeCopies(Thread &thread, size_t groupsLeft) {
  uint32_t number = uint32_t(&thread - threads.data());
  while (thread.groups.size() > groupsLeft) {
    for (const AsyncCopy &copy : thread.groups.front()) {
      std::memcpy(copy.target, copy.data.data(), copy.data.size());
      shadow.completeAsync(shared.getOffset(copy.target), copy.data.size(),
                           number, clocks[number]);
    }
    thread.groups.erase(thread.groups.begin());
  }
}
