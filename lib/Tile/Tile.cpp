//===- Tile.cpp - glu-tile: packed projections as loops over tiles --------===//

#include "glu/IR/GLU.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "llvm/Support/MathExtras.h"

namespace glu {
#define GEN_PASS_DEF_TILE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Whether `value` is made of panels that are packed in this function, which
/// glu-fuse-packing does one by one.
static bool isPackedHere(Value value) {
  if (auto insert = value.getDefiningOp<tensor::InsertSliceOp>())
    value = insert.getSource();
  return value.getDefiningOp<linalg::PackOp>() != nullptr;
}

/// The panels that a tile takes at once: as many as the schedule says if they
/// are there when the function is called, and tasks and tiles come out even;
/// one of groups, of which a dot product reads one panel.
static int64_t getPanels(Operation *op, ScheduleAttr schedule, unsigned n1) {
  int64_t count = cast<IndexingMapOpInterface>(op).getStaticLoopRanges()[n1];
  int64_t task = schedule.getBlockColumns() / schedule.getColumns();
  if (schedule.getGroup() > 1 ||
      llvm::any_of(op->getOperands(), isPackedHere) ||
      ShapedType::isDynamic(count) || (count > task && count % task != 0) ||
      std::min(count, task) % schedule.getPanels() != 0)
    return 1;
  return schedule.getPanels();
}

/// Tiles a packed operation, whose loops are (outer..., m1, n1, m0, n0,
/// reductions...), to a single tile of some panels in two steps; returns the
/// tile's operation.
static FailureOr<Operation *> tile(RewriterBase &rewriter, Operation *op) {
  auto schedule = op->getAttrOfType<ScheduleAttr>("glu.schedule");
  unsigned numParallel =
      llvm::count(cast<TilingInterface>(op).getLoopIteratorTypes(),
                  utils::IteratorType::parallel);
  if (numParallel < 4)
    return op->emitOpError("is marked 'glu.packed' but has not the loops that "
                           "glu-pack makes");
  unsigned m1 = numParallel - 4, n1 = numParallel - 3;
  int64_t panels = getPanels(op, schedule, n1);

  auto tileOnce = [&](Operation *target, int64_t rowTiles, int64_t columnTiles,
                      scf::SCFTilingOptions options) -> FailureOr<Operation *> {
    SmallVector<OpFoldResult> sizes(m1, rewriter.getIndexAttr(1));
    sizes.push_back(rewriter.getIndexAttr(rowTiles));
    sizes.push_back(rewriter.getIndexAttr(columnTiles));
    rewriter.setInsertionPoint(target);
    FailureOr<scf::SCFTilingResult> tiled = scf::tileUsingSCF(
        rewriter, cast<TilingInterface>(target), options.setTileSizes(sizes));
    if (failed(tiled))
      return target->emitOpError("could not be tiled");
    rewriter.replaceOp(target, tiled->replacements);
    return tiled->tiledOps.back();
  };

  scf::SCFTilingOptions tasks;
  tasks.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  FailureOr<Operation *> block =
      tileOnce(op, schedule.getBlockRows() / schedule.getRows(),
               schedule.getBlockColumns() / schedule.getColumns(), tasks);
  if (failed(block))
    return failure();
  // The rows go by innermost: a panel of weights stays close meanwhile.
  SmallVector<int64_t> order;
  for (unsigned d = 0; d < m1; ++d)
    order.push_back(d);
  order.append({n1, m1});
  return tileOnce(*block, 1, panels,
                  scf::SCFTilingOptions().setInterchange(order));
}

namespace {
struct Tile : glu::impl::TileBase<Tile> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (op->hasAttr("glu.packed"))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      FailureOr<Operation *> inner = tile(rewriter, op);
      if (failed(inner))
        return signalPassFailure();
      (*inner)->removeAttr("glu.packed");
      (*inner)->removeAttr("glu.schedule");
    }
  }
};
} // namespace
