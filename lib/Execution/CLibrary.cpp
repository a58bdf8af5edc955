//===- CLibrary.cpp - Functions for C, compiled ahead of time -------------===//
//
// The module is lowered once for each chip; the modules of LLVM IR that come of
// it become one, in which a function says for which chip it is.
//
//===----------------------------------------------------------------------===//

#include "glu/Execution/CLibrary.h"
#include "CWrapper.h"
#include "CodeGen.h"
#include "Dispatch.h"
#include "EmitCode.h"
#include "PackedFunctions.h"
#include "Tiles.h"
#include "glu/Execution/Executable.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/Path.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/X86TargetParser.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

struct CLibrary::Code {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::TargetMachine> machine;
};

CLibrary::CLibrary() : code(std::make_unique<Code>()) {}
CLibrary::~CLibrary() = default;

namespace {
/// What becomes of the module for one chip.
struct TargetCode {
  Target target;
  std::unique_ptr<llvm::TargetMachine> machine;
  OwningOpRef<ModuleOp> module;
  std::vector<CFunction> functions;
};
} // namespace

/// The chips of `options`, if there can be one library for them.
static Expected<std::vector<TargetCode>>
lookupTargets(const CLibraryOptions &options) {
  std::vector<TargetCode> targets;
  for (const std::string &name : options.targets) {
    auto target = lookupTargetOrError(name);
    if (!target)
      return target.takeError();
    auto machine =
        createTargetMachine(*target, options.optLevel, CodePlace::File);
    if (!machine)
      return machine.takeError();
    for (const TargetCode &other : targets) {
      if (other.machine->getTargetCPU() == (*machine)->getTargetCPU())
        return createStringError("targets '" + other.target.name + "' and '" +
                                 name + "' are the same");
      if (other.target.arch != target->arch)
        return createStringError(
            "targets '" + other.target.name + "' and '" + name +
            "' have different instruction sets: make a library for each");
    }
    if (!targets.empty() && target->arch != TargetArch::X86_64)
      return createStringError("only libraries for x86-64 can have code for "
                               "several targets, and '" +
                               name + "' is none");
    targets.push_back({*target, std::move(*machine), {}, {}});
  }
  return std::move(targets);
}

/// The C functions of the entries of `module`.
static Expected<std::vector<CFunction>>
describe(ModuleOp module, ArrayRef<CLibraryOptions::Entry> entries,
         const ArgumentNames &argumentNames) {
  // linalg tells how the sizes of results follow from those of arguments.
  OwningOpRef<ModuleOp> linalg = module.clone();
  if (Error error = runPasses(*linalg, addToLinalgPasses))
    return std::move(error);
  std::vector<CFunction> functions;
  for (const CLibraryOptions::Entry &entry : entries) {
    auto function = linalg->lookupSymbol<func::FuncOp>(entry.function);
    ArrayRef<std::string> names;
    if (auto known = argumentNames.find(entry.function);
        known != argumentNames.end())
      names = known->second;
    auto described = describeFunction(function, entry.name, names);
    if (!described)
      return described.takeError();
    functions.push_back(std::move(*described));
  }
  return std::move(functions);
}

static CPUPipelineOptions &setOptions(CPUPipelineOptions &pipeline,
                                      const TargetCode &code,
                                      const CLibraryOptions &options) {
  pipeline.targetCPU = code.target.name;
  pipeline.threads = options.threads;
  pipeline.outlinePacking = options.prepack;
  pipeline.destinations = true;
  return pipeline;
}

