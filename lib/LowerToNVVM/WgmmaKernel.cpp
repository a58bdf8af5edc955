//===- WgmmaKernel.cpp - The ring that TMA fills --------------------------===//

#include "WgmmaKernel.h"

#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace glu;

bool WgmmaKernel::fits(std::string &why) {
  for (const Product &product : kernel.products) {
    Type x = getElementTypeOrSelf(product.input.value);
    Type w = getElementTypeOrSelf(product.weight.value);
    bool isHalf = x == w && isa<Float16Type, BFloat16Type>(x);
    bool isNarrow = isFloat8(x) && isFloat8(w);
    why = "operands that are not all of f16, bf16 or f8 with sums in f32";
    if ((!isHalf && !isNarrow) || !product.type.isF32())
      return false;
    why = "operands of f8 whose sum is not innermost";
    if (isNarrow && !(isAlongSum(product.input.map, kernel.sums.dims) &&
                      isAlongSum(product.weight.map, kernel.sums.dims)))
      return false;
  }
  why = "a tile that is neither 64 or 128 rows by 64 to 256 columns of all "
        "products together, in steps of 64, nor 8 to 56 rows, in steps of 8, "
        "by 64 or 128 columns; and 128 bytes of the sum";
  ScheduleAttr schedule = kernel.schedule;
  int64_t rows = schedule.getRows(), columns = schedule.getColumns(),
          blockRows = schedule.getBlockRows(),
          blockColumns = schedule.getBlockColumns();
  bool isWhole = swaps ? blockRows == rows && rows % 8 == 0 &&
                             columns == wgmmaRows && consumers <= 2
                       : blockColumns == columns && rows == wgmmaRows &&
                             columns % boxColumns == 0 && consumers <= 2 &&
                             columns * kernel.products.size() <= 256;
  return isWhole && schedule.getDepth() == span;
}

LogicalResult WgmmaKernel::plan(std::string &why) {
  if (!fits(why))
    return failure();
  auto addTile = [&](const MappedValue &operand, const LoopGroup &group,
                     int64_t length) -> LogicalResult {
    FailureOr<TensorMap> map =
        TensorMap::get(kernel, operand, kernel.sums, group, why);
    if (failed(map))
      return failure();
    tiles.push_back({*map, &group == &kernel.rows, map->inner == &kernel.sums,
                     length, stageBytes, Value()});
    stageBytes += length * TensorMap::spanBytes;
    return success();
  };
  for (const Product &product :
       ArrayRef(kernel.products).take_front(kernel.sharesInput ? 1 : 2))
    if (failed(addTile(product.input, kernel.rows,
                       kernel.schedule.getBlockRows())))
      return failure();
  for (const Product &product : kernel.products)
    if (failed(addTile(product.weight, kernel.columns,
                       kernel.schedule.getBlockColumns())))
      return failure();
  why = "few rows whose sum is not innermost";
  if (swaps && !llvm::all_of(tiles, [](const StagedTile &tile) {
        return tile.alongSum || !tile.isInput;
      }))
    return failure();
  auto destinations = cast<DestinationStyleOpInterface>(kernel.op);
  for (unsigned i = 0, e = destinations.getNumDpsInits(); i < e; ++i) {
    Output output{getDestination(kernel, i), std::nullopt, 0, Value()};
    if (isa<Float16Type, BFloat16Type>(
            getElementTypeOrSelf(output.destination.value))) {
      std::string whyNot;
      FailureOr<TensorMap> map = TensorMap::get(
          kernel, output.destination, kernel.rows, kernel.columns, whyNot);
      if (succeeded(map) && map->inner == &kernel.columns) {
        output.map = *map;
        output.number = boxedOutputs++;
      }
    }
    outputs.push_back(output);
  }
  // In turns where that is the same in every tile.
  bool inTurns = boxedOutputs == 1 && !swaps && width / boxColumns % 2 == 0;
  outputBuffers = inTurns ? 2 : boxedOutputs;
  stages = countStages();
  why = "needs more shared memory than there is";
  return success(stages >= 2);
}

int64_t WgmmaKernel::countStages() const {
  // The first byte need not be at a multiple of what swizzling wants; LLVM
  // keeps one for a variable that stands for the memory.
  constexpr int64_t sharedBytes = (227 << 10) - 16;
  int64_t others = consumers * outputBuffers * boxBytes + getSumsBytes();
  return std::min<int64_t>(8, (sharedBytes - atomBytes - others) /
                                  (stageBytes + 2 * barrierBytes));
}

/// As many blocks for a tile as keep all multiprocessors busy, if its sum is
/// long enough for that, and if the ring stays deep enough.
void WgmmaKernel::chooseSplit(int64_t multiprocessors,
                              std::optional<int64_t> steps) {
  constexpr int64_t mostBlocks = 4, fewestSteps = 8, fewestStages = 4;
  std::optional<int64_t> tiles = getConstantIntValue(grid.all);
  if (!tiles || !steps || *tiles == 0)
    return;
  split = std::min(multiprocessors / *tiles, *steps / fewestSteps);
  split = std::clamp<int64_t>(split, 1, mostBlocks);
  while (split > 1 && countStages() < fewestStages)
    --split;
  stages = countStages();
}

