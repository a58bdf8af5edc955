//===- Candidates.cpp - Schedules that are worth a try --------------------===//

#include "glu/Target/Candidates.h"

#include <algorithm>

using namespace glu;

static int64_t roundUp(int64_t a, int64_t b) { return (a + b - 1) / b * b; }

/// How many times the results that are wanted `size` comes to in tiles of
/// `tile`.
static double getPadding(int64_t size, int64_t tile) {
  static_assert(dynamicSize < 1, "sizes that are unknown have no padding");
  return size < 1 ? 1 : double(roundUp(size, tile)) / double(size);
}

namespace {
struct Cost {
  /// Loads for a multiply-add.
  double loads;
  double padding;
};
} // namespace

static Cost getCost(Tile tile, int accumulators, int64_t lanes, int64_t rows,
                    int64_t columns) {
  double vectors = double(accumulators * tile.columns) / double(lanes);
  double height = double(tile.rows);
  return {(vectors + height) / (vectors * height),
          getPadding(rows, tile.rows) * getPadding(columns, tile.columns)};
}

std::vector<Tile> glu::getOtherTiles(const Target &target, int accumulators,
                                     int64_t elementBytes, int64_t rows,
                                     int64_t columns, Tile chosen) {
  constexpr double muchLoads = 1.6, muchPadding = 1.06;
  int64_t lanes = std::max<int64_t>(1, target.lanes(elementBytes));
  auto registers = int64_t(target.vectorRegisters);
  Cost best = getCost(chosen, accumulators, lanes, rows, columns);
  std::vector<std::pair<double, Tile>> found;
  // LLVM splits vectors of other lengths than powers of two badly.
  for (int64_t vectors = 1; accumulators * vectors < registers; vectors *= 2)
    for (int64_t height = 1; rows == dynamicSize || height <= rows; ++height) {
      int64_t weights = accumulators * vectors;
      if (weights * height + weights + 1 > registers)
        break;
      Tile tile{height, vectors * lanes};
      Cost cost = getCost(tile, accumulators, lanes, rows, columns);
      bool isChosen = height == chosen.rows && tile.columns == chosen.columns;
      if (isChosen || cost.loads > muchLoads * best.loads ||
          cost.padding > muchPadding * best.padding)
        continue;
      found.push_back({cost.loads * cost.padding, tile});
    }
  std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) {
    return std::pair(a.first, a.second.columns) <
           std::pair(b.first, b.second.columns);
  });
  std::vector<Tile> tiles;
  for (auto &[cost, tile] : found)
    tiles.push_back(tile);
  return tiles;
}

Blocking glu::roundToTiles(Blocking block, Tile tile) {
  return {roundUp(block.rows, tile.rows),
          roundUp(block.columns, tile.columns * tile.panels)};
}

std::vector<Blocking> glu::getOtherBlockings(Tile tile, Blocking chosen,
                                             int64_t rows, int64_t columns,
                                             unsigned threads) {
  std::vector<Blocking> blocks;
  auto add = [&](Blocking block) {
    block.rows = std::max<int64_t>(1, block.rows);
    block.columns = std::max<int64_t>(1, block.columns);
    if (rows != dynamicSize)
      block.rows = std::min(block.rows, std::max<int64_t>(1, rows));
    if (columns != dynamicSize)
      block.columns = std::min(block.columns, std::max<int64_t>(1, columns));
    block = roundToTiles(block, tile);
    auto isSame = [&](const Blocking &other) {
      return block.rows == other.rows && block.columns == other.columns;
    };
    bool isKnown = isSame(chosen);
    for (const Blocking &other : blocks)
      isKnown |= isSame(other);
    if (!isKnown)
      blocks.push_back(block);
  };
  for (int64_t part : {2, 4, 8})
    add({(chosen.rows + part - 1) / part, chosen.columns});
  for (int64_t times : {2, 4})
    add({times * chosen.rows, chosen.columns});
  if (threads > 1) {
    for (int64_t part : {2, 4})
      add({chosen.rows, (chosen.columns + part - 1) / part});
    for (int64_t times : {2, 4})
      add({chosen.rows, times * chosen.columns});
  }
  return blocks;
}
