//===- CostModelTest.cpp - Tiles and blocks -------------------------------===//

#include "glu/Target/CostModel.h"

#include <gtest/gtest.h>

using namespace glu;

static Tile choose(const char *name, int accumulators, int64_t bytes,
                   int64_t rows = dynamicSize, int64_t columns = dynamicSize) {
  return chooseRegisterTile(*lookupTarget(name), accumulators, bytes, rows,
                            columns);
}

static void expectTile(Tile tile, int64_t rows, int64_t columns) {
  EXPECT_EQ(tile.rows, rows);
  EXPECT_EQ(tile.columns, columns);
}

TEST(CostModel, LargestDivisor) {
  EXPECT_EQ(getLargestDivisor(12, 5), 4);
  EXPECT_EQ(getLargestDivisor(12, 12), 12);
  EXPECT_EQ(getLargestDivisor(12, 100), 12);
  EXPECT_EQ(getLargestDivisor(7, 6), 1);
  EXPECT_EQ(getLargestDivisor(1, 1), 1);
}

TEST(CostModel, FullTiles) {
  expectTile(choose("x86-64-v3", 2, 4), 6, 8);
  expectTile(choose("x86-64-v3", 1, 4), 6, 16);
  expectTile(choose("x86-64-v3", 2, 8), 6, 4);
  expectTile(choose("znver5", 2, 4), 8, 16);
  expectTile(choose("znver5", 1, 4), 8, 32);
  expectTile(choose("znver5", 1, 8), 8, 16);
  expectTile(choose("neoverse-v2", 2, 4), 6, 8);
}

TEST(CostModel, FewRows) {
  expectTile(choose("x86-64-v3", 2, 4, 8), 4, 8);
  expectTile(choose("x86-64-v3", 2, 4, 5), 5, 8);
  expectTile(choose("x86-64-v3", 2, 4, 10), 5, 8);
  expectTile(choose("x86-64-v3", 2, 4, 7), 4, 8);
  // Lower tiles, where six rows would be padded by much.
  expectTile(choose("x86-64-v3", 2, 4, 16), 4, 8);
  expectTile(choose("x86-64-v3", 2, 4, 32), 4, 8);
  expectTile(choose("x86-64-v3", 2, 4, 44), 5, 8);
  expectTile(choose("x86-64-v3", 1, 4, 32), 4, 16);
  expectTile(choose("x86-64-v3", 2, 4, 128), 6, 8);
  expectTile(choose("x86-64-v3", 2, 4, 512), 6, 8);
  expectTile(choose("znver5", 2, 4, 96), 8, 16);
  expectTile(choose("znver5", 2, 4, 14), 7, 16);
  // All in one tile: wider.
  expectTile(choose("znver5", 2, 4, 6), 6, 32);
  expectTile(choose("znver5", 2, 4, 7), 7, 16);
  // One row: wider, for enough independent sums.
  expectTile(choose("x86-64-v3", 2, 4, 1), 1, 16);
  expectTile(choose("x86-64-v3", 2, 4, 0), 1, 16);
}

TEST(CostModel, FewColumns) {
  expectTile(choose("x86-64-v3", 1, 4, dynamicSize, 8), 8, 8);
  expectTile(choose("x86-64-v3", 1, 4, dynamicSize, 9), 6, 16);
  expectTile(choose("znver5", 2, 4, dynamicSize, 3), 8, 16);
  expectTile(choose("znver5", 1, 4, dynamicSize, 0), 8, 16);
}

