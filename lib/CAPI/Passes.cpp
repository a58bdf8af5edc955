//===- Passes.cpp - Passes and pipelines in C -----------------------------===//

#include "glu-c/Passes.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/CAPI/Pass.h"

using namespace glu;

#include "glu/Transforms/Passes.capi.cpp.inc"

void gluRegisterPipelines() { registerPipelines(); }
