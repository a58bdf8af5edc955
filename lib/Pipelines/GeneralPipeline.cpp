//===- GeneralPipeline.cpp - Everything to scalar loops -------------------===//

#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/RequestCWrappers.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void glu::addToLinalgPasses(OpPassManager &manager) {
  manager.addPass(createFoldUndefinedSizes());
  manager.addPass(createInlinerPass());
  manager.addPass(createSymbolDCEPass());
  auto &functions = manager.nest<func::FuncOp>();
  functions.addPass(tosa::createTosaOptionalDecompositionsPass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(tosa::createTosaInferShapesPass());
  functions.addPass(tosa::createTosaMakeBroadcastablePass());
  functions.addPass(tosa::createTosaToLinalgNamed());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(tosa::createTosaLayerwiseConstantFoldPass());
  functions.addPass(tosa::createTosaMakeBroadcastablePass());
  functions.addPass(tosa::createTosaToLinalg());
  functions.addPass(createTosaToSCFPass());
  functions.addPass(createTosaToArithPass({/*includeApplyRescale=*/true,
                                           /*use32Bit=*/false}));
  functions.addPass(createTosaToTensorPass());
  // Arithmetic on whole tensors.
  manager.addPass(createConvertElementwiseToLinalgPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

void glu::addBufferizationPasses(OpPassManager &manager) {
  manager.addPass(createExpandAggregates());
  manager.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  // Loops that carry a tensor computed anew in every turn.
  options.allowReturnAllocsFromLoops = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  options.bufferAlignment = 64;
  manager.addPass(bufferization::createOneShotBufferizePass(options));
  // The canonicaliser would crash.
  manager.addPass(createFoldUndefinedSizes());
  manager.addPass(createExpandSubViews());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createRemoveDeallocations());
  bufferization::buildBufferDeallocationPipeline(manager);
  manager.addPass(createConvertBufferizationToMemRefPass());
}

/// Arithmetic in f32 on types that chips have none for, and their conversions
/// by their bits: LLVM would call a library for each element, which code ahead
/// of time does not have.
static void addNarrowFloatPasses(OpPassManager &manager, bool nativeHalf) {
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = {"bf16",       "f8E5M2",     "f8E4M3", "f8E4M3FN",
                            "f8E5M2FNUZ", "f8E4M3FNUZ", "f8E3M4"};
  if (!nativeHalf)
    emulate.sourceTypeStrs.push_back("f16");
  emulate.targetTypeStr = "f32";
  manager.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  manager.addPass(glu::createExpandNarrowFloats({/*half=*/!nativeHalf}));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  expand.includeF8E8M0 = true;
  manager.addPass(arith::createArithExpandOpsPass(expand));
}

void glu::addMathPasses(OpPassManager &manager, bool nativeHalf) {
  // Narrow floats compute in f32, as chips do; integer powers are loops; then
  // LLVM's intrinsics, and libm for the rest.
  math::MathExtendToSupportedTypesOptions mathTypes;
  manager.addNestedPass<func::FuncOp>(
      math::createMathExtendToSupportedTypes(mathTypes));
  math::MathExpandOpsPassOptions mathOps;
  mathOps.opMnemonics = {"clampf"}; // Neither LLVM nor libm has it.
  manager.addPass(math::createMathExpandOpsPass(mathOps));
  manager.addPass(createConvertMathToFuncs());
  addNarrowFloatPasses(manager, nativeHalf);
}

void glu::addLowerToLLVMPasses(OpPassManager &manager, int64_t threads,
                               bool nativeHalf) {
  manager.addPass(createCheckVectors());
  manager.addPass(createReserveNames());
  bool parallel = threads != 1;
  // Before the functions of libc and libm are declared, which have none.
  manager.addNestedPass<func::FuncOp>(LLVM::createLLVMRequestCWrappersPass());
  manager.addPass(createHugePages());
  manager.addPass(createExpandCopies({/*keepDense=*/true}));
  manager.addPass(createConvertLinalgToLoopsPass());
  if (parallel) {
    manager.addPass(createForallToParallelLoopPass());
    ConvertSCFToOpenMPPassOptions openMP;
    openMP.numThreads = threads;
    manager.addPass(createConvertSCFToOpenMPPass(openMP));
  } else {
    manager.addPass(createForallToForLoopPass());
  }
  manager.addPass(memref::createFoldMemRefAliasOpsPass());
  manager.addPass(createExpandReshapes());
  manager.addPass(memref::createExpandStridedMetadataPass());
  // Vectors are small; the buffers that loops over their rows would need are in
  // the way of OpenMP's regions.
  manager.addPass(createConvertVectorToSCFPass(
      VectorTransferToSCFOptions().enableFullUnroll()));
  manager.addPass(createLowerAffinePass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  addMathPasses(manager, nativeHalf);
  manager.addPass(createLowerAMX());
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createConvertMathToLLVMPass());
  manager.addPass(createConvertMathToLibmPass()); // Takes vectors apart.
  manager.addPass(createConvertVectorToLLVMPass());
  manager.addPass(createConvertComplexToLLVMPass());
  manager.addPass(createConvertControlFlowToLLVMPass());
  manager.addPass(createConvertIndexToLLVMPass());
  manager.addPass(createArithToLLVMConversionPass());
  manager.addPass(createConvertFuncToLLVMPass());
  if (parallel)
    manager.addPass(createConvertOpenMPToLLVMPass());
  manager.addPass(createFinalizeMemRefToLLVMConversionPass());
  manager.addPass(createUBToLLVMConversionPass());
  manager.addPass(createAnnotateLoops());
  manager.addPass(createMoveFloatsAsIntegers());
  manager.addPass(createReconcileUnrealizedCastsPass());
}

void glu::buildGeneralPipeline(OpPassManager &manager) {
  addToLinalgPasses(manager);
  manager.addPass(createDecompose());
  addBufferizationPasses(manager);
  addLowerToLLVMPasses(manager);
}
