//===- GPUModel.h - What a kernel asks of a GPU -----------------*- C++ -*-===//
//
// A static model of kernels of projections: what a tile reads, computes and
// holds, and a bound on the time of all tiles. Uses neither MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_GPUMODEL_H
#define GLU_TARGET_GPUMODEL_H

#include "glu/Target/GPUTarget.h"

namespace glu {

/// A contraction, or the two of a gated unit, with all sizes known.
struct KernelWork {
  int64_t rows = 1, columns = 1, sum = 1, batches = 1;
  int accumulators = 1, inputs = 1, results = 1;
  /// Of an element of an operand, and of a result.
  int64_t operandBytes = 4, resultBytes = 4;
  /// Exponentials, quotients, roots and the like for each element of a result:
  /// those take the unit for special functions.
  int64_t specials = 0;
};

/// The estimate. Cycles are those of a multiprocessor that does nothing else.
struct KernelEstimate {
  /// Of the results, and how often the chip is filled with as many as it takes.
  int64_t tiles = 0, waves = 0;
  /// A block's threads and bytes of shared memory; how many are on a
  /// multiprocessor together, as far as those (and 128 registers of a thread)
  /// say.
  int64_t threads = 0, sharedBytes = 0, blocks = 0;
  /// Of a tile.
  double flops = 0, bytesRead = 0, bytesWritten = 0;
  double productCycles = 0, specialCycles = 0;
  /// At least: the products and special functions, one after the other, of the
  /// multiprocessor with the most tiles; and reading operands and writing
  /// results once. The kernel takes the greater or more.
  double computeSeconds = 0, memorySeconds = 0;

  double getSeconds() const {
    return computeSeconds > memorySeconds ? computeSeconds : memorySeconds;
  }
};

KernelEstimate estimateKernel(const GPUTarget &target, const BlockTile &tile,
                              const KernelWork &work);

/// The estimate as a sentence.
std::string describe(const KernelEstimate &estimate);

} // namespace glu

#endif // GLU_TARGET_GPUMODEL_H
