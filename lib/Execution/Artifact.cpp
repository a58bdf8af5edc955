//===- Artifact.cpp - Code that outlives this process ---------------------===//

#include "glu/Execution/Artifact.h"
#include "CodeGen.h"
#include "EmitCode.h"
#include "PackedFunctions.h"
#include "Tiles.h"
#include "glu/Execution/Executable.h"
#include "glu/Execution/Reference.h"
#include "glu/Transforms/Passes.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace glu;
using namespace mlir;
using llvm::Error;
using llvm::Expected;

Error glu::lowerForArtifact(ModuleOp module, const ArtifactOptions &options,
                            llvm::function_ref<void(PassManager &)> configure) {
  // Before the passes, which would report it at a place in the file.
  if (auto target = lookupTargetOrError(options.targetCPU); !target)
    return target.takeError();
  SmallVector<StringRef> entries;
  if (options.entry.empty()) {
    auto all = findEntries(module);
    if (!all)
      return all.takeError();
    for (func::FuncOp function : *all)
      entries.push_back(function.getName());
  } else {
    auto entry = findEntry(module, options.entry);
    if (!entry)
      return entry.takeError();
    entries.push_back(entry->getName());
  }
  for (const std::string &name : isolateEntries(module, entries))
    protectArguments(module.lookupSymbol<func::FuncOp>(name));
  CPUPipelineOptions pipeline;
  pipeline.targetCPU = options.targetCPU;
  pipeline.threads = options.threads;
  pipeline.outlinePacking = options.outlinePacking;
  pipeline.destinations = options.destinations;
  return runPasses(
      module,
      [&](OpPassManager &manager) { buildToCPUPipeline(manager, pipeline); },
      configure);
}

/// What `print` makes of the optimised LLVM IR of `module`.
static Expected<std::string>
emit(ModuleOp module, const ArtifactOptions &options,
     llvm::function_ref<Expected<std::string>(llvm::Module &,
                                              llvm::TargetMachine &)>
         print) {
  auto target = lookupTargetOrError(options.targetCPU);
  if (!target)
    return target.takeError();
  auto machine =
      createTargetMachine(*target, options.optLevel, CodePlace::File);
  if (!machine)
    return machine.takeError();
  OwningOpRef<ModuleOp> copy = module.clone();
  if (Error error = runPasses(*copy, [](OpPassManager &manager) {
        manager.addPass(createReturnFailures());
      }))
    return std::move(error);
  llvm::LLVMContext context;
  auto code = translate(*copy, context, **machine);
  if (!code)
    return code.takeError();
  SmallVector<llvm::Function *> exported;
  for (StringRef name : findExportedFunctions(*copy))
    exported.push_back(addPackedFunction(**code, name));
  hideAllBut(**code, exported);
  requestTilesOnLoad(**code);
  if (Error error = optimise(**code, **machine, options.optLevel))
    return std::move(error);
  return print(**code, **machine);
}

Expected<std::string> glu::emitLLVMIR(ModuleOp module,
                                      const ArtifactOptions &options) {
  return emit(module, options, [](llvm::Module &code, llvm::TargetMachine &) {
    return printLLVMIR(code);
  });
}

Expected<std::string> glu::emitAssembly(ModuleOp module,
                                        const ArtifactOptions &options) {
  return emit(module, options, [](auto &code, auto &machine) {
    return emitFile(code, machine, llvm::CodeGenFileType::AssemblyFile);
  });
}

Expected<std::string> glu::emitObject(ModuleOp module,
                                      const ArtifactOptions &options) {
  return emit(module, options, [](auto &code, auto &machine) {
    return emitFile(code, machine, llvm::CodeGenFileType::ObjectFile);
  });
}

/// Whether code of `function`, optimised, does nothing but return null.
static bool alwaysReturnsNull(const llvm::Function &function) {
  auto *end =
      llvm::dyn_cast<llvm::ReturnInst>(&function.getEntryBlock().front());
  return end && llvm::isa<llvm::ConstantPointerNull>(end->getReturnValue());
}

Expected<std::string> glu::emitChecks(ModuleOp module, StringRef entry) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  std::string name = isolateEntry(module, function->getName());
  auto checks = module.lookupSymbol<func::FuncOp>(name);
  protectArguments(checks);
  if (failed(SymbolTable(module).rename(checks, name + ".check")))
    return llvm::createStringError("function '" + entry +
                                   "' has uses that are not known");
  if (Error error = runPasses(module, [](OpPassManager &manager) {
        addDryRunPasses(manager, /*countFlops=*/false);
        addBufferizationPasses(manager);
        addLowerToLLVMPasses(manager);
      }))
    return std::move(error);
  ArtifactOptions options;
  return emit(module, options, [](auto &code, auto &machine) {
    bool canFail = llvm::any_of(code, [](const llvm::Function &function) {
      return function.hasExternalLinkage() && !function.isDeclaration() &&
             !alwaysReturnsNull(function);
    });
    return canFail ? emitFile(code, machine, llvm::CodeGenFileType::ObjectFile)
                   : Expected<std::string>("");
  });
}
