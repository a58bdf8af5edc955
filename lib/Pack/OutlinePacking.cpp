//===- OutlinePacking.cpp - glu-outline-packing: pack once, run often -----===//

#include "glu/IR/GLU.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

namespace glu {
#define GEN_PASS_DEF_OUTLINEPACKING
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// The packed weights that `op` reads.
static SmallVector<Value> getPackedWeights(Operation *op) {
  SmallVector<Value> weights;
  if (auto gated = dyn_cast<GatedProjectionOp>(op)) {
    GatedOpInterface interface = gated;
    for (Branch branch :
         {interface.getGateBranch(), interface.getValueBranch()})
      if (branch.isProjection())
        weights.push_back(branch.weight->get());
  } else if (auto contraction = dyn_cast<linalg::LinalgOp>(op)) {
    weights.push_back(contraction.getDpsInputs().back());
  }
  return weights;
}

/// The operations that compute `value` from the function's arguments; nothing
/// if it depends on more than those, or has no operation of its own.
static FailureOr<SetVector<Operation *>> getPacking(Value value,
                                                    func::FuncOp function) {
  Operation *root = value.getDefiningOp();
  if (!root || root->getBlock() != &function.getBody().front() ||
      root->hasTrait<OpTrait::ConstantLike>())
    return failure();
  SetVector<Operation *> slice;
  BackwardSliceOptions options;
  options.inclusive = true;
  options.omitBlockArguments = true;
  options.omitUsesFromAbove = false;
  if (failed(getBackwardSlice(root, &slice, options)))
    return failure();
  SetVector<Operation *> packing;
  for (Operation *op : slice) {
    // Operations nested in regions come with their parents.
    if (op->getBlock() != &function.getBody().front())
      continue;
    if (!isMemoryEffectFree(op))
      return failure();
    // A contraction in the slice means that the weight is computed.
    if (op->hasAttr("glu.packed"))
      return failure();
    packing.insert(op);
  }
  return packing;
}

/// Makes @f.pack and @f.packed from @f.
static void outline(func::FuncOp function) {
  SetVector<Value> weights;
  SetVector<Operation *> packing;
  function.walk([&](Operation *op) {
    if (!op->hasAttr("glu.packed"))
      return;
    for (Value weight : getPackedWeights(op)) {
      FailureOr<SetVector<Operation *>> slice = getPacking(weight, function);
      if (failed(slice))
        continue;
      weights.insert(weight);
      packing.insert(slice->begin(), slice->end());
    }
  });

  OpBuilder builder(function);
  builder.setInsertionPointAfter(function);
  Location loc = function.getLoc();
  FunctionType type = function.getFunctionType();
  std::string name = function.getName().str();
  SmallVector<Type> packedTypes =
      llvm::map_to_vector(weights, [](Value v) { return v.getType(); });

  auto pack = func::FuncOp::create(
      builder, loc, name + ".pack",
      builder.getFunctionType(type.getInputs(), packedTypes));
  Block *body = pack.addEntryBlock();
  IRMapping mapping;
  mapping.map(function.getArguments(), body->getArguments());
  builder.setInsertionPointToStart(body);
  for (Operation &op : function.getBody().front())
    if (packing.contains(&op))
      builder.clone(op, mapping);
  SmallVector<Value> results =
      llvm::map_to_vector(weights, [&](Value v) { return mapping.lookup(v); });
  func::ReturnOp::create(builder, loc, results);

  builder.setInsertionPointAfter(pack);
  IRMapping copy;
  auto packed = cast<func::FuncOp>(builder.clone(*function, copy));
  packed.setName(name + ".packed");
  for (Value weight : weights) {
    packed.getBody().front().addArgument(weight.getType(), weight.getLoc());
    copy.lookup(weight).replaceAllUsesWith(
        packed.getBody().front().getArguments().back());
  }
  SmallVector<Type> inputs(type.getInputs());
  inputs.append(packedTypes);
  packed.setFunctionType(builder.getFunctionType(inputs, type.getResults()));
  if (ArrayAttr attributes = function.getArgAttrsAttr()) {
    SmallVector<Attribute> all(attributes.getValue());
    all.append(weights.size(), builder.getDictionaryAttr({}));
    packed.setArgAttrsAttr(builder.getArrayAttr(all));
  }
  // The packing is dead now.
  IRRewriter rewriter(builder.getContext());
  (void)runRegionDCE(rewriter, packed->getRegions());
}

namespace {
struct OutlinePacking : glu::impl::OutlinePackingBase<OutlinePacking> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> functions;
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() &&
          function.getBody().hasOneBlock())
        functions.push_back(function);
    for (func::FuncOp function : functions) {
      for (StringRef suffix : {".pack", ".packed"})
        if (symbols.lookup((function.getName() + suffix).str())) {
          function.emitError("cannot outline the packing of '")
              << function.getName() << "': there is a symbol '"
              << function.getName() << suffix << "' already";
          return signalPassFailure();
        }
      outline(function);
    }
  }
};
} // namespace
