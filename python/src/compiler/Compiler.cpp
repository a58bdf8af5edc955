//===- Compiler.cpp - From IR text to code, in plain types ----------------===//

#include "Compiler.h"
#include "Stages.h"

#include "glu/Execution/Artifact.h"
#include "glu/Execution/Executable.h"
#include "glu/Execution/Signature.h"
#include "glu/IR/GatingFunctions.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace glu;
using namespace glu::python;
using llvm::Error;
using llvm::Expected;

//===----------------------------------------------------------------------===//
// The input
//===----------------------------------------------------------------------===//

/// Makes dimensions of the arguments of `entry` static.
static Error specialize(func::FuncOp entry, const CompileOptions &options) {
  entry.getContext()->loadDialect<tensor::TensorDialect>();
  auto fail = [&](unsigned argument, const llvm::Twine &what) {
    return llvm::createStringError("dims: argument " + llvm::Twine(argument) +
                                   " of '" + entry.getName() + "' " + what);
  };
  for (auto [argument, dimension, size] : options.dims) {
    if (argument >= entry.getNumArguments())
      return fail(argument, "does not exist; there are " +
                                llvm::Twine(entry.getNumArguments()));
    BlockArgument value = entry.getArgument(argument);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || dimension >= type.getRank())
      return fail(argument,
                  "is no tensor with a dimension " + llvm::Twine(dimension));
    if (size < 0)
      return fail(argument, "cannot have a negative size");
    if (!type.isDynamicDim(dimension)) {
      if (type.getDimSize(dimension) == size)
        continue;
      return fail(argument, "has size " +
                                llvm::Twine(type.getDimSize(dimension)) +
                                " in dimension " + llvm::Twine(dimension));
    }
    SmallVector<int64_t> shape(type.getShape());
    shape[dimension] = size;
    value.setType(type.clone(shape));
    OpBuilder builder = OpBuilder::atBlockBegin(&entry.getBody().front());
    auto cast = tensor::CastOp::create(builder, value.getLoc(), type, value);
    value.replaceAllUsesExcept(cast, cast);
  }
  entry.setFunctionType(FunctionType::get(
      entry.getContext(), entry.getBody().front().getArgumentTypes(),
      entry.getResultTypes()));
  return Error::success();
}

namespace {
/// Collects what a context reports while it lives.
class Diagnostics {
public:
  Diagnostics(MLIRContext *context, std::vector<std::string> &remarks)
      : handler(context, [this, &remarks](Diagnostic &diagnostic) {
          std::string text;
          llvm::raw_string_ostream stream(text);
          stream << diagnostic.getLocation() << ": " << diagnostic.str();
          if (diagnostic.getSeverity() == DiagnosticSeverity::Remark) {
            remarks.push_back(std::move(text));
            return success();
          }
          for (Diagnostic &note : diagnostic.getNotes())
            stream << '\n' << note.getLocation() << ": note: " << note.str();
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            errors += (errors.empty() ? "" : "\n") + text;
          return success();
        }) {}

  std::string errors;

private:
  ScopedDiagnosticHandler handler;
};

/// Where remarks would be written to besides; nowhere.
class NoStreamer : public remark::detail::MLIRRemarkStreamerBase {
  void streamOptimizationRemark(const remark::detail::Remark &) override {}
};
} // namespace

static void enableRemarks(MLIRContext &context) {
  remark::RemarkCategories categories{/*all=*/".*", {}, {}, {}, {}};
  (void)remark::enableOptimizationRemarks(
      context, std::make_unique<NoStreamer>(),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), categories,
      /*printAsEmitRemarks=*/true);
}

//===----------------------------------------------------------------------===//
// The way
//===----------------------------------------------------------------------===//

