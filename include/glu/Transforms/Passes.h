//===- Passes.h - Passes of the project -------------------------*- C++ -*-===//
//
// One create function per pass, options included, and the registration of all.
// Passes.td describes them, in the order of the pipelines.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TRANSFORMS_PASSES_H
#define GLU_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace glu {

#define GEN_PASS_DECL
#include "glu/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "glu/Transforms/Passes.h.inc"

} // namespace glu

#endif // GLU_TRANSFORMS_PASSES_H
