//===- CostModel.cpp - Tile sizes for a chip ------------------------------===//

#include "glu/Target/CostModel.h"

#include <algorithm>

using namespace glu;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

static int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

/// Rows of the tallest tile whose row of weights is `weights` registers, all
/// accumulators together; 0 if there is none.
static int64_t getMaxRows(const Target &target, int64_t weights) {
  int64_t available = int64_t(target.vectorRegisters) - 1 - weights - 1;
  return available / weights;
}

/// At most `full` rows a tile for `rows` rows: a divisor of `rows` that is at
/// least three quarters of it, so that there is no smaller tile at the end,
/// else tiles that are about equal.
static int64_t balanceRows(int64_t full, int64_t rows) {
  if (rows == dynamicSize)
    return full;
  if (rows <= full)
    return std::max<int64_t>(1, rows);
  for (int64_t divisor = full; 4 * divisor >= 3 * full; --divisor)
    if (rows % divisor == 0)
      return divisor;
  return ceilDiv(rows, ceilDiv(rows, full));
}

Tile glu::chooseRegisterTile(const Target &target, int accumulators,
                             int64_t elementBytes, int64_t rows,
                             int64_t columns) {
  int64_t lanes = std::max<int64_t>(1, target.lanes(elementBytes));
  // Two vectors of weights per row of the tile, whatever the number of
  // accumulators: then each broadcast feeds two multiply-adds, which keeps the
  // loads below what the load ports can do, and the tile is as tall as it can
  // be, so that weights are read the fewest times.
  int64_t vectors = std::max(1, 2 / accumulators);
  if (columns != dynamicSize)
    vectors = std::min(vectors, std::max<int64_t>(1, ceilDiv(columns, lanes)));
  int64_t full = getMaxRows(target, accumulators * vectors);
  int64_t tileRows = balanceRows(full, rows);
  // A flat tile has too few independent sums to hide the latency of four or
  // five cycles of a multiply-add: make it wider while the registers hold it.
  int64_t chains = 4 * int64_t(target.fmaPipes);
  while (rows != dynamicSize && accumulators * tileRows * vectors < chains &&
         getMaxRows(target, 2 * accumulators * vectors) >= tileRows &&
         (columns == dynamicSize || 2 * vectors * lanes <= columns))
    vectors *= 2;
  return {tileRows, vectors * lanes};
}

Blocking glu::chooseBlocking(const Target &target, Tile tile,
                             int64_t elementBytes, int64_t rows,
                             int64_t columns, int64_t reduction,
                             unsigned threads) {
  // Sizes nobody knows: as in the projections of a common language model.
  int64_t depth = reduction == dynamicSize ? 4096 : reduction;
  int64_t rowBytes = std::max<int64_t>(1, depth * elementBytes);
  // Half of the second level for the input. All weights stream by once a
  // block, so with fewer than about 48 rows memory limits, and the third level
  // is the better place for the block.
  int64_t blockRows = target.l2Bytes / 2 / rowBytes;
  constexpr int64_t enoughRows = 48;
  if (blockRows < enoughRows)
    blockRows = std::min(
        enoughRows,
        std::max(blockRows,
                 target.l3Bytes / 2 / std::max(1u, target.cores) / rowBytes));
  blockRows = std::max(tile.rows, blockRows / tile.rows * tile.rows);
  if (rows != dynamicSize)
    blockRows =
        std::min(blockRows, roundUp(std::max<int64_t>(1, rows), tile.rows));

  // Enough tasks for the threads: blocks of rows if there are many, else the
  // columns are divided too. Four tasks a thread even out their speeds.
  int64_t width = columns == dynamicSize ? 4096 : std::max<int64_t>(1, columns);
  int64_t rowTasks =
      rows == dynamicSize ? 1 : ceilDiv(std::max<int64_t>(1, rows), blockRows);
  int64_t wanted = threads > 1 ? 4 * int64_t(threads) : 1;
  int64_t columnTasks = ceilDiv(wanted, rowTasks);
  int64_t blockColumns = roundUp(ceilDiv(width, columnTasks), tile.columns);
  return {blockRows, blockColumns};
}
