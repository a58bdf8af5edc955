//===- GPUModelTest.cpp - Estimates against numbers worked out by hand ----===//

#include "glu/Target/GPUModel.h"

#include <gtest/gtest.h>

using namespace glu;

// SwiGLU of Llama 3 8B on an H100: 8192 rows, K = 4096, N = 14336.
TEST(GPUModelTest, HopperUnit) {
  GPUTarget target = *lookupGPUTarget("sm_90a");
  BlockTile tile =
      chooseBlockTile(target, {/*accumulators=*/2, /*inputs=*/1, /*bytes=*/4,
                               8192, 14336, /*isHalf=*/true});
  KernelWork work{8192, 14336, 4096, 1, 2, 1, 1, 2, 2, /*specials=*/2};
  KernelEstimate e = estimateKernel(target, tile, work);
  EXPECT_EQ(e.tiles, 64 * 112);
  EXPECT_EQ(e.threads, 384);
  EXPECT_EQ(e.blocks, 1);
  EXPECT_EQ(e.waves, 55); // 7168 / 132 = 54.3
  EXPECT_EQ(e.flops, 2. * 128 * 128 * 4096 * 2);
  EXPECT_EQ(e.bytesRead, 2. * 4096 * (128 + 2 * 128));
  EXPECT_EQ(e.bytesWritten, 2. * 128 * 128);
  EXPECT_EQ(e.productCycles, 65536);
  EXPECT_EQ(e.specialCycles, 2048);
  EXPECT_NEAR(e.computeSeconds, 55 * (65536 + 2048) / 1.83e9, 1e-9);
  EXPECT_NEAR(e.memorySeconds,
              2. * (8192. * 4096 + 2. * 4096 * 14336 + 8192. * 14336) / 3.35e12,
              1e-9);
  EXPECT_EQ(e.getSeconds(), e.computeSeconds);
  EXPECT_NE(describe(e).find("7168 tiles in 55 waves"), std::string::npos);
}

// Twice the products of f8 take the time.
TEST(GPUModelTest, Float8) {
  GPUTarget target = *lookupGPUTarget("sm_90a");
  BlockTile tile = {64, 128, 128, 128, 8, 128};
  KernelWork work{8192, 14336, 4096, 1, 2, 1, 1, /*operandBytes=*/1, 2, 2};
  EXPECT_EQ(estimateKernel(target, tile, work).productCycles, 32768);
}

// One row: the weights are what takes time.
TEST(GPUModelTest, OneRowIsBoundByMemory) {
  GPUTarget target = *lookupGPUTarget("sm_80");
  BlockTile tile = chooseBlockTile(target, {2, 1, 4, 1, 14336, true});
  KernelEstimate e =
      estimateKernel(target, tile, {1, 14336, 4096, 1, 2, 1, 1, 2, 2, 2});
  EXPECT_EQ(e.tiles, 224);
  EXPECT_EQ(e.threads, 128);
  EXPECT_GT(e.memorySeconds, e.computeSeconds);
  EXPECT_GT(e.blocks, 1);
}

// No size, no work; every chip has rates for what it is given.
TEST(GPUModelTest, EveryChip) {
  for (const GPUTarget &target : getKnownGPUTargets())
    for (bool isHalf : {false, true})
      for (int64_t rows : {0, 1, 65, 4096}) {
        BlockTile tile = chooseBlockTile(target, {2, 1, 4, rows, 512, isHalf});
        KernelWork work{rows, 512, 256, 1, 2, 1, 1, isHalf ? 2 : 4, 4, 3};
        KernelEstimate e = estimateKernel(target, tile, work);
        EXPECT_GT(e.productCycles, 0);
        EXPECT_GE(e.blocks, 1);
        EXPECT_EQ(e.computeSeconds > 0, rows > 0);
        EXPECT_LT(e.getSeconds(), 1e-2);
      }
}
