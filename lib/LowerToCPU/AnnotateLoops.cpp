//===- AnnotateLoops.cpp - glu-annotate-loops: for LLVM to see ------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace glu {
#define GEN_PASS_DEF_ANNOTATELOOPS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct AnnotateLoops : glu::impl::AnnotateLoopsBase<AnnotateLoops> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      constexpr StringLiteral name = "llvm.loop_annotation";
      auto annotation = op->getAttrOfType<LLVM::LoopAnnotationAttr>(name);
      if (!annotation)
        return;
      if (auto branch = dyn_cast<LLVM::BrOp>(op))
        branch.setLoopAnnotationAttr(annotation);
      else if (auto branch = dyn_cast<LLVM::CondBrOp>(op))
        branch.setLoopAnnotationAttr(annotation);
      else
        return;
      op->removeDiscardableAttr(name);
    });
  }
};
} // namespace
