//===- GPUPipeline.cpp - glu-to-nvvm: gated units to kernels --------------===//

#include "glu/Pipelines/Pipelines.h"
#include "glu/Target/GPUTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace glu;

static void cleanUp(OpPassManager &manager) {
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

/// A chip that is not known is an error of the pass that chooses tiles.
static int64_t getMultiprocessors(const GPUPipelineOptions &options) {
  if (options.multiprocessors > 0)
    return options.multiprocessors;
  return lookupGPUTarget(options.chip.getValue())
      .value_or(GPUTarget())
      .multiprocessors;
}

/// Kernels in structured control flow on memrefs, from tensors.
static void addLaunchPasses(OpPassManager &manager,
                            const GPUPipelineOptions &options) {
  // Recognise and fuse.
  manager.addPass(createExpandZeroPoints());
  manager.addPass(createRaise());
  manager.addPass(createFuse());
  manager.addPass(createFoldUnitDims());
  addToLinalgPasses(manager);
  manager.addPass(createExpandZeroPoints());
  manager.addPass(createFoldContractionViews());

  // Choose. A gated unit that no kernel takes is taken apart, so that its
  // projections get one each.
  ChooseBlocksOptions choose{options.chip};
  manager.addPass(createChooseBlocks(choose));
  DecomposeOptions unscheduled{/*onlyUnscheduled=*/true};
  manager.addPass(createDecompose(unscheduled));
  manager.addPass(createChooseBlocks(choose));
  cleanUp(manager);

  // Bufferise; then everything that touches buffers is a kernel.
  addBufferizationPasses(manager);
  manager.addPass(createReserveNames());
  manager.addPass(createLaunchProjections({getMultiprocessors(options)}));
  manager.addPass(createExpandCopies());
  manager.addPass(createConvertLinalgToParallelLoopsPass());
  manager.addPass(createForallToForLoopPass());
  manager.addPass(memref::createFoldMemRefAliasOpsPass());
  manager.addPass(createExpandReshapes());
  manager.addNestedPass<func::FuncOp>(createLaunchLoops());
  manager.addNestedPass<func::FuncOp>(createMoveToDevice());
}

/// From kernels in structured control flow to the LLVM and NVVM dialects.
static void addKernelPasses(OpPassManager &manager,
                            const GPUPipelineOptions &options) {
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(createConvertVectorToSCFPass(
      VectorTransferToSCFOptions().enableFullUnroll()));
  manager.addPass(createLowerAffinePass());
  cleanUp(manager);
  manager.addPass(createApproximateMath({!options.accurateMath}));
  addMathPasses(manager, /*nativeHalf=*/true);
  cleanUp(manager);
  manager.addPass(createGpuLaunchSinkIndexComputationsPass());
  manager.addPass(createGpuKernelOutliningPass());

  auto &kernels = manager.nest<gpu::GPUModuleOp>();
  kernels.addPass(createSCFToControlFlowPass());
  kernels.addPass(createLowerKernelMath());
  kernels.addPass(createConvertNVGPUToNVVMPass());
  kernels.addPass(createConvertGpuOpsToNVVMOps());
  kernels.addPass(createConvertComplexToLLVMPass());
  kernels.addPass(createConvertIndexToLLVMPass());
  kernels.addPass(createReconcileUnrealizedCastsPass());
  cleanUp(kernels);
  kernels.addPass(createCheckKernels());

  GpuNVVMAttachTargetOptions target;
  target.chip = options.chip;
  target.optLevel = 3;
  manager.addPass(createGpuNVVMAttachTarget(target));
}

/// The host's code to the LLVM dialect, with calls of the runtime.
static void addHostPasses(OpPassManager &manager) {
  manager.addNestedPass<func::FuncOp>(LLVM::createLLVMRequestCWrappersPass());
  manager.addNestedPass<func::FuncOp>(createGpuAsyncRegionPass());
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createConvertMathToLLVMPass());
  manager.addPass(createGpuToLLVMConversionPass());
  manager.addPass(createConvertIndexToLLVMPass());
  manager.addPass(createUBToLLVMConversionPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
}

/// Kernels in the LLVM and NVVM dialects, in a `gpu.module` with its target.
static void addLowerKernelsPasses(OpPassManager &manager,
                                  const GPUPipelineOptions &options) {
  addLaunchPasses(manager, options);
  addKernelPasses(manager, options);
  manager.addPass(createFixClusterSizes());
  manager.addPass(createPassTensorMaps());
}

void glu::buildToNVVMPipeline(OpPassManager &manager,
                              const GPUPipelineOptions &options) {
  addLowerKernelsPasses(manager, options);
  addHostPasses(manager);
  // Instructions that LLVM has no intrinsics for become assembly.
  manager.addNestedPass<gpu::GPUModuleOp>(createConvertNVVMToLLVMPass());
  GpuModuleToBinaryPassOptions binary;
  binary.compilationTarget = "isa";
  manager.addPass(createGpuModuleToBinaryPass(binary));
}

void glu::buildEmulatedPipeline(OpPassManager &manager,
                                const GPUPipelineOptions &options) {
  addLowerKernelsPasses(manager, options);
  // The lowering of the host's code turns instructions of kernels to text, and
  // makes the launches, which are rewritten as well.
  manager.addPass(createEmulateKernels());
  addHostPasses(manager);
  manager.addPass(createEmulateKernels());
  manager.addPass(createMoveFloatsAsIntegers());
}
