//===- CandidatesTest.cpp - Schedules that are worth a try ----------------===//

#include "glu/Target/Candidates.h"

#include <gtest/gtest.h>

using namespace glu;

TEST(Candidates, TilesOfAVX2) {
  std::vector<Tile> tiles =
      getOtherTiles(*lookupTarget("znver3"), 2, 4, 512, 2752, {6, 8});
  ASSERT_FALSE(tiles.empty());
  // What loads least comes first, and what pads much not at all.
  EXPECT_EQ(tiles[0].rows, 5);
  EXPECT_EQ(tiles[0].columns, 8);
  for (const Tile &tile : tiles)
    EXPECT_FALSE(tile.rows == 6 && tile.columns == 8);
}

TEST(Candidates, TilesFit) {
  for (const Target &target : getKnownTargets())
    for (int accumulators : {1, 2})
      for (int64_t rows : {-1, 0, 1, 5, 513})
        for (int64_t columns : {-1, 0, 1, 2752}) {
          Tile chosen =
              chooseRegisterTile(target, accumulators, 4, rows, columns);
          for (Tile tile :
               getOtherTiles(target, accumulators, 4, rows, columns, chosen)) {
            int64_t weights = accumulators * tile.columns / target.lanes(4);
            ASSERT_GE(tile.rows, 1);
            ASSERT_EQ(tile.columns % target.lanes(4), 0);
            ASSERT_LE(weights * (tile.rows + 1) + 1,
                      int64_t(target.vectorRegisters));
            if (rows > 0)
              ASSERT_LE(tile.rows, rows);
          }
        }
}

TEST(Candidates, Blockings) {
  // One thread: rows alone, up to all that there are.
  std::vector<Blocking> blocks =
      getOtherBlockings({6, 8}, {258, 2752}, 512, 2752, 1);
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_EQ(blocks[0].rows, 132);
  EXPECT_EQ(blocks[1].rows, 66);
  EXPECT_EQ(blocks[2].rows, 36);
  EXPECT_EQ(blocks[3].rows, 516);
  for (const Blocking &block : blocks)
    EXPECT_EQ(block.columns, 2752);
  // More: columns too. Nothing twice.
  EXPECT_TRUE(getOtherBlockings({1, 16}, {1, 16}, 1, 16, 1).empty());
  for (int64_t rows : {-1, 0, 1, 512})
    for (const Blocking &block :
         getOtherBlockings({6, 8}, {258, 352}, rows, 2752, 4)) {
      EXPECT_EQ(block.rows % 6, 0);
      EXPECT_EQ(block.columns % 8, 0);
      EXPECT_FALSE(block.rows == 258 && block.columns == 352);
    }
}
