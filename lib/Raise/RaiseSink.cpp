//===- RaiseSink.cpp - Raises what one operation computes -----------------===//

#include "RaiseSink.h"

#include "glu/IR/GLU.h"
#include "glu/Raise/Compose.h"
#include "glu/Raise/Destination.h"
#include "glu/Raise/GatedUnit.h"
#include "glu/Raise/NameGating.h"
#include "glu/Raise/Projection.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

/// Whether `value` is computed from `from`, in the same block.
static bool dependsOn(Value value, Operation *from) {
  llvm::DenseSet<Operation *> visited;
  SmallVector<Value> worklist = {value};
  while (!worklist.empty()) {
    Operation *def = worklist.pop_back_val().getDefiningOp();
    if (def == from)
      return true;
    if (!def || def->getBlock() != from->getBlock() ||
        def->isBeforeInBlock(from) || !visited.insert(def).second)
      continue;
    def->walk([&](Operation *nested) {
      llvm::append_range(worklist, nested->getOperands());
    });
  }
  return false;
}

namespace {
/// The attempt to raise one operation.
class SinkRaiser {
public:
  SinkRaiser(RewriterBase &rewriter, Operation *sink)
      : rewriter(rewriter), sink(sink) {}

  RaiseResult run(bool probe);

private:
  bool initialize();
  /// Composes the results; refines the domain where views ask for it.
  bool compose();
  bool chooseBranches(RaiseResult &result);
  void emit();

  bool isProjection(unsigned leaf) {
    return matchProjection(composer->leaves[leaf].value).has_value();
  }
  /// Whether the leaf has an element of its own for every point of the domain.
  bool isFullRank(unsigned leaf) {
    for (unsigned dim = 0; dim < domain.size(); ++dim)
      if (domain.sizes[dim] != 1 && !composer->leaves[leaf].uses(dim))
        return false;
    return isa<RankedTensorType>(composer->leaves[leaf].value.getType());
  }
  /// Whether the leaves are mixed, and the domain is no larger than theirs:
  /// else the gating would be computed anew for every point of the rest.
  bool mixesLeaves(unsigned a, unsigned b) {
    for (unsigned dim = 0; dim < domain.size(); ++dim)
      if (domain.sizes[dim] != 1 && !composer->leaves[a].uses(dim) &&
          !composer->leaves[b].uses(dim))
        return false;
    return mixes(composer->body, results, a, b);
  }
  /// Whether the leaf is a reduction of another kind, a maximum for example.
  bool isOtherReduction(unsigned leaf) {
    auto op = composer->leaves[leaf].value.getDefiningOp<linalg::LinalgOp>();
    return op && op.getNumReductionLoops() > 0 && !isProjection(leaf);
  }
  /// Whether another leaf, which is no projection, is computed from this one.
  bool feedsLeaf(unsigned leaf) {
    return isProjection(leaf) &&
           llvm::any_of(
               llvm::seq<unsigned>(0, composer->leaves.size()),
               [&](unsigned other) {
                 Value value = composer->leaves[other].value;
                 return isa<RankedTensorType>(value.getType()) &&
                        !isProjection(other) &&
                        dependsOn(value,
                                  composer->leaves[leaf].value.getDefiningOp());
               });
  }
  bool canBeBranch(unsigned leaf) {
    Type type = composer->body.getArgument(leaf).getType();
    return isa<FloatType>(type) || type.isSignlessInteger();
  }

  RewriterBase &rewriter;
  Operation *sink;
  Domain domain;
  SmallVector<Access> outs;
  std::unique_ptr<Composer> composer;
  SmallVector<Value> results;
  unsigned gate = 0, value = 0;
};
} // namespace

/// The tensor that gives the sizes of the result, which should not be one that
/// is about to go.
static Value getShapeSource(Operation *op, unsigned result) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return linalgOp.getDpsInitOperand(result)->get();
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType())) {
      Operation *def = operand.getDefiningOp();
      auto next =
          def && isElementwise(def)
              ? getShapeSource(def, cast<OpResult>(operand).getResultNumber())
              : Value();
      return next ? next : operand;
    }
  return {};
}

