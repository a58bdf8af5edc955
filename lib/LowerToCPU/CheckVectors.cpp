//===- CheckVectors.cpp - glu-check-vectors: none beyond measure ----------===//

#include "glu/Transforms/Passes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_CHECKVECTORS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// More than any chip has registers for; upstream's passes take vectors apart
/// into elements, and die of 2^32.
static constexpr int64_t maxElements = int64_t(1) << 16;

static bool isTooLarge(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector)
    return false;
  int64_t count = 1;
  for (int64_t size : vector.getShape())
    if (llvm::MulOverflow(count, size, count) || count > maxElements)
      return true;
  return false;
}

namespace {
struct CheckVectors : glu::impl::CheckVectorsBase<CheckVectors> {
  void runOnOperation() override {
    auto check = [](Operation *op, TypeRange types) {
      auto bad = llvm::find_if(types, isTooLarge);
      if (bad == types.end())
        return success();
      return LogicalResult(op->emitError("has a vector of more than ")
                           << maxElements << " elements: " << *bad);
    };
    WalkResult result = getOperation()->walk([&](Operation *op) {
      if (failed(check(op, op->getResultTypes())))
        return WalkResult::interrupt();
      for (Region &region : op->getRegions())
        for (Block &block : region)
          if (failed(check(op, block.getArgumentTypes())))
            return WalkResult::interrupt();
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
