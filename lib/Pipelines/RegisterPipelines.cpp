//===- RegisterPipelines.cpp - The pipelines by name ----------------------===//

#include "glu/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"

void glu::registerPipelines() {
  mlir::PassPipelineRegistration<CPUPipelineOptions>(
      "glu-to-cpu",
      "Gated units and matmuls to vectorised CPU code in the LLVM dialect",
      buildToCPUPipeline);
  mlir::PassPipelineRegistration<GPUPipelineOptions>(
      "glu-to-nvvm",
      "Gated units and matmuls to kernels as PTX, and host code for them",
      buildToNVVMPipeline);
  mlir::PassPipelineRegistration<>(
      "glu-general",
      "The general path: everything to scalar loops and the LLVM dialect",
      buildGeneralPipeline);
}
