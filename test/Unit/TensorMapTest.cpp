//===- TensorMapTest.cpp - Tensor maps of CUDA's driver -------------------===//
//
// Through whatever driver there is: see test/Runtime/tensor-maps.test.
//
//===----------------------------------------------------------------------===//

#include "glu/Runtime/Runtime.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <vector>

using namespace glu;

static void *get(void *base, int64_t rank) {
  return getCUDARuntime().tensorMap(base, /*bf16*/ 9, rank, /*128 bytes*/ 3,
                                    256, 2, 32, 1, 1, 512, 1024, 0, 0, 64, 1,
                                    16, 1, 1);
}

TEST(TensorMapTest, AreMadeOnce) {
  const GPURuntime &runtime = getCUDARuntime();
  alignas(16) static char base[16];
  void *map = get(base, 3);
  if (const char *error = runtime.takeError()) {
    // Nothing to pass to a kernel that will not be launched; but no crash.
    static const char zeros[128] = {};
    EXPECT_EQ(std::memcmp(map, zeros, sizeof(zeros)), 0);
    std::fprintf(stderr, "error: %s\n", error);
    return;
  }
  EXPECT_EQ(reinterpret_cast<uintptr_t>(map) % 64, 0u);
  EXPECT_EQ(get(base, 3), map);
  EXPECT_NE(get(base, 2), map);
  EXPECT_EQ(runtime.takeError(), nullptr);
}
