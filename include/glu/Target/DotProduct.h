//===- DotProduct.h - Dot products of chips ---------------------*- C++ -*-===//
//
// The instructions that multiply groups of narrow elements and add the products
// to one lane of 32 bits: as plain data, a new chip is a new line. Uses neither
// MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_DOTPRODUCT_H
#define GLU_TARGET_DOTPRODUCT_H

#include "glu/Target/Target.h"

namespace glu {

/// What a dot product multiplies. Sums are f32 of BFloat16, else i32.
enum class DotElement { BFloat16, Int8, Int16 };

/// An instruction, per lane of 32 bits:
///   sum += input[0] * weight[0] + ... + input[group - 1] * weight[group - 1]
struct DotProduct {
  TargetArch arch;
  /// Set of `TargetFeature` that it needs.
  uint32_t features;
  /// The elements of both factors.
  DotElement element;
  /// Elements of a lane: 32 bits of them.
  int64_t group;
  /// Width of its registers.
  unsigned vectorBits;
  /// LLVM's intrinsic, of (sums, inputs, weights).
  std::string_view intrinsic;
  /// It takes the input as unsigned, and the weights as signed.
  bool unsignedInput = false;
  /// The intrinsic is of (inputs, weights) and does not add to sums.
  bool addsNothing = false;
  /// It multiplies whole tile registers (AMX): up to 16 rows of inputs, by
  /// `vectorBits` wide weights of up to 16 groups.
  bool tiles = false;

  /// Lanes, each a sum of 32 bits.
  int64_t lanes() const { return vectorBits / 32; }
  /// Elements of a sum that it takes: of a tile register as many groups as a
  /// row of it has.
  int64_t depth() const { return tiles ? group * lanes() : group; }
};

/// All of them, the better of those that do the same first.
const std::vector<DotProduct> &getDotProducts();

/// The best dot product of `target` for a sum of products of two `element`s, or
/// null if there is none or widening is faster. Bytes may become Int16 for it.
/// `tiles` says whether tile registers may be used.
const DotProduct *chooseDotProduct(const Target &target, DotElement element,
                                   bool tiles);

/// The dot product of `target` on vectors, or on `tiles`, that multiplies
/// groups of so many `element`s, or null.
const DotProduct *lookupDotProduct(const Target &target, DotElement element,
                                   int64_t group, bool tiles = false);

} // namespace glu

#endif // GLU_TARGET_DOTPRODUCT_H
