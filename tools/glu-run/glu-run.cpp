//===- glu-run.cpp - Compiles a function, runs it, checks it, times it ----===//

#include "Benchmark.h"
#include "Compile.h"
#include "Options.h"
#include "Report.h"

#include "glu/Execution/Npy.h"
#include "glu/Execution/ParseModule.h"
#include "glu/Execution/RandomData.h"
#include "glu/Execution/Reference.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/InitLLVM.h"

#include <malloc.h>

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Reads the arguments that are given and makes up the others.
static Expected<SmallVector<Array>> getArguments(const Options &options,
                                                 const Signature &signature) {
  size_t wanted = signature.arguments.size(), given = options.arguments.size();
  bool mayInvent = options.verify || options.bench;
  if (given > wanted || (given < wanted && !mayInvent))
    return createStringError("'" + signature.name + "' takes " + Twine(wanted) +
                             " arguments and " + Twine(given) +
                             " are given with --arg");
  for (const Options::Dimension &dim : options.dimensions) {
    if (dim.argument >= wanted ||
        dim.dimension >= signature.arguments[dim.argument].shape.size())
      return createStringError("--dim=" + Twine(dim.argument) + "." +
                               Twine(dim.dimension) + ": '" + signature.name +
                               "' has no such dimension");
    int64_t size = signature.arguments[dim.argument].shape[dim.dimension];
    if (size >= 0 && size != dim.size)
      return createStringError("--dim=" + Twine(dim.argument) + "." +
                               Twine(dim.dimension) + "=" + Twine(dim.size) +
                               ": the size is " + Twine(size));
  }
  SmallVector<Array> arrays;
  std::mt19937_64 generator(options.seed);
  constexpr int64_t defaultSize = 33; // Not a multiple of any tile.
  for (auto [i, type] : llvm::enumerate(signature.arguments)) {
    if (i < given) {
      Expected<Array> array = readNpy(options.arguments[i]);
      if (!array)
        return array.takeError();
      if (Error error = conform(*array, type,
                                "argument " + Twine(i) + ", '" +
                                    options.arguments[i] + "'"))
        return std::move(error);
      arrays.push_back(std::move(*array));
      continue;
    }
    SmallVector<int64_t> shape = type.shape;
    for (int64_t &size : shape)
      size = size < 0 ? defaultSize : size;
    for (const Options::Dimension &dim : options.dimensions)
      if (dim.argument == i)
        shape[dim.dimension] = dim.size;
    Expected<Array> array = Array::allocate(type.element, shape);
    if (!array)
      return array.takeError();
    fillRandomly(*array, generator);
    arrays.push_back(std::move(*array));
  }
  return std::move(arrays);
}

/// Reads what is expected; wider floats than the results' are welcome.
static Expected<SmallVector<Array>> getExpected(const Options &options,
                                                ArrayRef<ValueType> outputs) {
  SmallVector<Array> arrays;
  if (!options.expected.empty() && options.expected.size() != outputs.size())
    return createStringError("the function has " + Twine(outputs.size()) +
                             " results and " + Twine(options.expected.size()) +
                             " are given with --expect");
  for (auto [i, path] : llvm::enumerate(options.expected)) {
    Expected<Array> array = readNpy(path);
    if (!array)
      return array.takeError();
    ValueType type = outputs[i];
    if (isFloat(type.element) && (array->getType() == ElementType::Float32 ||
                                  array->getType() == ElementType::Float64))
      type.element = array->getType();
    if (Error error =
            conform(*array, type, "result " + Twine(i) + ", '" + path + "'"))
      return std::move(error);
    arrays.push_back(std::move(*array));
  }
  return std::move(arrays);
}

/// The error that rounding to narrow types on the way makes: results of f32
/// that were bf16 before are as good as that.
static double getRoundingTolerance(ModuleOp module, func::FuncOp entry) {
  double tolerance = 0;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (function && function.isPublic() && function != entry)
      return WalkResult::skip(); // No part of what is run.
    if (!isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
        isa<arith::ExtFOp>(op) || op->getNumOperands() == 0)
      return WalkResult::advance();
    for (Type type : op->getResultTypes())
      if (auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type)))
        if (auto known = llvm::expectedToOptional(getElementType(element)))
          tolerance = std::max(tolerance, getDefaultTolerance(*known));
    return WalkResult::advance();
  });
  return tolerance;
}

