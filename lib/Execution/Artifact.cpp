//===- Artifact.cpp - Code that outlives this process ---------------------===//

#include "glu/Execution/Artifact.h"
#include "CodeGen.h"
#include "FirstError.h"
#include "PackedFunctions.h"
#include "RuntimeLibraries.h"
#include "glu/Execution/Executable.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Keeps bufferisation from computing in the place of a tensor argument.
static void protectArguments(func::FuncOp function) {
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (isa<TensorType>(type))
      function.setArgAttr(
          i, bufferization::BufferizationDialect::kWritableAttrName,
          BoolAttr::get(function.getContext(), false));
}

Error glu::lowerForArtifact(ModuleOp module, const ArtifactOptions &options) {
  // Before the passes, which would report it at a place in the file.
  if (auto target = lookupTargetOrError(options.targetCPU); !target)
    return target.takeError();
  SmallVector<StringRef> entries;
  if (options.entry.empty()) {
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPublic() && !function.isDeclaration())
        entries.push_back(function.getName());
    if (entries.empty())
      return createStringError("there is no public function with a body");
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
  return runPasses(module, [&](OpPassManager &manager) {
    buildToCPUPipeline(manager, pipeline);
  });
}

/// Makes parallel regions of `module` run on `threads` threads, whatever the
/// process has set otherwise.
static void setThreads(ModuleOp module, int64_t threads) {
  module.walk([&](omp::ParallelOp op) {
    if (op.getNumThreads())
      return;
    OpBuilder builder(op);
    Value count = LLVM::ConstantOp::create(
        builder, op.getLoc(), builder.getI32Type(), int32_t(threads));
    op.getNumThreadsMutable().assign(count);
  });
}

/// `module` as optimised LLVM IR for `machine`.
static Expected<std::unique_ptr<llvm::Module>>
translate(ModuleOp module, llvm::LLVMContext &context,
          llvm::TargetMachine &machine, const ArtifactOptions &options) {
  if (options.threads > 1)
    setThreads(module, options.threads);
  FirstError diagnostics(module.getContext());
  std::unique_ptr<llvm::Module> code =
      translateModuleToLLVMIR(module, context, "glu");
  if (!code)
    return diagnostics.take("expected a module in the LLVM dialect");
  code->setTargetTriple(machine.getTargetTriple());
  code->setDataLayout(machine.createDataLayout());
  SmallVector<llvm::Function *> exported;
  for (StringRef name : findExportedFunctions(module))
    exported.push_back(addPackedFunction(*code, name));
  hideAllBut(*code, exported);
  for (llvm::Function &function : *code)
    if (!function.isDeclaration()) {
      function.addFnAttr("target-cpu", machine.getTargetCPU());
      function.addFnAttr("target-features", machine.getTargetFeatureString());
    }
  auto optimise = makeOptimizingTransformer(std::min(options.optLevel, 3u),
                                            /*sizeLevel=*/0, &machine);
  if (Error error = optimise(code.get()))
    return std::move(error);
  return std::move(code);
}

/// What `print` makes of the LLVM IR of `module`.
static Expected<std::string>
emit(ModuleOp module, const ArtifactOptions &options,
     llvm::function_ref<Error(llvm::Module &, llvm::TargetMachine &,
                              llvm::raw_pwrite_stream &)>
         print) {
  auto target = lookupTargetOrError(options.targetCPU);
  if (!target)
    return target.takeError();
  auto machine =
      createTargetMachine(*target, options.optLevel, CodePlace::File);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  auto code = translate(module, context, **machine, options);
  if (!code)
    return code.takeError();
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream stream(text);
  if (Error error = print(**code, **machine, stream))
    return std::move(error);
  return text.str().str();
}

static Error emitFile(llvm::Module &code, llvm::TargetMachine &machine,
                      llvm::raw_pwrite_stream &stream,
                      llvm::CodeGenFileType type) {
  llvm::legacy::PassManager manager;
  if (machine.addPassesToEmitFile(manager, stream, nullptr, type))
    return createStringError("LLVM cannot emit such a file for this target");
  manager.run(code);
  return Error::success();
}

Expected<std::string> glu::emitLLVMIR(ModuleOp module,
                                      const ArtifactOptions &options) {
  return emit(module, options, [](auto &code, auto &, auto &stream) {
    code.print(stream, nullptr);
    return Error::success();
  });
}

Expected<std::string> glu::emitAssembly(ModuleOp module,
                                        const ArtifactOptions &options) {
  return emit(module, options, [](auto &code, auto &machine, auto &stream) {
    return emitFile(code, machine, stream, llvm::CodeGenFileType::AssemblyFile);
  });
}

Expected<std::string> glu::emitObject(ModuleOp module,
                                      const ArtifactOptions &options) {
  auto object =
      emit(module, options, [](auto &code, auto &machine, auto &stream) {
        return emitFile(code, machine, stream,
                        llvm::CodeGenFileType::ObjectFile);
      });
  if (!object)
    return object.takeError();
  // Here the reason can be told; a linker would only name the symbol.
  if (auto libraries = findRuntimeLibraries(StringRef(*object)); !libraries)
    return libraries.takeError();
  return object;
}