/// Lowers a copy of `module` for the chip of `code` as far as weights are
/// packed, which says what the C functions are.
static Error pack(ModuleOp module, ArrayRef<CLibraryOptions::Entry> entries,
                  ArrayRef<CFunction> functions, TargetCode &code,
                  const CLibraryOptions &options) {
  code.module = module.clone();
  auto names = llvm::map_to_vector(
      entries, [](const auto &entry) -> StringRef { return entry.function; });
  SmallVector<std::string> symbols = isolateEntries(*code.module, names);
  CPUPipelineOptions pipeline;
  if (Error error = runPasses(*code.module, [&](OpPassManager &manager) {
        addPackPasses(manager, setOptions(pipeline, code, options));
      }))
    return error;
  for (auto [function, symbol] : llvm::zip(functions, symbols)) {
    code.functions.push_back(function);
    code.functions.back().symbol = symbol;
    auto pack = code.module->lookupSymbol<func::FuncOp>(symbol + ".pack");
    auto packed = code.module->lookupSymbol<func::FuncOp>(symbol + ".packed");
    if (!pack || !packed) {
      if (options.prepack)
        return createStringError("cannot pack the weights of '" +
                                 function.name +
                                 "' once: it has several blocks");
      continue;
    }
    auto packing = describePacking(function, pack, packed);
    if (!packing)
      return packing.takeError();
    llvm::append_range(code.functions, *packing);
  }
  return Error::success();
}

/// Lowers the module of `code` to the LLVM dialect; says which functions can
/// fail.
static Error lower(TargetCode &code, const CLibraryOptions &options) {
  CPUPipelineOptions pipeline;
  if (Error error = runPasses(*code.module, [&](OpPassManager &manager) {
        addPackedToLLVMPasses(manager, setOptions(pipeline, code, options));
        manager.addPass(createReturnFailures());
      }))
    return error;
  for (CFunction &function : code.functions)
    if (auto lowered =
            code.module->lookupSymbol<LLVM::LLVMFuncOp>(function.symbol))
      function.canFail =
          hasFailureArgument(function, lowered.getNumArguments());
  return Error::success();
}

/// A parameter that the code for one chip uses is one for all; so is a failure.
static void unifyParameters(MutableArrayRef<TargetCode> codes) {
  for (unsigned f = 0; f < codes.front().functions.size(); ++f) {
    bool canFail = llvm::any_of(codes, [&](const TargetCode &code) {
      return code.functions[f].canFail;
    });
    for (TargetCode &code : codes)
      code.functions[f].canFail = canFail;
    auto isGiven = [](const CArgument &argument) {
      return argument.role == CArgument::Input ||
             argument.role == CArgument::InOut;
    };
    for (unsigned i = 0;
         i < llvm::count_if(codes.front().functions[f].arguments, isGiven);
         ++i) {
      bool isUsed = llvm::any_of(codes, [&](const TargetCode &code) {
        return code.functions[f].arguments[i].isUsed;
      });
      for (TargetCode &code : codes)
        code.functions[f].arguments[i].isUsed = isUsed;
    }
  }
}

/// What LLVM may use for the chip of `code`, in `module`.
static DispatchTarget getDispatchTarget(const TargetCode &code,
                                        const llvm::Module &module) {
  DispatchTarget result;
  result.name = code.machine->getTargetCPU().str();
  if (code.target.name == "host") {
    SmallVector<StringRef> features;
    code.machine->getTargetFeatureString().split(features, ',');
    for (StringRef feature : features)
      if (feature.consume_front("+"))
        result.features.push_back(feature.str());
  } else {
    SmallVector<StringRef> features;
    llvm::X86::getFeaturesForCPU(code.target.name, features);
    for (StringRef feature : features)
      result.features.push_back(feature.str());
  }
  // A system that does not know of tiles can run what does not use them.
  if (!usesTiles(module))
    llvm::erase_if(result.features, [](StringRef feature) {
      return feature.starts_with("amx-");
    });
  return result;
}

/// The C functions for the chip of `code`, optimised, and nothing else visible.
/// Their names get `suffix`.
static Expected<std::unique_ptr<llvm::Module>>
generate(TargetCode &code, llvm::LLVMContext &context, StringRef suffix,
         const CLibraryOptions &options) {
  auto module = translate(*code.module, context, *code.machine);
  if (!module)
    return module.takeError();
  SmallVector<llvm::Function *> exported;
  for (const CFunction &function : code.functions)
    exported.push_back(
        addCFunction(**module, function, function.name + suffix.str()));
  hideAllBut(**module, exported);
  if (Error error = optimise(**module, *code.machine, options.optLevel))
    return std::move(error);
  // So that a profile says what runs.
  for (llvm::Function &function : **module)
    if (function.hasLocalLinkage())
      function.setName(function.getName() + suffix);
  return std::move(*module);
}

