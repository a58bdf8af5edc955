//===- Choose.cpp - glu-choose: a schedule for every projection -----------===//

#include "glu/IR/GLU.h"
#include "glu/Target/CostModel.h"
#include "glu/Target/DotProduct.h"
#include "glu/Transforms/LookupTarget.h"
#include "glu/Transforms/Passes.h"
#include "glu/Transforms/ProjectionDims.h"
#include "glu/Transforms/ScheduleTable.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Remarks.h"

namespace glu {
#define GEN_PASS_DEF_CHOOSE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// The product of the sizes, `dynamicSize` where one is unknown.
static int64_t getProduct(const ProjectionDims &dims,
                          ArrayRef<unsigned> positions) {
  int64_t product = 1;
  for (unsigned d : positions) {
    if (ShapedType::isDynamic(dims.sizes[d]))
      return dynamicSize;
    product *= dims.sizes[d];
  }
  return product;
}

/// Bytes of the weights, of one expert or image if there are several; not told
/// where they are widened, which takes longer than to read them.
static int64_t getWeightBytes(const ProjectionDims &dims) {
  int64_t bytes = getProduct(dims, dims.column);
  int64_t sums = getProduct(dims, dims.reductions);
  if (bytes == dynamicSize || sums == dynamicSize ||
      llvm::MulOverflow(bytes, sums, bytes))
    return dynamicSize;
  int64_t each = 0;
  for (const Contraction &contraction : dims.contractions) {
    Type type = getElementTypeOrSelf(contraction.weight->get());
    if (type != contraction.accumulator)
      return dynamicSize;
    each += type.getIntOrFloatBitWidth() / 8;
  }
  return llvm::MulOverflow(bytes, each, bytes) ? dynamicSize : bytes;
}

/// Whether tile registers can be loaded with inputs: so many elements of the
/// sum, known when compiling, lie beside each other.
static bool fitsTileRegisters(const ProjectionDims &dims) {
  return !ShapedType::isDynamic(dims.sizes[*dims.grouped]) &&
         llvm::all_of(dims.contractions, [&](const Contraction &c) {
           auto op = cast<IndexingMapOpInterface>(c.input->getOwner());
           AffineMap map = op.getMatchingIndexingMap(c.input);
           return map.getResults().back() ==
                  getAffineDimExpr(*dims.grouped, op->getContext());
         });
}

/// The chip's dot product for such a projection, or null.
static const DotProduct *chooseDot(const Target &target,
                                   const ProjectionDims &dims) {
  std::optional<DotElement> element = dims.getDotElement();
  if (!dims.grouped || !element)
    return nullptr;
  return chooseDotProduct(target, *element, fitsTileRegisters(dims));
}

static ScheduleAttr choose(MLIRContext *context, const Target &target,
                           const ProjectionDims &dims, unsigned threads) {
  int64_t bytes = dims.contractions[0].accumulator.getIntOrFloatBitWidth() / 8;
  const DotProduct *dot = chooseDot(target, dims);
  int64_t group = dot ? dot->group : 1;
  int64_t rowSize = dims.row ? getProduct(dims, *dims.row) : 1;
  int64_t columnSize = getProduct(dims, dims.column);
  int count = dims.contractions.size();
  // A single row is the affair of vectors, which can have the same layout.
  Tile tile = dot && dot->tiles && dims.row
                  ? chooseTileRegisters(count, rowSize, columnSize)
                  : chooseRegisterTile(target, count, bytes, rowSize,
                                       columnSize, getWeightBytes(dims),
                                       /*severalPanels=*/group == 1);
  // Without a dot product the input is widened to the type of the sums.
  Blocking block =
      chooseBlocking(target, tile, bytes / group, rowSize, columnSize,
                     getProduct(dims, dims.reductions), threads);
  return ScheduleAttr::get(context, tile.rows, tile.columns, block.rows,
                           block.columns, group, dot ? dot->depth() : 1,
                           tile.panels);
}

namespace {
struct Choose : glu::impl::ChooseBase<Choose> {
  using ChooseBase::ChooseBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (table.empty())
      return success();
    auto read = ScheduleTable::read(table, context);
    if (!read)
      return emitError(UnknownLoc::get(context), "glu-choose: ")
             << llvm::toString(read.takeError());
    measured = std::move(*read);
    return success();
  }

  void runOnOperation() override {
    FailureOr<Target> target =
        lookupTarget(getOperation(), getArgument(), targetCPU);
    if (failed(target))
      return signalPassFailure();
    unsigned team = threads > 0 ? threads : target->cores;
    ScheduleContext context{targetCPU, team, outlinePacking};
    getOperation()->walk([&](Operation *op) {
      if (op->hasAttr("glu.schedule") ||
          !isa<GatedProjectionOp, linalg::LinalgOp>(op))
        return;
      std::string why;
      FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
      if (succeeded(dims)) {
        ScheduleAttr schedule = measured.lookup(getScheduleKey(context, *dims));
        if (!schedule)
          schedule = choose(&getContext(), *target, *dims, team);
        op->setAttr("glu.schedule", schedule);
        return;
      }
      if (isa<GatedProjectionOp>(op))
        remark::missed(op->getLoc(),
                       remark::RemarkOpts::name("Choose").category("glu"))
            << "takes the general path: " << why;
    });
  }

private:
  ScheduleTable measured;
};
} // namespace
