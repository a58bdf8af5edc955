//===- HostProbe.cpp - What this machine is -------------------------------===//
//
// Instruction sets by cpuid, and by what the operating system saves of the
// registers; caches by sysconf. Where a virtual machine hides a cache the
// default of `Target` stands.
//
//===----------------------------------------------------------------------===//

#include "glu/Target/Target.h"

#include <algorithm>
#include <thread>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

using namespace glu;

static void probeCaches(Target &target) {
  auto ask = [](int name, int64_t &bytes) {
    long answer = sysconf(name);
    if (answer > 0)
      bytes = answer;
  };
#ifdef _SC_LEVEL1_DCACHE_SIZE
  ask(_SC_LEVEL1_DCACHE_SIZE, target.l1Bytes);
  ask(_SC_LEVEL2_CACHE_SIZE, target.l2Bytes);
  ask(_SC_LEVEL3_CACHE_SIZE, target.l3Bytes);
#endif
}

#if defined(__x86_64__)
namespace {
struct Leaf {
  unsigned a = 0, b = 0, c = 0, d = 0;
  Leaf(unsigned leaf, unsigned sub) {
    if (!__get_cpuid_count(leaf, sub, &a, &b, &c, &d))
      a = b = c = d = 0;
  }
};
} // namespace

/// Registers whose contents the operating system keeps, as XCR0 lists them.
static uint64_t getSavedState() {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t(high) << 32) | low;
}

/// Linux gives tile registers to processes that ask, of which there is no end.
static bool requestTiles() {
#ifdef __linux__
  constexpr long requestPermission = 0x1023, tileData = 18;
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return true;
#endif
}

static void probeFeatures(Target &target) {
  Leaf basic(1, 0), extended(7, 0), more(7, 1);
  auto bit = [](unsigned word, unsigned position) {
    return (word >> position) & 1;
  };
  bool osxsave = bit(basic.c, 27);
  uint64_t saved = osxsave ? getSavedState() : 0;
  bool ymm = (saved & 0x6) == 0x6;
  bool zmm = (saved & 0xe6) == 0xe6;
  bool tiles =
      (saved & 0x60000) == 0x60000 && bit(extended.d, 24) && requestTiles();
  auto set = [&](bool there, TargetFeature feature) {
    if (there)
      target.features |= feature;
  };
  set(ymm && bit(basic.c, 12), FeatureFMA);
  set(ymm && bit(basic.c, 29), FeatureF16C);
  set(ymm && bit(extended.b, 5), FeatureAVX2);
  set(zmm && bit(extended.b, 16) && bit(extended.b, 17) &&
          bit(extended.b, 30) && bit(extended.b, 31),
      FeatureAVX512);
  bool avx512 = target.has(FeatureAVX512);
  set(avx512 && bit(extended.c, 11), FeatureAVX512VNNI);
  set(ymm && bit(more.a, 4), FeatureAVXVNNI);
  set(ymm && bit(more.d, 4), FeatureAVXVNNIInt8);
  set(avx512 && bit(extended.d, 23), FeatureAVX512FP16);
  set(avx512 && bit(more.a, 5), FeatureAVX512BF16);
  set(tiles && bit(extended.d, 24), FeatureAMXTile);
  set(tiles && bit(extended.d, 22), FeatureAMXBF16);
  set(tiles && bit(extended.d, 25), FeatureAMXInt8);

  target.arch = TargetArch::X86_64;
  target.vectorBits = avx512 ? 512 : target.has(FeatureAVX2) ? 256 : 128;
  target.vectorRegisters = avx512 ? 32 : 16;
  target.fmaPipes = target.has(FeatureFMA) ? 2 : 1;

  // No cpuid bit tells the rates: AMD's family 19h runs 512-bit operations in
  // two halves, Intel's server cores vdpbf16ps at half the rate of an FMA; its
  // family 1Ah (Zen 5) does better without prefetch instructions.
  Leaf vendor(0, 0);
  bool amd = vendor.b == 0x68747541; // "Auth", of "AuthenticAMD"
  unsigned family = ((basic.a >> 8) & 0xf) + ((basic.a >> 20) & 0xff);
  if (amd && family == 0x19 && avx512)
    target.fmaPipes = 1;
  if (target.has(FeatureAVX512BF16))
    target.bf16DotRate = amd ? 2 : 0.5;
  target.prefetches = !(amd && family == 0x1a);
}
#elif defined(__aarch64__)
static void probeFeatures(Target &target) {
  constexpr unsigned long dots = 1ul << 20; // HWCAP_ASIMDDP
  constexpr unsigned long sve = 1ul << 22;  // HWCAP_SVE
  constexpr unsigned long bf16 = 1ul << 14; // HWCAP2_BF16
  target.arch = TargetArch::AArch64;
  target.vectorBits = 128;
  target.vectorRegisters = 32;
  target.fmaPipes = 2;
  target.features = FeatureFMA | FeatureNeon;
  if (getauxval(AT_HWCAP) & dots)
    target.features |= FeatureDotProd;
  if (getauxval(AT_HWCAP) & sve)
    target.features |= FeatureSVE;
  if (getauxval(AT_HWCAP2) & bf16) {
    target.features |= FeatureBFMMLA;
    target.bf16DotRate = 2;
  }
}
#else
static void probeFeatures(Target &) {}
#endif

Target glu::probeHost() {
  Target target;
  target.name = "host";
  probeFeatures(target);
  probeCaches(target);
  target.cores = std::max(1u, std::thread::hardware_concurrency());
  return target;
}