Expected<std::unique_ptr<CLibrary>>
CLibrary::compile(ModuleOp module, const ArgumentNames &argumentNames,
                  const CLibraryOptions &options) {
  auto codes = lookupTargets(options);
  if (!codes)
    return codes.takeError();
  SmallVector<CLibraryOptions::Entry> entries = options.entries;
  for (const CLibraryOptions::Entry &entry : entries)
    if (auto function = findEntry(module, entry.function); !function)
      return function.takeError();
  if (entries.empty()) {
    auto all = findEntries(module);
    if (!all)
      return all.takeError();
    for (func::FuncOp function : *all)
      entries.push_back({function.getName().str(), function.getName().str()});
  }
  auto functions = describe(module, entries, argumentNames);
  if (!functions)
    return functions.takeError();
  for (TargetCode &code : *codes) {
    if (Error error = pack(module, entries, *functions, code, options))
      return std::move(error);
    if (Error error = lower(code, options))
      return std::move(error);
  }
  unifyParameters(*codes);
  llvm::StringSet<> names;
  for (const CFunction &function : codes->front().functions)
    if (!names.insert(function.name).second)
      return createStringError("two functions of the library are called '" +
                               function.name +
                               "'; give one of them another name with "
                               "--entry=FUNCTION:NAME");

  std::unique_ptr<CLibrary> library(new CLibrary());
  library->options = options;
  library->functions = codes->front().functions;
  llvm::LLVMContext &context = library->code->context;
  bool dispatches = codes->front().target.arch == TargetArch::X86_64;
  SmallVector<DispatchTarget> targets;
  for (auto [i, code] : llvm::enumerate(*codes)) {
    library->options.targets[i] = code.machine->getTargetCPU().str();
    auto part =
        generate(code, context,
                 dispatches ? "." + library->options.targets[i] : "", options);
    if (!part)
      return part.takeError();
    targets.push_back(getDispatchTarget(code, **part));
    if (i == 0)
      library->code->module = std::move(*part);
    else if (llvm::Linker::linkModules(*library->code->module,
                                       std::move(*part)))
      return createStringError("the code for '" + code.target.name +
                               "' cannot be joined with the rest");
  }
  if (!dispatches) {
    library->code->machine = std::move(codes->front().machine);
    return std::move(library);
  }
  // The rest is for any x86-64.
  Target baseline;
  baseline.name = "x86-64";
  auto machine =
      createTargetMachine(baseline, options.optLevel, CodePlace::File);
  if (!machine)
    return machine.takeError();
  library->code->machine = std::move(*machine);
  SmallVector<DispatchedFunction> dispatched;
  for (const CFunction &function : library->functions) {
    DispatchedFunction &entry = dispatched.emplace_back();
    entry.name = function.name;
    for (const std::string &target : library->options.targets)
      entry.implementations.push_back(
          library->code->module->getFunction(function.name + "." + target));
  }
  addDispatcher(*library->code->module, targets, dispatched);
  hideAllBut(*library->code->module,
             llvm::map_to_vector(library->functions, [&](const auto &function) {
               return library->code->module->getFunction(function.name);
             }));
  return std::move(library);
}

Error CLibrary::writeHeader(StringRef path) const {
  return writeFile(path,
                   formatHeader(functions, llvm::sys::path::filename(path),
                                options.targets, options.threads));
}

Error CLibrary::write(ArtifactKind kind, StringRef path) {
  if (kind == ArtifactKind::LLVMIR)
    return writeFile(path, printLLVMIR(*code->module));
  auto type = kind == ArtifactKind::Assembly
                  ? llvm::CodeGenFileType::AssemblyFile
                  : llvm::CodeGenFileType::ObjectFile;
  // Code generation changes the module, which may be wanted again.
  auto bytes =
      emitFile(*llvm::CloneModule(*code->module), *code->machine, type);
  if (!bytes)
    return bytes.takeError();
  if (kind == ArtifactKind::SharedLibrary)
    return linkSharedLibrary(StringRef(*bytes), path);
  return writeFile(path, *bytes);
}
