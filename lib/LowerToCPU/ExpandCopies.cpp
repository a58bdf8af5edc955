//===- ExpandCopies.cpp - glu-expand-copies: strided copies as loops ------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDCOPIES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ExpandCopies : glu::impl::ExpandCopiesBase<ExpandCopies> {
  using ExpandCopiesBase::ExpandCopiesBase;
  void runOnOperation() override;
};
} // namespace

void ExpandCopies::runOnOperation() {
  // Whether upstream's lowering makes it a memcpy.
  auto isDense = [&](MemRefType type) {
    return type.getLayout().isIdentity() ||
           (keepDense && type.hasStaticShape() && type.getNumElements() > 0 &&
            memref::isStaticShapeAndContiguousRowMajor(type));
  };
  SmallVector<memref::CopyOp> copies;
  getOperation()->walk([&](memref::CopyOp op) {
    auto source = dyn_cast<MemRefType>(op.getSource().getType());
    auto target = dyn_cast<MemRefType>(op.getTarget().getType());
    // Copies between dense memrefs become memcpy; those of unranked ones only a
    // library can do.
    if (source && target && !(isDense(source) && isDense(target)))
      copies.push_back(op);
  });
  IRRewriter rewriter(&getContext());
  for (memref::CopyOp op : copies) {
    rewriter.setInsertionPoint(op);
    int64_t rank = cast<MemRefType>(op.getSource().getType()).getRank();
    AffineMap map = rewriter.getMultiDimIdentityMap(rank);
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, op.getSource(), op.getTarget(), ArrayRef<AffineMap>{map, map},
        iterators, [](OpBuilder &builder, Location loc, ValueRange arguments) {
          linalg::YieldOp::create(builder, loc, arguments.front());
        });
  }
}
