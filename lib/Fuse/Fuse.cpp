//===- Fuse.cpp - glu-fuse: absorb projections into gated units -----------===//

#include "Absorb.h"

#include "glu/Fuse/Fuse.h"
#include "glu/Raise/Cleanup.h"
#include "glu/Raise/Compose.h"
#include "glu/Raise/Destination.h"
#include "glu/Raise/NameGating.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace glu {
#define GEN_PASS_DEF_FUSE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
/// Fuses one `glu.gate`.
class Fuser {
public:
  Fuser(RewriterBase &rewriter, GateOp gate)
      : rewriter(rewriter), gate(gate), home(gate->getBlock()) {}

  /// The new operation, or null: then nothing changed, and `reason` says why.
  GatedProjectionOp run();
  StringRef reason = "no branch is a contraction or convolution";

private:
  bool initialize();
  void findProjections();
  void absorbOperands();
  /// Gives up branches whose projection is needed elsewhere and cannot be
  /// yielded. Returns whether any was.
  bool uses(const FusedBranch &branch, unsigned dim) const {
    return branch.projection &&
           (branch.input.uses(dim) || branch.weight.uses(dim));
  }
  bool isOnlyReduction(const FusedBranch &branch, unsigned dim) const;
  void dropUnitReductions();
  bool dropUnusable();
  bool findOtherUses(FusedBranch &branch, SmallVector<Operation *> &users);
  bool composeInits();
  void orderOperands();
  void simplifyDomain();
  GatedProjectionOp emit();

  Operation *getLastOperand();
  SmallVector<Access *> getOperands();
  /// The gate's results, and the projections that are needed besides.
  SmallVector<Access> getResults() const;

  RewriterBase &rewriter;
  GateOp gate;
  Block *home;
  Domain domain;
  unsigned numParallel = 0;
  FusedBranch branches[2];
  SmallVector<Access> extras, outs;
  std::unique_ptr<Composer> inits;
  /// What the accumulators start with, in `inits`; null for zero.
  Value initValues[2];
};
} // namespace

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

bool Fuser::initialize() {
  GatedOpInterface gated = gate;
  AffineMap outMap = gated.getMap(&gate.getOutsMutable()[0]);
  SmallVector<LinearIndex> loops;
  for (unsigned dim = 0; dim < outMap.getNumDims(); ++dim) {
    Value out = gate.getOuts()[0];
    unsigned position =
        *outMap.getResultPosition(getAffineDimExpr(dim, gate.getContext()));
    domain.add(cast<RankedTensorType>(out.getType()).getDimSize(position),
               {out, position, 1});
    loops.push_back(LinearIndex::dim(dim));
  }
  SmallVector<Access> accesses;
  for (OpOperand &operand : gate->getOpOperands()) {
    auto indices = evaluate(gated.getMap(&operand), loops, domain);
    if (!indices)
      return false;
    accesses.push_back(Access{operand.get(), *indices, {}});
  }
  branches[0].start = accesses[0];
  branches[1].start = accesses[1];
  auto others = ArrayRef(accesses).drop_front(2);
  extras.append(others.begin(), others.end() - gate.getOuts().size());
  outs.append(others.end() - gate.getOuts().size(), others.end());
  for (auto [out, result] : llvm::zip_equal(outs, gate.getResults()))
    out.value = result;
  for (FusedBranch &branch : branches)
    branch.operand = branch.start.value;
  return true;
}

void Fuser::findProjections() {
  SmallVector<Access *> accesses = {&branches[0].start, &branches[1].start};
  for (Access &access : llvm::concat<Access>(extras, outs))
    accesses.push_back(&access);
  bool refined = true;
  while (refined) {
    refined = findProjection(branches[0], domain, accesses, home);
    refined |= findProjection(branches[1], domain, accesses, home);
  }
  numParallel = domain.size();
}

void Fuser::absorbOperands() {
  for (FusedBranch &branch : branches) {
    bool isValue = &branch == &branches[1];
    FusedBranch *sibling =
        isValue && branches[0].projection ? &branches[0] : nullptr;
    if (branch.projection && !absorb(branch, domain, numParallel, sibling)) {
      branch.projection.reset();
      reason = "an operand of the projection is not read linearly";
    }
  }
}