/// Static sizes of the result's dimensions that a cast on the way hid: a front
/// end casts ?x?x6 to ?x1x6 and back.
static void refineSizes(Operation *sink, Domain &domain) {
  llvm::SetVector<Operation *> worklist;
  worklist.insert(sink);
  for (unsigned i = 0; i < worklist.size(); ++i) {
    Operation *op = worklist[i];
    for (OpOperand &operand : op->getOpOperands()) {
      auto type = dyn_cast<RankedTensorType>(operand.get().getType());
      auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
      if (!type || type.getRank() != int64_t(domain.size()) ||
          (linalgOp && !linalgOp.getMatchingIndexingMap(&operand).isIdentity()))
        continue;
      for (auto [size, known] : llvm::zip_equal(domain.sizes, type.getShape()))
        if (ShapedType::isDynamic(size))
          size = known;
      Operation *def = operand.get().getDefiningOp();
      if (!def || (!isa<tensor::CastOp>(def) && !isElementwise(def)))
        continue;
      auto producer = dyn_cast<linalg::LinalgOp>(def);
      if (!producer ||
          producer.getIndexingMapMatchingResult(cast<OpResult>(operand.get()))
              .isIdentity())
        worklist.insert(def);
    }
  }
}

bool SinkRaiser::initialize() {
  // The domain is the index space of the first result.
  auto type = cast<RankedTensorType>(sink->getResult(0).getType());
  Value source = getShapeSource(sink, 0);
  if (!source)
    return false;
  Access first{sink->getResult(0), {}, {}};
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    domain.add(type.getDimSize(dim), {source, dim, 1});
    first.indices.push_back(LinearIndex::dim(dim));
  }
  auto linalgOp = dyn_cast<linalg::LinalgOp>(sink);
  if (!linalgOp ||
      linalgOp.getIndexingMapMatchingResult(sink->getResult(0)).isIdentity())
    refineSizes(sink, domain);
  outs.push_back(first);
  for (unsigned i = 1; i < sink->getNumResults(); ++i) {
    AffineMap from =
        linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
    AffineMap to =
        linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(i));
    auto indices =
        evaluate(to.compose(inversePermutation(from)), first.indices, domain);
    if (!indices)
      return false;
    outs.push_back(Access{sink->getResult(i), *indices, {}});
  }
  return true;
}

bool SinkRaiser::compose() {
  SmallVector<Access *> accesses;
  for (Access &out : outs)
    accesses.push_back(&out);
  // Each split makes a dimension smaller, so that this ends.
  while (true) {
    composer = std::make_unique<Composer>(domain, sink->getBlock());
    results.clear();
    for (const Access &out : outs) {
      Value result = composer->compose(out);
      if (!result)
        break;
      results.push_back(result);
    }
    if (!composer->split)
      return results.size() == outs.size();
    splitDim(domain, accesses, *composer->split);
  }
}

bool SinkRaiser::chooseBranches(RaiseResult &result) {
  SmallVector<unsigned> projections, tensors;
  bool hasOtherReduction = false;
  for (unsigned i = 0; i < composer->leaves.size(); ++i) {
    if (!canBeBranch(i))
      continue;
    if (isProjection(i))
      projections.push_back(i);
    else if (isFullRank(i) && isOtherReduction(i))
      hasOtherReduction = true;
    else if (isFullRank(i))
      tensors.push_back(i);
  }
  if (projections.empty()) {
    // What cannot be looked into is a leaf, the sink itself too.
    if (llvm::any_of(composer->leaves, [&](const Access &leaf) {
          return leaf.value.getDefiningOp() == sink;
        }))
      result.reason = "its indices are not linear";
    else if (tensors.size() > 1)
      result.reason =
          "no operand is the result of a contraction or convolution";
    return false;
  }
  result.hasMoreProjections = projections.size() > 2;

  // Two projections that are mixed, halves of one before others; else a
  // projection and another tensor.
  std::optional<std::pair<unsigned, unsigned>> best;
  bool areMixed = false;
  auto tryPair = [&](unsigned a, unsigned b) {
    if (!mixesLeaves(a, b))
      return;
    areMixed = true;
    if (!feedsLeaf(a) && !feedsLeaf(b))
      best = {a, b};
  };
  auto areHalves = [&](unsigned a, unsigned b) {
    return composer->leaves[a].value == composer->leaves[b].value;
  };
  for (auto [n, a] : llvm::enumerate(projections))
    for (unsigned b : ArrayRef(projections).drop_front(n + 1))
      if (!best || (areHalves(a, b) && !areHalves(best->first, best->second)))
        tryPair(a, b);
  for (unsigned a : projections)
    for (unsigned b : tensors)
      if (!best)
        tryPair(a, b);
  if (!best) {
    if (areMixed)
      result.reason = "an operand is computed from the projection itself";
    else if (hasOtherReduction)
      result.reason = "an operand is a reduction, but no sum of products";
    else
      result.reason = projections.size() + tensors.size() < 2
                          ? "only one branch: a projection and an activation"
                          : "the branches are only added, not mixed";
    return false;
  }
  std::tie(gate, value) =
      orderBranches(composer->body, best->first, best->second);
  for (const Access &leaf : composer->leaves)
    if (!canMaterialize(leaf, domain)) {
      result.reason = "an operand is read in a way that no view expresses";
      return false;
    }
  return true;
}

