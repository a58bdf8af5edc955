//===- CostModel.cpp - Tile sizes for a chip ------------------------------===//

#include "glu/Target/CostModel.h"

#include <algorithm>

using namespace glu;

/// Bytes of a cache line.
constexpr int64_t lineBytes = 64;

/// The rows of the input are read where they lie. If they are a multiple of
/// 4 KB apart they share a cache set, which holds eight of them at least.
constexpr int64_t maxRows = 8;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

static int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

/// Rows of the tallest tile whose row of weights is `weights` registers, all
/// accumulators together; 0 if there is none.
static int64_t getMaxRows(const Target &target, int64_t weights) {
  int64_t available = int64_t(target.vectorRegisters) - 1 - weights - 1;
  return available / weights;
}

int64_t glu::getLargestDivisor(int64_t number, int64_t bound) {
  int64_t divisor = std::min(number, bound);
  while (number % divisor != 0)
    --divisor;
  return divisor;
}

/// At most `full` rows a tile for `rows` rows: a divisor of `rows` that is at
/// least three quarters of it, so that there is no smaller tile at the end,
/// else tiles that are about equal.
static int64_t balanceRows(int64_t full, int64_t rows) {
  int64_t divisor = getLargestDivisor(rows, full);
  if (4 * divisor >= 3 * full)
    return divisor;
  return ceilDiv(rows, ceilDiv(rows, full));
}

/// The same where few registers make tiles so flat that padding takes more
/// than lower tiles do: for each step of a sum, a tile takes as long as its
/// rows' multiply-adds, or as one waits for the last, and 0.6 rows' more.
static int64_t balanceFewRows(int64_t full, int64_t rows, int64_t minRows) {
  auto getTime = [&](int64_t height) {
    return ceilDiv(rows, height) * (5 * std::max(height, minRows) + 3);
  };
  int64_t best = full;
  for (int64_t height = full - 1; height > 0; --height)
    if (getTime(height) < getTime(best))
      best = height;
  return best;
}

/// Panels that are read at once where all `rows` fit one tile, each with
/// `weights` registers a row: the hardware fetches several streams from memory
/// a third faster than one, on a Zen 3. None is left over.
static int64_t choosePanels(const Target &target, int64_t weights, int64_t rows,
                            int64_t count, int64_t columns,
                            int64_t weightBytes) {
  for (int64_t panels : {4, 2}) {
    int64_t used = rows * weights * panels + rows + 1;
    if (count % panels == 0 && used < int64_t(target.vectorRegisters))
      return panels;
  }
  // Turns in the registers take less time than the way from memory, and of few
  // rows; chips tell of more third-level cache than a core has of it. A
  // schedule has tiles of so many elements at most.
  constexpr int64_t cached = 32 << 20, fewRows = 6, elements = 1024;
  if (weightBytes > cached && rows <= fewRows)
    for (int64_t panels : {4, 2})
      if (count % panels == 0 && rows * columns * panels <= elements)
        return panels;
  return 1;
}