/// Whether every index is a parallel dimension of its own, whole.
static bool coversDomain(const Access &access, const Domain &domain,
                         unsigned numParallel) {
  llvm::SmallBitVector seen(numParallel);
  for (auto [i, index] : llvm::enumerate(access.indices)) {
    std::optional<unsigned> dim = index.getSingleDim();
    if (!dim || index.partial || *dim >= numParallel || seen.test(*dim) ||
        access.getExtent(i) != domain.sizes[*dim])
      return false;
    seen.set(*dim);
  }
  return seen.all();
}

/// Users of the projection, or of views of it, that are not on the way to the
/// gate. False if there are some and no result of the new operation can serve.
bool Fuser::findOtherUses(FusedBranch &branch,
                          SmallVector<Operation *> &users) {
  auto isOnTheWay = [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (user == gate) {
      for (FusedBranch &other : branches)
        if (other.projection && use.get() == other.operand)
          if (&use == &gate.getGateMutable()[0] ||
              &use == &gate.getValueMutable()[0])
            return true;
      return false;
    }
    for (FusedBranch &other : branches)
      if (other.projection)
        for (Access &view : other.views)
          if (view.value.getDefiningOp() == user)
            return true;
    return isOpTriviallyDead(user);
  };
  branch.alsoNeeded.reset();
  for (Access &view : branch.views) {
    bool found = false;
    for (OpOperand &use : view.value.getUses())
      if (!isOnTheWay(use)) {
        users.push_back(use.getOwner());
        found = true;
      }
    if (found)
      branch.alsoNeeded = view;
  }
  // Other results of the same operation must go to the other branch.
  for (Value result : branch.projection->op->getResults()) {
    if (result == branch.result.value || result.use_empty())
      continue;
    bool isSibling = llvm::any_of(branches, [&](FusedBranch &other) {
      return other.projection && other.result.value == result;
    });
    if (!isSibling)
      return false;
  }
  return !branch.alsoNeeded ||
         coversDomain(*branch.alsoNeeded, domain, numParallel);
}

SmallVector<Access *> Fuser::getOperands() {
  SmallVector<Access *> operands;
  for (FusedBranch &branch : branches) {
    if (branch.projection) {
      operands.push_back(&branch.input);
      operands.push_back(&branch.weight);
    } else {
      operands.push_back(&branch.start);
    }
  }
  for (Access &extra : extras)
    operands.push_back(&extra);
  if (inits)
    for (Access &leaf : inits->leaves)
      operands.push_back(&leaf);
  return operands;
}

/// The last operation in the block that the new operation needs; null if none.
SmallVector<Access> Fuser::getResults() const {
  SmallVector<Access> results = outs;
  for (const FusedBranch &branch : branches)
    if (branch.alsoNeeded)
      results.push_back(*branch.alsoNeeded);
  return results;
}

Operation *Fuser::getLastOperand() {
  Operation *last = nullptr;
  auto add = [&](Value value) {
    Operation *def = value ? value.getDefiningOp() : nullptr;
    if (def && def->getBlock() == home && (!last || last->isBeforeInBlock(def)))
      last = def;
  };
  for (Access *access : getOperands()) {
    add(access->value);
    for (const LinearIndex &index : access->indices)
      for (auto [offset, factor] : index.offsets)
        add(offset);
  }
  for (auto [size, source] : llvm::zip_equal(domain.sizes, domain.sources))
    if (ShapedType::isDynamic(size))
      add(source.tensor);
  return last;
}

/// Sizes of parallel dimensions from operands of the projections, which are
/// there before the destination of the gate.
static void useEarlySources(Domain &domain, ArrayRef<FusedBranch> branches,
                            unsigned numParallel) {
  for (const FusedBranch &branch : branches) {
    if (!branch.projection)
      continue;
    Projection projection = *branch.projection;
    AffineMap map = projection.getMap(projection.init);
    for (auto [i, index] : llvm::enumerate(branch.result.indices)) {
      std::optional<unsigned> dim = index.getSingleDim();
      if (!dim || index.partial || !ShapedType::isDynamic(domain.sizes[*dim]))
        continue;
      for (OpOperand *operand : {projection.lhs, projection.rhs})
        if (auto position =
                projection.getMap(operand).getResultPosition(map.getResult(i)))
          domain.sources[*dim] = {operand->get(), int64_t(*position), 1};
    }
  }
}

