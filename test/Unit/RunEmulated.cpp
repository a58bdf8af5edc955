//===- RunEmulated.cpp - Programs with kernels, in the emulator -----------===//

#include "RunEmulated.h"

#include "glu/Emulator/Emulator.h"
#include "glu/Execution/DeviceArray.h"
#include "glu/Execution/Executable.h"
#include "glu/Execution/ParseModule.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace glu;
using namespace mlir;

llvm::Expected<Array> glu::runEmulated(
    StringRef text, const GPUPipelineOptions &options, uint64_t seed,
    llvm::function_ref<SmallVector<Array>(const Signature &)> makeArguments,
    llvm::function_ref<void(PassManager &)> configure) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module =
      parseModule(llvm::MemoryBuffer::getMemBuffer(text, "program"), context);
  if (!module)
    return module.takeError();
  auto signature = getSignature(*findEntry(**module, ""));
  if (!signature)
    return signature.takeError();
  CodeGenOptions codeGen;
  codeGen.optLevel = 1;
  setEmulatorSeed(seed);
  codeGen.gpu = &getEmulatorRuntime();
  forEachEmulatorFunction(
      [](const char *name, void *address, void *data) {
        static_cast<CodeGenOptions *>(data)->symbols.push_back({name, address});
      },
      &codeGen);
  std::vector<DeviceArray> onDevice;
  for (const Array &array : makeArguments(*signature))
    onDevice.push_back(cantFail(DeviceArray::create(*codeGen.gpu, array)));
  SmallVector<ArrayView> views;
  for (const DeviceArray &array : onDevice)
    views.push_back(array.getView());
  if (llvm::Error error = runPasses(
          **module,
          [&](OpPassManager &manager) {
            buildEmulatedPipeline(manager, options);
          },
          [&](PassManager &manager) {
            manager.enableVerifier();
            if (configure)
              configure(manager);
          }))
    return std::move(error);
  auto executable =
      Executable::create(**module, [](OpPassManager &) {}, codeGen);
  if (!executable)
    return executable.takeError();
  auto call = (*executable)->prepare(*signature, views);
  if (!call)
    return call.takeError();
  if (llvm::Error error = (*call)->run())
    return std::move(error);
  if (signature->results.empty())
    return copyToHost(*codeGen.gpu, views.back());
  auto results = (*call)->getResults();
  if (!results)
    return results.takeError();
  return std::move(results->front());
}