Tile glu::chooseRegisterTile(const Target &target, int accumulators,
                             int64_t elementBytes, int64_t rows,
                             int64_t columns, int64_t weightBytes,
                             bool severalPanels) {
  int64_t lanes = std::max<int64_t>(1, target.lanes(elementBytes));
  // The weights of a row, all accumulators together: two vectors, or one cache
  // line where registers are many and small. Rows that fit one tile take twice
  // as many: nothing is used again, and longer streams are read faster.
  bool alone = rows != dynamicSize && rows <= getMaxRows(target, 4);
  bool isLine = target.vectorBits >= 8 * lineBytes;
  int64_t vectors = target.vectorRegisters >= 32 && (alone || !isLine) ? 4 : 2;
  vectors = std::max<int64_t>(1, vectors / accumulators);
  if (columns != dynamicSize)
    vectors = std::min(vectors, std::max<int64_t>(1, ceilDiv(columns, lanes)));
  int64_t full = std::min(maxRows, getMaxRows(target, accumulators * vectors));
  // So many independent sums hide the latency of four or five cycles of a
  // multiply-add.
  int64_t chains = 4 * int64_t(target.fmaPipes);
  int64_t tileRows = full;
  if (rows != dynamicSize && rows <= full)
    tileRows = std::max<int64_t>(1, rows);
  else if (rows != dynamicSize)
    tileRows = target.vectorRegisters >= 32
                   ? balanceRows(full, rows)
                   : balanceFewRows(full, rows,
                                    ceilDiv(chains, accumulators * vectors));
  if (severalPanels && tileRows == rows && columns > 0) {
    int64_t count = ceilDiv(columns, vectors * lanes);
    int64_t panels = choosePanels(target, accumulators * vectors, tileRows,
                                  count, vectors * lanes, weightBytes);
    if (panels > 1)
      return {tileRows, vectors * lanes, panels};
  }
  // A flat tile has too few: make it wider while the registers hold it.
  while (rows != dynamicSize && accumulators * tileRows * vectors < chains &&
         getMaxRows(target, 2 * accumulators * vectors) >= tileRows &&
         (columns == dynamicSize || 2 * vectors * lanes <= columns))
    vectors *= 2;
  return {tileRows, vectors * lanes};
}

Tile glu::chooseTileRegisters(int accumulators, int64_t rows, int64_t columns) {
  constexpr int64_t size = 16;
  int64_t wide = columns == dynamicSize || columns > size ? 2 : 1;
  // Two tiles high, unless the last of them would be all padding.
  bool flat =
      rows != dynamicSize && (rows - 1) / size % 2 == 0 && rows < 8 * size;
  return {flat ? size : 2 * size, size * (accumulators > 1 ? 1 : wide)};
}

Blocking glu::chooseBlocking(const Target &target, Tile tile,
                             int64_t elementBytes, int64_t rows,
                             int64_t columns, int64_t reduction,
                             unsigned threads) {
  // Sizes nobody knows: as in the projections of a common language model.
  int64_t depth = reduction == dynamicSize ? 4096 : reduction;
  int64_t rowBytes = std::max<int64_t>(1, depth * elementBytes);
  // A panel of weights stays in the second level while the rows of a block
  // stream by, from the third if need be; so many rows that the next panel's
  // way from memory does not matter.
  constexpr int64_t enoughRows = 256;
  int64_t blockRows = std::clamp<int64_t>(
      std::max(target.l2Bytes / 2, target.l3Bytes / 4) / rowBytes, tile.rows,
      std::max(enoughRows, tile.rows));
  if (rows != dynamicSize) {
    int64_t known = std::max<int64_t>(1, rows);
    blockRows = ceilDiv(known, ceilDiv(known, blockRows));
  }
  blockRows = roundUp(blockRows, tile.rows);

  // Enough tasks for the threads: blocks of rows if there are many, else the
  // columns are divided too. Four tasks a thread even out their speeds.
  int64_t width = columns == dynamicSize ? 4096 : std::max<int64_t>(1, columns);
  int64_t rowTasks =
      rows == dynamicSize ? 1 : ceilDiv(std::max<int64_t>(1, rows), blockRows);
  int64_t wanted = threads > 1 ? 4 * int64_t(threads) : 1;
  int64_t columnTasks = ceilDiv(wanted, rowTasks);
  int64_t blockColumns = roundUp(ceilDiv(width, columnTasks), tile.columns);
  // Several panels at once leave no smaller task at the end.
  if (tile.panels > 1 && columns != dynamicSize) {
    int64_t step = tile.columns * tile.panels;
    int64_t steps = ceilDiv(width, step);
    blockColumns = step * getLargestDivisor(
                              steps, std::max<int64_t>(1, blockColumns / step));
  }
  return {blockRows, blockColumns};
}