TEST(CostModel, FewRowsOfManyPanels) {
  auto expect = [](Tile tile, int64_t columns, int64_t panels) {
    EXPECT_EQ(tile.columns, columns);
    EXPECT_EQ(tile.panels, panels);
  };
  expect(choose("x86-64-v3", 2, 4, 1, 4096), 8, 4);
  expect(choose("x86-64-v3", 1, 4, 1, 4096), 16, 4);
  expect(choose("x86-64-v3", 2, 4, 2, 4096), 8, 2);
  expect(choose("x86-64-v3", 2, 4, 3, 4096), 8, 1);
  expect(choose("znver5", 2, 4, 1, 4096), 32, 4);
  expect(choose("znver5", 2, 4, 3, 4096), 32, 2);
  // 86 panels, 85 panels.
  expect(choose("x86-64-v3", 2, 4, 1, 86 * 8), 8, 2);
  expect(choose("x86-64-v3", 2, 4, 1, 85 * 8), 16, 1);
  // One at a time: wide tiles instead.
  auto one = [](const char *name) {
    return chooseRegisterTile(*lookupTarget(name), 2, 4, 1, 4096, dynamicSize,
                              /*severalPanels=*/false);
  };
  expect(one("x86-64-v3"), 16, 1);
  expect(one("znver5"), 64, 1);
  // More weights than caches have: sums take turns in the registers.
  auto fromMemory = [](const char *name, int64_t rows,
                       bool severalPanels = true) {
    return chooseRegisterTile(*lookupTarget(name), 2, 4, rows, 4096,
                              int64_t(64) << 20, severalPanels);
  };
  for (int64_t rows : {3, 4, 5, 6}) {
    expectTile(fromMemory("x86-64-v3", rows), rows, 8);
    EXPECT_EQ(fromMemory("x86-64-v3", rows).panels, 4);
    EXPECT_EQ(fromMemory("x86-64-v3", rows, false).panels, 1);
    EXPECT_EQ(fromMemory("znver5", rows).panels, rows == 3 ? 2 : 4);
  }
  expect(fromMemory("x86-64-v3", 2), 8, 2);
  expect(fromMemory("x86-64-v3", 8), 8, 1);
  expect(fromMemory("x86-64-v3", 1, false), 16, 1);
  EXPECT_EQ(fromMemory("znver5", 7).panels, 1);
  // Rows for more than one tile use a panel again.
  expect(choose("x86-64-v3", 2, 4, 8, 4096), 8, 1);
}

/// Whatever is asked, the tile fits and is not empty.
TEST(CostModel, EveryTileFits) {
  for (const Target &target : getKnownTargets())
    for (int accumulators : {1, 2})
      for (int64_t bytes : {4, 8})
        for (int64_t rows = -1; rows < 70; ++rows)
          for (int64_t columns : {-1, 0, 1, 7, 16, 33, 64, 4096}) {
            Tile tile =
                chooseRegisterTile(target, accumulators, bytes, rows, columns);
            ASSERT_GE(tile.rows, 1);
            ASSERT_GE(tile.columns, 1);
            ASSERT_EQ(tile.columns % target.lanes(bytes), 0);
            int64_t vectors = accumulators * tile.columns / target.lanes(bytes);
            ASSERT_LT(vectors * tile.rows * tile.panels + vectors + 1,
                      int64_t(target.vectorRegisters));
            // What a schedule may have.
            Tile streamed = chooseRegisterTile(target, accumulators, bytes,
                                               rows, columns, int64_t(1) << 40);
            ASSERT_LE(streamed.rows * streamed.columns * streamed.panels, 1024);
            ASSERT_EQ(streamed.rows, tile.rows);
            if (rows > 0)
              ASSERT_LE(tile.rows, rows);
          }
}

TEST(CostModel, Blocking) {
  const Target zen3 = *lookupTarget("znver3");
  // Two equal blocks of about 256 rows.
  Blocking one = chooseBlocking(zen3, {6, 8}, 4, 512, 2752, 1024, 1);
  EXPECT_EQ(one.rows, 258);
  EXPECT_EQ(one.columns, 2752);
  // A reduction so deep that a quarter of the third level holds fewer rows.
  EXPECT_EQ(chooseBlocking(zen3, {6, 8}, 4, 512, 2752, 65536, 1).rows, 36);
  // One row, two threads: the columns are divided.
  Blocking row = chooseBlocking(zen3, {1, 16}, 4, 1, 2752, 1024, 2);
  EXPECT_EQ(row.rows, 1);
  EXPECT_EQ(row.columns, 352);
}

TEST(CostModel, EveryBlockingIsWhole) {
  for (const Target &target : getKnownTargets())
    for (int64_t rows : {-1, 0, 1, 5, 513})
      for (int64_t columns : {-1, 0, 1, 2752, 4096, 1361 * 32})
        for (int64_t reduction : {-1, 0, 1, 1024, 1 << 20})
          for (unsigned threads : {1u, 2u, 7u, 64u}) {
            Tile tile = chooseRegisterTile(target, 2, 4, rows, columns);
            Blocking blocking = chooseBlocking(target, tile, 4, rows, columns,
                                               reduction, threads);
            ASSERT_GE(blocking.rows, tile.rows);
            ASSERT_GE(blocking.columns, tile.columns);
            ASSERT_EQ(blocking.rows % tile.rows, 0);
            ASSERT_EQ(blocking.columns % tile.columns, 0);
            // Several panels at once: all tasks have as many of them.
            if (tile.panels == 1)
              continue;
            int64_t whole = (std::max<int64_t>(1, columns) + tile.columns - 1) /
                            tile.columns * tile.columns;
            ASSERT_EQ(blocking.columns % (tile.columns * tile.panels), 0);
            ASSERT_EQ(whole % blocking.columns, 0);
          }
}
