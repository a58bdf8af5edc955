//===- ArrayViewTest.cpp - Arrays that belong to somebody else ------------===//

#include "glu/Execution/ArrayView.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

using namespace glu;

static ArrayView view(void *data, llvm::ArrayRef<int64_t> shape,
                      llvm::ArrayRef<int64_t> strides = {}) {
  return ArrayView(ElementType::Float32, data, shape, strides);
}

TEST(ArrayView, IsDense) {
  const int64_t shape[] = {2, 1, 3}, dense[] = {3, 9, 1}, gap[] = {4, 3, 1},
                transposed[] = {1, 1, 2}, reversed[] = {3, 3, -1},
                empty[] = {2, 0, 3}, one[] = {1, 1, 1}, any[] = {7, -7, 0};
  EXPECT_TRUE(view(nullptr, shape).isDense());
  EXPECT_TRUE(view(nullptr, shape, dense).isDense());
  EXPECT_FALSE(view(nullptr, shape, gap).isDense());
  EXPECT_FALSE(view(nullptr, shape, transposed).isDense());
  EXPECT_FALSE(view(nullptr, shape, reversed).isDense());
  EXPECT_TRUE(view(nullptr, empty, gap).isDense());
  EXPECT_TRUE(view(nullptr, one, any).isDense());
  EXPECT_TRUE(view(nullptr, {}).isDense());
}

TEST(ArrayView, CopiesBetweenStrides) {
  std::vector<float> source(12), target(12, -1);
  std::iota(source.begin(), source.end(), 0.f);
  const int64_t shape[] = {2, 3}, transposed[] = {1, 4}, rows[] = {6, 1};
  copyElements(view(source.data(), shape, transposed),
               view(target.data(), shape, rows));
  EXPECT_EQ(target,
            std::vector<float>({0, 4, 8, -1, -1, -1, 1, 5, 9, -1, -1, -1}));
}

TEST(ArrayView, CopiesBackwardsAndBroadcasts) {
  float source[] = {1, 2, 3}, target[6];
  const int64_t shape[] = {2, 3}, strides[] = {0, -1};
  copyElements(view(source + 2, shape, strides), view(target, shape));
  EXPECT_EQ(std::vector<float>(target, target + 6),
            std::vector<float>({3, 2, 1, 3, 2, 1}));
}

TEST(ArrayView, CopiesNumbersAndNothing) {
  float source = 5, target = 0;
  copyElements(view(&source, {}), view(&target, {}));
  EXPECT_EQ(target, 5);
  const int64_t empty[] = {3, 0};
  copyElements(view(nullptr, empty), view(nullptr, empty));
}
