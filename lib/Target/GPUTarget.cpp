//===- GPUTarget.cpp - The table of GPUs, and their tiles -----------------===//

#include "glu/Target/GPUTarget.h"

using namespace glu;

static GPUTarget makeTarget(const char *name, int64_t sharedKiB, bool ampere) {
  GPUTarget target;
  target.name = name;
  target.sharedBytes = sharedKiB << 10;
  target.hasMma = target.hasAsyncCopy = ampere;
  return target;
}

// Source: CUDA C++ Programming Guide, technical specifications per compute
// capability.
const std::vector<GPUTarget> &glu::getKnownGPUTargets() {
  static const std::vector<GPUTarget> targets = {
      makeTarget("sm_70", 96, false), makeTarget("sm_72", 96, false),
      makeTarget("sm_75", 64, false), makeTarget("sm_80", 163, true),
      makeTarget("sm_86", 99, true),  makeTarget("sm_87", 163, true),
      makeTarget("sm_89", 99, true),  makeTarget("sm_90", 227, true),
      makeTarget("sm_90a", 227, true)};
  return targets;
}

std::string glu::getGPUTargetNames() {
  std::string names;
  for (const GPUTarget &target : getKnownGPUTargets())
    names += (names.empty() ? "" : ", ") + target.name;
  return names;
}

std::optional<GPUTarget> glu::lookupGPUTarget(std::string_view name) {
  for (const GPUTarget &target : getKnownGPUTargets())
    if (target.name == name)
      return target;
  return std::nullopt;
}

BlockTile glu::chooseBlockTile(const GPUTarget &target, int accumulators,
                               int64_t bytes, int64_t rows, int64_t columns) {
  // 256 threads, which hold 32 sums of 4 bytes each: with the operands of a
  // step and the addresses that stays below 128 registers, so that two blocks
  // run on a multiprocessor.
  BlockTile tile;
  tile.rows = 4;
  tile.columns = accumulators > 1 || bytes > 4 ? 4 : 8;
  tile.blockRows = 64;
  tile.blockColumns = 16 * tile.columns;
  tile.depth = bytes > 4 ? 8 : 16;
  if (rows >= 0 && rows <= 16) {
    // The weights are read once and hardly used again: the block is a row of
    // threads, and the sums of a thread are those of one column.
    tile.rows = 1;
    while (tile.rows < rows)
      tile.rows *= 2;
    tile.blockRows = tile.rows;
    tile.columns = 1;
    tile.blockColumns = 128;
  }
  // Narrow results: no threads without work.
  while (columns >= 0 && tile.blockColumns / 2 >= columns &&
         tile.blockColumns > 32)
    tile.blockColumns /= 2;
  (void)target;
  return tile;
}
