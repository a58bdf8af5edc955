//===- ChooseBlocks.cpp - glu-choose-blocks: schedules for GPUs -----------===//

#include "glu/IR/GLU.h"
#include "glu/Target/GPUModel.h"
#include "glu/Transforms/LookupTarget.h"
#include "glu/Transforms/Passes.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Remarks.h"

namespace glu {
#define GEN_PASS_DEF_CHOOSEBLOCKS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Whether all products sum over the same loops, as one kernel does.
static bool sumTogether(Operation *op, const ProjectionDims &dims) {
  auto indexing = cast<IndexingMapOpInterface>(op);
  return llvm::all_of(dims.reductions, [&](unsigned d) {
    return llvm::all_of(dims.contractions, [&](const Contraction &c) {
      return indexing.getMatchingIndexingMap(c.input).isFunctionOfDim(d) &&
             indexing.getMatchingIndexingMap(c.weight).isFunctionOfDim(d);
    });
  });
}

/// The product of the sizes, negative where one is unknown.
static int64_t getProduct(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  for (int64_t size : sizes)
    if (ShapedType::isDynamic(size) ||
        __builtin_mul_overflow(product, size, &product))
      return -1;
  return product;
}

namespace {
/// Sizes of the loops as kernels see them, negative where unknown.
struct KernelSizes {
  int64_t rows, columns, batches, sums;
};
} // namespace

/// Rows are all loops that inputs alone have, columns those of weights.
static KernelSizes getSizes(Operation *op, const ProjectionDims &dims) {
  auto indexing = cast<IndexingMapOpInterface>(op);
  AffineMap out = indexing.getMatchingIndexingMap(
      cast<DestinationStyleOpInterface>(op).getDpsInitOperand(0));
  SmallVector<int64_t> rows, columns, batches, sums;
  for (auto [d, size] : llvm::enumerate(dims.sizes)) {
    auto isIn = [&, d = d](OpOperand *Contraction::*operand) {
      return llvm::any_of(dims.contractions, [&](const Contraction &c) {
        return indexing.getMatchingIndexingMap(c.*operand).isFunctionOfDim(d);
      });
    };
    bool inInput = isIn(&Contraction::input);
    bool inWeight = isIn(&Contraction::weight);
    SmallVector<int64_t> &group = !out.isFunctionOfDim(d) ? sums
                                  : inInput == inWeight   ? batches
                                  : inInput               ? rows
                                                          : columns;
    group.push_back(size);
  }
  return {getProduct(rows), getProduct(columns), getProduct(batches),
          getProduct(sums)};
}

static BlockProblem getProblem(Operation *op, const ProjectionDims &dims,
                               const KernelSizes &sizes) {
  auto indexing = cast<IndexingMapOpInterface>(op);
  auto getMap = [&](OpOperand *o) {
    return indexing.getMatchingIndexingMap(o);
  };
  const Contraction &first = dims.contractions.front();
  BlockProblem problem;
  problem.accumulators = dims.contractions.size();
  problem.bytes = first.accumulator.getIntOrFloatBitWidth() / 8;
  problem.isHalf = problem.isFloat8 = first.accumulator.isF32();
  Type element = getElementTypeOrSelf(first.input->get());
  for (const Contraction &c : dims.contractions) {
    if (c.input->get() != first.input->get() ||
        getMap(c.input) != getMap(first.input))
      problem.inputs = 2;
    for (OpOperand *operand : {c.input, c.weight}) {
      Type type = getElementTypeOrSelf(operand->get());
      problem.isHalf &= type == element && isa<Float16Type, BFloat16Type>(type);
      problem.isFloat8 &=
          isFloat8(type) && isAlongSum(getMap(operand), dims.reductions);
    }
  }
  problem.rows = sizes.rows;
  problem.columns = sizes.columns;
  return problem;
}

/// Exponentials, quotients, roots and the like of the gating function.
static int64_t countSpecials(Operation *op) {
  auto gated = dyn_cast<GatedOpInterface>(op);
  if (!gated)
    return 0;
  return llvm::count_if(*gated.getGatingBlock(), [](Operation &nested) {
    return isa<arith::DivFOp>(nested) ||
           (isa_and_nonnull<math::MathDialect>(nested.getDialect()) &&
            !isa<math::AbsFOp, math::CeilOp, math::CopySignOp, math::FloorOp,
                 math::FmaOp, math::RoundEvenOp, math::TruncOp>(nested));
  });
}

/// What a kernel with `tile` will ask of the chip, if all sizes are known.
static void remarkEstimate(Operation *op, const GPUTarget &target,
                           const BlockTile &tile, const BlockProblem &problem,
                           const ProjectionDims &dims,
                           const KernelSizes &sizes) {
  auto options = remark::RemarkOpts::name("ChooseBlocks").category("glu");
  if (std::min({sizes.rows, sizes.columns, sizes.batches, sizes.sums}) < 0) {
    remark::analysis(op->getLoc(), options)
        << "no estimate: a size is known only when the kernel runs";
    return;
  }
  auto getBytes = [](Value value) {
    return llvm::divideCeil(getElementTypeOrSelf(value).getIntOrFloatBitWidth(),
                            8);
  };
  KernelWork work;
  work.rows = sizes.rows;
  work.columns = sizes.columns;
  work.sum = sizes.sums;
  work.batches = sizes.batches;
  work.accumulators = problem.accumulators;
  work.inputs = problem.inputs;
  work.results = op->getNumResults();
  work.operandBytes = getBytes(dims.contractions.front().input->get());
  work.resultBytes = getBytes(op->getResult(0));
  work.specials = countSpecials(op);
  remark::analysis(op->getLoc(), options)
      << describe(estimateKernel(target, tile, work));
}

namespace {
struct ChooseBlocks : glu::impl::ChooseBlocksBase<ChooseBlocks> {
  using ChooseBlocksBase::ChooseBlocksBase;

  void runOnOperation() override {
    FailureOr<GPUTarget> target =
        lookupGPUTarget(getOperation(), getArgument(), chip);
    if (failed(target))
      return signalPassFailure();
    bool isWrong = false;
    getOperation()->walk([&](Operation *op) {
      if (!isa<GatedProjectionOp, linalg::LinalgOp>(op))
        return;
      std::string why;
      FailureOr<ProjectionDims> dims =
          ProjectionDims::get(op, why, /*takesFloat8=*/true);
      if (succeeded(dims) && !sumTogether(op, *dims))
        why = "its branches sum over different loops";
      if (op->hasAttr("glu.schedule")) {
        if (!why.empty()) {
          op->emitOpError("has a 'glu.schedule' but no kernel: ") << why;
          isWrong = true;
        }
        return;
      }
      if (!why.empty()) {
        if (isa<GatedProjectionOp>(op))
          remark::missed(
              op->getLoc(),
              remark::RemarkOpts::name("ChooseBlocks").category("glu"))
              << "takes the general path: " << why;
        return;
      }
      KernelSizes sizes = getSizes(op, *dims);
      BlockProblem problem = getProblem(op, *dims, sizes);
      BlockTile tile = chooseBlockTile(*target, problem);
      remarkEstimate(op, *target, tile, problem, *dims, sizes);
      op->setAttr("glu.schedule",
                  ScheduleAttr::get(&getContext(), tile.rows, tile.columns,
                                    tile.blockRows, tile.blockColumns,
                                    tile.group, tile.depth, /*panels=*/1));
    });
    if (isWrong)
      signalPassFailure();
  }
};
} // namespace
