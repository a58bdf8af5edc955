//===- BulkCopies.cpp - Copies of boxes in the background -----------------===//
//
// PTX ISA manual, "Data Movement and Conversion Instructions:
// cp.async.bulk.tensor", in tiled mode.
//
//===----------------------------------------------------------------------===//

#include "BulkCopies.h"
#include "Block.h"
#include "Functions.h"
#include "Swizzle.h"
#include "TensorMaps.h"

#include <algorithm>
#include <cstring>

using namespace glu;

static constexpr const char *loadName = "cp.async.bulk.tensor of shared memory";
static constexpr const char *storeName =
    "cp.async.bulk.tensor of global memory";

static DecodedTensorMap getMap(Launch &launch, const char *what, void *pointer,
                               int32_t rank, int32_t site) {
  DecodedTensorMap map = {};
  if (reinterpret_cast<uintptr_t>(pointer) % 64)
    launch.fail(std::string(what) +
                    ": the tensor map's address is not a multiple of 64",
                site);
  if (!decodeTensorMap(pointer, map))
    launch.fail(std::string(what) + ": this is no tensor map", site);
  if (map.rank != rank)
    launch.fail(std::string(what) + " with " + std::to_string(rank) +
                    " coordinates of a tensor of rank " +
                    std::to_string(map.rank),
                site);
  uint32_t row = map.boxes[0] * map.elementBytes;
  if (map.swizzle && row != 16u << map.swizzle)
    launch.fail(std::string(what) +
                    ": the emulator does not know boxes with rows that are "
                    "shorter than their swizzle",
                site);
  return map;
}

static void checkBox(Launch &launch, const char *what, void *shared,
                     const DecodedTensorMap &map, int32_t site) {
  if (launch.getShared().getAddress(shared) % 128)
    launch.fail(std::string(what) +
                    ": the address in shared memory is not a multiple of 128",
                site);
  uint64_t bytes = (map.getBoxBytes() + 127) / 128 * 128;
  if (!launch.getShared().contains(shared, bytes))
    launch.fail(std::string(what) + ": " + std::to_string(bytes) +
                    " bytes are not in shared memory",
                site);
}

/// Calls `visit` with the place in shared memory and in the box of each chunk.
template <typename Visit>
static void forEachChunk(const SharedMemory &shared, char *target,
                         const DecodedTensorMap &map, Visit visit) {
  uint32_t rank = shared.getRank(target), address = shared.getAddress(target);
  for (uint64_t i = 0, e = map.getBoxBytes(); i < e; i += 16)
    visit(shared.getPointer(rank, swizzle(address + uint32_t(i), map.swizzle)),
          i);
}

/// Checks the access of a unit to bytes of a box in shared memory.
static void accessBox(Launch &launch, Launch::Kind kind, char *shared,
                      const DecodedTensorMap &map, uint64_t begin, uint64_t end,
                      Accessor accessor, int32_t site) {
  constexpr const char *what = " by cp.async.bulk.tensor";
  const Clock clock = launch.getClockForUnit();
  // Lines of 128 bytes are permuted within.
  if (!map.swizzle || (begin % 128 == 0 && end % 128 == 0))
    return launch.accessAsync(kind, shared + begin, end - begin, accessor,
                              clock, what, site);
  SharedMemory &memory = launch.getShared();
  uint32_t rank = memory.getRank(shared), address = memory.getAddress(shared);
  while (begin < end) {
    uint64_t bytes = std::min(end, begin / 16 * 16 + 16) - begin;
    launch.accessAsync(
        kind,
        memory.getPointer(rank,
                          swizzle(address + uint32_t(begin), map.swizzle)),
        bytes, accessor, clock, what, site);
    begin += bytes;
  }
}

namespace {
/// A copy to the shared memory of one or more blocks.
struct BulkLoad {
  DecodedTensorMap map;
  int32_t coordinates[5];
  struct Target {
    char *shared, *mbarrier;
    uint64_t phase;
  };
  std::vector<Target> targets;
  uint32_t thread;
  int32_t site;
  std::vector<char> data;

  void read() {
    data.assign(map.getBoxBytes(), 0);
    forEachRun(map, coordinates, [&](const BoxRun &run) {
      std::memcpy(data.data() + run.inBox, run.global, run.bytes);
    });
  }
  void complete(Launch &launch) {
    if (data.empty())
      read();
    for (const Target &target : targets) {
      forEachChunk(launch.getShared(), target.shared, map,
                   [&](char *chunk, uint64_t i) {
                     std::memcpy(chunk, data.data() + i, 16);
                   });
      completeTransactions(launch, target.mbarrier, target.phase,
                           int64_t(data.size()), thread, site);
    }
  }
};
} // namespace

