//===- ArrayTest.cpp - Arrays, comparisons, random data -------------------===//

#include "glu/Execution/Array.h"
#include "glu/Execution/Compare.h"
#include "glu/Execution/RandomData.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

using namespace glu;

static const ElementType allTypes[] = {
    ElementType::Bool,         ElementType::Int8,       ElementType::Int16,
    ElementType::Int32,        ElementType::Int64,      ElementType::UInt8,
    ElementType::UInt16,       ElementType::UInt32,     ElementType::UInt64,
    ElementType::Float8E4M3FN, ElementType::Float8E5M2, ElementType::Float16,
    ElementType::BFloat16,     ElementType::Float32,    ElementType::Float64};

static constexpr int64_t large = std::numeric_limits<int64_t>::max();

TEST(Array, CountsElements) {
  EXPECT_EQ(countElements({}, ElementType::Float32), 1);
  EXPECT_EQ(countElements({2, 3}, ElementType::Float32), 6);
  EXPECT_EQ(countElements({2, 0, 3}, ElementType::Float32), 0);
  EXPECT_FALSE(countElements({-1}, ElementType::Float32));
  EXPECT_FALSE(countElements({large}, ElementType::Float32));
  EXPECT_FALSE(countElements({1 << 30, 1 << 30, 1 << 30}, ElementType::Int8));
  // The strides of an empty array must fit as well.
  EXPECT_FALSE(countElements({0, large, large}, ElementType::Int8));
}

TEST(Array, RefusesWhatMemoryCannotHold) {
  auto array = Array::allocate(ElementType::Int8, {large / 2});
  ASSERT_FALSE(bool(array));
  EXPECT_NE(llvm::toString(array.takeError()).find("not enough memory"),
            std::string::npos);
}

TEST(Array, SmallNumbersSurviveEveryType) {
  for (ElementType type : allTypes) {
    SCOPED_TRACE(getName(type).str());
    Array array(type, {2, 2});
    for (int64_t i = 0; i < 4; ++i) {
      EXPECT_EQ(array.get(i), 0);
      array.set(i, double(i % 2));
    }
    for (int64_t i = 0; i < 4; ++i)
      EXPECT_EQ(array.get(i), double(i % 2));
    Array wide = array.convertTo(ElementType::Float64);
    EXPECT_EQ(wide.get(3), 1);
    EXPECT_EQ(compare(array, wide).error, 0);
  }
}

TEST(Array, IntegersAreClamped) {
  Array array(ElementType::Int8, {3});
  array.set(0, 1000);
  array.set(1, -1000);
  array.set(2, NAN);
  EXPECT_EQ(array.get(0), 127);
  EXPECT_EQ(array.get(1), -128);
  EXPECT_EQ(array.get(2), 0);
}

static Array make(std::initializer_list<double> values) {
  Array array(ElementType::Float64, {int64_t(values.size())});
  int64_t i = 0;
  for (double value : values)
    array.set(i++, value);
  return array;
}

TEST(Compare, MeasuresByTheLargestValue) {
  Difference difference = compare(make({1, 2.5, 3}), make({1, 2, 4}));
  EXPECT_EQ(difference.error, 0.25);
  EXPECT_EQ(difference.index, 2);
  EXPECT_EQ(difference.got, 3);
  EXPECT_EQ(difference.want, 4);
  // Nothing to measure by: the error itself.
  EXPECT_EQ(compare(make({0.5}), make({0})).error, 0.5);
  EXPECT_EQ(compare(make({}), make({})).error, 0);
}

TEST(Compare, NaNOnlyWhereExpected) {
  EXPECT_EQ(compare(make({NAN, 1}), make({NAN, 1})).error, 0);
  EXPECT_EQ(compare(make({INFINITY}), make({INFINITY})).error, 0);
  EXPECT_EQ(compare(make({NAN, 1}), make({0, 1})).error, INFINITY);
  EXPECT_EQ(compare(make({0, 1}), make({NAN, 1})).error, INFINITY);
  EXPECT_EQ(compare(make({1, NAN}), make({1, INFINITY})).error, INFINITY);
  EXPECT_EQ(compare(make({INFINITY}), make({-INFINITY})).error, INFINITY);
  // An infinity does not hide the other elements' errors.
  EXPECT_EQ(compare(make({INFINITY, 1}), make({INFINITY, 2})).error, 0.5);
}

TEST(Compare, TooLargeForTheType) {
  auto narrow = [](ElementType type, double value) {
    Array array(type, {2});
    array.set(0, value);
    array.set(1, 1);
    return array;
  };
  Array byte = narrow(ElementType::Float8E4M3FN, NAN);
  EXPECT_EQ(compare(byte, make({590, 1})).error, 0);
  EXPECT_EQ(compare(byte, make({300, 1})).error, INFINITY);
  Array half = narrow(ElementType::Float16, INFINITY);
  EXPECT_EQ(compare(half, make({-7e4, 1})).error, 0);
  EXPECT_EQ(compare(half, make({6e4, 1})).error, INFINITY);
  EXPECT_EQ(compare(make({INFINITY, 1}), make({1e300, 1})).error, INFINITY);
}

TEST(RandomData, SameSeedSameData) {
  for (ElementType type : allTypes) {
    Array a(type, {100}), b(type, {100});
    std::mt19937_64 one(3), two(3), three(4);
    fillRandomly(a, one);
    fillRandomly(b, two);
    EXPECT_EQ(std::memcmp(a.getData(), b.getData(), a.getNumBytes()), 0);
    fillRandomly(b, three);
    EXPECT_NE(std::memcmp(a.getData(), b.getData(), a.getNumBytes()), 0);
    for (int64_t i = 0; i < 100; ++i)
      EXPECT_LE(std::fabs(a.get(i)), 16);
  }
}