/// `rounding` is the least tolerance of floats, if none is given.
static SmallVector<Check> check(ArrayRef<Array> got, ArrayRef<Array> want,
                                const Options &options, double rounding) {
  SmallVector<Check> checks;
  for (auto [i, output] : llvm::enumerate(llvm::zip(got, want))) {
    auto &[a, b] = output;
    Check check;
    check.index = i;
    check.type = formatType(a.getShape(), a.getType());
    check.expectedType = formatType(b.getShape(), a.getType());
    check.sameShape = a.getShape() == b.getShape();
    if (check.sameShape)
      check.difference = compare(a, b);
    double byType = getDefaultTolerance(a.getType());
    if (isFloat(a.getType()))
      byType = std::max(byType, rounding);
    check.tolerance = options.tolerance.value_or(byType);
    checks.push_back(std::move(check));
  }
  return checks;
}

/// The element type whose peak a function is measured by.
static ElementType getPeakType(const Signature &signature) {
  for (const ValueType &type : signature.arguments)
    if (type.element == ElementType::Float64)
      return ElementType::Float64;
  return ElementType::Float32;
}

static int64_t countBytes(ArrayRef<Array> arrays) {
  int64_t bytes = 0;
  for (const Array &array : arrays)
    bytes += array.getNumBytes();
  return bytes;
}

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

/// Compiles a clone of `module`.
static Expected<CompiledProgram> compile(ModuleOp module,
                                         const Signature &signature,
                                         ArrayRef<Array> arguments,
                                         const Options &options) {
  // Before the passes, which would report it at a place in the file.
  if (auto target = findTarget(options.targetCPU, options.emulate); !target)
    return target.takeError();
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
  bool general = options.pipeline == "general";
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

/// Does what `options` ask for; errors are bad use.
static Expected<Report> run(const Options &options, MLIRContext &context) {
  auto module = parseModule(options.file, context);
  if (!module)
    return module.takeError();
  auto entry = findEntry(**module, options.entry);
  if (!entry)
    return entry.takeError();
  auto signature = getSignature(*entry);
  if (!signature)
    return signature.takeError();
  auto arguments = getArguments(options, *signature);
  if (!arguments)
    return arguments.takeError();
  SmallVector<ValueType> outputTypes = getOutputTypes(*signature);
  auto expected = getExpected(options, outputTypes);
  if (!expected)
    return expected.takeError();
  if (options.results.size() > outputTypes.size())
    return createStringError("the function has " + Twine(outputTypes.size()) +
                             " results and " + Twine(options.results.size()) +
                             " are asked for with --result");

  Report report;
  report.entry = signature->name;
  // Whether the arguments fit together, before code runs that trusts them.
  auto flops = dryRun(**module, signature->name, *arguments);
  if (!flops)
    return flops.takeError();
  report.flops = *flops;

  auto program = options.isGPU()
                     ? compileForGPU(**module, *signature, *arguments, options)
                     : compile(**module, *signature, *arguments, options);
  if (!program)
    return program.takeError();
  if (Error error = program->call->run())
    return std::move(error);
  if (Error error = program->copyArgumentsBack())
    return std::move(error);
  auto outputs = getOutputs(*program->call, *signature, program->arguments);
  if (!outputs)
    return outputs.takeError();
  for (const Array &output : *outputs)
    report.outputs.push_back(formatType(output.getShape(), output.getType()));
  double rounding = getRoundingTolerance(**module, *entry);
  report.expected = check(*outputs, *expected, options, rounding);
  if (options.verify) {
    auto reference = evaluateInFloat64(**module, signature->name, *arguments);
    if (!reference)
      return createStringError("cannot verify: " +
                               llvm::toString(reference.takeError()));
    report.verified = check(*outputs, *reference, options, rounding);
  }
  for (auto [path, output] : llvm::zip(options.results, *outputs))
    if (Error error = writeNpy(path, output))
      return std::move(error);
  if (options.bench) {
    report.packed = program->packed;
    report.bytes = countBytes(*arguments) + countBytes(*outputs);
    auto timing =
        benchmark(*program->call, getPeakType(*signature), options.threads);
    if (!timing)
      return timing.takeError();
    report.timing = *timing;
  }
  return std::move(report);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  constexpr int wrong = 1, badUse = 2;
  auto fail = [&](Error error) {
    llvm::errs() << "glu-run: error: " << llvm::toString(std::move(error))
                 << "\n";
    return badUse;
  };
  auto options = parseOptions(llvm::ArrayRef(argv, argc).drop_front());
  if (!options)
    return fail(options.takeError());
  if (options->help) {
    llvm::outs() << getHelp();
    return 0;
  }
  if (options->bench) {
    // Buffers that a run frees serve the next one, as in a program with a pool:
    // what is timed is the code, not the system clearing new pages.
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
  }
  DialectRegistry registry;
  glu::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto report = run(*options, context);
  if (!report)
    return fail(report.takeError());
  print(*report, *options);
  return report->isRight() ? 0 : wrong;
}
