//===- TargetTest.cpp - The table of chips and the probe ------------------===//

#include "glu/Target/Target.h"

#include <gtest/gtest.h>
#include <set>

using namespace glu;

TEST(Target, TableIsConsistent) {
  std::set<std::string> names;
  for (const Target &target : getKnownTargets()) {
    SCOPED_TRACE(target.name);
    EXPECT_TRUE(names.insert(target.name).second) << "name used twice";
    EXPECT_GE(target.vectorRegisters, 16u);
    EXPECT_GE(target.fmaPipes, 1u);
    EXPECT_LE(target.l1Bytes, target.l2Bytes);
    EXPECT_LE(target.l2Bytes, target.l3Bytes);
    EXPECT_EQ(target.vectorBits == 512, target.has(FeatureAVX512));
    EXPECT_EQ(target.vectorRegisters == 32,
              target.arch == TargetArch::AArch64 || target.has(FeatureAVX512));
    EXPECT_EQ(target.bf16DotRate > 0,
              target.has(FeatureAVX512BF16) || target.has(FeatureBFMMLA));
    if (target.has(FeatureAMXBF16))
      EXPECT_TRUE(target.has(FeatureAMXTile));
  }
}

TEST(Target, LookupFindsEveryNameAndNoOther) {
  for (const Target &target : getKnownTargets()) {
    auto found = lookupTarget(target.name);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->name, target.name);
    EXPECT_NE(getTargetNames().find(target.name), std::string::npos);
  }
  EXPECT_FALSE(lookupTarget("znver"));
  EXPECT_FALSE(lookupTarget(""));
  EXPECT_FALSE(lookupTarget("HOST"));
}

TEST(Target, HostIsPlausible) {
  auto host = lookupTarget("host");
  ASSERT_TRUE(host);
  EXPECT_EQ(host->name, "host");
  EXPECT_GE(host->cores, 1u);
  EXPECT_GE(host->l1Bytes, 8 << 10);
  EXPECT_GE(host->l2Bytes, host->l1Bytes);
#if defined(__x86_64__)
  // The compiler's own probe agrees.
  __builtin_cpu_init();
  EXPECT_EQ(host->has(FeatureAVX2), __builtin_cpu_supports("avx2") != 0);
  EXPECT_EQ(host->has(FeatureFMA), __builtin_cpu_supports("fma") != 0);
  EXPECT_EQ(host->has(FeatureAVX512), __builtin_cpu_supports("avx512f") &&
                                          __builtin_cpu_supports("avx512bw") &&
                                          __builtin_cpu_supports("avx512dq") &&
                                          __builtin_cpu_supports("avx512vl"));
  EXPECT_EQ(host->has(FeatureAVX512VNNI),
            __builtin_cpu_supports("avx512vnni") != 0);
  EXPECT_EQ(host->has(FeatureAVX512BF16),
            __builtin_cpu_supports("avx512bf16") != 0);
#endif
}

TEST(Target, FeatureNames) {
  EXPECT_EQ(getFeatureNames(0), "");
  EXPECT_EQ(getFeatureNames(FeatureAVX2), "avx2");
  EXPECT_EQ(getFeatureNames(FeatureFMA | FeatureAMXTile), "fma, amx-tile");
}