/// The bytes of the library that `objects` are linked to.
static Expected<std::string> link(ArrayRef<StringRef> objects) {
  llvm::SmallString<128> path;
  if (std::error_code code =
          llvm::sys::fs::createTemporaryFile("glu", "so", path))
    return llvm::createStringError("cannot make a temporary file: " +
                                   code.message());
  llvm::scope_exit remove([&] { llvm::sys::fs::remove(path); });
  if (Error error = linkSharedLibrary(objects, path))
    return std::move(error);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError("cannot read what was linked: " +
                                   buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

/// An object that checks calls of the entry, whose sizes are not all known;
/// none if there is nothing to check.
static Expected<std::string> makeChecks(ModuleOp module, bool onGPU,
                                        Compilation &result) {
  const auto &[name, arguments, results] = result.functions.front();
  bool isKnown = llvm::all_of(arguments, [](const TypeTuple &type) {
    return llvm::all_of(std::get<3>(type), [](int64_t n) { return n >= 0; });
  });
  if (isKnown)
    return "";
  OwningOpRef<ModuleOp> checks = module.clone();
  auto object = emitChecks(*checks, name, /*onlySizes=*/onGPU);
  if (object && !object->empty())
    result.functions.push_back({name + ".check", arguments, {}});
  return object;
}

/// The stages on the way to PTX, of a copy of `module`.
static Error recordKernels(ModuleOp module, ArtifactOptions options,
                           Compilation &result) {
  options.emulate = false;
  OwningOpRef<ModuleOp> copy = module.clone();
  if (Error error = lowerForArtifact(*copy, options, [&](PassManager &manager) {
        manager.addInstrumentation(createStageRecorder(/*onGPU=*/true, result));
      }))
    return error;
  result.stages.emplace_back("ptx", getPTX(*copy));
  return Error::success();
}

static Error run(const CompileOptions &options, MLIRContext &context,
                 Compilation &result) {
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBufferCopy(options.text, options.fileName),
      llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return llvm::createStringError("expected MLIR");
  auto entry = findEntry(*module, options.entry);
  if (!entry)
    return entry.takeError();
  if (Error error = specialize(*entry, options))
    return error;
  std::string name = entry->getName().str();
  if (Error error = describe(*entry, name, !options.knowsArguments, result))
    return error;
  if (auto target = findTarget(options.targetCPU); !target)
    return target.takeError(); // One whose code this machine cannot run.
  if (options.record)
    result.stages.emplace_back("input", print(*module));

  bool onGPU = !options.chip.empty();
  std::string checks;
  if (!options.knowsArguments)
    if (Error error = makeChecks(*module, onGPU && !options.emulate, result)
                          .moveInto(checks))
      return error;

  ArtifactOptions artifact;
  artifact.chip = options.chip;
  artifact.emulate = options.emulate;
  artifact.targetCPU = options.targetCPU;
  artifact.threads = options.threads;
  artifact.entry = name;
  artifact.outlinePacking = options.outlinePacking;
  if (options.record && onGPU)
    if (Error error = recordKernels(*module, artifact, result))
      return error;
  Error error = lowerForArtifact(*module, artifact, [&](PassManager &manager) {
    if (options.record && !onGPU)
      manager.addInstrumentation(createStageRecorder(/*onGPU=*/false, result));
    if (options.outlinePacking)
      manager.addInstrumentation(createPackingRecorder(name, result));
  });
  if (error)
    return error;

  if (options.record && !onGPU) {
    auto ir = emitLLVMIR(*module, artifact);
    if (!ir)
      return ir.takeError();
    result.stages.emplace_back("llvm-ir", std::move(*ir));
    auto assembly = emitAssembly(*module, artifact);
    if (!assembly)
      return assembly.takeError();
    result.stages.emplace_back("asm", std::move(*assembly));
  }
  auto object = emitObject(*module, artifact);
  if (!object)
    return object.takeError();
  SmallVector<StringRef> objects = {*object};
  if (!checks.empty())
    objects.push_back(checks);
  auto code = link(objects);
  if (!code)
    return code.takeError();
  result.code = std::move(*code);
  return Error::success();
}

bool glu::python::compile(const CompileOptions &options, Compilation &result,
                          std::string &error) {
  static const DialectRegistry registry = [] {
    DialectRegistry all;
    registerAllDialects(all);
    return all;
  }();
  // Threads are Python's to make.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  if (options.record)
    enableRemarks(context);
  Diagnostics diagnostics(&context, result.remarks);
  if (Error failure = run(options, context, result)) {
    error = llvm::toString(std::move(failure));
    if (!diagnostics.errors.empty())
      error = diagnostics.errors;
    return false;
  }
  return true;
}

std::vector<GatingTuple> glu::python::getGatingTable() {
  std::vector<GatingTuple> table;
  for (const GatingFunction &function : getGatingFunctions()) {
    std::vector<std::pair<std::string, double>> parameters;
    for (const GatingParameter &parameter : function.parameters)
      parameters.emplace_back(parameter.name.str(), parameter.defaultValue);
    table.emplace_back(function.name.str(), std::move(parameters));
  }
  return table;
}
