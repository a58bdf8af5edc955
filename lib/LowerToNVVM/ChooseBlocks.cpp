//===- ChooseBlocks.cpp - glu-choose-blocks: schedules for GPUs -----------===//

#include "glu/IR/GLU.h"
#include "glu/Transforms/LookupTarget.h"
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

/// The product of the sizes, negative where one is unknown.
static int64_t getProduct(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  for (int64_t size : sizes)
    if (ShapedType::isDynamic(size) ||
        __builtin_mul_overflow(product, size, &product))
      return -1;
  return product;
}

static BlockProblem getProblem(Operation *op, const ProjectionDims &dims) {
  auto indexing = cast<IndexingMapOpInterface>(op);
  auto getMap = [&](OpOperand *o) {
    return indexing.getMatchingIndexingMap(o);
  };
  const Contraction &first = dims.contractions.front();
  BlockProblem problem;
  problem.accumulators = dims.contractions.size();
  problem.bytes = first.accumulator.getIntOrFloatBitWidth() / 8;
  problem.isHalf = first.accumulator.isF32();
  Type element = getElementTypeOrSelf(first.input->get());
  for (const Contraction &c : dims.contractions) {
    if (c.input->get() != first.input->get() ||
        getMap(c.input) != getMap(first.input))
      problem.inputs = 2;
    for (OpOperand *operand : {c.input, c.weight})
      problem.isHalf &= getElementTypeOrSelf(operand->get()) == element &&
                        isa<Float16Type, BFloat16Type>(element);
  }
  // Rows are all loops that inputs alone have, columns those of weights.
  SmallVector<int64_t> rows, columns;
  AffineMap out =
      getMap(cast<DestinationStyleOpInterface>(op).getDpsInitOperand(0));
  for (auto [d, size] : llvm::enumerate(dims.sizes)) {
    bool inInput = false, inWeight = false;
    for (const Contraction &c : dims.contractions) {
      inInput |= getMap(c.input).isFunctionOfDim(d);
      inWeight |= getMap(c.weight).isFunctionOfDim(d);
    }
    if (out.isFunctionOfDim(d) && inInput != inWeight)
      (inInput ? rows : columns).push_back(size);
  }
  problem.rows = getProduct(rows);
  problem.columns = getProduct(columns);
  return problem;
}

namespace {
struct ChooseBlocks : glu::impl::ChooseBlocksBase<ChooseBlocks> {
  using ChooseBlocksBase::ChooseBlocksBase;

  void runOnOperation() override {
    FailureOr<GPUTarget> target =
        lookupGPUTarget(getOperation(), getArgument(), chip);
    if (failed(target))
      return signalPassFailure();
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
      BlockTile tile = chooseBlockTile(*target, getProblem(op, *dims));
      op->setAttr("glu.schedule",
                  ScheduleAttr::get(&getContext(), tile.rows, tile.columns,
                                    tile.blockRows, tile.blockColumns,
                                    tile.group, tile.depth));
    });
  }
};
} // namespace
