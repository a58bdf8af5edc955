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
};

/// The known chips, oldest first.
const std::vector<GPUTarget> &getKnownGPUTargets();

/// Their names, separated by commas; for messages.
std::string getGPUTargetNames();

/// The chip of that name, or nothing.
std::optional<GPUTarget> lookupGPUTarget(std::string_view name);

/// What a block computes, `blockRows` x `blockColumns` of each accumulator,
/// and a thread of it, `rows` x `columns`; `depth` elements of the sum are in
/// shared memory at a time.
struct BlockTile {
  int64_t rows = 1, columns = 1, blockRows = 1, blockColumns = 1, depth = 1;

  int64_t threads() const {
    return blockRows / rows * (blockColumns / columns);
  }
};

/// The tile of a contraction with `accumulators` results (1, or 2 for a gated
/// unit) of `bytes`-byte elements and `rows` x `columns` results (negative
/// where unknown): few rows get flat blocks.
BlockTile chooseBlockTile(const GPUTarget &target, int accumulators,
                          int64_t bytes, int64_t rows, int64_t columns);

} // namespace glu

#endif // GLU_TARGET_GPUTARGET_H
