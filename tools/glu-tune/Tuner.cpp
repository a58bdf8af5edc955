//===- Tuner.cpp - Searches the schedules of a function -------------------===//

#include "Tuner.h"
#include "Race.h"

#include "Calls/Check.h"

#include "glu/Execution/Reference.h"
#include "glu/Target/Candidates.h"

#include "llvm/Support/Format.h"

#include <chrono>

using namespace glu;
using namespace mlir;
using llvm::Error;
using llvm::errs;
using llvm::Expected;
using llvm::format;

static constexpr StringLiteral attribute = "glu.schedule";

static double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

static ScheduleAttr getSchedule(Operation *op) {
  return op->getAttrOfType<ScheduleAttr>(attribute);
}

/// "6x8, blocks of 258x2752".
static std::string describe(ScheduleAttr schedule) {
  std::string text =
      (Twine(schedule.getRows()) + "x" + Twine(schedule.getColumns()) +
       ", blocks of " + Twine(schedule.getBlockRows()) + "x" +
       Twine(schedule.getBlockColumns()))
          .str();
  if (schedule.getPanels() > 1)
    text += ", " + std::to_string(schedule.getPanels()) + " panels at once";
  return text;
}

Tuner::Tuner(ModuleOp module, const Signature &signature,
             ArrayRef<Array> arguments, const Options &options,
             const Target &target, double tolerance)
    : module(module), signature(signature), arguments(arguments),
      options(options), target(target), tolerance(tolerance) {
  // Each operation has its schedule already.
  this->options.table.clear();
  module.lookupSymbol<func::FuncOp>(signature.name).walk([&](Operation *op) {
    if (getSchedule(op))
      ops.push_back(op);
  });
}

double Tuner::getRest() const { return std::min(deadline, turn) - now(); }

Expected<Tuner::Entrant> Tuner::compile() {
  auto program = compileForCPU(module, signature, arguments, options);
  if (!program)
    return program.takeError();
  if (Error error = program->call->run())
    return std::move(error);
  auto results = glu::getOutputs(*program->call, signature, program->arguments);
  if (!results)
    return results.takeError();
  return Entrant{std::move(*program), std::move(*results)};
}

Expected<bool> Tuner::tryOut(Operation *op, ScheduleAttr schedule) {
  ScheduleAttr before = getSchedule(op);
  op->setAttr(attribute, schedule);
  auto refuse = [&]() {
    op->setAttr(attribute, before);
    return false;
  };
  errs() << "  " << describe(schedule) << ": ";
  Expected<Entrant> other = compile();
  if (!other) {
    errs() << "not possible: " << llvm::toString(other.takeError()) << "\n";
    return refuse();
  }
  if (!llvm::all_of(check(other->outputs, outputs, options, tolerance),
                    [](const Check &check) { return check.isRight(); })) {
    errs() << "wrong\n";
    return refuse();
  }
  Expected<RaceResult> result =
      race(*best->program.call, *other->program.call, getRest());
  if (!result)
    return result.takeError();
  errs() << format("%.4g ms, %.3f times as fast%s\n", 1e3 * result->seconds,
                   result->speedup, result->isFaster ? ": kept" : "");
  if (!result->isFaster)
    return refuse();
  best = std::move(*other);
  seconds = result->seconds;
  return true;
}

/// The product of sizes, `dynamicSize` where one is unknown.
static int64_t getSize(const ProjectionDims &dims, unsigned dim) {
  return ShapedType::isDynamic(dims.sizes[dim]) ? dynamicSize : dims.sizes[dim];
}

static int64_t getRows(const ProjectionDims &dims) {
  return dims.row ? getSize(dims, *dims.row) : 1;
}

Expected<bool> Tuner::tuneTile(Operation *op, const ProjectionDims &dims) {
  ScheduleAttr start = getSchedule(op);
  if (start.getDepth() != start.getGroup()) // Tile registers have one size.
    return false;
  int64_t bytes = dims.contractions[0].accumulator.getIntOrFloatBitWidth() / 8;
  bool found = false;
  for (Tile tile : getOtherTiles(target, int(dims.contractions.size()), bytes,
                                 getRows(dims), getSize(dims, dims.column),
                                 {start.getRows(), start.getColumns()})) {
    if (getRest() <= 0)
      break;
    Blocking block =
        roundToTiles({start.getBlockRows(), start.getBlockColumns()}, tile);
    auto tried = tryOut(op, ScheduleAttr::get(op->getContext(), tile.rows,
                                              tile.columns, block.rows,
                                              block.columns, start.getGroup(),
                                              start.getDepth(), tile.panels));
    if (!tried)
      return tried.takeError();
    found |= *tried;
  }
  return found;
}

Expected<bool> Tuner::tuneBlocks(Operation *op, const ProjectionDims &dims) {
  ScheduleAttr start = getSchedule(op);
  bool found = false;
  for (Blocking block : getOtherBlockings(
           {start.getRows(), start.getColumns(), start.getPanels()},
           {start.getBlockRows(), start.getBlockColumns()}, getRows(dims),
           getSize(dims, dims.column), options.threads)) {
    if (getRest() <= 0)
      break;
    auto tried =
        tryOut(op, ScheduleAttr::get(op->getContext(), start.getRows(),
                                     start.getColumns(), block.rows,
                                     block.columns, start.getGroup(),
                                     start.getDepth(), start.getPanels()));
    if (!tried)
      return tried.takeError();
    found |= *tried;
  }
  return found;
}

Error Tuner::tune(Operation *op) {
  std::string why;
  FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
  if (failed(dims)) // Set by hand where no vector path goes.
    return Error::success();
  // Blocks first: they cost the most where they are wrong. Then once more, as
  // another tile may like others.
  for (bool again = true; again && getRest() > 0;) {
    auto blocks = tuneBlocks(op, *dims);
    if (!blocks)
      return blocks.takeError();
    auto tile = tuneTile(op, *dims);
    if (!tile)
      return tile.takeError();
    again = *tile;
  }
  return Error::success();
}

Error Tuner::run() {
  deadline = now() + options.budgetSeconds;
  Expected<Entrant> first = compile();
  if (!first)
    return first.takeError();
  best = std::move(*first);
  outputs = std::move(best->outputs);
  turn = deadline;
  auto timing = race(*best->program.call, *best->program.call, 0.2);
  if (!timing)
    return timing.takeError();
  firstSeconds = seconds = timing->seconds;
  for (auto [i, op] : llvm::enumerate(ops)) {
    double start = now();
    turn = start + std::max(0.0, deadline - start) / double(ops.size() - i);
    errs() << "glu-tune: " << i + 1 << " of " << ops.size() << ", "
           << op->getName() << " " << op->getResult(0).getType() << ": "
           << describe(getSchedule(op)) << format(", %.4g ms\n", 1e3 * seconds);
    if (Error error = tune(op))
      return error;
  }
  if (!best->outputs.empty())
    outputs = std::move(best->outputs);
  return Error::success();
}