/// `blocks`: those of the cluster that get the box, each at the same address;
/// 0: only the one that `shared` is of.
static void load(char *shared, void *mapPointer, char *mbarrier, int32_t rank,
                 const int32_t *coordinates, int32_t blocks, int32_t site) {
  Launch &launch = *Launch::current;
  auto copy = std::make_shared<BulkLoad>();
  copy->map = getMap(launch, loadName, mapPointer, rank, site);
  std::copy_n(coordinates, rank, copy->coordinates);
  copy->thread = launch.getThreadNumber();
  copy->site = site;
  SharedMemory &memory = launch.getShared();
  if (!memory.contains(shared, 16))
    launch.fail(std::string(loadName) + ": the address is not in it", site);
  if (memory.getRank(shared) != memory.getRank(mbarrier))
    launch.fail(std::string(loadName) +
                    ": its mbarrier is another block's than the memory",
                site);
  for (uint32_t block = 0; block < launch.getClusterSize().count(); ++block) {
    if (blocks ? !(blocks >> block & 1) : block != memory.getRank(shared))
      continue;
    char *target = memory.getPointer(block, memory.getAddress(shared));
    char *own = memory.getPointer(block, memory.getAddress(mbarrier));
    checkBox(launch, loadName, target, copy->map, site);
    Mbarrier &tracks = getMbarrierForCopy(launch, loadName, own, site);
    accessBox(launch, Launch::Kind::Write, target, copy->map, 0,
              copy->map.getBoxBytes(),
              {tracks.unit, uint32_t(tracks.phase + 1), /*isAsync=*/true},
              site);
    tracks.copied = tracks.phase + 1;
    copy->targets.push_back({target, own, tracks.phase});
  }
  if (copy->targets.empty() || (blocks >> launch.getClusterSize().count()) != 0)
    launch.fail(std::string(loadName) +
                    ": the cluster does not have the blocks of the mask",
                site);
  const Clock clock = launch.getClockForUnit();
  forEachRun(copy->map, coordinates, [&](const BoxRun &run) {
    launch.accessAsync(Launch::Kind::Read, run.global, run.bytes,
                       {0, 0, /*isAsync=*/true}, clock,
                       " by cp.async.bulk.tensor", site);
  });
  if (launch.getRandom()() & 1)
    copy->read();
  launch.getAsyncWork().start([copy, &launch] { copy->complete(launch); });
}

static void store(void *mapPointer, char *shared, int32_t rank,
                  const int32_t *coordinates, int32_t site) {
  Launch &launch = *Launch::current;
  DecodedTensorMap map = getMap(launch, storeName, mapPointer, rank, site);
  checkBox(launch, storeName, shared, map, site);
  BulkGroups &groups = launch.getThread().bulkGroups;
  if (!groups.readUnit) {
    std::string self = std::to_string(launch.getNumberInBlock());
    groups.readUnit = launch.createUnit("a copy of thread " + self +
                                        " (no wait_group between)");
    groups.writeUnit = launch.createUnit("a copy of thread " + self +
                                         " (no wait_group between)");
  }
  uint32_t group = groups.committed + 1;
  const Clock clock = launch.getClockForUnit();
  forEachRun(map, coordinates, [&](const BoxRun &run) {
    accessBox(launch, Launch::Kind::Read, shared, map, run.inBox,
              run.inBox + run.bytes, {groups.readUnit, group, /*isAsync=*/true},
              site);
    launch.accessAsync(Launch::Kind::Write, run.global, run.bytes,
                       {groups.writeUnit, group, /*isAsync=*/true}, clock,
                       " by cp.async.bulk.tensor", site);
  });
  auto copy = std::make_shared<BulkStore>();
  auto data = std::make_shared<std::vector<char>>(map.getBoxBytes());
  std::vector<int32_t> box(coordinates, coordinates + rank);
  copy->read = [=, &launch] {
    forEachChunk(launch.getShared(), shared, map, [&](char *chunk, uint64_t i) {
      std::memcpy(data->data() + i, chunk, 16);
    });
  };
  copy->write = [=] {
    forEachRun(map, box.data(), [&](const BoxRun &run) {
      std::memcpy(run.global, data->data() + run.inBox, run.bytes);
    });
  };
  groups.last = group;
  groups.stores.push_back({group, copy});
  launch.getAsyncWork().start([copy] { copy->completeRead(); });
  launch.getAsyncWork().start([copy] { copy->complete(); });
}

static void commit() { ++Launch::current->getThread().bulkGroups.committed; }

/// Waits for all groups but the `left` last ones, or for what they read.
static void waitForGroups(int32_t left, int32_t onlyReads) {
  Launch &launch = *Launch::current;
  BulkGroups &groups = launch.getThread().bulkGroups;
  uint32_t done =
      groups.committed > uint32_t(left) ? groups.committed - left : 0;
  decltype(groups.stores) unwritten;
  for (auto &[group, store] : groups.stores) {
    if (group <= done)
      onlyReads ? store->completeRead() : store->complete();
    if (!store->isWritten)
      unwritten.push_back({group, store});
  }
  groups.stores = std::move(unwritten);
  groups.readWaited = std::max(groups.readWaited, done);
  if (!groups.readUnit)
    return;
  Clock &clock = launch.getClock();
  clock.known = join(clock.known, groups.readUnit, done);
  if (!onlyReads)
    clock.known = join(clock.known, groups.writeUnit, done);
}

void glu::checkBulkGroupsAtEnd(Launch &launch) {
  const BulkGroups &groups = launch.getThread().bulkGroups;
  if (groups.last > groups.readWaited)
    launch.fail("the thread ends, but has not waited for the copies of its "
                "cp.async.bulk groups");
}

static void prefetch(void *mapPointer, int32_t rank, int32_t site) {
  DecodedTensorMap map = {};
  if (rank)
    getMap(*Launch::current, "prefetch", mapPointer, rank, site);
  else if (!decodeTensorMap(mapPointer, map))
    Launch::current->fail("prefetch: this is no tensor map", site);
}

/// What the thread knows of writes, the asynchronous proxy sees from here on.
static void fenceProxy() {
  Launch &launch = *Launch::current;
  Clock &clock = launch.getClock();
  uint32_t self = launch.getThreadNumber();
  clock.fenced = join(join(clock.fenced, clock.known), self, clock.own);
  launch.getMbarriers().fenceInitializers(self, clock.own);
  ++clock.own;
}

void glu::visitBulkCopyFunctions(const FunctionVisitor &add) {
  add("glu_emulate_bulk_load", load);
  add("glu_emulate_bulk_store", store);
  add("glu_emulate_bulk_commit", commit);
  add("glu_emulate_bulk_wait", waitForGroups);
  add("glu_emulate_bulk_prefetch", prefetch);
  add("glu_emulate_fence_proxy", fenceProxy);
}