Value WgmmaKernel::getShared(Value offset) {
  return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base,
                             ArrayRef<LLVM::GEPArg>{offset});
}

Value WgmmaKernel::getBarrier(Value stage, int64_t first) {
  Value offset = compute<arith::MulIOp>(stage, i32(barrierBytes));
  return getShared(compute<arith::AddIOp>(
      offset, i32(getBarriersOffset() + first * barrierBytes)));
}

/// Waits for the phase of a barrier that `step` is in, or the one before it.
/// Each round of the ring is a phase. The phase before the first one has
/// passed.
void WgmmaKernel::wait(Value barrier, Value step, bool forPrevious) {
  Value round = compute<arith::DivUIOp>(step, i32(stages));
  if (forPrevious)
    round = compute<arith::AddIOp>(round, i32(1));
  constexpr int64_t nanoseconds = 10'000'000;
  NVVM::MBarrierTryWaitParityOp::create(
      b, loc, barrier, compute<arith::AndIOp>(round, i32(1)), i32(nanoseconds));
}

/// Shared memory and barriers; what each thread is.
void WgmmaKernel::initialize() {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  Value memory = gpu::DynamicSharedMemoryOp::create(
      b, loc,
      MemRefType::get({ShapedType::kDynamic}, b.getI8Type(),
                      MemRefLayoutAttrInterface(), space));
  Value address = arith::IndexCastOp::create(
      b, loc, b.getI64Type(),
      memref::ExtractAlignedPointerAsIndexOp::create(b, loc, memory));
  address = compute<arith::AndIOp>(
      compute<arith::AddIOp>(address, i64(atomBytes - 1)), i64(-atomBytes));
  base = LLVM::IntToPtrOp::create(
      b, loc, LLVM::LLVMPointerType::get(b.getContext(), 3), address);

  ifTrue(isZero(position.thread), [&] {
    int64_t warps = consumers * groupSize / warpSize;
    for (int64_t stage = 0; stage < stages; ++stage) {
      NVVM::MBarrierInitOp::create(b, loc, getFull(i32(stage)), i32(1),
                                   Value());
      NVVM::MBarrierInitOp::create(b, loc, getEmpty(i32(stage)), i32(warps),
                                   Value());
    }
    NVVM::FenceMbarrierInitOp::create(b, loc);
  });
  if (split > 1)
    synchronizeCluster();
  else
    gpu::BarrierOp::create(b, loc);

  // Read from one lane, so that it is known to be the same in all of a warp.
  Value id =
      arith::IndexCastOp::create(b, loc, b.getI32Type(), position.thread);
  warpGroup = NVVM::ShflOp::create(b, loc, b.getI32Type(), i32(-1),
                                   compute<arith::DivUIOp>(id, i32(groupSize)),
                                   i32(0), i32(31), NVVM::ShflKind::idx,
                                   /*return_value_and_is_valid=*/nullptr);
  thread = compute<arith::RemUIOp>(id, i32(groupSize));
}

/// Runs `body`, with `position` set, for each tile of the block; it is given
/// the number of steps of the ring so far and returns the next.
void WgmmaKernel::forEachTile(function_ref<Value(Value)> body) {
  Value first = block, step = blocks;
  if (split > 1) {
    first = divide(block, split);
    step = divide(blocks, split);
  }
  auto loop =
      scf::ForOp::create(b, loc, first, grid.all, step, ValueRange(i32(0)));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  locateTile(b, kernel, grid, loop.getInductionVar(), position);
  Value next = body(loop.getRegionIterArg(0));
  scf::YieldOp::create(b, loc, next);
}

/// Starts the copies of a stage, when it is empty.
void WgmmaKernel::copyStage(Value step, Value sum) {
  Value stage = getStage(step), full = getFull(stage);
  wait(getEmpty(stage), step, /*forPrevious=*/true);
  NVVM::MBarrierArriveExpectTxOp::create(
      b, loc, /*res=*/Type(), full, i32(stageBytes), NVVM::MemScopeKind::CTA,
      /*relaxed=*/false, /*predicate=*/Value());
  Value start = compute<arith::MulIOp>(stage, i32(stageBytes));
  for (const StagedTile &tile : tiles) {
    Value first = tile.isInput ? position.row : position.column;
    // With the sum innermost, one box; otherwise one for each span.
    int64_t length = tile.alongSum ? tile.length : span;
    for (int64_t at = 0; at < tile.length; at += length) {
      int64_t offset = tile.offset + at * TensorMap::spanBytes;
      Value point = add(first, at);
      Value target = LLVM::AddrSpaceCastOp::create(
          b, loc, LLVM::LLVMPointerType::get(b.getContext(), /*cluster=*/7),
          getShared(compute<arith::AddIOp>(start, i32(offset))));
      NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp::create(
          b, loc, target, tile.pointer,
          tile.map.getCoordinates(b, loc, tile.alongSum ? sum : point,
                                  tile.alongSum ? point : sum, position.loops),
          full, /*im2colOffsets=*/ValueRange(), /*multicastMask=*/Value(),
          /*l2CacheHint=*/Value(), NVVM::TMALoadMode::TILE,
          /*isCTAOnly=*/false, /*group=*/NVVM::CTAGroupKindAttr(),
          /*predicate=*/Value());
    }
  }
}

