//===- Stages.cpp - Each stage's numbers against float64 ------------------===//

#include "Stages.h"

#include "glu/Execution/Compare.h"
#include "glu/Execution/RandomData.h"
#include "glu/Execution/Reference.h"
#include "glu/IR/GLU.h"
#include "glu/IR/GatingFunctions.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/FormatVariadic.h"

using namespace glu;
using namespace glu::differential;
using namespace mlir;
using llvm::Error;
using llvm::Expected;

using BuildPipeline = llvm::function_ref<void(OpPassManager &)>;
using Arrays = llvm::SmallVector<Array>;

namespace {
class Run {
public:
  Run(MLIRContext &context, const Case &input, uint64_t seed, unsigned optLevel,
      Statistics &statistics)
      : context(context), input(input), dice(seed), statistics(statistics) {
    codeGen.optLevel = optLevel;
  }

  std::optional<Failure> all();

private:
  std::optional<Failure> prepare();
  Expected<Arrays> execute(ModuleOp module, BuildPipeline buildPipeline,
                           unsigned threads = 1);
  /// Compiles a clone of `module` and compares its results.
  std::optional<Failure> check(StringRef stage, ModuleOp module,
                               BuildPipeline buildPipeline,
                               unsigned threads = 1);
  std::optional<Failure> fail(StringRef stage, Error error);
  Expected<llvm::SmallVector<double>> measureConditioning();
  bool setSchedules(ModuleOp module);
  void count(ModuleOp fused);
  /// Remembers how `module` looks, for the report.
  void show(ModuleOp module);

  MLIRContext &context;
  const Case &input;
  std::mt19937_64 dice;
  Statistics &statistics;
  CodeGenOptions codeGen;

  OwningOpRef<ModuleOp> module;
  Signature signature;
  Arrays arguments, reference;
  /// Errors of the general path in the case's own types: what rounding does.
  llvm::SmallVector<double> rounding;
  std::string shown;
};
} // namespace

std::optional<Failure> Run::fail(StringRef stage, Error error) {
  return Failure{stage.str(), llvm::toString(std::move(error)), shown};
}

void Run::show(ModuleOp module) {
  shown.clear();
  llvm::raw_string_ostream stream(shown);
  module.print(stream);
}

std::optional<Failure> Run::prepare() {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(message)
        << diagnostic.getLocation() << ": " << diagnostic.str() << "\n";
    return success();
  });
  module = parseSourceString<ModuleOp>(input.text, ParserConfig(&context));
  if (!module)
    return Failure{"parse", message, {}};
  auto entry = findEntry(*module, "f");
  if (!entry)
    return fail("parse", entry.takeError());
  auto found = getSignature(*entry);
  if (!found)
    return fail("parse", found.takeError());
  signature = *found;
  for (auto [type, shape] : llvm::zip(signature.arguments, input.shapes)) {
    Array array(type.element, shape);
    fillRandomly(array, dice);
    // Small enough for what f16 can hold.
    for (int64_t i = 0, e = array.getNumElements(); i < e; ++i)
      array.set(i, array.get(i) * 0.5);
    arguments.push_back(std::move(array));
  }
  return std::nullopt;
}

Expected<Arrays> Run::execute(ModuleOp module, BuildPipeline buildPipeline,
                              unsigned threads) {
  OwningOpRef<ModuleOp> clone = module.clone();
  Arrays copies;
  for (const Array &array : arguments)
    copies.push_back(array.clone());
  codeGen.threads = threads;
  auto executable = Executable::create(*clone, buildPipeline, codeGen);
  if (!executable)
    return executable.takeError();
  auto call = (*executable)->prepare(signature, copies);
  if (!call)
    return call.takeError();
  if (Error error = (*call)->run())
    return std::move(error);
  return getOutputs(**call, signature, copies);
}

