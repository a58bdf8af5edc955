//===- LaunchProjections.cpp - glu-launch-projections ---------------------===//

#include "ProjectionKernel.h"

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace glu {
#define GEN_PASS_DEF_LAUNCHPROJECTIONS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
struct LaunchProjections : glu::impl::LaunchProjectionsBase<LaunchProjections> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<GatedProjectionOp, linalg::LinalgOp>(op) &&
          op->hasAttr("glu.schedule") && op->getNumResults() == 0)
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      OpBuilder builder(op);
      FailureOr<ProjectionKernel> kernel = ProjectionKernel::get(builder, op);
      if (failed(kernel))
        return signalPassFailure();
      if (kernel->getThreads() > 1024) {
        op->emitOpError("has a schedule of ")
            << kernel->getThreads()
            << " threads a block; GPUs have at most 1024";
        return signalPassFailure();
      }
      std::string why;
      if (kernel->usesMma() && !fitsMma(*kernel, why)) {
        op->emitOpError("has a schedule that ") << why;
        return signalPassFailure();
      }
      if (kernel->usesMma())
        launchMma(builder, *kernel);
      else
        launchSIMT(builder, *kernel);
      op->erase();
    }
  }
};
} // namespace
