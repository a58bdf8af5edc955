//===- DotProduct.cpp - The table of dot products -------------------------===//

#include "glu/Target/DotProduct.h"

using namespace glu;

const std::vector<DotProduct> &glu::getDotProducts() {
  constexpr TargetArch x86 = TargetArch::X86_64, arm = TargetArch::AArch64;
  constexpr DotElement bf16 = DotElement::BFloat16, int8 = DotElement::Int8,
                       int16 = DotElement::Int16;
  constexpr uint32_t amx = FeatureAMXTile;
  static const std::vector<DotProduct> dots = {
      {x86, amx | FeatureAMXBF16, bf16, 2, 512, "llvm.x86.tdpbf16ps.internal",
       /*unsignedInput=*/false, /*addsNothing=*/false, /*tiles=*/true},
      {x86, FeatureAVX512BF16, bf16, 2, 512,
       "llvm.x86.avx512bf16.dpbf16ps.512"},
      {x86, amx | FeatureAMXInt8, int8, 4, 512, "llvm.x86.tdpbssd.internal",
       /*unsignedInput=*/false, /*addsNothing=*/false, /*tiles=*/true},
      {x86, FeatureAVX512VNNI, int8, 4, 512, "llvm.x86.avx512.vpdpbusd.512",
       /*unsignedInput=*/true},
      {x86, FeatureAVXVNNIInt8, int8, 4, 256, "llvm.x86.avx2.vpdpbssd.256"},
      {x86, FeatureAVXVNNI, int8, 4, 256, "llvm.x86.avx512.vpdpbusd.256",
       /*unsignedInput=*/true},
      {x86, FeatureAVX512, int16, 2, 512, "llvm.x86.avx512.pmaddw.d.512",
       /*unsignedInput=*/false, /*addsNothing=*/true},
      {x86, FeatureAVX2, int16, 2, 256, "llvm.x86.avx2.pmadd.wd",
       /*unsignedInput=*/false, /*addsNothing=*/true},
      {arm, FeatureDotProd, int8, 4, 128, "llvm.aarch64.neon.sdot.v4i32.v16i8"},
      {arm, FeatureBFMMLA, bf16, 2, 128,
       "llvm.aarch64.neon.bfdot.v4f32.v8bf16"},
  };
  return dots;
}

static bool isThere(const DotProduct &dot, const Target &target) {
  return dot.arch == target.arch && target.has(dot.features) &&
         dot.vectorBits <= target.vectorBits;
}

const DotProduct *glu::chooseDotProduct(const Target &target,
                                        DotElement element, bool tiles) {
  for (const DotProduct &dot : getDotProducts()) {
    if (!isThere(dot, target) || dot.element != element || dot.tiles > tiles)
      continue;
    // Where it runs at half the rate of an FMA, widening loses nothing.
    bool isSlow = element == DotElement::BFloat16 && target.bf16DotRate < 1;
    if (dot.tiles || !isSlow)
      return &dot;
  }
  return element == DotElement::Int8
             ? chooseDotProduct(target, DotElement::Int16, tiles)
             : nullptr;
}

const DotProduct *glu::lookupDotProduct(const Target &target,
                                        DotElement element, int64_t group,
                                        bool tiles) {
  for (const DotProduct &dot : getDotProducts())
    if (isThere(dot, target) && dot.element == element && dot.group == group &&
        dot.tiles == tiles)
      return &dot;
  return nullptr;
}
