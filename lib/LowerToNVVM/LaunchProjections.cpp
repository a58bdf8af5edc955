//===- LaunchProjections.cpp - glu-launch-projections ---------------------===//

#include "ProjectionKernel.h"

#include "glu/Target/GPUTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Remarks.h"

namespace glu {
#define GEN_PASS_DEF_LAUNCHPROJECTIONS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Where TMA cannot copy the operands, warps multiply, or threads where those
/// do not know the type: a tile of theirs.
static void replaceSchedule(ProjectionKernel &kernel, StringRef why) {
  Type element = getElementTypeOrSelf(kernel.products.front().input.value);
  bool isHalf = isa<Float16Type, BFloat16Type>(element);
  remark::missed(kernel.op->getLoc(),
                 remark::RemarkOpts::name("LaunchProjections").category("glu"))
      << (Twine("takes ") + (isHalf ? "mma.sync" : "multiply-adds") +
          " instead of wgmma: it has " + why)
             .str();
  BlockProblem problem;
  problem.accumulators = kernel.products.size();
  problem.inputs = kernel.sharesInput ? 1 : problem.accumulators;
  if (kernel.schedule.getBlockRows() <= 64)
    problem.rows = kernel.schedule.getBlockRows();
  BlockTile tile =
      isHalf ? chooseMmaTile(problem) : chooseBlockTile(GPUTarget(), problem);
  kernel.schedule = ScheduleAttr::get(
      kernel.op->getContext(), tile.rows, tile.columns, tile.blockRows,
      tile.blockColumns, tile.group, tile.depth);
}

/// Replaces `op` by its kernel.
static LogicalResult launch(Operation *op, int64_t multiprocessors) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
      linalgOp && (linalgOp.getNumDpsInputs() != 2 ||
                   (!linalg::isaContractionOpInterface(linalgOp) &&
                    !linalg::isaConvolutionOpInterface(linalgOp))))
    return op->emitOpError("has a 'glu.schedule' but is no contraction");
  OpBuilder builder(op);
  FailureOr<ProjectionKernel> kernel = ProjectionKernel::get(builder, op);
  if (failed(kernel))
    return failure();
  std::string why;
  if (kernel->usesWgmma() && !fitsWgmma(*kernel, why)) {
    replaceSchedule(*kernel, why);
    why.clear();
  }
  if (kernel->getThreads() > 1024)
    return op->emitOpError("has a schedule of ")
           << kernel->getThreads()
           << " threads a block; GPUs have at most 1024";
  if (kernel->usesMma() && !fitsMma(*kernel, why))
    return op->emitOpError("has a schedule that ") << why;
  if (kernel->usesWgmma())
    launchWgmma(builder, *kernel, multiprocessors);
  else if (kernel->usesMma())
    launchMma(builder, *kernel);
  else
    launchSIMT(builder, *kernel);
  op->erase();
  return success();
}

namespace {
struct LaunchProjections : glu::impl::LaunchProjectionsBase<LaunchProjections> {
  using LaunchProjectionsBase::LaunchProjectionsBase;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<GatedProjectionOp, linalg::LinalgOp>(op) &&
          op->hasAttr("glu.schedule") && op->getNumResults() == 0)
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(launch(op, multiprocessors)))
        return signalPassFailure();
  }
};
} // namespace
