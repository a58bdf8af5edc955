//===- CompiledProgram.cpp - A function that is ready to be called --------===//

#include "CompiledProgram.h"

#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/ScheduleTable.h"

using namespace glu;
using namespace mlir;
using llvm::Error;
using llvm::Expected;

/// Packs the weights by `@f.pack` and makes `program` a call of `@f.packed`.
static Error prepack(CompiledProgram &program, const Signature &pack,
                     const Signature &packed) {
  SmallVector<Array> packArguments;
  for (const Array &array : program.arguments)
    packArguments.push_back(array.clone());
  auto call = program.executable->prepare(pack, packArguments);
  if (!call)
    return call.takeError();
  if (Error error = (*call)->run())
    return error;
  auto weights = (*call)->getResults();
  if (!weights)
    return weights.takeError();
  llvm::move(*weights, std::back_inserter(program.arguments));
  program.signature = packed;
  program.packed = !weights->empty();
  return Error::success();
}

Expected<CompiledProgram> compileForCPU(ModuleOp module,
                                        const Signature &signature,
                                        ArrayRef<Array> arguments,
                                        const CallOptions &options,
                                        bool general) {
  // Before the passes, which would report it at a place in the file.
  if (auto target = findTarget(options.targetCPU, options.emulate); !target)
    return target.takeError();
  if (!options.table.empty())
    if (auto table = ScheduleTable::read(options.table, module.getContext());
        !table)
      return table.takeError();
  CompiledProgram program;
  program.signature = signature;
  for (const Array &array : arguments)
    program.arguments.push_back(array.clone());
  OwningOpRef<ModuleOp> clone = module.clone();
  program.signature.name = isolateEntry(*clone, signature.name);
  CodeGenOptions codeGen;
  codeGen.cpu = options.emulate ? "host" : options.targetCPU;
  codeGen.threads = options.threads;
  CPUPipelineOptions pipeline;
  pipeline.targetCPU = options.targetCPU;
  pipeline.threads = options.threads;
  pipeline.emulate = options.emulate;
  pipeline.outlinePacking = options.prepack;
  pipeline.table = options.table;
  std::optional<Signature> pack, packed;
  if (!general) {
    if (Error error = runPasses(*clone, [&](OpPassManager &manager) {
          addPackPasses(manager, pipeline);
        }))
      return std::move(error);
    if (options.prepack)
      for (auto [suffix, result] :
           {std::pair(".pack", &pack), std::pair(".packed", &packed)}) {
        auto function =
            clone->lookupSymbol<func::FuncOp>(program.signature.name + suffix);
        if (!function)
          continue;
        auto found = getSignature(function);
        if (!found)
          return found.takeError();
        *result = *found;
      }
    // Only its two parts are called: half of the code to compile.
    auto whole = clone->lookupSymbol<func::FuncOp>(program.signature.name);
    if (pack && packed && SymbolTable::symbolKnownUseEmpty(whole, *clone))
      whole.erase();
  }
  auto executable = Executable::create(
      *clone,
      [&](OpPassManager &manager) {
        if (general)
          buildGeneralPipeline(manager);
        else
          addPackedToLLVMPasses(manager, pipeline);
      },
      codeGen);
  if (!executable)
    return executable.takeError();
  program.executable = std::move(*executable);
  if (pack && packed)
    if (Error error = prepack(program, *pack, *packed))
      return std::move(error);
  auto call = program.executable->prepare(program.signature, program.arguments);
  if (!call)
    return call.takeError();
  program.call = std::move(*call);
  return std::move(program);
}

Error CompiledProgram::copyArgumentsBack() {
  const DeviceArray *next = onDevice.data();
  for (auto [array, type] : llvm::zip(arguments, signature.arguments)) {
    if (!gpu || type.isScalar)
      continue;
    auto copy = copyToHost(*gpu, (next++)->getView());
    if (!copy)
      return copy.takeError();
    if (type.isMemRef)
      array = std::move(*copy);
  }
  return Error::success();
}
