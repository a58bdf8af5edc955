//===- GPUModel.cpp - What a kernel asks of a GPU -------------------------===//

#include "glu/Target/GPUModel.h"

#include <algorithm>
#include <cstdio>

using namespace glu;

/// Special functions of a multiprocessor per cycle, on every chip so far.
/// Source: CUDA C++ Programming Guide, throughput of arithmetic instructions.
static constexpr double specialsPerCycle = 16;

/// Registers of a multiprocessor, and of a thread that a kernel should need.
static constexpr int64_t allRegisters = 65536, threadRegisters = 128;

static int64_t divideUp(int64_t size, int64_t tile) {
  return (size + tile - 1) / tile;
}

/// Of operands on their way and in use: see SIMTKernel, SharedTiles and
/// WgmmaKernel, of which the last takes all there is.
static int64_t getSharedBytes(const GPUTarget &target, const BlockTile &tile,
                              const KernelWork &work) {
  if (tile.group == 8)
    return target.sharedBytes;
  int64_t stages = tile.group == 2 ? 3 : 1, padding = tile.group == 2 ? 0 : 4;
  return stages * tile.depth * work.operandBytes *
         (work.inputs * (tile.blockRows + padding) +
          work.accumulators * (tile.blockColumns + padding));
}

KernelEstimate glu::estimateKernel(const GPUTarget &target,
                                   const BlockTile &tile,
                                   const KernelWork &work) {
  KernelEstimate e;
  e.tiles = divideUp(work.rows, tile.blockRows) *
            divideUp(work.columns, tile.blockColumns) * work.batches;

  int64_t team = tile.group == 8 ? 128 : tile.group == 2 ? 32 : 1;
  e.threads =
      tile.blockRows / tile.rows * (tile.blockColumns / tile.columns) * team;
  if (tile.group == 8)
    e.threads += team; // The producer.
  e.sharedBytes = getSharedBytes(target, tile, work);
  e.blocks = std::min(target.multiprocessorThreads / e.threads,
                      target.sharedBytes / std::max<int64_t>(e.sharedBytes, 1));
  e.blocks = std::min(e.blocks, allRegisters / threadRegisters / e.threads);
  e.blocks = std::max<int64_t>(e.blocks, 1);
  e.waves = divideUp(e.tiles, e.blocks * target.multiprocessors);

  double elements = double(tile.blockRows) * tile.blockColumns;
  e.flops = 2 * elements * work.sum * work.accumulators;
  e.bytesRead =
      double(work.operandBytes) * work.sum *
      (work.inputs * tile.blockRows + work.accumulators * tile.blockColumns);
  e.bytesWritten = double(work.resultBytes) * work.results * elements;
  // Of elements of 8 bits, wgmma multiplies twice as many.
  double wgmmaFlops = target.wgmmaFlops * (work.operandBytes == 1 ? 2 : 1);
  double flopsPerCycle = tile.group == 8         ? wgmmaFlops
                         : tile.group == 2       ? target.mmaFlops
                         : work.operandBytes > 4 ? target.doubleFlops
                                                 : target.floatFlops;
  e.productCycles = e.flops / flopsPerCycle;
  e.specialCycles = elements * work.specials / specialsPerCycle;

  // Blocks of a multiprocessor share its units.
  e.computeSeconds = divideUp(e.tiles, target.multiprocessors) *
                     (e.productCycles + e.specialCycles) /
                     (target.gigahertz * 1e9);
  double operands = double(work.operandBytes) * work.sum * work.batches *
                    (double(work.inputs) * work.rows +
                     double(work.accumulators) * work.columns);
  double results = double(work.resultBytes) * work.results * work.batches *
                   work.rows * work.columns;
  e.memorySeconds = (operands + results) / (target.gigabytes * 1e9);
  return e;
}

std::string glu::describe(const KernelEstimate &e) {
  char text[512];
  std::snprintf(
      text, sizeof(text),
      "a tile: %.4g MFLOP, %.4g KB read, %.4g KB written, %.0f cycles of "
      "products, %.0f of special functions; a block: %lld threads, %.4g KB of "
      "shared memory, %lld on a multiprocessor; all: %lld tiles in %lld waves, "
      "at least %.4g us of computing and %.4g us of memory",
      e.flops / 1e6, e.bytesRead / 1024, e.bytesWritten / 1024, e.productCycles,
      e.specialCycles, static_cast<long long>(e.threads), e.sharedBytes / 1024.,
      static_cast<long long>(e.blocks), static_cast<long long>(e.tiles),
      static_cast<long long>(e.waves), e.computeSeconds * 1e6,
      e.memorySeconds * 1e6);
  return text;
}
