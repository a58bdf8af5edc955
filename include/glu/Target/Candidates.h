//===- Candidates.h - Schedules that are worth a try ------------*- C++ -*-===//
//
// What is near to the cost model's choice, for programs that measure. Uses
// neither MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_CANDIDATES_H
#define GLU_TARGET_CANDIDATES_H

#include "glu/Target/CostModel.h"

namespace glu {

/// Register tiles other than `chosen` that fit into the registers, as
/// `chooseRegisterTile` counts them, do not pad much more and load not much
/// more for each multiply-add; those that load least first.
std::vector<Tile> getOtherTiles(const Target &target, int accumulators,
                                int64_t elementBytes, int64_t rows,
                                int64_t columns, Tile chosen);

/// Cache blocks of whole `tile`s other than `chosen`: less and more rows, and
/// with several threads less and more columns.
std::vector<Blocking> getOtherBlockings(Tile tile, Blocking chosen,
                                        int64_t rows, int64_t columns,
                                        unsigned threads);

/// `block` in whole `tile`s.
Blocking roundToTiles(Blocking block, Tile tile);

} // namespace glu

#endif // GLU_TARGET_CANDIDATES_H