/// Makes the reduction `dim`, over a single element, index the operands of the
/// branch by itself, as the operation demands of one of them. Views may have
/// lost the unit dimension; false if there is none that could stand for it.
static bool indexByItself(FusedBranch &branch, unsigned dim) {
  bool found = false;
  for (Access *access : {&branch.input, &branch.weight}) {
    LinearIndex *single = nullptr, *unit = nullptr;
    for (auto [i, index] : llvm::enumerate(access->indices)) {
      if (index.getSingleDim() == dim)
        single = &index;
      else if (index.getDims().empty() && index.offsets.empty() &&
               index.constant == 0 && access->getExtent(i) == 1)
        unit = &index;
    }
    LinearIndex *chosen = single ? single : unit;
    for (LinearIndex &index : access->indices)
      index.setCoefficient(dim, &index == chosen);
    found |= chosen != nullptr;
  }
  return found;
}

/// Whether the branch has no reduction but `dim`.
bool Fuser::isOnlyReduction(const FusedBranch &branch, unsigned dim) const {
  for (unsigned other = numParallel; other < domain.size(); ++other)
    if (uses(branch, other) != (other == dim))
      return false;
  return true;
}

/// Drops reductions over a single element beside which there are others.
void Fuser::dropUnitReductions() {
  for (unsigned dim = numParallel; dim < domain.size(); ++dim) {
    if (domain.sizes[dim] != 1 ||
        llvm::any_of(branches, [&](FusedBranch &branch) {
          return isOnlyReduction(branch, dim);
        }))
      continue;
    for (Access *access : getOperands())
      for (LinearIndex &index : access->indices)
        index.setCoefficient(dim, 0);
  }
}

bool Fuser::dropUnusable() {
  dropUnitReductions();
  for (FusedBranch &branch : branches) {
    if (!branch.projection)
      continue;
    for (unsigned dim = numParallel; dim < domain.size(); ++dim)
      if (domain.sizes[dim] == 1 && isOnlyReduction(branch, dim) &&
          !indexByItself(branch, dim)) {
        reason = "the projection sums up one product, and no dimension of an "
                 "operand says so";
        branch.projection.reset();
        branch.alsoNeeded.reset();
        return true;
      }
    SmallVector<Operation *> users;
    bool usable = findOtherUses(branch, users);
    if (usable && branch.alsoNeeded) {
      useEarlySources(domain, branches, numParallel);
      Operation *last = getLastOperand();
      usable = llvm::all_of(users, [&](Operation *user) {
        Operation *ancestor = home->findAncestorOpInBlock(*user);
        return ancestor && (!last || last->isBeforeInBlock(ancestor));
      });
    }
    if (!usable) {
      reason = "the projection is also used elsewhere";
      branch.projection.reset();
      branch.alsoNeeded.reset();
      return true;
    }
  }
  return false;
}

bool Fuser::composeInits() {
  inits = std::make_unique<Composer>(domain, home);
  for (auto [i, branch] : llvm::enumerate(branches)) {
    initValues[i] = {};
    if (!branch.projection)
      continue;
    Access init{branch.projection->init->get(), branch.result.indices, {}};
    Value value = inits->compose(init);
    if (!value) {
      inits->split.reset();
      value = inits->getLeaf(init);
    }
    if (!matchPattern(value, m_AnyZeroFloat()) &&
        !matchPattern(value, m_Zero()))
      initValues[i] = value;
  }
  return llvm::all_of(inits->leaves, [&](const Access &leaf) {
    return canMaterialize(leaf, domain);
  });
}

/// The operand that both branches share is the input; else a constant, or the
/// argument of a function besides something computed, is the weight.
void Fuser::orderOperands() {
  FusedBranch &g = branches[0], &v = branches[1];
  if (g.projection && v.projection) {
    bool done = true;
    if (g.input == v.input)
      ;
    else if (g.input == v.weight)
      std::swap(v.input, v.weight);
    else if (g.weight == v.input)
      std::swap(g.input, g.weight);
    else if (g.weight == v.weight)
      for (FusedBranch &branch : branches)
        std::swap(branch.input, branch.weight);
    else
      done = false;
    if (done)
      return;
  }
  auto isConstant = [](const Access &access) {
    return matchPattern(access.value, m_Constant());
  };
  auto isArgument = [](const Access &access) {
    return isa<BlockArgument>(access.value);
  };
  for (FusedBranch &branch : branches)
    if (branch.projection &&
        ((isConstant(branch.input) && !isConstant(branch.weight)) ||
         (isArgument(branch.input) && !isArgument(branch.weight) &&
          !isConstant(branch.weight))))
      std::swap(branch.input, branch.weight);
}

