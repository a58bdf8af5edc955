//===- RemoveDeallocations.cpp - glu-remove-deallocations -----------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace glu {
#define GEN_PASS_DEF_REMOVEDEALLOCATIONS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct RemoveDeallocations
    : glu::impl::RemoveDeallocationsBase<RemoveDeallocations> {
  void runOnOperation() override {
    getOperation()->walk([](memref::DeallocOp dealloc) {
      if (dealloc.getMemref().getDefiningOp<memref::AllocOp>())
        dealloc.erase();
    });
  }
};
} // namespace
