//===- Reference.cpp - What a function should give ------------------------===//

#include "glu/Execution/Reference.h"
#include "RuntimeSymbols.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace glu;
using namespace mlir;

llvm::SmallVector<ValueType> glu::getOutputTypes(const Signature &signature) {
  if (!signature.results.empty())
    return signature.results;
  llvm::SmallVector<ValueType> types;
  for (const ValueType &type : signature.arguments)
    if (type.isMemRef)
      types.push_back(type);
  return types;
}

llvm::Expected<llvm::SmallVector<Array>>
glu::getOutputs(const Call &call, const Signature &signature,
                llvm::ArrayRef<Array> arguments) {
  if (!signature.results.empty())
    return call.getResults();
  llvm::SmallVector<Array> outputs;
  for (auto [type, array] : llvm::zip(signature.arguments, arguments))
    if (type.isMemRef)
      outputs.push_back(array.clone());
  return std::move(outputs);
}

static llvm::Expected<Signature> getEntrySignature(ModuleOp module,
                                                   StringRef entry) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  return getSignature(*function);
}

/// Compiles a clone of `module` by the passes of `buildPipeline` and calls
/// `entry`, whose signature is `signature` by then.
static llvm::Expected<llvm::SmallVector<Array>>
evaluate(ModuleOp module, Signature signature,
         llvm::MutableArrayRef<Array> arguments,
         llvm::function_ref<void(OpPassManager &)> buildPipeline,
         const CodeGenOptions &options = {}) {
  OwningOpRef<ModuleOp> clone = module.clone();
  signature.name = isolateEntry(*clone, signature.name);
  auto executable = Executable::create(*clone, buildPipeline, options);
  if (!executable)
    return executable.takeError();
  auto call = (*executable)->prepare(signature, arguments);
  if (!call)
    return call.takeError();
  if (llvm::Error error = (*call)->run())
    return std::move(error);
  return getOutputs(**call, signature, arguments);
}

llvm::Expected<llvm::SmallVector<Array>>
glu::evaluateInFloat64(ModuleOp module, StringRef entry,
                       llvm::ArrayRef<Array> arguments,
                       const CodeGenOptions &options) {
  auto signature = getEntrySignature(module, entry);
  if (!signature)
    return signature.takeError();
  for (auto *types : {&signature->arguments, &signature->results})
    for (ValueType &type : *types)
      if (isFloat(type.element))
        type.element = ElementType::Float64;
  llvm::SmallVector<Array> wide;
  for (auto [array, type] : llvm::zip(arguments, signature->arguments))
    wide.push_back(array.convertTo(type.element));
  auto buildPipeline = [](OpPassManager &manager) {
    addToLinalgPasses(manager);
    manager.addPass(createDecompose());
    manager.addPass(createWidenToFloat64());
    addBufferizationPasses(manager);
    addLowerToLLVMPasses(manager);
  };
  return evaluate(module, *signature, wide, buildPipeline, options);
}

void glu::addDryRunPasses(OpPassManager &manager, bool countFlops) {
  addToLinalgPasses(manager);
  manager.addPass(createDecompose());
  manager.addPass(createGenerateRuntimeVerificationPass());
  manager.addPass(createDryRun({countFlops}));
  manager.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createCanonicalizerPass());
}

void glu::buildDryRunPipeline(OpPassManager &manager) {
  addDryRunPasses(manager, /*countFlops=*/true);
  addBufferizationPasses(manager);
  addLowerToLLVMPasses(manager);
}

llvm::Expected<int64_t> glu::dryRun(ModuleOp module, StringRef entry,
                                    llvm::ArrayRef<Array> arguments) {
  auto signature = getEntrySignature(module, entry);
  if (!signature)
    return signature.takeError();
  signature->results.clear();
  llvm::SmallVector<Array> copies; // Memrefs are written to.
  for (const Array &array : arguments)
    copies.push_back(array.clone());
  FlopCount count;
  auto outputs = evaluate(module, *signature, copies, buildDryRunPipeline);
  if (!outputs)
    return outputs.takeError();
  return count.get();
}
