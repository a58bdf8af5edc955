//===- LowerKernelMath.cpp - glu-lower-kernel-math: what chips have -------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSwitch.h"

namespace glu {
#define GEN_PASS_DEF_LOWERKERNELMATH
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// LLVM's intrinsic that is one instruction of GPUs, or a few; empty if there
/// is none.
static StringRef getIntrinsic(Operation *op) {
  return llvm::StringSwitch<StringRef>(op->getName().getStringRef())
      .Case("math.absf", "llvm.fabs")
      .Case("math.ceil", "llvm.ceil")
      .Case("math.copysign", "llvm.copysign")
      .Case("math.ctpop", "llvm.ctpop")
      .Case("math.floor", "llvm.floor")
      .Case("math.fma", "llvm.fma")
      .Case("math.round", "llvm.round")
      .Case("math.roundeven", "llvm.roundeven")
      .Case("math.sqrt", "llvm.sqrt")
      .Case("math.trunc", "llvm.trunc")
      .Default("");
}

/// An assertion that fails ends the kernel, and the launch is an error.
static void lowerAssert(RewriterBase &rewriter, cf::AssertOp op) {
  Location loc = op.getLoc();
  Block *before = op->getBlock();
  Block *after = rewriter.splitBlock(before, std::next(op->getIterator()));
  Block *failed = rewriter.createBlock(after);
  LLVM::Trap::create(rewriter, loc);
  cf::BranchOp::create(rewriter, loc, after);
  rewriter.setInsertionPoint(op);
  rewriter.replaceOpWithNewOp<cf::CondBranchOp>(op, op.getArg(), after, failed);
}

namespace {
struct LowerKernelMath : glu::impl::LowerKernelMathBase<LowerKernelMath> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](math::Exp2Op op) {
      if (!bitEnumContainsAll(op.getFastmath(), arith::FastMathFlags::afn))
        return;
      rewriter.setInsertionPoint(op);
      // The conversion of kernels knows llvm.intr.exp2 as libdevice's.
      auto call = rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
          op, op.getType(), rewriter.getStringAttr("llvm.exp2"),
          op.getOperand());
      call.setFastmathFlags(LLVM::FastmathFlags::afn);
    });

    // Functions that no chip has, by others: 1 / sqrt(x), and polynomials.
    RewritePatternSet patterns(&getContext());
    math::populateExpansionPatterns(patterns,
                                    {"rsqrt", "sinh", "cosh", "tan", "asinh",
                                     "acosh", "atanh", "exp2", "powf"});
    populateMathPolynomialApproximationPatterns(
        patterns, MathPolynomialApproximationOptions());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();

    SmallVector<cf::AssertOp> assertions;
    getOperation().walk([&](Operation *op) {
      if (auto assertion = dyn_cast<cf::AssertOp>(op))
        assertions.push_back(assertion);
      StringRef intrinsic = getIntrinsic(op);
      if (intrinsic.empty())
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
          op, op->getResultTypes().front(), rewriter.getStringAttr(intrinsic),
          op->getOperands());
    });
    for (cf::AssertOp assertion : assertions)
      lowerAssert(rewriter, assertion);
  }
};
} // namespace
