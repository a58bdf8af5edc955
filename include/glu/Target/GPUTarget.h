//===- GPUTarget.h - What the compiler knows of a GPU -----------*- C++ -*-===//
//
// GPUs as plain data, and the tiles of their threads and blocks. Uses neither
// MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_GPUTARGET_H
#define GLU_TARGET_GPUTARGET_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glu {

/// An NVIDIA chip, as far as code generation depends on it.
struct GPUTarget {
  /// As LLVM and ptxas call it: "sm_90a".
  std::string name;
  /// Bytes of shared memory that one block may have without asking for more,
  /// and after asking.
  int64_t staticSharedBytes = 48 << 10;
  int64_t sharedBytes = 96 << 10;
  /// Registers of a thread.
  unsigned registers = 255;
  /// Matrix products of a warp on f16 and bf16 (m16n8k16), and copies from
  /// global to shared memory that a thread need not wait for.
  bool hasMma = false, hasAsyncCopy = false;
  /// Matrix products of four warps from shared memory (wgmma), and copies of
  /// tiles by the tensor memory accelerator.
  bool hasWgmma = false;
  /// Of the largest chip of the name.
  int64_t multiprocessors = 132;

  // Of a multiprocessor: threads, and floating-point operations per cycle in
  // f32, in f64, and by matrix products of f16 and bf16 with sums in f32.
  int64_t multiprocessorThreads = 2048;
  double floatFlops = 256, doubleFlops = 128, mmaFlops = 0, wgmmaFlops = 0;
  /// Clock under load, and bandwidth of the memory.
  double gigahertz = 1, gigabytes = 1;
};

/// The known chips, oldest first.
const std::vector<GPUTarget> &getKnownGPUTargets();

/// Their names, separated by commas; for messages.
std::string getGPUTargetNames();

/// The chip of that name, or nothing.
std::optional<GPUTarget> lookupGPUTarget(std::string_view name);

/// A contraction, or the two of a gated unit, as its tile depends on it. Sizes
/// are negative where unknown.
struct BlockProblem {
  int accumulators = 1;
  int inputs = 1;    ///< How many there are: one if both branches share it.
  int64_t bytes = 4; ///< Of an accumulator.
  int64_t rows = -1, columns = -1;
  /// Whether inputs and weights are all f16 or all bf16, summed up in f32.
  bool isHalf = false;
  /// Whether they are of f8E4M3FN or f8E5M2, with the sum innermost, and summed
  /// up in f32.
  bool isFloat8 = false;
};

/// What a block computes, `blockRows` x `blockColumns` of each accumulator,
/// and a thread of it, `rows` x `columns`; `depth` elements of the sum are in
/// shared memory at a time. With `group` 2, it is a warp that computes `rows` x
/// `columns`, by matrix products; with 8, four warps.
struct BlockTile {
  int64_t rows = 1, columns = 1, blockRows = 1, blockColumns = 1;
  int64_t group = 1, depth = 1;
};

/// The tile for a contraction; few rows get flat blocks.
BlockTile chooseBlockTile(const GPUTarget &target, const BlockProblem &problem);

/// The tile for matrix products of warps.
BlockTile chooseMmaTile(const BlockProblem &problem);

} // namespace glu

#endif // GLU_TARGET_GPUTARGET_H