/// Merges dimensions.
void Fuser::simplifyDomain() {
  SmallVector<Access *> outPtrs;
  for (Access &out : outs)
    outPtrs.push_back(&out);
  for (FusedBranch &branch : branches)
    if (branch.alsoNeeded)
      outPtrs.push_back(&*branch.alsoNeeded);
  mergeDims(domain, getOperands(), outPtrs, /*always=*/true,
            [&](unsigned a, unsigned b) {
              return (a < numParallel) == (b < numParallel);
            });
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

/// The sizes of a result, before dimensions are merged: an index is a dimension
/// of the domain or several that it was split into.
static SmallVector<OpFoldResult> getSizes(OpBuilder &builder, Location loc,
                                          const Access &out,
                                          const Domain &domain) {
  SmallVector<OpFoldResult> sizes;
  for (auto [i, index] : llvm::enumerate(out.indices)) {
    int64_t extent = out.getExtent(i);
    OpFoldResult size = builder.getIndexAttr(1);
    if (!ShapedType::isDynamic(extent)) {
      sizes.push_back(builder.getIndexAttr(extent));
      continue;
    }
    for (unsigned dim : index.getDims())
      size = affine::makeComposedFoldedAffineApply(
          builder, loc,
          builder.getAffineSymbolExpr(0) * builder.getAffineSymbolExpr(1),
          {size, domain.getSize(builder, loc, dim)});
    sizes.push_back(size);
  }
  return sizes;
}

GatedProjectionOp Fuser::emit() {
  bool anyNeeded = branches[0].alsoNeeded || branches[1].alsoNeeded;
  Location loc = gate.getLoc();
  Operation *last = anyNeeded ? getLastOperand() : nullptr;
  if (!anyNeeded)
    rewriter.setInsertionPoint(gate);
  else if (last)
    rewriter.setInsertionPointAfter(last);
  else
    rewriter.setInsertionPointToStart(home);
  orderOperands();
  // Their own sizes are values that may come later.
  SmallVector<SmallVector<OpFoldResult>> sizes;
  if (anyNeeded)
    for (const Access &out : getResults())
      sizes.push_back(getSizes(rewriter, loc, out, domain));
  simplifyDomain();

  SmallVector<SmallVector<LinearIndex>> indices;
  // What is read alike is one value, so that branches are seen to share it.
  SmallVector<std::pair<Access, Value>, 4> views;
  auto add = [&](const Access &access) {
    auto [value, left] = materialize(rewriter, loc, access, domain);
    indices.push_back(left);
    for (auto &[other, view] : views)
      if (other == access && view != value) {
        eraseDead(rewriter, value);
        return view;
      }
    views.push_back({access, value});
    return value;
  };
  SmallVector<Value> branchOperands[2], extraOperands, initOperands;
  Type types[2] = {GatedOpInterface(gate).getGateType(),
                   GatedOpInterface(gate).getValueType()};
  for (auto [operands, branch] : llvm::zip(branchOperands, branches)) {
    if (branch.projection) {
      operands.push_back(add(branch.input));
      operands.push_back(add(branch.weight));
    } else {
      operands.push_back(add(branch.start));
    }
  }
  for (Access &extra : llvm::concat<Access>(extras, inits->leaves))
    extraOperands.push_back(add(extra));
  SmallVector<Access> results = getResults();
  SmallVector<Destination, 1> destinations;
  for (auto [i, out] : llvm::enumerate(results)) {
    Value reuse = anyNeeded ? Value() : gate.getOuts()[i];
    destinations.push_back(makeDestination(rewriter, loc, out, domain, reuse));
    initOperands.push_back(destinations.back().init);
    indices.push_back(destinations.back().indices);
  }

  auto gating = [&](OpBuilder &b, Location, ValueRange arguments) {
    IRMapping mapping;
    Block *block = GatedOpInterface(gate).getGatingBlock();
    for (auto [i, leaf] : llvm::enumerate(inits->body.getArguments()))
      mapping.map(leaf, arguments[2 + extras.size() + i]);
    for (Operation &op : inits->body)
      b.clone(op, mapping);
    for (auto [i, argument] : llvm::enumerate(block->getArguments())) {
      Value value = arguments[i];
      if (i < 2 && initValues[i]) {
        Value init = mapping.lookup(initValues[i]);
        if (isa<FloatType>(types[i]))
          value = arith::AddFOp::create(b, loc, value, init);
        else
          value = arith::AddIOp::create(b, loc, value, init);
      }
      mapping.map(argument, value);
    }
    for (Operation &op : block->without_terminator())
      b.clone(op, mapping);
    SmallVector<Value> yielded;
    for (Value value : block->getTerminator()->getOperands())
      yielded.push_back(mapping.lookup(value));
    for (auto [i, branch] : llvm::enumerate(branches))
      if (branch.alsoNeeded)
        yielded.push_back(mapping.lookup(block->getArgument(i)));
    return yielded;
  };
  auto op = GatedProjectionOp::create(
      rewriter, loc, branchOperands[0], branchOperands[1], extraOperands,
      initOperands, getMaps(rewriter.getContext(), domain.size(), indices),
      gating, types[0], types[1]);

  SmallVector<Value> dead = {branches[0].operand, branches[1].operand};
  llvm::append_range(dead, gate->getOperands());
  for (auto [i, out] : llvm::enumerate(results)) {
    auto getOldSizes = [&, i = i] {
      return anyNeeded
                 ? sizes[i]
                 : tensor::getMixedSizes(rewriter, loc, gate.getOuts()[i]);
    };
    Value result = reshapeResult(rewriter, loc, op.getResult(i),
                                 destinations[i], out.value, getOldSizes);
    if (i >= outs.size())
      dead.push_back(out.value);
    rewriter.replaceAllUsesWith(out.value, result);
  }
  for (ArrayRef<OpFoldResult> old : sizes)
    for (OpFoldResult size : old)
      if (auto value = dyn_cast<Value>(size))
        dead.push_back(value);
  rewriter.eraseOp(gate);
  eraseDead(rewriter, dead);
  // Zeros that were not added.
  for (Operation &nested :
       llvm::make_early_inc_range(llvm::reverse(op.getGating().front())))
    if (isOpTriviallyDead(&nested))
      rewriter.eraseOp(&nested);
  foldBias(rewriter, op, /*isValue=*/false);
  foldBias(rewriter, op, /*isValue=*/true);
  // Biases were extras until now, with which a function has no name.
  nameGating(op);
  return op;
}

GatedProjectionOp Fuser::run() {
  if (!isa<RankedTensorType>(gate.getOuts()[0].getType()))
    return {};
  if (!initialize()) {
    reason = "its indices are not linear";
    return {};
  }
  findProjections();
  absorbOperands();
  if (!composeInits())
    return {};
  while (dropUnusable())
    if (!composeInits())
      return {};
  if (!branches[0].projection && !branches[1].projection)
    return {};
  return emit();
}

FailureOr<GatedProjectionOp> glu::fuse(RewriterBase &rewriter, GateOp gate,
                                       StringRef &reason) {
  Fuser fuser(rewriter, gate);
  if (GatedProjectionOp op = fuser.run())
    return op;
  reason = fuser.reason;
  return failure();
}

namespace {
struct Fuse : glu::impl::FuseBase<Fuse> {
  void runOnOperation() override {
    SmallVector<GateOp> gates;
    getOperation()->walk([&](GateOp gate) { gates.push_back(gate); });
    IRRewriter rewriter(&getContext());
    if (!gates.empty())
      simplifyDims(rewriter, getOperation());
    auto options = remark::RemarkOpts::name("glu-fuse").category("glu");
    for (GateOp gate : gates) {
      Location loc = gate.getLoc();
      StringRef reason;
      if (succeeded(fuse(rewriter, gate, reason)))
        remark::passed(loc, options) << "fused into glu.gated_projection";
      else
        remark::missed(loc, options) << ("not fused: " + reason).str();
    }
  }
};
} // namespace
