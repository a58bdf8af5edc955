//===- CompileForGPU.cpp - Kernels, and the arrays they work on -----------===//

#include "CompileForGPU.h"

#include "glu/Emulator/Emulator.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Target/GPUTarget.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Expected;

/// Compiles for the emulator, which is a GPU of this process.
static void useEmulator(CodeGenOptions &codeGen, uint64_t seed) {
  setEmulatorSeed(seed);
  codeGen.gpu = &getEmulatorRuntime();
  forEachEmulatorFunction(
      [](const char *name, void *address, void *data) {
        static_cast<CodeGenOptions *>(data)->symbols.push_back({name, address});
      },
      &codeGen);
}

Expected<CompiledProgram> compileForGPU(ModuleOp module,
                                        const Signature &signature,
                                        ArrayRef<Array> arguments,
                                        const Options &options) {
  if (!lookupGPUTarget(options.chip))
    return createStringError("no GPU is called '" + options.chip +
                             "'; known are " + getGPUTargetNames());
  CodeGenOptions codeGen;
  codeGen.gpu = &getCUDARuntime();
  if (options.emulate)
    useEmulator(codeGen, options.schedulerSeed);
  CompiledProgram program;
  program.gpu = codeGen.gpu;
  program.signature = signature;
  // Before it takes the time to compile, as there may be no GPU.
  for (auto [array, type] : llvm::zip(arguments, signature.arguments)) {
    program.arguments.push_back(array.clone());
    if (type.isScalar)
      continue;
    auto onDevice = DeviceArray::create(*program.gpu, program.arguments.back());
    if (!onDevice)
      return onDevice.takeError();
    program.onDevice.push_back(std::move(*onDevice));
  }
  OwningOpRef<ModuleOp> clone = module.clone();
  program.signature.name = isolateEntry(*clone, signature.name);
  GPUPipelineOptions pipeline;
  pipeline.chip = options.chip;
  auto executable = Executable::create(
      *clone,
      [&](OpPassManager &manager) {
        if (options.emulate)
          buildEmulatedPipeline(manager, pipeline);
        else
          buildToNVVMPipeline(manager, pipeline);
      },
      codeGen);
  if (!executable)
    return executable.takeError();
  program.executable = std::move(*executable);
  SmallVector<ArrayView> views;
  const DeviceArray *next = program.onDevice.data();
  for (auto [array, type] : llvm::zip(program.arguments, signature.arguments))
    views.push_back(type.isScalar ? ArrayView(array) : (next++)->getView());
  auto call = program.executable->prepare(program.signature, views);
  if (!call)
    return call.takeError();
  program.call = std::move(*call);
  return std::move(program);
}