/// What the results change by, in float64, if each operation's is one unit in
/// the last place of its type off, up or down: 1 + erf(x) near -1 is mostly
/// that. Of several tries, the most.
Expected<llvm::SmallVector<double>> Run::measureConditioning() {
  llvm::SmallVector<double> changes(reference.size(), 0);
  for (unsigned attempt = 0; attempt < 4; ++attempt) {
    OwningOpRef<ModuleOp> inexact = module->clone();
    if (Error error = runPasses(*inexact, [](OpPassManager &manager) {
          addToLinalgPasses(manager);
          manager.addPass(createLinalgGeneralizeNamedOpsPass());
        }))
      return std::move(error);
    inexact->walk([&](Operation *op) {
      auto type = op->getNumResults() == 1
                      ? dyn_cast<FloatType>(op->getResult(0).getType())
                      : FloatType();
      if (!type ||
          !isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
          op->hasTrait<OpTrait::ConstantLike>())
        return;
      const llvm::fltSemantics &semantics = type.getFloatSemantics();
      llvm::APFloat factor(semantics, 1);
      (void)factor.next(/*nextDown=*/dice() % 2);
      OpBuilder builder(&context);
      builder.setInsertionPointAfter(op);
      Value one =
          arith::ConstantFloatOp::create(builder, op->getLoc(), type, factor);
      Value off =
          arith::MulFOp::create(builder, op->getLoc(), op->getResult(0), one);
      op->getResult(0).replaceAllUsesExcept(off, off.getDefiningOp());
    });
    auto outputs = evaluateInFloat64(*inexact, "f", arguments, codeGen);
    if (!outputs)
      return outputs.takeError();
    for (auto [change, got, want] : llvm::zip(changes, *outputs, reference))
      change = std::max(change, compare(got, want).error);
  }
  return changes;
}

std::optional<Failure> Run::check(StringRef stage, ModuleOp module,
                                  BuildPipeline buildPipeline,
                                  unsigned threads) {
  auto outputs = execute(module, buildPipeline, threads);
  if (!outputs)
    return fail(stage, outputs.takeError());
  bool isFirst = rounding.empty();
  for (auto [i, pair] : llvm::enumerate(llvm::zip(*outputs, reference))) {
    auto &[got, want] = pair;
    if (got.getShape() != want.getShape())
      return Failure{stage.str(),
                     "result " + std::to_string(i) + " is " +
                         formatType(got.getShape(), got.getType()) + ", not " +
                         formatType(want.getShape(), want.getType()),
                     shown};
    Difference difference = compare(got, want);
    double tolerance = getDefaultTolerance(got.getType());
    // What is rounded on the way, and terms that cancel, make errors that are
    // nobody's fault: the general path has them too, unless it is in luck.
    if (isFirst) {
      rounding.push_back(difference.error);
      for (const Array &array : arguments)
        tolerance =
            std::max(tolerance, 10 * getDefaultTolerance(array.getType()));
    } else {
      tolerance = std::max(tolerance, 16 * rounding[i]);
    }
    if (!(difference.error <= tolerance)) {
      auto changes = measureConditioning();
      if (!changes)
        return fail(stage, changes.takeError());
      tolerance = std::max(tolerance, (isFirst ? 8 : 1) * (*changes)[i]);
    }
    if (!(difference.error <= tolerance))
      return Failure{
          stage.str(),
          llvm::formatv(
              "result {0} has error {1:e2} (tolerance {2:e2}): element {3} "
              "is {4:e8}, not {5:e8}",
              i, difference.error, tolerance, difference.index, difference.got,
              difference.want)
              .str(),
          shown};
  }
  return std::nullopt;
}

void Run::count(ModuleOp fused) {
  OwningOpRef<ModuleOp> clone = fused.clone();
  llvm::consumeError(runPasses(
      *clone, [](OpPassManager &manager) { manager.addPass(createName()); }));
  bool isRaised = false, isFused = false, isNamed = false;
  clone->walk([&](Operation *op) {
    if (!isa<GateOp, GatedProjectionOp>(op))
      return;
    isRaised = true;
    isFused |= isa<GatedProjectionOp>(op);
    isNamed |= matchNamedGating(op->getRegion(0).front()).has_value();
  });
  statistics.raised += isRaised;
  statistics.fused += isFused;
  statistics.named += isNamed;
}

