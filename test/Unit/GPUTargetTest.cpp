//===- GPUTargetTest.cpp - GPUs and their tiles ---------------------------===//

#include "glu/Target/GPUTarget.h"

#include <gtest/gtest.h>

using namespace glu;

TEST(GPUTargetTest, NamesAreThoseOfPtxas) {
  ASSERT_TRUE(lookupGPUTarget("sm_90a"));
  EXPECT_TRUE(lookupGPUTarget("sm_80")->hasMma);
  EXPECT_FALSE(lookupGPUTarget("sm_70")->hasMma);
  EXPECT_FALSE(lookupGPUTarget("sm_20"));
  EXPECT_NE(getGPUTargetNames().find("sm_75, sm_80"), std::string::npos);
}

/// Bytes of shared memory that a tile takes, with `bytes` for an element.
static int64_t getSharedBytes(const BlockTile &tile,
                              const BlockProblem &problem, int64_t bytes) {
  int64_t stages = tile.group == 2 ? 3 : 1, padding = tile.group == 2 ? 0 : 4;
  return stages * tile.depth * bytes *
         (problem.inputs * (tile.blockRows + padding) +
          problem.accumulators * (tile.blockColumns + padding));
}

// Every tile is whole warps, few enough threads, and fits into shared memory.
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
                bool mma = tile.group == 2;
                EXPECT_EQ(mma, isHalf && target.hasMma);
                int64_t threads = tile.blockRows / tile.rows *
                                  (tile.blockColumns / tile.columns) *
                                  (mma ? 32 : 1);
                EXPECT_EQ(threads % 32, 0);
                EXPECT_LE(threads, 1024);
                EXPECT_LE(tile.rows * tile.columns, 1024);
                EXPECT_LE(getSharedBytes(tile, problem, mma ? 2 : bytes),
                          target.staticSharedBytes);
              }
}
