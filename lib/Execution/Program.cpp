//===- Program.cpp - Compiles IR and calls it on arrays -------------------===//

#include "glu/Execution/Program.h"
#include "glu/Execution/ParseModule.h"
#include "glu/Execution/Reference.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/IR/MLIRContext.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

Program::~Program() = default;

static Error parseOptions(StringRef text, CPUPipelineOptions &options) {
  std::string message;
  llvm::raw_string_ostream stream(message);
  if (failed(options.parseFromString(text, stream)))
    return createStringError("options of glu-to-cpu: " +
                             StringRef(message).trim());
  if (options.threads < 0 || options.threads > 4096)
    return createStringError(
        "options of glu-to-cpu: threads=" + Twine(options.threads) +
        ", expected 0 (every core) to 4096");
  if (options.emulate)
    return createStringError("options of glu-to-cpu: emulate is not for "
                             "programs, which are for the chip at hand");
  if (options.destinations)
    return createStringError("options of glu-to-cpu: destinations is not for "
                             "programs; a call says where results go");
  return Error::success();
}

static bool hasUnknownSizes(ArrayRef<ValueType> types) {
  return llvm::any_of(types, [](const ValueType &type) {
    return llvm::any_of(type.shape, [](int64_t size) { return size < 0; });
  });
}

Expected<std::unique_ptr<Program>> Program::compile(ModuleOp module,
                                                    StringRef optionText) {
  CPUPipelineOptions options;
  if (Error error = parseOptions(optionText, options))
    return std::move(error);
  auto target = findTarget(options.targetCPU);
  if (!target)
    return target.takeError();
  DialectRegistry registry;
  registerAllDialects(registry);
  module.getContext()->appendDialectRegistry(registry);

  // The functions, under names that no library has.
  SmallVector<Signature> entries;
  SmallVector<StringRef> names;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isDeclaration())
      continue;
    auto signature = getSignature(function);
    if (!signature)
      return signature.takeError();
    entries.push_back(std::move(*signature));
    names.push_back(function.getName());
  }
  if (entries.empty())
    return createStringError("there is no public function with a body");
  OwningOpRef<ModuleOp> clone = module.clone();
  SmallVector<std::string> symbols = isolateEntries(*clone, names);
  // Also for the check of shapes, which is called with them too.
  for (const std::string &symbol : symbols)
    protectArguments(clone->lookupSymbol<func::FuncOp>(symbol));

  std::unique_ptr<Program> program(new Program());
  if (llvm::any_of(entries, [](const Signature &entry) {
        return hasUnknownSizes(entry.arguments);
      })) {
    OwningOpRef<ModuleOp> checks = clone->clone();
    CodeGenOptions quick;
    quick.optLevel = 0;
    auto executable = Executable::create(*checks, buildDryRunPipeline, quick);
    if (!executable)
      return executable.takeError();
    program->checks = std::move(*executable);
  }

  if (Error error = runPasses(*clone, [&](OpPassManager &manager) {
        addPackPasses(manager, options);
      }))
    return std::move(error);
  for (auto [entry, symbol] : llvm::zip(entries, symbols)) {
    std::optional<Signature> check;
    if (hasUnknownSizes(entry.arguments)) {
      check = entry;
      check->name = symbol;
      check->results.clear();
    }
    for (StringRef suffix : {"", ".pack", ".packed"}) {
      auto function =
          clone->lookupSymbol<func::FuncOp>((symbol + suffix).str());
      if (!function)
        continue;
      protectArguments(function);
      auto signature = getSignature(function);
      if (!signature)
        return signature.takeError();
      // Nobody could tell whether such weights have the right size.
      if (suffix == ".packed" &&
          hasUnknownSizes(ArrayRef(signature->arguments)
                              .drop_front(entry.arguments.size()))) {
        program->functions.pop_back();
        continue;
      }
      signature->name = entry.name + suffix.str();
      program->functions.push_back(
          {std::move(*signature), symbol + suffix.str(), check});
    }
  }

  CodeGenOptions codeGen;
  codeGen.cpu = options.targetCPU;
  codeGen.threads = options.threads ? options.threads : target->cores;
  auto executable = Executable::create(
      *clone,
      [&](OpPassManager &manager) { addPackedToLLVMPasses(manager, options); },
      codeGen);
  if (!executable)
    return executable.takeError();
  program->executable = std::move(*executable);
  return std::move(program);
}

Expected<std::unique_ptr<Program>> Program::compile(StringRef text,
                                                    StringRef options) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module =
      parseModule(llvm::MemoryBuffer::getMemBufferCopy(text, "text"), context);
  if (!module)
    return module.takeError();
  return compile(**module, options);
}

