//===- ChooseBlocks.cpp - glu-choose-blocks: schedules for GPUs -----------===//

#include "glu/IR/GLU.h"
#include "glu/Target/GPUTarget.h"
#include "glu/Transforms/Passes.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Remarks.h"

namespace glu {
#define GEN_PASS_DEF_CHOOSEBLOCKS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Whether all products sum over the same loops, as one kernel does.
static bool sumTogether(Operation *op, const ProjectionDims &dims) {
  auto indexing = cast<IndexingMapOpInterface>(op);
  return llvm::all_of(dims.reductions, [&](unsigned d) {
    return llvm::all_of(dims.contractions, [&](const Contraction &c) {
      return indexing.getMatchingIndexingMap(c.input).isFunctionOfDim(d) &&
             indexing.getMatchingIndexingMap(c.weight).isFunctionOfDim(d);
    });
  });
}

namespace {
struct ChooseBlocks : glu::impl::ChooseBlocksBase<ChooseBlocks> {
  using ChooseBlocksBase::ChooseBlocksBase;

  void runOnOperation() override {
    std::optional<GPUTarget> target = lookupGPUTarget(chip);
    if (!target) {
      emitError(getOperation()->getLoc(),
                "glu-choose-blocks: no chip is called '")
          << chip << "'; known are " << getGPUTargetNames();
      return signalPassFailure();
    }
    getOperation()->walk([&](Operation *op) {
      if (op->hasAttr("glu.schedule") ||
          !isa<GatedProjectionOp, linalg::LinalgOp>(op))
        return;
      std::string why;
      FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
      if (succeeded(dims) && !sumTogether(op, *dims))
        why = "its branches sum over different loops";
      if (failed(dims) || !why.empty()) {
        if (isa<GatedProjectionOp>(op))
          remark::missed(
              op->getLoc(),
              remark::RemarkOpts::name("ChooseBlocks").category("glu"))
              << "takes the general path: " << why;
        return;
      }
      Type type = dims->contractions[0].accumulator;
      int64_t rows = dims->getRowSize(), columns = dims->getColumnSize();
      BlockTile tile = chooseBlockTile(
          *target, dims->contractions.size(),
          type.getIntOrFloatBitWidth() / 8,
          ShapedType::isDynamic(rows) ? -1 : rows,
          ShapedType::isDynamic(columns) ? -1 : columns);
      op->setAttr("glu.schedule",
                  ScheduleAttr::get(&getContext(), tile.rows, tile.columns,
                                    tile.blockRows, tile.blockColumns,
                                    /*group=*/1, tile.depth));
    });
  }
};
} // namespace
