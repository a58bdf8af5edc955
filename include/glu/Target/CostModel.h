//===- CostModel.h - Tile sizes for a chip ----------------------*- C++ -*-===//
//
// Chooses the sizes of register tiles and cache blocks of a contraction
// `C[m, n] += A[m, k] B[k, n]`, or of the two of a gated unit, from the
// description of a chip. Sizes are in elements.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_COSTMODEL_H
#define GLU_TARGET_COSTMODEL_H

#include "glu/Target/Target.h"

namespace glu {

/// A size that is only known when the code runs.
constexpr int64_t dynamicSize = -1;

/// The part of the result that is kept in registers during the reduction:
/// `rows` x `columns` of each accumulator, from each of `panels` panels of
/// weights; `columns` is a whole number of vector registers.
struct Tile {
  int64_t rows = 1, columns = 1, panels = 1;
};

/// What is kept in caches: `rows` of the input are packed together and stay in
/// the second level while the weights stream by; a task computes `columns`
/// columns of the result. Multiples of the tile's rows and columns.
struct Blocking {
  int64_t rows = 1, columns = 1;
};

/// The largest divisor of `number` up to `bound`, both positive.
int64_t getLargestDivisor(int64_t number, int64_t bound);

/// The register tile of a contraction with `accumulators` results (1, or 2 for
/// a gated unit) of `elementBytes`-byte accumulators and `rows` x `columns`
/// results, from `weightBytes` of weights (`dynamicSize` where unknown; nothing
/// is assumed then).
///
/// The accumulators, a row of weights for each, and one element of the input
/// broadcast to a vector fit into the registers, one register kept free: with
/// all in use LLVM's allocator spills. Of several panels only one may fit, if
/// the weights come from memory: glu-vectorize lets them take turns. Where
/// `severalPanels` of weights cannot be read at once, there is one.
Tile chooseRegisterTile(const Target &target, int accumulators,
                        int64_t elementBytes, int64_t rows, int64_t columns,
                        int64_t weightBytes = dynamicSize,
                        bool severalPanels = true);

/// The same in tile registers (AMX), eight of 16 x 16 sums each: four for the
/// sums, so that each load of inputs and weights is used twice. They are always
/// full: padding costs less than the weights' way from memory, and LLVM gives
/// each register one size in a function.
Tile chooseTileRegisters(int accumulators, int64_t rows, int64_t columns);

/// The cache blocks for `tile`, elements of the input of `elementBytes` bytes,
/// `rows` x `columns` results, sums over `reduction` elements (each
/// `dynamicSize` where unknown) and `threads` threads (at least 1).
Blocking chooseBlocking(const Target &target, Tile tile, int64_t elementBytes,
                        int64_t rows, int64_t columns, int64_t reduction,
                        unsigned threads);

} // namespace glu

#endif // GLU_TARGET_COSTMODEL_H
