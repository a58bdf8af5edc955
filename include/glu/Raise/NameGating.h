//===- NameGating.h - Names for gating functions ----------------*- C++ -*-===//
//
// Finds the named gating function that a region provably computes, however it
// is written.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_NAMEGATING_H
#define GLU_RAISE_NAMEGATING_H

#include "glu/IR/GLU.h"

namespace glu {

/// A gating function by name, of the arguments as they are or exchanged.
struct RecognizedGating {
  NamedGating gating;
  /// The function is gating(v, g) rather than gating(g, v).
  bool swapped = false;
};

/// The named function that `block` (arguments g and v, a terminator with one
/// operand) computes, or none. What counts as equal is said in the description
/// of the pass `glu-name`.
std::optional<RecognizedGating> recognizeGating(mlir::Block &block);

/// Replaces the region of `op` by that of the named function that it computes,
/// exchanging the branches where the function is of (v, g). Returns whether the
/// region is that of a named function afterwards. One with extras or several
/// results has no name.
bool nameGating(GatedOpInterface op);

} // namespace glu

#endif // GLU_RAISE_NAMEGATING_H
