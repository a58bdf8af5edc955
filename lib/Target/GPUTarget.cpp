//===- GPUTarget.cpp - The table of GPUs, and their tiles -----------------===//

#include "glu/Target/GPUTarget.h"

#include <algorithm>

using namespace glu;

namespace {
/// A line of the table.
struct Row {
  const char *name;
  bool isAmpere; ///< Or later.
  int64_t sharedKiB, multiprocessors, threads;
  double floatFlops, doubleFlops, mmaFlops, gigahertz, gigabytes;
};
} // namespace

// Sources: CUDA C++ Programming Guide, technical specifications and arithmetic
// throughput per compute capability; for the rest the whitepapers of V100,
// Xavier, TU102, A100 (80 GB), A40, Orin, L40S and H100 (SXM). mma.sync gets
// 62 % of what wgmma does on sm_90 (measured in arXiv 2402.13499).
static constexpr Row rows[] = {
    {"sm_70", false, 96, 80, 2048, 128, 64, 1024, 1.53, 900},
    {"sm_72", false, 96, 8, 2048, 128, 64, 1024, 1.38, 137},
    {"sm_75", false, 64, 72, 1024, 128, 4, 1024, 1.77, 672},
    {"sm_80", true, 163, 108, 2048, 128, 64, 2048, 1.41, 2039},
    {"sm_86", true, 99, 84, 1536, 256, 4, 1024, 1.74, 696},
    {"sm_87", true, 163, 16, 1536, 256, 4, 2048, 1.30, 205},
    {"sm_89", true, 99, 142, 1536, 256, 4, 1024, 2.52, 864},
    {"sm_90", true, 227, 132, 2048, 256, 128, 2540, 1.83, 3350},
    {"sm_90a", true, 227, 132, 2048, 256, 128, 2540, 1.83, 3350}};

static GPUTarget makeTarget(const Row &row) {
  GPUTarget target;
  target.name = row.name;
  target.sharedBytes = row.sharedKiB << 10;
  target.hasMma = target.hasAsyncCopy = row.isAmpere;
  // The instructions of sm_90 alone are those of its name with an "a".
  target.hasWgmma = target.name == "sm_90a";
  target.multiprocessors = row.multiprocessors;
  target.multiprocessorThreads = row.threads;
  target.floatFlops = row.floatFlops;
  target.doubleFlops = row.doubleFlops;
  target.mmaFlops = row.mmaFlops;
  target.wgmmaFlops = target.hasWgmma ? 4096 : 0;
  target.gigahertz = row.gigahertz;
  target.gigabytes = row.gigabytes;
  return target;
}

const std::vector<GPUTarget> &glu::getKnownGPUTargets() {
  static const std::vector<GPUTarget> targets = [] {
    std::vector<GPUTarget> all;
    for (const Row &row : rows)
      all.push_back(makeTarget(row));
    return all;
  }();
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

/// Three steps of the sum, 32 elements each, are in shared memory: 48 KiB for
/// 128 x 64 of two accumulators, which is what a block has without asking.
BlockTile glu::chooseMmaTile(const BlockProblem &problem) {
  BlockTile tile;
  tile.group = 2;
  tile.depth = 32;
  tile.rows = tile.columns = 32;
  tile.blockRows = problem.inputs > 1 ? 64 : 128;
  tile.blockColumns = 64;
  if (problem.rows >= 0 && problem.rows <= 16) {
    // Four warps beside each other.
    tile.rows = tile.blockRows = 16;
    tile.columns = problem.accumulators > 1 ? 16 : 32;
    tile.blockColumns = 4 * tile.columns;
  } else if (problem.rows >= 0 && problem.rows <= 64) {
    tile.blockRows = problem.rows <= 32 ? 32 : 64;
  }
  return tile;
}

/// Two groups of four warps have 64 rows each, and 128 registers for sums: 128
/// columns of two accumulators or 256 of one. Steps are of 128 bytes, what is
/// swizzled together.
static BlockTile chooseWgmmaTile(const GPUTarget &target,
                                 const BlockProblem &problem) {
  BlockTile tile;
  tile.group = 8;
  tile.depth = problem.isFloat8 ? 128 : 64;
  if (problem.rows >= 0 && problem.rows <= 56) {
    // Groups have 64 columns each. All multiprocessors are to read weights: one
    // group a block where the busiest then reads less.
    tile.rows = tile.blockRows = std::max<int64_t>(8, (problem.rows + 7) & ~7);
    tile.columns = 64;
    auto getMost = [&](int64_t blockColumns) {
      int64_t blocks = (problem.columns + blockColumns - 1) / blockColumns;
      return (blocks + target.multiprocessors - 1) / target.multiprocessors *
             blockColumns;
    };
    tile.blockColumns =
        problem.columns < 0 || getMost(128) <= getMost(64) ? 128 : 64;
    return tile;
  }
  tile.rows = 64;
  tile.blockRows = problem.rows >= 0 && problem.rows <= 64 ? 64 : 128;
  tile.columns = problem.accumulators > 1 ? 128 : 256;
  while (problem.columns >= 0 && tile.columns / 2 >= problem.columns &&
         tile.columns > 64)
    tile.columns /= 2;
  tile.blockColumns = tile.columns;
  return tile;
}

BlockTile glu::chooseBlockTile(const GPUTarget &target,
                               const BlockProblem &problem) {
  if (target.hasWgmma && (problem.isFloat8 || problem.isHalf))
    return chooseWgmmaTile(target, problem);
  if (problem.isHalf && target.hasMma && target.hasAsyncCopy)
    return chooseMmaTile(problem);
  // 256 threads, which hold 32 sums of 4 bytes each: with the operands of a
  // step and the addresses that stays below 128 registers, so that two blocks
  // run on a multiprocessor.
  BlockTile tile;
  tile.rows = 4;
  tile.columns = problem.accumulators > 1 || problem.bytes > 4 ? 4 : 8;
  tile.blockRows = 64;
  tile.blockColumns = 16 * tile.columns;
  tile.depth = problem.bytes > 4 ? 8 : 16;
  if (problem.rows >= 0 && problem.rows <= 16) {
    // The weights are read once and hardly used again: the block is a row of
    // threads, and the sums of a thread are those of one column.
    tile.rows = 1;
    while (tile.rows < problem.rows)
      tile.rows *= 2;
    tile.blockRows = tile.rows;
    tile.columns = 1;
    tile.blockColumns = 128;
  }
  // Narrow results: no threads without work.
  while (problem.columns >= 0 && tile.blockColumns / 2 >= problem.columns &&
         tile.blockColumns > 32)
    tile.blockColumns /= 2;
  return tile;
}
