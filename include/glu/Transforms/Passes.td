//===- Passes.td - Passes of the project, in pipeline order -*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_PASSES_TD
#define GLU_TRANSFORMS_PASSES_TD

include "glu/Transforms/RaisePasses.td"
include "glu/Transforms/FusePasses.td"
include "glu/Transforms/ChoosePasses.td"
include "glu/Transforms/PackPasses.td"
include "glu/Transforms/TilePasses.td"
include "glu/Transforms/DecomposePasses.td"
include "glu/Transforms/VectorizePasses.td"
include "glu/Transforms/LowerToCPUPasses.td"
include "glu/Transforms/LowerToNVVMPasses.td"
include "glu/Transforms/EmulatorPasses.td"
include "glu/Transforms/ExecutionPasses.td"

#endif // GLU_TRANSFORMS_PASSES_TD