/// Whether any operation got one.
bool Run::setSchedules(ModuleOp module) {
  bool changed = false;
  module.walk([&](Operation *op) {
    std::string why;
    if (!isa<GatedProjectionOp, linalg::LinalgOp>(op))
      return;
    FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
    if (failed(dims))
      return;
    constexpr int64_t widths[] = {1, 4, 8, 16, 32};
    int64_t rows = dims->row ? 1 + int64_t(dice() % 8) : 1;
    int64_t columns = widths[dice() % 5];
    int64_t group = dims->grouped ? int64_t(1) << dice() % 3 : 1;
    int64_t taskPanels = 1 + int64_t(dice() % 3);
    op->setAttr(
        "glu.schedule",
        ScheduleAttr::get(&context, rows, columns,
                          rows * int64_t(dims->row ? 1 + dice() % 3 : 1),
                          columns * taskPanels, group,
                          group * int64_t(1 + dice() % 3),
                          dice() % 2 ? taskPanels : 1));
    changed = true;
  });
  return changed;
}

std::optional<Failure> Run::all() {
  ++statistics.cases;
  if (auto failure = prepare())
    return failure;
  auto wanted = evaluateInFloat64(*module, "f", arguments, codeGen);
  if (!wanted)
    return fail("reference", wanted.takeError());
  reference = std::move(*wanted);
  if (auto failure = check("general", *module, buildGeneralPipeline))
    return failure;

  // Raised and fused, by the general path.
  OwningOpRef<ModuleOp> fused = module->clone();
  bool withNames = dice() % 2;
  if (Error error = runPasses(*fused, [&](OpPassManager &manager) {
        manager.addPass(createRaise());
        if (withNames)
          manager.addPass(createName());
        manager.addPass(createFuse());
        manager.addPass(createFoldUnitDims());
      }))
    return fail("raise, fuse", std::move(error));
  count(*fused);
  show(*fused);
  if (auto failure = check("raise, fuse", *fused, buildGeneralPipeline))
    return failure;

  // Packed and tiled in a way that nobody would choose.
  CPUPipelineOptions options;
  options.threads = 1;
  // Schedules of other chips run here too.
  constexpr const char *chips[] = {"host", "x86-64-v2", "x86-64-v3",
                                   "x86-64-v4"};
  options.targetCPU = chips[dice() % 4];
  if (dice() % 2) {
    if (Error error = runPasses(*fused, addToLinalgPasses))
      return fail("schedule", std::move(error));
    bool isSet = setSchedules(*fused);
    show(*fused);
    ChooseOptions choose;
    choose.targetCPU = options.targetCPU;
    choose.threads = options.threads;
    DecomposeOptions unscheduled{/*onlyUnscheduled=*/true};
    if (Error error = runPasses(*fused, [&](OpPassManager &manager) {
          manager.addPass(createDecompose(unscheduled));
          manager.addPass(createChoose(choose));
          manager.addPass(createPack());
          manager.addPass(createCanonicalizerPass());
          manager.addPass(createCSEPass());
          manager.addPass(createFoldPacking());
        }))
      return fail("schedule", std::move(error));
    statistics.tiled += isSet;
    if (auto failure = check("schedule", *fused, [&](OpPassManager &manager) {
          addPackedToLLVMPasses(manager, options);
        }))
      return failure;
  }

  // The pipeline as it is used.
  shown.clear();
  bool isPacked = false;
  options.threads = dice() % 4 ? 1 : 2;
  OwningOpRef<ModuleOp> packed = module->clone();
  if (Error error = runPasses(*packed, [&](OpPassManager &manager) {
        addPackPasses(manager, options);
      }))
    return fail("glu-to-cpu", std::move(error));
  packed->walk([&](Operation *op) { isPacked |= op->hasAttr("glu.packed"); });
  statistics.packed += isPacked;
  return check(
      "glu-to-cpu", *packed,
      [&](OpPassManager &manager) { addPackedToLLVMPasses(manager, options); },
      unsigned(int64_t(options.threads)));
}

std::optional<Failure> glu::differential::tryCase(MLIRContext &context,
                                                  const Case &input,
                                                  uint64_t seed,
                                                  unsigned optLevel,
                                                  Statistics &statistics) {
  return Run(context, input, seed, optLevel, statistics).all();
}
