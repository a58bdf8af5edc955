//===- LaunchLoops.cpp - glu-launch-loops: what is left, as kernels -------===//
//
// Buffers are on the GPU, so whatever touches them runs there. Parallel loops
// get a thread for each point, the rest of the code a single thread.
//
//===----------------------------------------------------------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace glu {
#define GEN_PASS_DEF_LAUNCHLOOPS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// Buffers of a function that are on the host: the lists of pointers that
/// deallocation looks through.
static bool isOnHost(Value memref) {
  while (Operation *op = memref.getDefiningOp()) {
    if (isa<memref::AllocaOp>(op))
      return true;
    if (!isa<memref::CastOp, memref::SubViewOp, memref::ReinterpretCastOp>(op))
      return false;
    memref = op->getOperand(0);
  }
  return false;
}

static bool touchesDevice(Operation *op) {
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return !isOnHost(load.getMemRef());
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return !isOnHost(store.getMemRef());
  return false;
}

/// Whether `op`, with what is in it, can be code of one thread: it computes and
/// touches buffers, some of them, and that is all.
static bool isThreadCode(Operation *op) {
  if (op->getNumResults() > 0)
    return false;
  bool touches = false;
  bool others =
      op->walk([&](Operation *nested) {
          touches |= touchesDevice(nested);
          bool simple =
              nested->hasTrait<OpTrait::HasRecursiveMemoryEffects>() ||
              isMemoryEffectFree(nested) || touchesDevice(nested) ||
              nested->hasTrait<OpTrait::IsTerminator>();
          return simple && !isa<scf::ParallelOp, gpu::LaunchOp, func::CallOp>(
                               nested)
                     ? WalkResult::advance()
                     : WalkResult::interrupt();
        }).wasInterrupted();
  return touches && !others;
}

static Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

static gpu::LaunchOp createLaunch(OpBuilder &builder, Location loc,
                                  Value blocks, Value threads) {
  Value one = createIndex(builder, loc, 1);
  auto launch =
      gpu::LaunchOp::create(builder, loc, blocks, one, one, threads, one, one);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&launch.getBody().front());
  gpu::TerminatorOp::create(builder, loc);
  return launch;
}

/// A thread for each point of the loops; the last loop goes by fastest, so that
/// neighbours touch neighbours.
static void launchParallel(scf::ParallelOp op) {
  constexpr int64_t blockSize = 256;
  OpBuilder b(op);
  Location loc = op.getLoc();
  Value total = createIndex(b, loc, 1), zero = createIndex(b, loc, 0);
  SmallVector<Value> trips;
  for (auto [lower, upper, step] :
       llvm::zip(op.getLowerBound(), op.getUpperBound(), op.getStep())) {
    Value length = b.createOrFold<arith::SubIOp>(loc, upper, lower);
    Value trip = b.createOrFold<arith::CeilDivSIOp>(loc, length, step);
    trips.push_back(b.createOrFold<arith::MaxSIOp>(loc, trip, zero));
    total = b.createOrFold<arith::MulIOp>(loc, total, trips.back());
  }
  Value threads = createIndex(b, loc, blockSize);
  Value blocks = b.createOrFold<arith::CeilDivUIOp>(loc, total, threads);
  Value any = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                            blocks, zero);
  auto ifAny = scf::IfOp::create(b, loc, any, /*withElseRegion=*/false);
  b.setInsertionPointToStart(ifAny.thenBlock());
  auto launch = createLaunch(b, loc, blocks, threads);
  b.setInsertionPointToStart(&launch.getBody().front());
  Value point = arith::MulIOp::create(b, loc, launch.getBlockIds().x, threads);
  point = arith::AddIOp::create(b, loc, point, launch.getThreadIds().x);
  Value inside =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, point, total);
  auto ifInside = scf::IfOp::create(b, loc, inside, /*withElseRegion=*/false);
  b.setInsertionPointToStart(ifInside.thenBlock());
  IRMapping mapping;
  for (size_t d = trips.size(); d-- > 0;) {
    Value index = point;
    if (d > 0) {
      index = arith::RemUIOp::create(b, loc, point, trips[d]);
      point = arith::DivUIOp::create(b, loc, point, trips[d]);
    }
    index = arith::MulIOp::create(b, loc, index, op.getStep()[d]);
    index = arith::AddIOp::create(b, loc, index, op.getLowerBound()[d]);
    mapping.map(op.getInductionVars()[d], index);
  }
  for (Operation &nested : op.getBody()->without_terminator())
    b.clone(nested, mapping);
  op.erase();
}

static void launchSingleThread(Operation *op) {
  OpBuilder b(op);
  Value one = createIndex(b, op->getLoc(), 1);
  auto launch = createLaunch(b, op->getLoc(), one, one);
  op->moveBefore(launch.getBody().front().getTerminator());
}

/// An element that the host wants to know is copied to it.
static void copyToHost(memref::LoadOp op) {
  OpBuilder b(op);
  Location loc = op.getLoc();
  Type type = op.getType();
  int64_t rank = op.getMemRefType().getRank();
  SmallVector<OpFoldResult> ones(rank, b.getIndexAttr(1));
  Value element = memref::SubViewOp::create(
      b, loc, op.getMemRef(), getAsOpFoldResult(op.getIndices()), ones, ones);
  auto strided = memref::ExtractStridedMetadataOp::create(b, loc, element);
  auto single = MemRefType::get({1}, type);
  auto source = memref::ReinterpretCastOp::create(
      b, loc,
      MemRefType::get(
          {1}, type,
          StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, {1})),
      strided.getBaseBuffer(), OpFoldResult(strided.getOffset()),
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)},
      ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  Value target = memref::AllocaOp::create(b, loc, single);
  gpu::MemcpyOp::create(b, loc, TypeRange(), ValueRange(), target, source);
  op.replaceAllUsesWith(
      memref::LoadOp::create(b, loc, target, ValueRange{createIndex(b, loc, 0)})
          .getResult());
  op.erase();
}

/// The host's control flow stays where it is.
static LogicalResult launchBlock(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (isa<gpu::LaunchOp>(op))
      continue;
    if (auto parallel = dyn_cast<scf::ParallelOp>(op);
        parallel && parallel.getNumResults() == 0) {
      launchParallel(parallel);
    } else if (isThreadCode(&op)) {
      launchSingleThread(&op);
    } else if (auto load = dyn_cast<memref::LoadOp>(op);
               load && touchesDevice(load)) {
      copyToHost(load);
    } else if (isa<scf::ParallelOp>(op)) {
      return op.emitError("parallel loops with results have no GPU code");
    } else {
      for (Region &region : op.getRegions())
        for (Block &nested : region)
          if (failed(launchBlock(nested)))
            return failure();
    }
  }
  return success();
}

namespace {
struct LaunchLoops : glu::impl::LaunchLoopsBase<LaunchLoops> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    // What frees buffers has its lists of pointers on the host.
    if (function.getName().starts_with("dealloc_helper"))
      return;
    for (Block &block : function.getBody())
      if (failed(launchBlock(block)))
        return signalPassFailure();
  }
};
} // namespace
