//===- LowerKernelMath.cpp - glu-lower-kernel-math: what chips have -------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
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

namespace {
struct LowerKernelMath : glu::impl::LowerKernelMathBase<LowerKernelMath> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](Operation *op) {
      StringRef intrinsic = getIntrinsic(op);
      if (intrinsic.empty())
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
          op, op->getResultTypes().front(), rewriter.getStringAttr(intrinsic),
          op->getOperands());
    });
  }
};
} // namespace
