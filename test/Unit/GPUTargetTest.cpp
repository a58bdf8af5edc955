//===- GPUTargetTest.cpp - GPUs and their tiles ---------------------------===//

#include "glu/Target/GPUTarget.h"

#include <gtest/gtest.h>

using namespace glu;

TEST(GPUTargetTest, NamesAreThoseOfPtxas) {
  ASSERT_TRUE(lookupGPUTarget("sm_90a"));
  EXPECT_TRUE(lookupGPUTarget("sm_80")->hasMma);
  EXPECT_FALSE(lookupGPUTarget("sm_70")->hasMma);
  EXPECT_FALSE(lookupGPUTarget("sm_90")->hasWgmma);
  EXPECT_TRUE(lookupGPUTarget("sm_90a")->hasWgmma);
  EXPECT_FALSE(lookupGPUTarget("sm_20"));
  EXPECT_NE(getGPUTargetNames().find("sm_75, sm_80"), std::string::npos);
}

/// Threads that compute together, by the `group` of a tile.
static int64_t getTeam(const BlockTile &tile) {
  return tile.group == 8 ? 128 : tile.group == 2 ? 32 : 1;
}

/// Bytes of shared memory that a tile takes, with `bytes` for an element; at
/// least two stages of it where there may be more.
static int64_t getSharedBytes(const BlockTile &tile,
                              const BlockProblem &problem, int64_t bytes) {
  int64_t stages = tile.group == 8 ? 2 : tile.group == 2 ? 3 : 1;
  int64_t padding = tile.group == 1 ? 4 : 0;
  return stages * tile.depth * bytes *
         (problem.inputs * (tile.blockRows + padding) +
          problem.accumulators * (tile.blockColumns + padding));
}

// f8 with the sum innermost is what wgmma takes, however few the rows.
TEST(GPUTargetTest, Float8) {
  BlockProblem problem;
  problem.accumulators = 2;
  problem.isFloat8 = true;
  for (const GPUTarget &target : getKnownGPUTargets())
    for (int64_t rows : {-1, 1, 64, 65}) {
      problem.rows = rows;
      BlockTile tile = chooseBlockTile(target, problem);
      EXPECT_EQ(tile.group, target.hasWgmma ? 8 : 1);
      if (!target.hasWgmma)
        continue;
      EXPECT_EQ(tile.depth, 128);
      EXPECT_EQ(tile.blockRows, rows == 1 ? 8 : rows == 64 ? 64 : 128);
      EXPECT_EQ(tile.columns, rows == 1 ? 64 : 128);
    }
}

// Every tile is whole warps, few enough threads, fits into shared memory and
// leaves registers.
TEST(GPUTargetTest, TilesFit) {
  for (const GPUTarget &target : getKnownGPUTargets())
    for (int accumulators : {1, 2})
      for (int inputs : {1, accumulators})
        for (int64_t bytes : {4, 8})
          for (bool isHalf : {false, bytes == 4})
            for (int64_t rows : {-1, 1, 7, 16, 17, 64, 65, 4096})
              for (int64_t columns : {-1, 1, 33, 64, 4096}) {
                BlockProblem problem{accumulators, inputs,  bytes,
                                     rows,         columns, isHalf};
                BlockTile tile = chooseBlockTile(target, problem);
                ASSERT_EQ(tile.blockRows % tile.rows, 0);
                ASSERT_EQ(tile.blockColumns % tile.columns, 0);
                int64_t group = !isHalf || !target.hasMma ? 1
                                : target.hasWgmma         ? 8
                                                          : 2;
                EXPECT_EQ(tile.group, group);
                int64_t threads = tile.blockRows / tile.rows *
                                  (tile.blockColumns / tile.columns) *
                                  getTeam(tile);
                EXPECT_EQ(threads % 32, 0);
                EXPECT_LE(threads, 1024);
                EXPECT_LE(tile.rows * tile.columns * accumulators,
                          (tile.group == 1 ? 64 : 128) * getTeam(tile));
                EXPECT_LE(getSharedBytes(tile, problem, group > 1 ? 2 : bytes),
                          group == 8 ? target.sharedBytes
                                     : target.staticSharedBytes);
              }
}
