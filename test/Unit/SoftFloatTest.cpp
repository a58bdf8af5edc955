//===- SoftFloatTest.cpp - Narrow floats against APFloat ------------------===//

#include "glu/Execution/SoftFloat.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace glu;
using llvm::APFloat;

static uint16_t convert(double value, const llvm::fltSemantics &semantics) {
  APFloat narrow(value);
  bool lossy;
  narrow.convert(semantics, APFloat::rmNearestTiesToEven, &lossy);
  return uint16_t(narrow.bitcastToAPInt().getZExtValue());
}

/// Every value is read as it should be, and comes back from f64.
TEST(SoftFloat, EveryNarrowValue) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    APFloat half(APFloat::IEEEhalf(), llvm::APInt(16, bits));
    APFloat bfloat(APFloat::BFloat(), llvm::APInt(16, bits));
    float h = fromHalf(uint16_t(bits)), b = fromBFloat(uint16_t(bits));
    if (half.isNaN()) {
      EXPECT_TRUE(std::isnan(h));
      EXPECT_TRUE(std::isnan(fromHalf(toHalf(h))));
    } else {
      ASSERT_EQ(h, half.convertToDouble());
      ASSERT_EQ(toHalf(h), bits);
    }
    if (bfloat.isNaN()) {
      EXPECT_TRUE(std::isnan(b));
      EXPECT_TRUE(std::isnan(fromBFloat(toBFloat(b))));
    } else {
      ASSERT_EQ(b, bfloat.convertToDouble());
      ASSERT_EQ(toBFloat(b), bits);
    }
  }
}

/// Between neighbours: a quarter, the middle and three quarters of the way.
TEST(SoftFloat, RoundsToNearestEven) {
  for (unsigned bits = 0; bits < 0x7bff; ++bits) {
    double low = fromHalf(uint16_t(bits)), high = fromHalf(uint16_t(bits + 1));
    for (double t : {0.25, 0.5, 0.75, 0.5000001}) {
      double value = low + t * (high - low);
      ASSERT_EQ(toHalf(value), convert(value, APFloat::IEEEhalf())) << value;
      ASSERT_EQ(toHalf(-value), convert(-value, APFloat::IEEEhalf()));
    }
  }
  for (unsigned bits = 0; bits < 0x7f7f; ++bits) {
    double low = fromBFloat(uint16_t(bits));
    double high = fromBFloat(uint16_t(bits + 1));
    for (double t : {0.25, 0.5, 0.75, 0.5000001}) {
      double value = low + t * (high - low);
      ASSERT_EQ(toBFloat(value), convert(value, APFloat::BFloat())) << value;
    }
  }
}

TEST(SoftFloat, AnyDouble) {
  std::mt19937_64 generator(1);
  for (int i = 0; i < 200000; ++i) {
    // Random bits, and exponents near those of the narrow types.
    uint64_t bits = generator();
    if (i % 2)
      bits = (bits & 0x800fffffffffffff) |
             ((uint64_t(1023 - 150 + generator() % 300)) << 52);
    double value = llvm::bit_cast<double>(bits);
    if (std::isnan(value))
      continue;
    ASSERT_EQ(toHalf(value), convert(value, APFloat::IEEEhalf())) << value;
    ASSERT_EQ(toBFloat(value), convert(value, APFloat::BFloat())) << value;
  }
}

TEST(SoftFloat, Limits) {
  EXPECT_EQ(toHalf(INFINITY), 0x7c00);
  EXPECT_EQ(toHalf(-INFINITY), 0xfc00);
  EXPECT_EQ(toHalf(65519.99), 0x7bff);
  EXPECT_EQ(toHalf(65520), 0x7c00);
  EXPECT_EQ(toHalf(0x1p-25), 0);
  EXPECT_EQ(toHalf(0x1.8p-25), 1);
  EXPECT_EQ(toHalf(-0.0), 0x8000);
  EXPECT_EQ(toBFloat(1e300), 0x7f80);
}
