//===- Executable.cpp - Compiles a module in memory -----------------------===//

#include "glu/Execution/Executable.h"
#include "CodeGen.h"
#include "FirstError.h"
#include "RuntimeSymbols.h"
#include "glu/Execution/DeviceArray.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Target/TargetMachine.h"

#include <dlfcn.h>

using namespace glu;
using namespace mlir;
using llvm::createStringError;

llvm::Error
glu::runPasses(ModuleOp module,
               llvm::function_ref<void(OpPassManager &)> buildPipeline,
               llvm::function_ref<void(PassManager &)> configure) {
  FirstError diagnostics(module.getContext());
  PassManager manager(module.getContext());
  buildPipeline(manager);
  if (configure)
    configure(manager);
  if (succeeded(manager.run(module)))
    return llvm::Error::success();
  return diagnostics.take("a pass failed");
}

llvm::Expected<Target> glu::findTarget(StringRef cpu, bool emulated) {
  llvm::Expected<Target> target = lookupTargetOrError(cpu);
  if (!target)
    return target.takeError();
  if (emulated)
    return *target;
  Target host = probeHost();
  if (target->arch != host.arch)
    return createStringError("target '" + cpu +
                             "' has another instruction set than this machine");
  if (uint32_t missing = target->features & ~host.features)
    return createStringError("this machine cannot run code for '" + cpu +
                             "': it lacks " + getFeatureNames(missing));
  return *target;
}

/// Loads the OpenMP runtime and sets its number of threads.
static llvm::Error loadOpenMP(const CodeGenOptions &options) {
  void *library = dlopen(options.openmpLibrary.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library)
    return createStringError("cannot load the OpenMP runtime '" +
                             options.openmpLibrary + "': " + dlerror());
  auto setThreads =
      reinterpret_cast<void (*)(int)>(dlsym(library, "omp_set_num_threads"));
  if (!setThreads)
    return createStringError("the OpenMP runtime '" + options.openmpLibrary +
                             "' has no omp_set_num_threads");
  setThreads(int(options.threads));
  return llvm::Error::success();
}

/// Whether code of `module`, in the LLVM dialect, needs the OpenMP runtime.
static bool usesOpenMP(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        return op->getName().getDialectNamespace() == "omp"
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Calls `visit` with every function that code compiled with `options` is lent.
static void forEachSymbol(const CodeGenOptions &options,
                          llvm::function_ref<void(StringRef, void *)> visit) {
  forEachRuntimeSymbol(visit);
  if (options.gpu)
    forEachRuntimeFunction(
        *options.gpu,
        [](const char *name, void *address, void *data) {
          (*static_cast<decltype(visit) *>(data))(name, address);
        },
        &visit);
  for (const auto &[name, address] : options.symbols)
    visit(name, address);
}

/// Checks that every function that `module`, in the LLVM dialect, only declares
/// is there: the linker's own message is not one sentence.
static llvm::Error checkExternalFunctions(ModuleOp module,
                                          const CodeGenOptions &options) {
  // The mathematical functions; this process may not have needed them so far.
  static void *math = dlopen("libm.so.6", RTLD_NOW | RTLD_GLOBAL);
  (void)math;
  llvm::StringSet<> lent;
  forEachSymbol(options, [&](StringRef name, void *) { lent.insert(name); });
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    StringRef name = function.getName();
    if (!function.isExternal() || name.starts_with("llvm.") ||
        lent.contains(name) ||
        SymbolTable::symbolKnownUseEmpty(function, module))
      continue;
    if (!dlsym(RTLD_DEFAULT, name.str().c_str())) {
      name.consume_front("_mlir_ciface_");
      return createStringError("function '" + name +
                               "' is called and has no body");
    }
  }
  return llvm::Error::success();
}

Executable::~Executable() = default;

llvm::Expected<std::unique_ptr<Executable>>
Executable::create(ModuleOp module,
                   llvm::function_ref<void(OpPassManager &)> buildPipeline,
                   const CodeGenOptions &options) {
  auto target = findTarget(options.cpu);
  if (!target)
    return target.takeError();
  auto machine =
      createTargetMachine(*target, options.optLevel, CodePlace::Memory);
  if (!machine)
    return machine.takeError();
  auto addPasses = [&](OpPassManager &manager) {
    buildPipeline(manager);
    manager.addPass(createReturnFailures({/*checkAllocations=*/true}));
  };
  if (llvm::Error error = runPasses(module, addPasses))
    return std::move(error);
  if (usesOpenMP(module))
    if (llvm::Error error = loadOpenMP(options))
      return std::move(error);

  if (llvm::Error error = checkExternalFunctions(module, options))
    return std::move(error);

  ExecutionEngineOptions engineOptions;
  engineOptions.enableGDBNotificationListener = false;
  engineOptions.enablePerfNotificationListener = false;
  auto transformer = [machine = machine->get(),
                      level = options.optLevel](llvm::Module *code) {
    runLLVMPasses(*code, *machine, level);
    return llvm::Error::success();
  };
  engineOptions.transformer = transformer;
  engineOptions.jitCodeGenOptLevel = getCodeGenLevel(options.optLevel);
  FirstError diagnostics(module.getContext());
  auto engine =
      ExecutionEngine::create(module, engineOptions, std::move(*machine));
  if (!engine)
    return diagnostics.take(llvm::toString(engine.takeError()));
  std::unique_ptr<Executable> executable(new Executable());
  executable->engine = std::move(*engine);
  executable->gpu = options.gpu;
  executable->engine->registerSymbols([&](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap symbols;
    forEachSymbol(options, [&](StringRef name, void *address) {
      symbols[intern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                               llvm::JITSymbolFlags::Exported};
    });
    return symbols;
  });
  if (options.gpu) { // Loads the kernels.
    executable->engine->initialize();
    if (llvm::Error error = takeError(*options.gpu))
      return std::move(error);
  }
  return std::move(executable);
}
