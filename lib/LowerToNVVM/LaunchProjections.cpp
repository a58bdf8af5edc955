//===- LaunchProjections.cpp - glu-launch-projections ---------------------===//

#include "ProjectionKernel.h"

#include "glu/Target/GPUTarget.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"

namespace glu {
#define GEN_PASS_DEF_LAUNCHPROJECTIONS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Where TMA cannot copy the operands, warps multiply, or threads where those
/// do not know the type: a tile of theirs.
static void replaceSchedule(ProjectionKernel &kernel, StringRef why) {
  Type element = getElementTypeOrSelf(kernel.products.front().input.value);
  bool isHalf = isa<Float16Type, BFloat16Type>(element);
  remark::missed(kernel.op->getLoc(),
                 remark::RemarkOpts::name("LaunchProjections").category("glu"))
      << (Twine("takes ") + (isHalf ? "mma.sync" : "multiply-adds") +
          " instead of wgmma: it has " + why)
             .str();
  BlockProblem problem;
  problem.accumulators = kernel.products.size();
  problem.inputs = kernel.sharesInput ? 1 : problem.accumulators;
  if (kernel.schedule.getBlockRows() <= 64)
    problem.rows = kernel.schedule.getBlockRows();
  BlockTile tile =
      isHalf ? chooseMmaTile(problem) : chooseBlockTile(GPUTarget(), problem);
  kernel.schedule = ScheduleAttr::get(
      kernel.op->getContext(), tile.rows, tile.columns, tile.blockRows,
      tile.blockColumns, tile.group, tile.depth, /*panels=*/1);
}

/// The fill with zeros that only the sum of `op` sees, or nothing: it is the
/// first user of an allocation, and `op` the next.
static linalg::FillOp findZeros(linalg::LinalgOp op) {
  Value destination = op.getDpsInitOperand(0)->get();
  if (!destination.getDefiningOp<memref::AllocOp>() ||
      llvm::count(op->getOperands(), destination) != 1)
    return {};
  linalg::FillOp fill;
  for (Operation *user : destination.getUsers()) {
    Operation *top = op->getBlock()->findAncestorOpInBlock(*user);
    if (!top)
      return {};
    if (top == op || op->isBeforeInBlock(top))
      continue;
    if (fill || !(fill = dyn_cast<linalg::FillOp>(top)))
      return {};
  }
  if (!fill || fill.getOutputs()[0] != destination ||
      !(matchPattern(fill.getInputs()[0], m_PosZeroFloat()) ||
        matchPattern(fill.getInputs()[0], m_Zero())))
    return {};
  return fill;
}

/// Whether `value` is allocated in the block of `op`, and used there from `op`
/// on.
static bool isFresh(Value value, Operation *op) {
  auto alloc = value.getDefiningOp<memref::AllocOp>();
  return alloc && alloc->getBlock() == op->getBlock() &&
         llvm::all_of(value.getUsers(), [&](Operation *user) {
           Operation *top = op->getBlock()->findAncestorOpInBlock(*user);
           return top && (top == op || op->isBeforeInBlock(top));
         });
}

/// The elementwise operation that alone takes what `op` computes, next after
/// it: a kernel can do it with each sum before it is stored. Null if there is
/// none.
static linalg::GenericOp findEpilogue(linalg::LinalgOp op) {
  Value sums = op.getDpsInitOperand(0)->get();
  if (!sums.getDefiningOp<memref::AllocOp>())
    return {};
  Operation *next = op->getNextNode();
  while (next && (isa<memref::AllocOp>(next) || isMemoryEffectFree(next)))
    next = next->getNextNode();
  auto generic = dyn_cast_or_null<linalg::GenericOp>(next);
  if (!generic || generic.getNumParallelLoops() != generic.getNumLoops() ||
      generic.getNumDpsInits() != 1 || generic->hasAttr("glu.schedule"))
    return {};
  OpOperand *out = generic.getDpsInitOperand(0);
  // In place; or nobody sees the sums, and the result is where no block of
  // threads still reads operands while others store.
  if (out->get() != sums) {
    for (Operation *user : sums.getUsers())
      if (user != op && user != generic && !isa<memref::DeallocOp>(user))
        return {};
    if (!isFresh(out->get(), generic))
      return {};
  }
  if (!generic.getMatchingIndexingMap(out).isPermutation() ||
      !generic.getMatchingBlockArgument(out).use_empty())
    return {};
  bool reads = false;
  for (OpOperand *input : generic.getDpsInputOperands()) {
    if (input->get() != sums)
      continue;
    if (!generic.getMatchingIndexingMap(input).isIdentity())
      return {};
    reads = true;
  }
  bool isPlain = llvm::all_of(*generic.getBody(), [](Operation &nested) {
    return nested.getNumRegions() == 0 && !isa<linalg::IndexOp>(nested);
  });
  return reads && isPlain ? generic : linalg::GenericOp();
}

/// Erases an allocation that is at most freed.
static void eraseIfUnused(memref::AllocOp alloc) {
  if (!llvm::all_of(alloc->getUsers(), llvm::IsaPred<memref::DeallocOp>))
    return;
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    user->erase();
  alloc.erase();
}

/// Replaces `op` by its kernel.
static LogicalResult launch(Operation *op, int64_t multiprocessors) {
  auto contraction = dyn_cast<linalg::LinalgOp>(op);
  if (contraction && (contraction.getNumDpsInputs() != 2 ||
                      (!linalg::isaContractionOpInterface(contraction) &&
                       !linalg::isaConvolutionOpInterface(contraction))))
    return op->emitOpError("has a 'glu.schedule' but is no contraction");
  bool startsFromDestination = bool(contraction);
  linalg::GenericOp epilogue;
  if (contraction) {
    if (linalg::FillOp zeros = findZeros(contraction)) {
      zeros.erase();
      startsFromDestination = false;
    }
    epilogue = findEpilogue(contraction);
  }
  OpBuilder builder(epilogue ? epilogue.getOperation() : op);
  FailureOr<ProjectionKernel> kernel = ProjectionKernel::get(builder, op);
  if (failed(kernel))
    return failure();
  kernel->epilogue = epilogue;
  kernel->startsFromDestination = startsFromDestination;
  std::string why;
  if (kernel->usesWgmma() && !fitsWgmma(*kernel, why)) {
    replaceSchedule(*kernel, why);
    why.clear();
  }
  // By hand, schedules may be any numbers.
  ScheduleAttr schedule = kernel->schedule;
  constexpr uint64_t sharedBytes = 227 << 10;
  uint64_t elements = llvm::SaturatingMultiply<uint64_t>(
      schedule.getDepth(),
      llvm::SaturatingAdd<uint64_t>(schedule.getBlockRows(),
                                    schedule.getBlockColumns()));
  if (elements > sharedBytes)
    return op->emitOpError("has a schedule of ")
           << elements << " elements in shared memory at a time; GPUs have at "
           << "most " << sharedBytes << " bytes";
  if (kernel->getThreads() > 1024)
    return op->emitOpError("has a schedule of ")
           << kernel->getThreads()
           << " threads a block; GPUs have at most 1024";
  if (kernel->usesMma() && !fitsMma(*kernel, why))
    return op->emitOpError("has a schedule that ") << why;
  if (kernel->usesWgmma())
    launchWgmma(builder, *kernel, multiprocessors);
  else if (kernel->usesMma())
    launchMma(builder, *kernel);
  else
    launchSIMT(builder, *kernel);
  if (epilogue) {
    Value sums = contraction.getDpsInits()[0];
    epilogue.erase();
    op->erase();
    eraseIfUnused(sums.getDefiningOp<memref::AllocOp>());
  } else {
    op->erase();
  }
  return success();
}

namespace {
struct LaunchProjections : glu::impl::LaunchProjectionsBase<LaunchProjections> {
  using LaunchProjectionsBase::LaunchProjectionsBase;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<GatedProjectionOp, linalg::LinalgOp>(op) &&
          op->hasAttr("glu.schedule") && op->getNumResults() == 0)
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(launch(op, multiprocessors)))
        return signalPassFailure();
  }
};
} // namespace
