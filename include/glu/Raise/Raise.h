//===- Raise.h - Recognises gating in linalg --------------------*- C++ -*-===//

#ifndef GLU_RAISE_RAISE_H
#define GLU_RAISE_RAISE_H

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// Replaces what computes gated units below `root`, in linalg on tensors, by
/// `glu.gate`: what the pass `glu-raise` does when calls are inlined and TOSA
/// is lowered.
void raiseGatedUnits(mlir::RewriterBase &rewriter, mlir::Operation *root);

} // namespace glu

#endif // GLU_RAISE_RAISE_H
