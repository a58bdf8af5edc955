//===- MoveToDevice.cpp - glu-move-to-device: buffers on the GPU ----------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_MOVETODEVICE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// The constant of the host in a buffer that lives as long as the block.
static void copyConstant(RewriterBase &rewriter, memref::GetGlobalOp op) {
  rewriter.setInsertionPointAfter(op);
  Location loc = op.getLoc();
  auto buffer =
      gpu::AllocOp::create(rewriter, loc, op.getType(), /*asyncToken=*/Type(),
                           ValueRange(), ValueRange(), ValueRange());
  rewriter.replaceAllUsesWith(op.getResult(), buffer.getMemref());
  gpu::MemcpyOp::create(rewriter, loc, TypeRange(), ValueRange(),
                        buffer.getMemref(), op.getResult());
  rewriter.setInsertionPoint(op->getBlock()->getTerminator());
  gpu::DeallocOp::create(rewriter, loc, TypeRange(), ValueRange(),
                         buffer.getMemref());
}

namespace {
struct MoveToDevice : glu::impl::MoveToDeviceBase<MoveToDevice> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<gpu::LaunchOp>(op))
        return WalkResult::skip();
      if (isa<memref::AllocOp, memref::DeallocOp, memref::CopyOp,
              memref::GetGlobalOp>(op))
        ops.push_back(op);
      return WalkResult::advance();
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      rewriter.setInsertionPoint(op);
      if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
        // The runtime aligns to more than anyone asks for.
        rewriter.replaceOpWithNewOp<gpu::AllocOp>(
            op, alloc.getType(), Type(), ValueRange(), alloc.getDynamicSizes(),
            alloc.getSymbolOperands());
      } else if (auto dealloc = dyn_cast<memref::DeallocOp>(op)) {
        rewriter.replaceOpWithNewOp<gpu::DeallocOp>(
            op, TypeRange(), ValueRange(), dealloc.getMemref());
      } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
        rewriter.replaceOpWithNewOp<gpu::MemcpyOp>(
            op, TypeRange(), ValueRange(), copy.getTarget(), copy.getSource());
      } else {
        copyConstant(rewriter, cast<memref::GetGlobalOp>(op));
      }
    }
  }
};
} // namespace
