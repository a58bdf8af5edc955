//===- Target.cpp - The table of known chips ------------------------------===//
//
// Figures from the vendors' optimisation guides. A chip that is not here is
// served by the level of its instruction set (x86-64-v3, ...).
//
//===----------------------------------------------------------------------===//

#include "glu/Target/Target.h"

using namespace glu;

namespace {
constexpr int64_t kib = 1024, mib = 1024 * kib;
constexpr uint32_t v3 = FeatureFMA | FeatureAVX2 | FeatureF16C;
constexpr uint32_t v4 = v3 | FeatureAVX512;
constexpr uint32_t zen4 = v4 | FeatureAVX512BF16 | FeatureAVX512VNNI;
constexpr uint32_t spr =
    zen4 | FeatureAVX512FP16 | FeatureAMXTile | FeatureAMXBF16 | FeatureAMXInt8;
constexpr uint32_t neon = FeatureFMA | FeatureNeon;
constexpr uint32_t neoverseN1 = neon | FeatureDotProd;
constexpr uint32_t neoverse = neoverseN1 | FeatureSVE | FeatureBFMMLA;
constexpr TargetArch x86 = TargetArch::X86_64, arm = TargetArch::AArch64;

struct FeatureName {
  uint32_t bit;
  const char *name;
};
constexpr FeatureName featureNames[] = {
    {FeatureFMA, "fma"},
    {FeatureAVX2, "avx2"},
    {FeatureF16C, "f16c"},
    {FeatureAVX512, "avx512"},
    {FeatureAVX512BF16, "avx512bf16"},
    {FeatureAVX512FP16, "avx512fp16"},
    {FeatureAVX512VNNI, "avx512vnni"},
    {FeatureAMXTile, "amx-tile"},
    {FeatureAMXBF16, "amx-bf16"},
    {FeatureAMXInt8, "amx-int8"},
    {FeatureNeon, "neon"},
    {FeatureSVE, "sve"},
    {FeatureBFMMLA, "bf16"},
    {FeatureDotProd, "dotprod"},
    {FeatureAVXVNNI, "avxvnni"},
    {FeatureAVXVNNIInt8, "avxvnniint8"},
};
} // namespace

const std::vector<Target> &glu::getKnownTargets() {
  // The second figure after the features is the rate of bf16 dot products.
  // Zen 4 starts one 512-bit operation per cycle, in two halves. The 512-bit
  // vdpbf16ps of Intel's server cores runs at half the rate of the f32 FMA.
  // Zen 5 is faster without prefetch instructions (IREE, pull request 22668).
  static const std::vector<Target> targets = {
      {"x86-64-v2", x86, 128, 16, 1, 0, 0, 32 * kib, 256 * kib, 4 * mib, 1},
      {"x86-64-v3", x86, 256, 16, 2, v3, 0, 32 * kib, 512 * kib, 8 * mib, 1},
      {"x86-64-v4", x86, 512, 32, 2, v4, 0, 32 * kib, 1 * mib, 16 * mib, 1},
      {"haswell", x86, 256, 16, 2, v3, 0, 32 * kib, 256 * kib, 8 * mib, 1},
      {"alderlake", x86, 256, 16, 2, v3 | FeatureAVXVNNI, 0, 48 * kib,
       1280 * kib, 30 * mib, 1},
      {"arrowlake", x86, 256, 16, 2, v3 | FeatureAVXVNNI | FeatureAVXVNNIInt8,
       0, 48 * kib, 3 * mib, 36 * mib, 1},
      {"skylake-avx512", x86, 512, 32, 2, v4, 0, 32 * kib, 1 * mib, 22 * mib,
       1},
      {"cascadelake", x86, 512, 32, 2, v4 | FeatureAVX512VNNI, 0, 32 * kib,
       1 * mib, 32 * mib, 1},
      {"sapphirerapids", x86, 512, 32, 2, spr, 0.5, 48 * kib, 2 * mib, 60 * mib,
       1},
      {"graniterapids", x86, 512, 32, 2, spr, 0.5, 48 * kib, 2 * mib, 144 * mib,
       1},
      {"znver2", x86, 256, 16, 2, v3, 0, 32 * kib, 512 * kib, 16 * mib, 1},
      {"znver3", x86, 256, 16, 2, v3, 0, 32 * kib, 512 * kib, 32 * mib, 1},
      {"znver4", x86, 512, 32, 1, zen4, 2, 32 * kib, 1 * mib, 32 * mib, 1},
      {"znver5", x86, 512, 32, 2, zen4, 2, 48 * kib, 1 * mib, 32 * mib, 1,
       /*prefetches=*/false},
      {"generic-aarch64", arm, 128, 32, 2, neon, 0, 32 * kib, 512 * kib,
       4 * mib, 1},
      {"neoverse-n1", arm, 128, 32, 2, neoverseN1, 0, 64 * kib, 1 * mib,
       32 * mib, 1},
      {"neoverse-v1", arm, 128, 32, 4, neoverse, 2, 64 * kib, 1 * mib, 32 * mib,
       1},
      {"neoverse-v2", arm, 128, 32, 4, neoverse, 2, 64 * kib, 2 * mib,
       114 * mib, 1},
  };
  return targets;
}

std::string glu::getTargetNames() {
  std::string names = "host";
  for (const Target &target : getKnownTargets())
    names += ", " + target.name;
  return names;
}

std::optional<Target> glu::lookupTarget(std::string_view name) {
  if (name == "host")
    return probeHost();
  for (const Target &target : getKnownTargets())
    if (target.name == name)
      return target;
  return std::nullopt;
}

std::string glu::getFeatureNames(uint32_t mask) {
  std::string names;
  for (const FeatureName &feature : featureNames)
    if (mask & feature.bit)
      names += (names.empty() ? "" : ", ") + std::string(feature.name);
  return names;
}
