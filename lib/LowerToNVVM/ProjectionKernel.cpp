//===- ProjectionKernel.cpp - One kernel for a projection -----------------===//

#include "ProjectionKernel.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace glu;

static Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

static void collectProducts(GatedProjectionOp op,
                            SmallVectorImpl<Product> &products) {
  GatedOpInterface gated = op;
  Branch branches[] = {gated.getGateBranch(), gated.getValueBranch()};
  Type types[] = {gated.getGateType(), gated.getValueType()};
  auto get = [&](OpOperand *operand) {
    return MappedValue{operand->get(), gated.getMap(operand)};
  };
  for (auto [branch, type] : llvm::zip_equal(branches, types))
    if (branch.isProjection())
      products.push_back({get(branch.input), get(branch.weight),
                          getDefaultAccumulatorType(type)});
}

/// The same of a linalg contraction or convolution. What stands on the left is
/// the input, unless the columns of the result are its.
static void collectProducts(linalg::LinalgOp op,
                            SmallVectorImpl<Product> &products) {
  MappedValue factors[2];
  for (auto [i, operand] : llvm::enumerate(op.getDpsInputOperands()))
    factors[i] = {operand->get(), op.getMatchingIndexingMap(operand)};
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (!linalg::isaConvolutionOpInterface(op) && out.getNumResults()) {
    auto last = dyn_cast<AffineDimExpr>(out.getResults().back());
    if (last && !factors[1].map.isFunctionOfDim(last.getPosition()))
      std::swap(factors[0], factors[1]);
  }
  Type type = getElementTypeOrSelf(op.getDpsInits()[0]);
  products.push_back({factors[0], factors[1], getDefaultAccumulatorType(type)});
}

/// The size of a loop: of a dimension that it indexes by itself.
static Value createLoopSize(OpBuilder &builder, Operation *op, unsigned dim) {
  AffineExpr expr = getAffineDimExpr(dim, op->getContext());
  auto indexing = cast<IndexingMapOpInterface>(op);
  for (OpOperand &operand : op->getOpOperands())
    if (auto position =
            indexing.getMatchingIndexingMap(&operand).getResultPosition(expr))
      return builder.createOrFold<memref::DimOp>(op->getLoc(), operand.get(),
                                                 int64_t(*position));
  return {};
}

static LoopGroup makeGroup(OpBuilder &builder, Location loc,
                           ArrayRef<unsigned> dims, ValueRange sizes) {
  LoopGroup group{SmallVector<unsigned>(dims), createIndex(builder, loc, 1)};
  for (unsigned d : dims)
    group.size = builder.createOrFold<arith::MulIOp>(loc, group.size, sizes[d]);
  return group;
}

FailureOr<ProjectionKernel> ProjectionKernel::get(OpBuilder &builder,
                                                  Operation *op) {
  ProjectionKernel kernel;
  kernel.op = op;
  kernel.schedule = op->getAttrOfType<ScheduleAttr>("glu.schedule");
  if (auto gated = dyn_cast<GatedProjectionOp>(op))
    collectProducts(gated, kernel.products);
  else
    collectProducts(cast<linalg::LinalgOp>(op), kernel.products);
  Product &first = kernel.products.front(), &last = kernel.products.back();
  kernel.sharesInput = first.input.value == last.input.value &&
                       first.input.map == last.input.map;

  auto destinations = cast<DestinationStyleOpInterface>(op);
  AffineMap out = cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(
      destinations.getDpsInitOperand(0));
  SmallVector<unsigned> rows, columns, outer, sums;
  for (unsigned d = 0; d < out.getNumDims(); ++d) {
    kernel.sizes.push_back(createLoopSize(builder, op, d));
    if (!kernel.sizes.back())
      return op->emitOpError("has a loop whose size no operand has");
    auto isInput = [&](Product &p) { return p.input.map.isFunctionOfDim(d); };
    auto isWeight = [&](Product &p) { return p.weight.map.isFunctionOfDim(d); };
    bool inInput = llvm::any_of(kernel.products, isInput);
    bool inWeight = llvm::any_of(kernel.products, isWeight);
    if (!out.isFunctionOfDim(d)) {
      if (!llvm::all_of(kernel.products, isInput) ||
          !llvm::all_of(kernel.products, isWeight))
        return op->emitOpError("has branches that sum over different loops");
      sums.push_back(d);
    } else if (inWeight && !inInput) {
      columns.push_back(d);
    } else if (inInput && !inWeight) {
      rows.push_back(d);
    } else {
      outer.push_back(d);
    }
  }
  Location loc = op->getLoc();
  kernel.rows = makeGroup(builder, loc, rows, kernel.sizes);
  kernel.columns = makeGroup(builder, loc, columns, kernel.sizes);
  kernel.outer = makeGroup(builder, loc, outer, kernel.sizes);
  kernel.sums = makeGroup(builder, loc, sums, kernel.sizes);
  return kernel;
}

