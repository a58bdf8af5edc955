//===- Pack.cpp - glu-pack: weights as panels, rows and columns as tiles --===//

#include "PackProjection.h"

#include "glu/Target/CostModel.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace glu {
#define GEN_PASS_DEF_PACK
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

static void markPacked(Operation *op, ScheduleAttr schedule) {
  op->setAttr("glu.schedule", schedule);
  op->setAttr("glu.packed", UnitAttr::get(op->getContext()));
}

/// The weights of all contractions, in order.
static SmallVector<Packed> packWeights(const ProjectionDims &dims,
                                       ProjectionPacker &packer) {
  const Contraction &first = dims.contractions.front();
  if (dims.contractions.size() == 1)
    return {packer.packWeight(first)};
  SmallVector<Packed> weights =
      packer.packWeightPair(first, dims.contractions.back());
  if (weights.size() == 1)
    weights.push_back(weights.front());
  return weights;
}

/// Inputs and `weights` of all contractions, in order; an input that is shared
/// is packed once.
static SmallVector<Packed> packContractions(const ProjectionDims &dims,
                                            IndexingMapOpInterface op,
                                            ProjectionPacker &packer,
                                            ArrayRef<Packed> weights) {
  const Contraction &first = dims.contractions.front();
  Packed input = packer.packInput(first);
  if (dims.contractions.size() == 1)
    return {input, weights[0]};
  const Contraction &second = dims.contractions.back();
  bool shared = first.input->get() == second.input->get() &&
                op.getMatchingIndexingMap(first.input) ==
                    op.getMatchingIndexingMap(second.input);
  return {input, weights[0], shared ? input : packer.packInput(second),
          weights[1]};
}

/// The region of `op`, with g and v in the types of the sums.
static void cloneGating(GatedProjectionOp op, const ProjectionDims &dims,
                        GatedProjectionOp packed) {
  OpBuilder builder(op.getContext());
  Block *from = &op.getGating().front(), *to = &packed.getGating().front();
  to->erase();
  IRMapping mapping;
  op.getGating().cloneInto(&packed.getGating(), mapping);
  to = &packed.getGating().front();
  builder.setInsertionPointToStart(to);
  GatedOpInterface gated = op;
  Branch branches[] = {gated.getGateBranch(), gated.getValueBranch()};
  for (unsigned i = 0; i < 2; ++i) {
    BlockArgument argument = to->getArgument(i);
    Type type = from->getArgument(i).getType();
    Type sum = dims.contractions.front().accumulator;
    if (!branches[i].isProjection() || type == sum)
      continue;
    argument.setType(sum);
    Value rounded = convertScalar(builder, op.getLoc(), argument, type);
    argument.replaceAllUsesExcept(rounded, rounded.getDefiningOp());
  }
}

/// Packs a gated unit but for its weights; returns its results with padding.
static SmallVector<Value>
packGated(RewriterBase &rewriter, GatedProjectionOp op,
          const ProjectionDims &dims, ScheduleAttr schedule,
          ProjectionPacker &packer, ArrayRef<Packed> weights) {
  GatedOpInterface gated = op;
  SmallVector<Packed> projections = packContractions(dims, op, packer, weights);
  ArrayRef<Packed> rest(projections);
  SmallVector<Value> branches[2], extras, outs;
  SmallVector<AffineMap> maps;
  auto add = [&](SmallVectorImpl<Value> &values, const Packed &packed) {
    values.push_back(packed.value);
    maps.push_back(packed.map);
  };
  auto addSplit = [&](SmallVectorImpl<Value> &values, OpOperand *operand) {
    add(values, packer.split(operand->get(), gated.getMap(operand)));
  };
  for (auto [values, branch] :
       {std::pair(&branches[0], gated.getGateBranch()),
        std::pair(&branches[1], gated.getValueBranch())}) {
    if (branch.isProjection()) {
      add(*values, rest[0]);
      add(*values, rest[1]);
      rest = rest.drop_front(2);
      if (branch.bias)
        addSplit(*values, branch.bias);
    } else {
      addSplit(*values, branch.input);
    }
  }
  int64_t firstExtra = op.getExtras().getBeginOperandIndex();
  for (unsigned i = 0; i < op.getExtras().size(); ++i)
    addSplit(extras, &op->getOpOperand(firstExtra + i));
  for (OpOperand &out : op.getOutsMutable())
    add(outs, packer.makeDestination(getElementTypeOrSelf(out.get()),
                                     gated.getMap(&out)));
  auto packed = GatedProjectionOp::create(
      rewriter, op.getLoc(), branches[0], branches[1], extras, outs, maps,
      [](OpBuilder &, Location, ValueRange) -> SmallVector<Value> {
        return {};
      });
  cloneGating(op, dims, packed);
  markPacked(packed, schedule);
  SmallVector<Value> results;
  for (auto [result, out] :
       llvm::zip_equal(packed->getResults(), op.getOutsMutable()))
    results.push_back(packer.join(result, gated.getMap(&out)));
  return results;
}