Expected<const Program::Function *> Program::lookup(StringRef name) const {
  std::string names;
  for (const Function &function : functions) {
    if (function.signature.name == name)
      return &function;
    names += (names.empty() ? "'" : ", '") + function.signature.name + "'";
  }
  return createStringError("there is no function '" + name +
                           "'; there are: " + names);
}

/// Checks `arrays` against `types`. `kind`: "argument" or "result".
static Error checkAll(ArrayRef<ArrayView> arrays, ArrayRef<ValueType> types,
                      StringRef name, StringRef kind) {
  if (arrays.size() != types.size())
    return createStringError("'" + name + "' has " + Twine(types.size()) + " " +
                             kind + "s and " + Twine(arrays.size()) +
                             " are given");
  for (auto [i, array] : llvm::enumerate(arrays)) {
    std::string what = ("'" + name + "', " + kind + " " + Twine(i)).str();
    if (Error error = conform(array.type, array.shape, types[i], what))
      return error;
    if (!array.data && !llvm::is_contained(array.shape, 0))
      return createStringError(what + ": its data is null");
    if (!array.strides.empty() && array.strides.size() != array.shape.size())
      return createStringError(what + ": " + Twine(array.strides.size()) +
                               " strides for rank " +
                               Twine(array.shape.size()));
  }
  return Error::success();
}

/// Runs `symbol` of `executable`, which gives `function` its types.
static Expected<std::unique_ptr<Call>> run(Executable &executable,
                                           Signature signature,
                                           StringRef symbol,
                                           ArrayRef<ArrayView> arguments) {
  signature.name = symbol.str();
  auto call = executable.prepare(signature, arguments);
  if (!call)
    return call.takeError();
  if (Error error = (*call)->run())
    return std::move(error);
  return std::move(*call);
}

/// Copies of those of `arguments` that `isNeeded` wants; views of all.
static Error copySome(ArrayRef<ArrayView> arguments,
                      llvm::function_ref<bool(size_t)> isNeeded,
                      SmallVectorImpl<Array> &copies,
                      SmallVectorImpl<ArrayView> &views) {
  copies.reserve(arguments.size()); // Views point into them.
  for (auto [i, argument] : llvm::enumerate(arguments)) {
    views.push_back(argument);
    if (!isNeeded(i))
      continue;
    auto copy = Array::allocate(argument.type, argument.shape);
    if (!copy)
      return copy.takeError();
    copies.push_back(std::move(*copy));
    views.back() = copies.back();
    copyElements(argument, views.back());
  }
  return Error::success();
}

Error Program::checkShapes(const Function &function,
                           ArrayRef<ArrayView> arguments) const {
  if (!function.check)
    return Error::success();
  ArrayRef<ValueType> types = function.check->arguments;
  SmallVector<Array> copies;
  SmallVector<ArrayView> views;
  // Memrefs are written to, before what comes after is checked.
  if (Error error = copySome(
          arguments.take_front(types.size()),
          [&](size_t i) {
            return types[i].isMemRef || !arguments[i].isDense();
          },
          copies, views))
    return error;
  auto call = run(*checks, *function.check, function.check->name, views);
  return call ? Error::success() : call.takeError();
}

Error Program::call(const Function &function, ArrayRef<ArrayView> arguments,
                    ArrayRef<ArrayView> results) const {
  const Signature &signature = function.signature;
  if (Error error =
          checkAll(arguments, signature.arguments, signature.name, "argument"))
    return error;
  if (Error error =
          checkAll(results, signature.results, signature.name, "result"))
    return error;
  if (Error error = checkShapes(function, arguments))
    return error;

  SmallVector<Array> copies;
  SmallVector<ArrayView> views;
  if (Error error = copySome(
          arguments, [&](size_t i) { return !arguments[i].isDense(); }, copies,
          views))
    return error;
  auto call = run(*executable, signature, function.symbol, views);
  if (!call)
    return call.takeError();
  for (auto [argument, view, type] :
       llvm::zip(arguments, views, signature.arguments))
    if (type.isMemRef && view.data != argument.data)
      copyElements(view, argument);

  size_t i = 0;
  std::string wrong;
  (*call)->forEachResult([&](ArrayView result) {
    ArrayView target = results[i++];
    target.type = result.type; // Raw bytes.
    if (result.shape == target.shape)
      copyElements(result, target);
    else if (wrong.empty())
      wrong = ("'" + signature.name + "', result " + Twine(i - 1) + ": shape " +
               formatType(target.shape, target.type) + ", the function gives " +
               formatType(result.shape, result.type))
                  .str();
  });
  return wrong.empty() ? Error::success() : createStringError(wrong);
}
