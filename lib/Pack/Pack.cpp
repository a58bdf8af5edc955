//===- Pack.cpp - glu-pack: weights as panels, rows and columns as tiles --===//

#include "PackProjection.h"

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
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

/// Inputs and weights of all contractions, in order; an input that is shared is
/// packed once.
static SmallVector<Packed> packContractions(const ProjectionDims &dims,
                                            IndexingMapOpInterface op,
                                            ProjectionPacker &packer) {
  SmallVector<Packed> operands;
  const Contraction &first = dims.contractions.front();
  Packed input = packer.packInput(first);
  if (dims.contractions.size() == 1)
    return {input, packer.packWeight(first)};
  const Contraction &second = dims.contractions.back();
  SmallVector<Packed> weights = packer.packWeightPair(first, second);
  if (weights.size() == 1)
    weights.push_back(weights.front());
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

/// Packs a gated unit.
static void packGated(RewriterBase &rewriter, GatedProjectionOp op,
                      const ProjectionDims &dims, ScheduleAttr schedule) {
  ProjectionPacker packer(rewriter, op, dims, schedule);
  GatedOpInterface gated = op;
  SmallVector<Packed> projections = packContractions(dims, op, packer);
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
    results.push_back(packer.restore(result, gated.getMap(&out), out.get()));
  rewriter.replaceOp(op, results);
}

/// Packs a plain contraction: a linalg.generic that adds products.
static void packContraction(RewriterBase &rewriter, linalg::LinalgOp op,
                            const ProjectionDims &dims, ScheduleAttr schedule) {
  ProjectionPacker packer(rewriter, op, dims, schedule);
  Location loc = op.getLoc();
  SmallVector<Packed> operands = packContractions(
      dims, cast<IndexingMapOpInterface>(op.getOperation()), packer);
  OpOperand *out = op.getDpsInitOperand(0);
  AffineMap outMap = op.getMatchingIndexingMap(out);
  Type type = dims.contractions.front().accumulator;
  Packed destination = packer.makeDestination(type, outMap);
  Value start = out->get();
  if (auto fill = start.getDefiningOp<linalg::FillOp>())
    start = fill.getInputs().front();
  SplatElementsAttr splat;
  if (matchPattern(start, m_Constant(&splat)))
    start = arith::ConstantOp::create(
        rewriter, loc, cast<TypedAttr>(splat.getSplatValue<Attribute>()));
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
  result = packer.convert(result, element);
  rewriter.replaceOp(op, packer.restore(result, outMap, out->get()));
}

namespace {
struct Pack : glu::impl::PackBase<Pack> {
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
      if (auto gated = dyn_cast<GatedProjectionOp>(op))
        packGated(rewriter, gated, *dims, schedule);
      else
        packContraction(rewriter, cast<linalg::LinalgOp>(op), *dims, schedule);
    }
  }
};
} // namespace