/// The same of a plain contraction: a linalg.generic that adds products.
static Value packContraction(RewriterBase &rewriter, linalg::LinalgOp op,
                             const ProjectionDims &dims, ScheduleAttr schedule,
                             ProjectionPacker &packer,
                             ArrayRef<Packed> weights) {
  Location loc = op.getLoc();
  SmallVector<Packed> operands = packContractions(
      dims, cast<IndexingMapOpInterface>(op.getOperation()), packer, weights);
  OpOperand *out = op.getDpsInitOperand(0);
  AffineMap outMap = op.getMatchingIndexingMap(out);
  Type type = dims.contractions.front().accumulator;
  Packed destination = packer.makeDestination(type, outMap);
  Value start = out->get();
  if (auto cast = start.getDefiningOp<tensor::CastOp>())
    start = cast.getSource();
  if (auto fill = start.getDefiningOp<linalg::FillOp>())
    start = fill.getInputs().front();
  SplatElementsAttr splat;
  if (matchPattern(start, m_Constant(&splat)))
    start = arith::ConstantOp::create(
        rewriter, loc, cast<TypedAttr>(splat.getSplatValue<Attribute>()));
  if (isa<ShapedType>(start.getType()))
    start = out->get();
  if (!isa<ShapedType>(start.getType())) {
    start = convertScalar(rewriter, loc, start, type);
    destination.value =
        linalg::FillOp::create(rewriter, loc, start, destination.value)
            .getResult(0);
  } else {
    Packed split = packer.split(packer.convert(start, type), outMap);
    auto shaped = cast<RankedTensorType>(destination.value.getType());
    if (split.value.getType() == shaped)
      destination.value = split.value;
    else // A single row: the destination has dimensions for it.
      destination.value = tensor::ExpandShapeOp::create(
          rewriter, loc, shaped, split.value,
          *getReassociationIndicesForReshape(
              cast<ShapedType>(split.value.getType()), shaped),
          tensor::getMixedSizes(rewriter, loc, destination.value));
  }

  SmallVector<utils::IteratorType> iterators(packer.getNumDims(),
                                             utils::IteratorType::parallel);
  for (unsigned d = packer.getN0() + 1; d < packer.getNumDims(); ++d)
    iterators[d] = utils::IteratorType::reduction;
  auto packed = linalg::GenericOp::create(
      rewriter, loc, destination.value.getType(),
      ValueRange{operands[0].value, operands[1].value}, destination.value,
      {operands[0].map, operands[1].map, destination.map}, iterators,
      [&](OpBuilder &b, Location loc, ValueRange args) {
        Value x = convertScalar(b, loc, args[0], type);
        Value w = convertScalar(b, loc, args[1], type);
        linalg::YieldOp::create(b, loc, createMulAdd(b, loc, x, w, args[2]));
      });
  markPacked(packed, schedule);
  Value result = packed.getResult(0);
  auto element = getElementTypeOrSelf(out->get());
  // Rounded before the padding is cut off, or a copy would be made twice.
  return packer.join(packer.convert(result, element), outMap);
}

/// The same of any operation.
static SmallVector<Value> packRest(RewriterBase &rewriter, Operation *op,
                                   const ProjectionDims &dims,
                                   ScheduleAttr schedule,
                                   ProjectionPacker &packer,
                                   ArrayRef<Packed> weights) {
  if (auto gated = dyn_cast<GatedProjectionOp>(op))
    return packGated(rewriter, gated, dims, schedule, packer, weights);
  return {packContraction(rewriter, cast<linalg::LinalgOp>(op), dims, schedule,
                          packer, weights)};
}

/// What a single row takes of a schedule for more, with the same panels of
/// weights; null where it would be no other.
static ScheduleAttr getSingleRow(const ProjectionDims &dims,
                                 ScheduleAttr schedule) {
  // Tile registers have one height.
  if (!dims.row || !ShapedType::isDynamic(dims.getRowSize()) ||
      schedule.getRows() == 1 || schedule.getDepth() != schedule.getGroup())
    return {};
  int64_t columns = schedule.getColumns();
  int64_t task = schedule.getBlockColumns() / columns, panels = 1;
  // Dot products read one panel at a time.
  if (int64_t size = dims.getColumnSize();
      !ShapedType::isDynamic(size) && schedule.getGroup() == 1) {
    int64_t count = std::max<int64_t>(1, llvm::divideCeil(size, columns));
    // As many accumulators as the rows have, or fewer.
    panels = getLargestDivisor(count, std::min<int64_t>(4, schedule.getRows()));
    task = panels * getLargestDivisor(count / panels,
                                      std::max<int64_t>(1, task / panels));
  }
  return ScheduleAttr::get(schedule.getContext(), 1, columns, 1, task * columns,
                           schedule.getGroup(), schedule.getDepth(), panels);
}

/// Whether the row is an index by itself wherever it is one.
static bool hasPlainRows(Operation *op, const ProjectionDims &dims) {
  return dims.row && llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
           AffineMap map =
               cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(
                   &operand);
           return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
             return isa<AffineDimExpr>(expr) ||
                    !expr.isFunctionOfDim(*dims.row);
           });
         });
}