void WgmmaKernel::produce() {
  ifTrue(isZero(thread), [&] {
    forEachTile([&](Value first) -> Value {
      auto loop = scf::ForOp::create(b, loc, firstStep, lastStep, index(1),
                                     ValueRange(first));
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      Value step = loop.getRegionIterArg(0);
      copyStage(step, multiply(loop.getInductionVar(), span));
      scf::YieldOp::create(b, loc, compute<arith::AddIOp>(step, i32(1)));
      return loop.getResult(0);
    });
  });
}

void WgmmaKernel::launch(int64_t multiprocessors) {
  OpBuilder::InsertionGuard guard(b);
  grid = countTiles(b, kernel);
  Value steps =
      b.createOrFold<arith::CeilDivUIOp>(loc, kernel.sums.size, index(span));
  chooseSplit(multiprocessors, getConstantIntValue(steps));
  Value any = b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                            grid.all, index(0));
  auto ifAny = scf::IfOp::create(b, loc, any, /*withElseRegion=*/false);
  b.setInsertionPointToStart(ifAny.thenBlock());
  for (StagedTile &tile : tiles)
    tile.pointer =
        tile.map.create(b, kernel, tile.alongSum ? tile.length : span);
  for (Output &output : outputs)
    if (output.map)
      output.pointer = output.map->create(b, kernel, getBoxRows());
  Value one = index(1), cluster = split > 1 ? index(split) : Value();
  // Each cluster has a single tile; otherwise, blocks go from one to the next.
  Value launched = split > 1
                       ? b.createOrFold<arith::MulIOp>(loc, grid.all, cluster)
                       : b.createOrFold<arith::MinUIOp>(loc, grid.all,
                                                        index(multiprocessors));
  auto launch = gpu::LaunchOp::create(
      b, loc, launched, one, one, index((1 + consumers) * groupSize), one, one,
      i32(atomBytes + getBarriersOffset() + 2 * stages * barrierBytes),
      /*asyncTokenType=*/Type(), /*asyncDependencies=*/ValueRange(),
      /*workgroupAttributions=*/TypeRange(),
      /*privateAttributions=*/TypeRange(), cluster, split > 1 ? one : Value(),
      split > 1 ? one : Value());
  // A launch with clusters has these; its builder forgets them.
  if (split > 1)
    for (int i = 0; i < 6; ++i)
      launch.getBody().addArgument(b.getIndexType(), loc);
  b.setInsertionPointToStart(&launch.getBody().front());
  block = launch.getBlockIds().x;
  blocks = launch.getGridSize().x;
  position.thread = launch.getThreadIds().x;
  initialize();
  firstStep = index(0);
  lastStep = steps;
  if (split > 1) {
    rank = remainder(block, split);
    Value most = b.createOrFold<arith::CeilDivUIOp>(loc, steps, index(split));
    firstStep = arith::MulIOp::create(b, loc, rank, most);
    lastStep = arith::MinUIOp::create(b, loc, steps, add(firstStep, most));
  }
  auto roles = scf::IfOp::create(b, loc, isZero(warpGroup), true);
  gpu::TerminatorOp::create(b, loc);
  // With two consumers, a thread has 168 registers when they start.
  bool moves = consumers == 2;
  b.setInsertionPointToStart(roles.thenBlock());
  if (moves)
    NVVM::SetMaxRegisterOp::create(b, loc, 40,
                                   NVVM::SetMaxRegisterAction::decrease);
  produce();
  if (split > 1)
    synchronizeCluster();
  b.setInsertionPointToStart(roles.elseBlock());
  if (moves)
    NVVM::SetMaxRegisterOp::create(b, loc, 232,
                                   NVVM::SetMaxRegisterAction::increase);
  consume();
}

bool glu::fitsWgmma(const ProjectionKernel &kernel, std::string &why) {
  OpBuilder builder(kernel.op);
  return succeeded(WgmmaKernel(builder, kernel).plan(why));
}

void glu::launchWgmma(OpBuilder &builder, const ProjectionKernel &kernel,
                      int64_t multiprocessors) {
  WgmmaKernel wgmma(builder, kernel);
  std::string why;
  [[maybe_unused]] LogicalResult planned = wgmma.plan(why);
  assert(succeeded(planned) && "fitsWgmma() was not asked");
  wgmma.launch(multiprocessors);
}
