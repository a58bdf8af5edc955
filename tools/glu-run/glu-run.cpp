//===- glu-run.cpp - Compiles a function, runs it, checks it, times it ----===//

#include "CompileForGPU.h"
#include "Options.h"
#include "Report.h"

#include "Calls/Arguments.h"

#include "glu/Execution/Npy.h"
#include "glu/Execution/ParseModule.h"
#include "glu/Execution/Reference.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/InitLLVM.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

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

static int64_t countBytes(ArrayRef<Array> arrays) {
  int64_t bytes = 0;
  for (const Array &array : arrays)
    bytes += array.getNumBytes();
  return bytes;
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
  auto arguments =
      getArguments(options, *signature, options.verify || options.bench);
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
                     : compileForCPU(**module, *signature, *arguments, options,
                                     options.pipeline == "general");
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
    if (Error error = allowErrorsOfLoops(report.verified, **module, *signature,
                                         *arguments, *reference, options))
      return std::move(error);
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
  reportFatalErrors("glu-run", badUse);
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
  if (options->bench)
    keepMemory();
  DialectRegistry registry;
  glu::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto report = run(*options, context);
  if (!report)
    return fail(report.takeError());
  print(*report, *options);
  return report->isRight() ? 0 : wrong;
}