void glu::setLoops(OpBuilder &builder, Location loc,
                   const ProjectionKernel &kernel, const LoopGroup &group,
                   Value index, MutableArrayRef<Value> loops) {
  for (unsigned d : llvm::reverse(
           ArrayRef(group.dims).drop_front(group.dims.empty() ? 0 : 1))) {
    Value size = kernel.sizes[d];
    loops[d] = arith::RemUIOp::create(builder, loc, index, size);
    index = arith::DivUIOp::create(builder, loc, index, size);
  }
  if (!group.dims.empty())
    loops[group.dims.front()] = index;
}

TileGrid glu::countTiles(OpBuilder &builder, const ProjectionKernel &kernel) {
  Location loc = kernel.op->getLoc();
  auto count = [&](Value size, int64_t tile) {
    return builder.createOrFold<arith::CeilDivUIOp>(
        loc, size, createIndex(builder, loc, tile));
  };
  TileGrid grid;
  grid.rows = count(kernel.rows.size, kernel.schedule.getBlockRows());
  grid.columns = count(kernel.columns.size, kernel.schedule.getBlockColumns());
  grid.inBatch =
      builder.createOrFold<arith::MulIOp>(loc, grid.rows, grid.columns);
  grid.all =
      builder.createOrFold<arith::MulIOp>(loc, grid.inBatch, kernel.outer.size);
  return grid;
}

void glu::locateTile(OpBuilder &builder, const ProjectionKernel &kernel,
                     const TileGrid &grid, Value number,
                     BlockPosition &position) {
  Location loc = kernel.op->getLoc();
  auto divide = [&](Value lhs, Value rhs) -> Value {
    return arith::DivUIOp::create(builder, loc, lhs, rhs);
  };
  auto remainder = [&](Value lhs, Value rhs) -> Value {
    return arith::RemUIOp::create(builder, loc, lhs, rhs);
  };
  auto multiply = [&](Value lhs, Value rhs) -> Value {
    return arith::MulIOp::create(builder, loc, lhs, rhs);
  };
  Value zero = createIndex(builder, loc, 0);
  position.loops.assign(kernel.sizes.size(), zero);
  setLoops(builder, loc, kernel, kernel.outer, divide(number, grid.inBatch),
           position.loops);
  // Down a band of rows, then to the next column: a hundred tiles at a time are
  // about as many rows as columns.
  Value band = createIndex(builder, loc, 16);
  Value tile = remainder(number, grid.inBatch);
  Value inBand = multiply(band, grid.columns);
  Value first = multiply(divide(tile, inBand), band);
  Value height = arith::MinUIOp::create(
      builder, loc, band,
      arith::SubIOp::create(builder, loc, grid.rows, first));
  tile = remainder(tile, inBand);
  Value row =
      arith::AddIOp::create(builder, loc, first, remainder(tile, height));
  position.row =
      multiply(row, createIndex(builder, loc, kernel.schedule.getBlockRows()));
  position.column =
      multiply(divide(tile, height),
               createIndex(builder, loc, kernel.schedule.getBlockColumns()));
}

void glu::launchBlocks(
    OpBuilder &builder, const ProjectionKernel &kernel, TypeRange workgroup,
    function_ref<void(OpBuilder &, BlockPosition, ValueRange)> body) {
  Location loc = kernel.op->getLoc();
  OpBuilder::InsertionGuard guard(builder);
  Value one = createIndex(builder, loc, 1), zero = createIndex(builder, loc, 0);
  TileGrid grid = countTiles(builder, kernel);
  Value any = builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                                  grid.all, zero);
  auto ifAny = scf::IfOp::create(builder, loc, any, /*withElseRegion=*/false);
  builder.setInsertionPointToStart(ifAny.thenBlock());
  Value threads = createIndex(builder, loc, kernel.getThreads());
  auto launch = gpu::LaunchOp::create(
      builder, loc, grid.all, one, one, threads, one, one,
      /*dynamicSharedMemorySize=*/Value(), /*asyncTokenType=*/Type(),
      /*asyncDependencies=*/ValueRange(), workgroup);
  builder.setInsertionPointToStart(&launch.getBody().front());
  BlockPosition position;
  position.thread = launch.getThreadIds().x;
  locateTile(builder, kernel, grid, launch.getBlockIds().x, position);
  body(builder, position, launch.getWorkgroupAttributions());
  gpu::TerminatorOp::create(builder, loc);
}

SmallVector<Value> glu::createIndices(OpBuilder &builder, Location loc,
                                      const MappedValue &operand,
                                      ArrayRef<Value> loops) {
  SmallVector<Value> indices;
  for (AffineExpr expr : operand.map.getResults())
    indices.push_back(
        affine::expandAffineExpr(builder, loc, expr, loops, ValueRange()));
  return indices;
}

Value glu::loadElement(OpBuilder &builder, Location loc,
                       const MappedValue &operand, ArrayRef<Value> loops) {
  if (!isa<MemRefType>(operand.value.getType()))
    return operand.value;
  return memref::LoadOp::create(builder, loc, operand.value,
                                createIndices(builder, loc, operand, loops));
}

