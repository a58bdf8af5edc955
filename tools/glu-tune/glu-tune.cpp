//===- glu-tune.cpp - Measures schedules, keeps the fastest ---------------===//

#include "Options.h"
#include "Tuner.h"

#include "Calls/Arguments.h"
#include "Calls/Benchmark.h"
#include "Calls/Check.h"

#include "glu/Execution/ParseModule.h"
#include "glu/Execution/Reference.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/ScheduleTable.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// A table to add to, which is a new file if there is none yet.
static Expected<ScheduleTable> openTable(const Options &options,
                                         MLIRContext &context) {
  if (options.table.empty())
    return ScheduleTable();
  if (!llvm::sys::fs::exists(options.table))
    if (Error error = ScheduleTable().write(options.table))
      return std::move(error);
  return ScheduleTable::read(options.table, &context);
}

/// Adds what the operations have to `table`, and writes it.
static Error writeTable(ScheduleTable &table, ArrayRef<Operation *> ops,
                        const Options &options) {
  ScheduleContext context{options.targetCPU, options.threads, options.prepack};
  for (Operation *op : ops) {
    std::string why;
    FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
    if (succeeded(dims))
      table.set(getScheduleKey(context, *dims),
                op->getAttrOfType<ScheduleAttr>("glu.schedule"));
  }
  return table.write(options.table);
}

/// Does what `options` ask for; errors are bad use. Returns whether the numbers
/// are right.
static Expected<bool> run(const Options &options, MLIRContext &context) {
  auto target = findTarget(options.targetCPU);
  if (!target)
    return target.takeError();
  auto module = parseModule(options.file, context);
  if (!module)
    return module.takeError();
  auto entry = findEntry(**module, options.entry);
  if (!entry)
    return entry.takeError();
  auto signature = getSignature(*entry);
  if (!signature)
    return signature.takeError();
  auto arguments = getArguments(options, *signature, /*mayInvent=*/true);
  if (!arguments)
    return arguments.takeError();
  // Whether the arguments fit together, before code runs that trusts them.
  if (auto flops = dryRun(**module, signature->name, *arguments); !flops)
    return flops.takeError();
  // What is written is opened first, not after half a minute.
  auto table = openTable(options, context);
  if (!table)
    return table.takeError();
  std::error_code code;
  llvm::ToolOutputFile output(options.output, code, llvm::sys::fs::OF_Text);
  if (code)
    return createStringError("cannot write '" + options.output +
                             "': " + code.message());

  double tolerance = getRoundingTolerance(**module, *entry);
  OwningOpRef<ModuleOp> chosen = (*module)->clone();
  CPUPipelineOptions pipeline;
  pipeline.targetCPU = options.targetCPU;
  pipeline.threads = options.threads;
  pipeline.outlinePacking = options.prepack;
  pipeline.table = options.table;
  if (Error error = runPasses(*chosen, [&](OpPassManager &manager) {
        addChoosePasses(manager, pipeline);
      }))
    return std::move(error);
  Tuner tuner(*chosen, *signature, *arguments, options, *target, tolerance);
  if (tuner.getOps().empty())
    return createStringError("'" + signature->name +
                             "' has no projection that takes a schedule");
  if (Error error = tuner.run())
    return std::move(error);
  llvm::errs() << llvm::format("glu-tune: %.4g ms, %.4g ms before\n",
                               1e3 * tuner.getSeconds(),
                               1e3 * tuner.getFirstSeconds());
  if (!options.skipReference) {
    llvm::errs() << "glu-tune: comparing with float64\n";
    auto reference = evaluateInFloat64(**module, signature->name, *arguments);
    if (!reference)
      return createStringError("cannot verify: " +
                               llvm::toString(reference.takeError()));
    auto checks = check(tuner.getOutputs(), *reference, options, tolerance);
    if (Error error = allowErrorsOfLoops(checks, **module, *signature,
                                         *arguments, *reference, options))
      return std::move(error);
    for (const Check &check : checks)
      if (!check.isRight()) {
        llvm::errs() << llvm::format(
            "glu-tune: result %u is WRONG: error %.3g, tolerance %.3g\n",
            check.index, check.difference.error, check.tolerance);
        return false;
      }
  }
  if (!options.table.empty())
    if (Error error = writeTable(*table, tuner.getOps(), options))
      return std::move(error);
  chosen->print(output.os());
  output.keep();
  return true;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  constexpr int wrong = 1, badUse = 2;
  reportFatalErrors("glu-tune", badUse);
  auto fail = [&](Error error) {
    llvm::errs() << "glu-tune: error: " << llvm::toString(std::move(error))
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
  keepMemory();
  DialectRegistry registry;
  glu::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto right = run(*options, context);
  if (!right)
    return fail(right.takeError());
  return *right ? 0 : wrong;
}
