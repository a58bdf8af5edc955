//===- DotProductTest.cpp - The table of dot products ---------------------===//

#include "glu/Target/DotProduct.h"

#include <gtest/gtest.h>
#include <set>

using namespace glu;

static unsigned getBits(DotElement element) {
  return element == DotElement::Int8 ? 8 : 16;
}

TEST(DotProduct, TableIsConsistent) {
  std::set<std::string_view> names;
  for (const DotProduct &dot : getDotProducts()) {
    SCOPED_TRACE(std::string(dot.intrinsic));
    EXPECT_TRUE(names.insert(dot.intrinsic).second) << "listed twice";
    EXPECT_EQ(dot.group * getBits(dot.element), 32);
    EXPECT_EQ(dot.lanes() * 32, dot.vectorBits);
    bool used = false;
    for (const Target &target : getKnownTargets())
      used |=
          lookupDotProduct(target, dot.element, dot.group, dot.tiles) == &dot;
    EXPECT_TRUE(used) << "no known chip has it";
  }
}

TEST(DotProduct, IsChosenWhereItIsFast) {
  auto choose = [](const char *name, DotElement element, bool tiles = false) {
    return chooseDotProduct(*lookupTarget(name), element, tiles);
  };
  const DotProduct *zen = choose("znver5", DotElement::BFloat16);
  ASSERT_TRUE(zen);
  EXPECT_EQ(zen->group, 2);
  EXPECT_EQ(zen->lanes(), 16);
  EXPECT_EQ(zen->depth(), 2);
  EXPECT_EQ(choose("znver5", DotElement::BFloat16, /*tiles=*/true), zen);
  EXPECT_FALSE(choose("x86-64-v4", DotElement::BFloat16));
  // There at half the rate of an FMA.
  EXPECT_FALSE(choose("sapphirerapids", DotElement::BFloat16));
  EXPECT_TRUE(lookupDotProduct(*lookupTarget("sapphirerapids"),
                               DotElement::BFloat16, 2));
  const DotProduct *amx =
      choose("sapphirerapids", DotElement::BFloat16, /*tiles=*/true);
  ASSERT_TRUE(amx);
  EXPECT_TRUE(amx->tiles);
  EXPECT_EQ(amx->depth(), 32);

  const DotProduct *vnni = choose("znver5", DotElement::Int8);
  ASSERT_TRUE(vnni);
  EXPECT_EQ(vnni->group, 4);
  EXPECT_EQ(vnni->lanes(), 16);
  EXPECT_TRUE(vnni->unsignedInput);
  const DotProduct *avx = choose("alderlake", DotElement::Int8);
  ASSERT_TRUE(avx);
  EXPECT_EQ(avx->lanes(), 8);
  EXPECT_FALSE(choose("arrowlake", DotElement::Int8)->unsignedInput);
  const DotProduct *neon = choose("neoverse-n1", DotElement::Int8);
  ASSERT_TRUE(neon);
  EXPECT_FALSE(neon->unsignedInput);
  EXPECT_EQ(choose("sapphirerapids", DotElement::Int8), vnni);
  amx = choose("sapphirerapids", DotElement::Int8, /*tiles=*/true);
  ASSERT_TRUE(amx);
  EXPECT_EQ(amx->depth(), 64);
  // Bytes as numbers of 16 bits.
  const DotProduct *pairs = choose("x86-64-v3", DotElement::Int8);
  ASSERT_TRUE(pairs);
  EXPECT_EQ(pairs->element, DotElement::Int16);
  EXPECT_EQ(pairs->lanes(), 8);
  EXPECT_EQ(choose("x86-64-v4", DotElement::Int8)->lanes(), 16);
  EXPECT_FALSE(choose("generic-aarch64", DotElement::Int8));
}