void glu::storeElement(OpBuilder &builder, Location loc, Value value,
                       const MappedValue &operand, ArrayRef<Value> loops) {
  memref::StoreOp::create(builder, loc, value, operand.value,
                          createIndices(builder, loc, operand, loops));
}

/// An operand of the epilogue, whose loops are the contraction's rows, columns
/// and batches in the order of its destination.
static MappedValue getEpilogueOperand(const ProjectionKernel &kernel,
                                      OpOperand *operand) {
  linalg::GenericOp epilogue = kernel.epilogue;
  auto contraction = cast<linalg::LinalgOp>(kernel.op);
  AffineMap out =
      contraction.getMatchingIndexingMap(contraction.getDpsInitOperand(0));
  return {operand->get(),
          epilogue.getMatchingIndexingMap(operand).compose(out)};
}

MappedValue glu::getDestination(const ProjectionKernel &kernel, unsigned i) {
  if (linalg::GenericOp epilogue = kernel.epilogue)
    return getEpilogueOperand(kernel, epilogue.getDpsInitOperand(i));
  auto destinations = cast<DestinationStyleOpInterface>(kernel.op);
  OpOperand *operand = destinations.getDpsInitOperand(i);
  return {
      operand->get(),
      cast<IndexingMapOpInterface>(kernel.op).getMatchingIndexingMap(operand)};
}

Value glu::loadDestination(OpBuilder &builder, Location loc,
                           const ProjectionKernel &kernel,
                           ArrayRef<Value> loops) {
  auto contraction = cast<linalg::LinalgOp>(kernel.op);
  OpOperand *destination = contraction.getDpsInitOperand(0);
  MappedValue mapped{destination->get(),
                     contraction.getMatchingIndexingMap(destination)};
  return convertScalar(builder, loc, loadElement(builder, loc, mapped, loops),
                       kernel.products.front().type);
}

/// The epilogue of the sum of a contraction, of the type of its destination.
static Value createEpilogue(OpBuilder &builder, const ProjectionKernel &kernel,
                            Value sum,
                            function_ref<Value(const MappedValue &)> load) {
  linalg::GenericOp epilogue = kernel.epilogue;
  Value destination = cast<linalg::LinalgOp>(kernel.op).getDpsInits()[0];
  Block *block = epilogue.getBody();
  IRMapping mapping;
  for (OpOperand *operand : epilogue.getDpsInputOperands())
    mapping.map(epilogue.getMatchingBlockArgument(operand),
                operand->get() == destination
                    ? sum
                    : load(getEpilogueOperand(kernel, operand)));
  for (Operation &nested : block->without_terminator())
    builder.clone(nested, mapping);
  return mapping.lookupOrDefault(block->getTerminator()->getOperand(0));
}

SmallVector<Value>
glu::createGating(OpBuilder &builder, Location loc,
                  const ProjectionKernel &kernel, ValueRange sums,
                  function_ref<Value(const MappedValue &)> loadOperand) {
  auto gated = dyn_cast<GatedOpInterface>(kernel.op);
  if (!gated) {
    Value destination = cast<linalg::LinalgOp>(kernel.op).getDpsInits()[0];
    Value sum = convertScalar(builder, loc, sums.front(),
                              getElementTypeOrSelf(destination));
    if (!kernel.epilogue)
      return {sum};
    return {createEpilogue(builder, kernel, sum, loadOperand)};
  }
  auto load = [&](OpOperand *operand) {
    return loadOperand({operand->get(), gated.getMap(operand)});
  };
  IRMapping mapping;
  Block *block = gated.getGatingBlock();
  Branch branches[] = {gated.getGateBranch(), gated.getValueBranch()};
  for (auto [i, branch] : llvm::enumerate(branches)) {
    Type type = block->getArgument(i).getType();
    Value value;
    if (branch.isProjection()) {
      value = convertScalar(builder, loc, sums.front(), type);
      sums = sums.drop_front();
      if (branch.bias) {
        Value bias = convertScalar(builder, loc, load(branch.bias), type);
        value = isa<FloatType>(type)
                    ? Value(arith::AddFOp::create(builder, loc, value, bias))
                    : Value(arith::AddIOp::create(builder, loc, value, bias));
      }
    } else {
      value = convertScalar(builder, loc, load(branch.input), type);
    }
    mapping.map(block->getArgument(i), value);
  }
  OperandRange extras = gated.getExtraOperands();
  for (unsigned i = 0; i < extras.size(); ++i)
    mapping.map(
        block->getArgument(2 + i),
        load(&kernel.op->getOpOperand(extras.getBeginOperandIndex() + i)));
  for (Operation &nested : block->without_terminator())
    builder.clone(nested, mapping);
  SmallVector<Value> results;
  for (Value value : block->getTerminator()->getOperands())
    results.push_back(mapping.lookup(value));
  return results;
}
