//===- Instructions.cpp - What rewritten kernels call ---------------------===//
//
// Numbers are those of the PTX ISA manual, section "Instruction Set".
//
//===----------------------------------------------------------------------===//

#include "Block.h"
#include "BulkCopies.h"
#include "Functions.h"
#include "Matrix.h"

#include <cstring>

using namespace glu;

static uint32_t readSpecial(int32_t which) {
  Launch &launch = *Launch::current;
  Dim3 id = launch.getThread().id, block = launch.getBlockId(),
       size = launch.getBlockSize(), grid = launch.getGridSize(),
       cluster = launch.getClusterSize(), clusterId = launch.getClusterId();
  Dim3 inCluster = cluster.at(launch.getRank());
  const uint32_t values[] = {id.x,
                             id.y,
                             id.z,
                             block.x,
                             block.y,
                             block.z,
                             size.x,
                             size.y,
                             size.z,
                             grid.x,
                             grid.y,
                             grid.z,
                             launch.getNumberInBlock() % warpSize,
                             launch.getNumberInBlock() / warpSize,
                             clusterId.x,
                             clusterId.y,
                             clusterId.z,
                             grid.x / cluster.x,
                             grid.y / cluster.y,
                             grid.z / cluster.z,
                             inCluster.x,
                             inCluster.y,
                             inCluster.z,
                             cluster.x,
                             cluster.y,
                             cluster.z,
                             launch.getRank(),
                             uint32_t(cluster.count())};
  return values[which];
}

static void access(void *pointer, int64_t bytes, int32_t alignment,
                   int32_t isWrite, int32_t site) {
  Launch::current->access(isWrite ? Launch::Kind::Write : Launch::Kind::Read,
                          pointer, bytes, alignment, site);
}

static void *getShared(int64_t offset) {
  Launch &launch = *Launch::current;
  return launch.getShared().getBegin(launch.getRank()) + offset;
}

/// Shared memory by what instructions call its address, and back.
static void *fromAddress(uint64_t address) {
  Launch &launch = *Launch::current;
  return launch.getShared().getPointer(launch.getRank(), uint32_t(address));
}

static uint64_t toAddress(void *pointer) {
  return Launch::current->getShared().getAddress(pointer);
}

static void trap(int32_t site) {
  Launch::current->fail("a trap: an assertion of the program failed", site);
}

/// A negative count means all threads of the block.
static void waitAtBarrier(int32_t id, int32_t count, int32_t waits) {
  Launch &launch = *Launch::current;
  if (count >= 0 && count % int32_t(warpSize) != 0)
    launch.fail("barrier " + std::to_string(id) + " is for " +
                std::to_string(count) + " threads, which are no whole warps");
  launch.barrier(id, count < 0 ? launch.countThreads() : uint32_t(count),
                 waits != 0);
}

static void synchronizeWarp(int32_t mask) {
  Launch::current->warpInstruction("bar.warp.sync", uint32_t(mask),
                                   /*orders=*/true, nullptr);
}

namespace {
struct ShuffleOperands {
  uint32_t value, position, clamp;
  int32_t mode; ///< As NVVM counts them: bfly, up, down, idx.
};
struct ShuffleResult {
  uint32_t value;
  bool isInside;
};
} // namespace

static void executeShuffle(Launch &launch, uint32_t first, uint32_t mask) {
  for (uint32_t lane = 0; lane < warpSize; ++lane) {
    if (!(mask >> lane & 1))
      continue;
    Thread &thread = launch.getLane(first, lane);
    const auto &own = *static_cast<const ShuffleOperands *>(thread.operands[0]);
    auto &result = *static_cast<ShuffleResult *>(thread.result);
    uint32_t b = own.position & 31, c = own.clamp & 31;
    uint32_t segment = own.clamp >> 8 & 31;
    uint32_t most = (lane & segment) | (c & ~segment), least = lane & segment;
    int32_t source = 0;
    bool inside = false;
    switch (own.mode) {
    case 0:
      source = int32_t(lane ^ b);
      inside = source <= int32_t(most);
      break;
    case 1:
      source = int32_t(lane) - int32_t(b);
      inside = source >= int32_t(most);
      break;
    case 2:
      source = int32_t(lane + b);
      inside = source <= int32_t(most);
      break;
    default:
      source = int32_t(least | (b & ~segment));
      inside = source <= int32_t(most);
    }
    if (!inside)
      source = int32_t(lane);
    result.isInside = inside;
    // A lane that takes no part has no value.
    result.value = mask >> source & 1
                       ? static_cast<const ShuffleOperands *>(
                             launch.getLane(first, source).operands[0])
                             ->value
                       : 0xffffffffu;
  }
}

static uint32_t shuffle(int32_t mask, uint32_t value, int32_t position,
                        int32_t clamp, int32_t mode, bool *isInside) {
  ShuffleOperands operands{value, uint32_t(position), uint32_t(clamp), mode};
  ShuffleResult result;
  Launch &launch = *Launch::current;
  launch.getThread().operands[0] = &operands;
  launch.getThread().result = &result;
  launch.warpInstruction("shfl.sync", uint32_t(mask), /*orders=*/false,
                         executeShuffle);
  if (isInside)
    *isInside = result.isInside;
  return result.value;
}

