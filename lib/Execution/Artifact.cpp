//===- Artifact.cpp - Code that outlives this process ---------------------===//

#include "glu/Execution/Artifact.h"
#include "CodeGen.h"
#include "EmitCode.h"
#include "PackedFunctions.h"
#include "RuntimeTable.h"
#include "Tiles.h"
#include "glu/Execution/Executable.h"
#include "glu/Execution/Reference.h"
#include "glu/Target/GPUTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace glu;
using namespace mlir;
using llvm::Error;
using llvm::Expected;

static void addGPUPasses(OpPassManager &manager,
                         const ArtifactOptions &options) {
  GPUPipelineOptions pipeline;
  pipeline.chip = options.chip;
  if (options.emulate)
    buildEmulatedPipeline(manager, pipeline);
  else
    buildToNVVMPipeline(manager, pipeline);
}

Error glu::lowerForArtifact(ModuleOp module, const ArtifactOptions &options,
                            llvm::function_ref<void(PassManager &)> configure) {
  // Before the passes, which would report it at a place in the file.
  if (auto target = lookupTargetOrError(options.targetCPU); !target)
    return target.takeError();
  if (!options.chip.empty() && !lookupGPUTarget(options.chip))
    return llvm::createStringError("no GPU is called '" + options.chip +
                                   "'; known are " + getGPUTargetNames());
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
  if (!options.chip.empty())
    return runPasses(
        module, [&](OpPassManager &manager) { addGPUPasses(manager, options); },
        configure);
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
        manager.addPass(createReturnFailures({/*checkAllocations=*/true}));
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
  if (!options.chip.empty())
    addRuntimeTable(**code);
  requestTilesOnLoad(**code);
  if (Error error = optimise(**code, **machine, options.optLevel))
    return std::move(error);
  return print(**code, **machine);
}

std::string glu::getPTX(ModuleOp module) {
  std::string text;
  module.walk([&](gpu::BinaryOp binary) {
    for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
      if (object.getFormat() == gpu::CompilationTarget::Assembly)
        text += object.getObject().getValue().rtrim('\0');
  });
  return text;
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

/// Whether `op` uses elements of an argument.
static bool usesElements(Operation *op) {
  return !isa<tensor::DimOp, memref::DimOp>(op) &&
         llvm::any_of(op->getOperands(), [](Value operand) {
           return isa<BlockArgument>(operand) &&
                  isa<func::FuncOp>(operand.getParentBlock()->getParentOp()) &&
                  isa<ShapedType>(operand.getType());
         });
}

/// Leaves the checks of `function` that look at elements to the function that
/// it is for, which has them too. An error if it looks at elements all the
/// same.
static Error checkOnlySizes(func::FuncOp function, StringRef entry) {
  function.walk([](cf::AssertOp op) {
    SetVector<Operation *> slice;
    if (failed(getBackwardSlice(op.getOperation(), &slice)) ||
        llvm::any_of(slice, usesElements))
      op.erase();
  });
  if (Error error = runPasses(function->getParentOfType<ModuleOp>(),
                              [](OpPassManager &manager) {
                                manager.addPass(createCanonicalizerPass());
                              }))
    return error;
  if (function
          .walk([](Operation *op) {
            return usesElements(op) ? WalkResult::interrupt()
                                    : WalkResult::advance();
          })
          .wasInterrupted())
    return llvm::createStringError(
        "function '" + entry +
        "' has checks of sizes that look at elements of "
        "arguments, which are in the memory of the GPU");
  return Error::success();
}

Expected<std::string> glu::emitChecks(ModuleOp module, StringRef entry,
                                      bool onlySizes) {
  auto function = findEntry(module, entry);
  if (!function)
    return function.takeError();
  std::string name = isolateEntry(module, function->getName());
  auto checks = module.lookupSymbol<func::FuncOp>(name);
  protectArguments(checks);
  SymbolTable symbols(module);
  std::string checkName = name + ".check";
  // A function of the program may have the name.
  Operation *other = symbols.lookup(checkName);
  if ((other && failed(symbols.rename(other, checkName + ".other"))) ||
      failed(symbols.rename(checks, checkName)))
    return llvm::createStringError("function '" + entry +
                                   "' has uses that are not known");
  if (Error error = runPasses(module, [](OpPassManager &manager) {
        addDryRunPasses(manager, /*countFlops=*/false);
      }))
    return std::move(error);
  if (onlySizes)
    if (Error error = checkOnlySizes(
            module.lookupSymbol<func::FuncOp>(name + ".check"), entry))
      return std::move(error);
  if (Error error = runPasses(module, [](OpPassManager &manager) {
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
