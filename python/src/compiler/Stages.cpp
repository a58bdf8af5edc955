//===- Stages.cpp - The IR on its way -------------------------------------===//

#include "Stages.h"

#include "glu/IR/GLU.h"

#include "mlir/Pass/Pass.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace glu::python;

namespace {
struct StageEnd {
  llvm::StringLiteral pass, stage;
};
} // namespace

/// The passes of `glu-to-cpu` that end a stage, in its order. Where a pass runs
/// more than once, the last time counts.
static constexpr StageEnd stageEnds[] = {
    {"glu-raise", "raised"},
    {"glu-fuse", "fused"},
    {"glu-choose", "chosen"},
    {"glu-fold-packing", "packed"},
    {"glu-outline-packing", "packed"},
    {"glu-tile", "tiled"},
    {"glu-decompose", "decomposed"},
    {"glu-vectorize", "vectorized"},
    {"glu-approximate-math", "approximated"},
    {"convert-bufferization-to-memref", "bufferized"},
    {"reconcile-unrealized-casts", "llvm"},
};

/// Those of `glu-to-nvvm`.
static constexpr StageEnd gpuStageEnds[] = {
    {"glu-raise", "raised"},
    {"glu-fuse", "fused"},
    {"glu-choose-blocks", "chosen"},
    {"convert-bufferization-to-memref", "bufferized"},
    {"expand-strided-metadata", "launched"},
    {"glu-approximate-math", "approximated"},
    {"gpu-kernel-outlining", "outlined"},
    {"nvvm-attach-target", "nvvm"},
    {"reconcile-unrealized-casts", "llvm"},
};

std::string glu::python::print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  stream << '\n';
  return text;
}

/// "glu.gated_projection at ffn.mlir:3:8", and its schedule.
static void recordSchedules(ModuleOp module, Compilation &result) {
  result.schedules.clear();
  module.walk([&](Operation *op) {
    Attribute schedule = op->getAttr("glu.schedule");
    if (!schedule)
      return;
    std::string where, what;
    llvm::raw_string_ostream whereStream(where), whatStream(what);
    whereStream << op->getName() << " at " << op->getLoc();
    whatStream << schedule;
    result.schedules.emplace_back(std::move(where), std::move(what));
  });
}

namespace {
class StageRecorder : public PassInstrumentation {
public:
  StageRecorder(ArrayRef<StageEnd> ends, Compilation &result)
      : ends(ends), result(result) {}

  void runAfterPass(Pass *pass, Operation *op) override {
    auto module = dyn_cast<ModuleOp>(op);
    if (!module)
      return;
    StringRef argument = pass->getArgument();
    const auto *end = llvm::find_if(
        ends, [&](const auto &entry) { return entry.pass == argument; });
    if (end == ends.end())
      return;
    // `glu-decompose` also prepares the choice; that is not its stage.
    bool isTiled = llvm::any_of(result.stages, [](const auto &stage) {
      return stage.first == "tiled";
    });
    if (end->stage == "decomposed" && !isTiled)
      return;
    if (end->stage == "chosen")
      recordSchedules(module, result);
    auto stage = llvm::find_if(result.stages, [&](const auto &stage) {
      return stage.first == end->stage;
    });
    if (stage == result.stages.end())
      result.stages.emplace_back(end->stage.str(), print(module));
    else
      stage->second = print(module);
  }

private:
  ArrayRef<StageEnd> ends;
  Compilation &result;
};
} // namespace

std::unique_ptr<PassInstrumentation>
glu::python::createStageRecorder(bool onGPU, Compilation &result) {
  return std::make_unique<StageRecorder>(
      onGPU ? ArrayRef<StageEnd>(gpuStageEnds) : stageEnds, result);
}