//===----------------------------------------------------------------------===//
// The glu.gate
//===----------------------------------------------------------------------===//

/// The init of the sink if nothing is read from it, so that it can be the
/// destination of the new operation.
static Value getReusableInit(Operation *sink, unsigned result) {
  auto op = dyn_cast<linalg::LinalgOp>(sink);
  if (!op)
    return {};
  OpOperand *init = op.getDpsInitOperand(result);
  if (!op.getMatchingBlockArgument(init).use_empty() ||
      init->get().getType() != sink->getResult(result).getType())
    return {};
  return init->get();
}

void SinkRaiser::emit() {
  rewriter.setInsertionPoint(sink);
  Location loc = sink->getLoc();
  SmallVector<Access *> operandPtrs, outPtrs;
  for (Access &leaf : composer->leaves)
    operandPtrs.push_back(&leaf);
  for (Access &out : outs)
    outPtrs.push_back(&out);
  mergeDims(domain, operandPtrs, outPtrs, /*always=*/false,
            [](unsigned, unsigned) { return true; });

  SmallVector<Value> extras, inits, branchValues(2);
  SmallVector<SmallVector<LinearIndex>> indices(2);
  SmallVector<unsigned> argumentOf(composer->leaves.size());
  for (auto [i, leaf] : llvm::enumerate(composer->leaves)) {
    bool isBranch = i == gate || i == value;
    if (!isBranch && composer->body.getArgument(i).use_empty() &&
        !llvm::is_contained(results, composer->body.getArgument(i)))
      continue;
    auto [operand, left] = materialize(rewriter, loc, leaf, domain);
    if (isBranch) {
      argumentOf[i] = i == value;
      branchValues[i == value] = operand;
      indices[i == value] = left;
      continue;
    }
    argumentOf[i] = 2 + extras.size();
    extras.push_back(operand);
    indices.push_back(left);
  }
  SmallVector<Destination, 1> destinations;
  for (auto [i, out] : llvm::enumerate(outs)) {
    destinations.push_back(
        makeDestination(rewriter, loc, out, domain, getReusableInit(sink, i)));
    inits.push_back(destinations.back().init);
    indices.push_back(destinations.back().indices);
  }
  SmallVector<AffineMap> maps =
      getMaps(rewriter.getContext(), domain.size(), indices);

  auto gating = [&](OpBuilder &b, Location, ValueRange arguments) {
    IRMapping mapping;
    for (auto [i, argument] : llvm::enumerate(composer->body.getArguments()))
      if (!argument.use_empty() || llvm::is_contained(results, argument))
        mapping.map(argument, arguments[argumentOf[i]]);
    for (Operation &op : composer->body)
      b.clone(op, mapping);
    return llvm::map_to_vector(
        results, [&](Value result) { return mapping.lookup(result); });
  };
  auto op = GateOp::create(rewriter, loc, branchValues[0], branchValues[1],
                           extras, inits, maps, gating);
  nameGating(op);
  for (auto [i, result] : llvm::enumerate(op.getResults())) {
    Value old = sink->getResult(i), shape = getShapeSource(sink, i);
    Value reshaped =
        reshapeResult(rewriter, loc, result, destinations[i], old, [&] {
          return tensor::getMixedSizes(rewriter, loc, shape);
        });
    rewriter.replaceAllUsesWith(old, reshaped);
  }
}

RaiseResult SinkRaiser::run(bool probe) {
  RaiseResult result;
  if (!initialize() || !compose()) {
    result.reason = "its indices are not linear";
    return result;
  }
  if (!chooseBranches(result))
    return result;
  result.raised = true;
  if (!probe)
    emit();
  return result;
}

RaiseResult glu::raiseSink(RewriterBase &rewriter, Operation *sink,
                           bool probe) {
  return SinkRaiser(rewriter, sink).run(probe);
}