/// `op` where there is a single row of operands.
static Operation *cloneForSingleRow(RewriterBase &rewriter, Operation *op,
                                    unsigned row) {
  auto destinations = cast<DestinationStyleOpInterface>(op);
  SmallVector<Value> operands(op->getOperands());
  SmallVector<Type> types;
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    SmallVector<int64_t> shape(type.getShape());
    AffineMap map =
        cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(&operand);
    if (auto at = map.getResultPosition(rewriter.getAffineDimExpr(row)))
      shape[*at] = 1;
    Value &value = operands[operand.getOperandNumber()];
    value = rewriter.createOrFold<tensor::CastOp>(op->getLoc(),
                                                  type.clone(shape), value);
    if (destinations.isDpsInit(&operand))
      types.push_back(value.getType());
  }
  return clone(rewriter, op, types, operands);
}

/// The results, with padding, of a version for a single row, scheduled as
/// `single`, or of `op` itself.
static SmallVector<Value>
packVersions(RewriterBase &rewriter, Operation *op, const ProjectionDims &dims,
             ScheduleAttr schedule, ScheduleAttr single,
             ProjectionPacker &packer, ArrayRef<Packed> weights) {
  Location loc = op->getLoc();
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  Value rows =
      getValueOrCreateConstantIndexOp(rewriter, loc, packer.getRowSize());
  Value isOne =
      arith::CmpIOp::create(rewriter, loc, arith::CmpIPredicate::eq, rows, one);
  // What both versions yield: as many rows as the tiles have.
  SmallVector<Type> types;
  auto addSingle = [&](OpBuilder &, Location) {
    Operation *version = cloneForSingleRow(rewriter, op, *dims.row);
    // The dimensions have the same parts, whatever their sizes now suggest.
    ProjectionDims rowDims = dims;
    rowDims.sizes[*dims.row] = 1;
    for (Contraction &c : rowDims.contractions) {
      c.input = &version->getOpOperand(c.input->getOperandNumber());
      c.weight = &version->getOpOperand(c.weight->getOperandNumber());
    }
    ProjectionPacker rowPacker(rewriter, version, rowDims, single);
    SmallVector<Value> results =
        packRest(rewriter, version, rowDims, single, rowPacker, weights);
    rewriter.eraseOp(version);
    for (auto [result, out] : llvm::zip_equal(
             results,
             cast<DestinationStyleOpInterface>(op).getDpsInitsMutable())) {
      auto type = cast<RankedTensorType>(result.getType());
      SmallVector<int64_t> shape(type.getShape());
      AffineMap map =
          cast<IndexingMapOpInterface>(op).getMatchingIndexingMap(&out);
      shape[*map.getResultPosition(rewriter.getAffineDimExpr(*dims.row))] =
          ShapedType::kDynamic;
      types.push_back(type.clone(shape));
      result = tensor::CastOp::create(rewriter, loc, types.back(), result);
    }
    scf::YieldOp::create(rewriter, loc, results);
  };
  auto addOthers = [&](OpBuilder &, Location) {
    SmallVector<Value> results =
        packRest(rewriter, op, dims, schedule, packer, weights);
    for (auto [type, result] : llvm::zip_equal(types, results))
      result = rewriter.createOrFold<tensor::CastOp>(loc, type, result);
    scf::YieldOp::create(rewriter, loc, results);
  };
  OpBuilder::InsertionGuard guard(rewriter);
  return llvm::to_vector_of<Value>(
      scf::IfOp::create(rewriter, loc, isOne, addSingle, addOthers)
          .getResults());
}

namespace {
struct Pack : glu::impl::PackBase<Pack> {
  using PackBase::PackBase;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (op->hasAttr("glu.schedule") && !op->hasAttr("glu.packed"))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      std::string why;
      FailureOr<ProjectionDims> dims = ProjectionDims::get(op, why);
      if (failed(dims)) {
        op->emitOpError("has a 'glu.schedule' but cannot be packed: ") << why;
        return signalPassFailure();
      }
      auto schedule = op->getAttrOfType<ScheduleAttr>("glu.schedule");
      if (schedule.getGroup() != 1 && !dims->grouped) {
        op->emitOpError("expects a 'glu.schedule' with group = 1, since no "
                        "reduction is an index of the input by itself");
        return signalPassFailure();
      }
      if (!dims->row && schedule.getRows() != 1) {
        op->emitOpError("expects a 'glu.schedule' with rows = 1, since it has "
                        "a single row");
        return signalPassFailure();
      }
      rewriter.setInsertionPoint(op);
      ProjectionPacker packer(rewriter, op, *dims, schedule);
      SmallVector<Packed> weights = packWeights(*dims, packer);
      ScheduleAttr single;
      if (singleRow && hasPlainRows(op, *dims))
        single = getSingleRow(*dims, schedule);
      SmallVector<Value> results =
          single ? packVersions(rewriter, op, *dims, schedule, single, packer,
                                weights)
                 : packRest(rewriter, op, *dims, schedule, packer, weights);
      for (auto [result, out] : llvm::zip_equal(
               results, cast<DestinationStyleOpInterface>(op).getDpsInits()))
        result = packer.cut(result, out);
      rewriter.replaceOp(op, results);
    }
  }
};
} // namespace