/// `element`: 0 of f16, 1 of bf16. Operands in the order of the registers.
static void multiplyMatrices(int32_t element, const void *a, const void *b,
                             const void *c, void *d) {
  Launch &launch = *Launch::current;
  Thread &thread = launch.getThread();
  thread.operands[0] = a;
  thread.operands[1] = b;
  thread.operands[2] = c;
  thread.result = d;
  bool isHalf = element == 0;
  launch.warpInstruction(
      isHalf ? "mma.sync.m16n8k16.f16" : "mma.sync.m16n8k16.bf16", ~0u,
      /*orders=*/false, isHalf ? executeMmaF16 : executeMmaBF16);
}

static void loadMatrices(void *pointer, int32_t count, int32_t transposed,
                         void *registers, int32_t site) {
  Launch &launch = *Launch::current;
  Thread &thread = launch.getThread();
  if (launch.getNumberInBlock() % warpSize < 8 * uint32_t(count)) {
    if (!launch.getShared().contains(pointer, 16))
      launch.fail("ldmatrix of an address that is not in shared memory", site);
    launch.access(Launch::Kind::Read, pointer, 16, 16, site);
  }
  thread.operands[0] = pointer;
  thread.result = registers;
  using Execute = void (*)(Launch &, uint32_t, uint32_t);
  static const Execute executes[2][3] = {
      {executeLdmatrix<1, false>, executeLdmatrix<2, false>,
       executeLdmatrix<4, false>},
      {executeLdmatrix<1, true>, executeLdmatrix<2, true>,
       executeLdmatrix<4, true>}};
  launch.warpInstruction("ldmatrix", ~0u, /*orders=*/false,
                         executes[transposed != 0][count / 2]);
}

static void storeMatrices(void *pointer, int32_t count, int32_t transposed,
                          const void *registers, int32_t site) {
  Launch &launch = *Launch::current;
  Thread &thread = launch.getThread();
  if (launch.getNumberInBlock() % warpSize < 8 * uint32_t(count)) {
    if (!launch.getShared().contains(pointer, 16))
      launch.fail("stmatrix to an address that is not in shared memory", site);
    launch.access(Launch::Kind::Write, pointer, 16, 16, site);
  }
  thread.operands[0] = pointer;
  thread.operands[1] = registers;
  using Execute = void (*)(Launch &, uint32_t, uint32_t);
  static const Execute executes[2][3] = {
      {executeStmatrix<1, false>, executeStmatrix<2, false>,
       executeStmatrix<4, false>},
      {executeStmatrix<1, true>, executeStmatrix<2, true>,
       executeStmatrix<4, true>}};
  launch.warpInstruction("stmatrix", ~0u, /*orders=*/false,
                         executes[transposed != 0][count / 2]);
}

/// One lane of the mask: whichever, but always the same one.
static bool elect(int32_t mask) {
  Launch &launch = *Launch::current;
  launch.warpInstruction("elect.sync", uint32_t(mask), /*orders=*/false,
                         nullptr);
  uint64_t drawn = (launch.getSeed() ^ uint32_t(mask)) * 0x9e3779b97f4a7c15u;
  auto left = uint32_t(mask);
  for (uint64_t i = (drawn >> 32) % __builtin_popcount(mask); i > 0; --i)
    left &= left - 1;
  return launch.getNumberInBlock() % warpSize == uint32_t(__builtin_ctz(left));
}

/// Copies `size` bytes of which only the first `given` are read; the others
/// are zero.
static void copyAsync(void *target, void *source, int32_t size, int32_t given,
                      int32_t site) {
  Launch &launch = *Launch::current;
  if (!launch.getShared().contains(target, size))
    launch.fail("cp.async to an address that is not in shared memory", site);
  if (given < 0 || given > size)
    launch.fail("cp.async of " + std::to_string(given) + " of " +
                    std::to_string(size) + " bytes",
                site);
  if (given > 0)
    launch.access(Launch::Kind::Read, source, given, size, site);
  launch.access(Launch::Kind::AsyncWrite, target, size, size, site);
  AsyncCopy copy{static_cast<char *>(target), std::vector<char>(size, 0)};
  if (given > 0)
    std::memcpy(copy.data.data(), source, given);
  // It may be there at once or as late as somebody waits for it.
  if (launch.getRandom()() & 1)
    std::memcpy(target, copy.data.data(), size);
  launch.getThread().copies.push_back(std::move(copy));
}

static void commitGroup() {
  Thread &thread = Launch::current->getThread();
  thread.groups.push_back(std::move(thread.copies));
  thread.copies.clear();
}

static void waitForGroups(int32_t left) {
  Launch::current->completeCopies(Launch::current->getThread(), left);
}

void glu::forEachEmulatorFunction(void (*visit)(const char *, void *, void *),
                                  void *data) {
  FunctionVisitor add{visit, data};
  visitMbarrierFunctions(add);
  visitBulkCopyFunctions(add);
  visitWgmmaFunctions(add);
  visitRegisterFunctions(add);
  visitClusterFunctions(add);
  add("glu_emulate_special", readSpecial);
  add("glu_emulate_access", access);
  add("glu_emulate_shared", getShared);
  add("glu_emulate_from_address", fromAddress);
  add("glu_emulate_to_address", toAddress);
  add("glu_emulate_trap", trap);
  add("glu_emulate_barrier", waitAtBarrier);
  add("glu_emulate_warp_barrier", synchronizeWarp);
  add("glu_emulate_shuffle", shuffle);
  add("glu_emulate_mma", multiplyMatrices);
  add("glu_emulate_ldmatrix", loadMatrices);
  add("glu_emulate_stmatrix", storeMatrices);
  add("glu_emulate_elect", elect);
  add("glu_emulate_copy_async", copyAsync);
  add("glu_emulate_commit_group", commitGroup);
  add("glu_emulate_wait_group", waitForGroups);
}
