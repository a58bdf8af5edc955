//===- Target.h - What the compiler knows of a chip -------------*- C++ -*-===//
//
// Chips as plain data: a table of known ones and a probe of the machine at
// hand. Uses neither MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_TARGET_H
#define GLU_TARGET_TARGET_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace glu {

/// Instruction set extensions that change which code is generated; bits of
/// `Target::features`.
enum TargetFeature : uint32_t {
  FeatureFMA = 1u << 0,        ///< Fused multiply-add on vectors.
  FeatureAVX2 = 1u << 1,       ///< 256-bit vectors.
  FeatureF16C = 1u << 2,       ///< Conversions between f16 and f32.
  FeatureAVX512 = 1u << 3,     ///< AVX-512 F, BW, DQ and VL.
  FeatureAVX512BF16 = 1u << 4, ///< vdpbf16ps and conversions to bf16.
  FeatureAVX512FP16 = 1u << 5, ///< Arithmetic on f16.
  FeatureAVX512VNNI = 1u << 6, ///< vpdpbusd and vpdpwssd.
  FeatureAMXTile = 1u << 7,    ///< Tile registers, allowed by the system.
  FeatureAMXBF16 = 1u << 8,    ///< tdpbf16ps.
  FeatureAMXInt8 = 1u << 9,    ///< tdpbssd and its relatives.
  FeatureNeon = 1u << 10,      ///< 128-bit vectors of AArch64.
  FeatureSVE = 1u << 11,       ///< Scalable vectors of AArch64.
  FeatureBFMMLA = 1u << 12,    ///< bf16 dot and matrix products of AArch64.
  FeatureDotProd = 1u << 13,   ///< int8 dot products of AArch64.
  FeatureAVXVNNI = 1u << 14, ///< vpdpbusd on 256-bit vectors, without AVX-512.
  FeatureAVXVNNIInt8 = 1u << 15, ///< The same of two factors with signs.
};

/// The instruction set family of a chip.
enum class TargetArch { X86_64, AArch64 };

/// A chip, as far as code generation depends on it.
struct Target {
  /// The name users give; LLVM's name of the processor, or "host".
  std::string name;
  TargetArch arch = TargetArch::X86_64;
  /// Width of a vector register in bits, and how many there are.
  unsigned vectorBits = 128;
  unsigned vectorRegisters = 16;
  /// Fused multiply-adds of full vector width that start per cycle.
  unsigned fmaPipes = 1;
  /// Set of `TargetFeature`.
  uint32_t features = 0;
  /// Multiply-adds per cycle on bf16 pairs, relative to those on f32; 0 where
  /// there is no such instruction. Tiles (AMX) are not counted.
  double bf16DotRate = 0;
  /// Data caches in bytes: first and second level of one core, third level of
  /// all the cores that share it. 0 where there is none.
  int64_t l1Bytes = 32 << 10;
  int64_t l2Bytes = 256 << 10;
  int64_t l3Bytes = 0;
  /// Cores this process may use; 1 for chips from the table.
  unsigned cores = 1;
  /// Whether prefetching the next panel of weights by instructions pays.
  bool prefetches = true;

  /// Whether all of `mask`, a set of `TargetFeature`, is there.
  bool has(uint32_t mask) const { return (features & mask) == mask; }
  /// Whether it converts between f16 and f32 by instructions.
  bool convertsHalf() const {
    return arch == TargetArch::AArch64 || has(FeatureF16C);
  }
  /// Elements of `bytes` bytes in a vector register.
  int64_t lanes(int64_t bytes) const { return vectorBits / 8 / bytes; }
};

/// The known chips, in the order in which messages list them.
const std::vector<Target> &getKnownTargets();

/// The names `lookupTarget` takes, separated by commas; for messages.
std::string getTargetNames();

/// The machine this process runs on, named "host": asked, never assumed.
Target probeHost();

/// The chip of that name ("host" probes the machine), or nothing.
std::optional<Target> lookupTarget(std::string_view name);

/// The names of the extensions in `mask`, separated by commas; for messages.
std::string getFeatureNames(uint32_t mask);

} // namespace glu

#endif // GLU_TARGET_TARGET_H
