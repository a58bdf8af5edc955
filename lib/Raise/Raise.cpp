//===- Raise.cpp - glu-raise: recognise gating in linalg ------------------===//

#include "RaiseSink.h"

#include "glu/IR/GLU.h"
#include "glu/Raise/Cleanup.h"
#include "glu/Raise/Compose.h"
#include "glu/Raise/Projection.h"
#include "glu/Raise/Raise.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace glu {
#define GEN_PASS_DEF_RAISE
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

static bool isView(Operation *op) {
  return isa<tensor::CastOp, tensor::ExtractSliceOp, tensor::CollapseShapeOp,
             tensor::ExpandShapeOp>(op);
}

/// Whether a use that is not elementwise, or is in another block, sees `value`,
/// perhaps through views.
static bool hasOutsideUse(Value value, Block *home) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    if (user->getBlock() != home)
      return true;
    if (isView(user))
      return hasOutsideUse(user->getResult(0), home);
    return !isElementwise(user);
  });
}

/// Only moves elements about, without arithmetic.
static bool isCopy(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getBlock()->without_terminator().empty();
}

/// Whether a named product has floats and integers, which are converted in its
/// body.
static bool makesFloatsOfIntegers(linalg::LinalgOp op) {
  return op.hasPureTensorSemantics() && op.getNumReductionLoops() > 0 &&
         op.hasOnlyProjectedPermutations() &&
         llvm::any_of(*op.getBlock(), [](Operation &nested) {
           return isa<arith::SIToFPOp, arith::UIToFPOp>(nested);
         });
}

/// Whether `op` would be looked into but for its body, and reads a projection.
static bool isOpaque(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || isElementwise(op.getOperation()) ||
      isCopy(op) || op.getNumParallelLoops() != op.getNumLoops())
    return false;
  return llvm::any_of(op.getDpsInputs(), [](Value input) {
    while (Operation *def = input.getDefiningOp()) {
      if (!isView(def))
        break;
      input = def->getOperand(0);
    }
    return matchProjection(input).has_value();
  });
}

namespace {
/// Raises what is below one operation.
class Raiser {
public:
  explicit Raiser(RewriterBase &user)
      : progress(user.getListener()), rewriter(user.getContext(), &progress) {}

  void run(Operation *root);

private:
  /// Raises what `sink` computes or, where that is no unit, parts of it.
  bool raiseFrom(Operation *sink, bool isPart = false);
  bool tryRaise(Operation *sink);
  void report(Operation *op, const RaiseResult &result);

  struct Progress : RewriterBase::ForwardingListener {
    using ForwardingListener::ForwardingListener;
    void notifyOperationErased(Operation *op) override {
      erased.insert(op);
      visited.erase(op);
      ForwardingListener::notifyOperationErased(op);
    }
    llvm::DenseSet<Operation *> erased, visited;
  };
  Progress progress;
  IRRewriter rewriter;
};
} // namespace

void Raiser::report(Operation *op, const RaiseResult &result) {
  auto options = remark::RemarkOpts::name("glu-raise").category("glu");
  if (result.raised)
    remark::passed(op->getLoc(), options) << "raised to glu.gate";
  else if (!result.reason.empty() && !isCopy(op))
    remark::missed(op->getLoc(), options)
        << ("not a gated unit: " + result.reason);
}

bool Raiser::tryRaise(Operation *sink) {
  RaiseResult result = raiseSink(rewriter, sink);
  if (!result.raised)
    return false;
  report(sink, result);
  eraseDead(rewriter, SmallVector<Value>(sink->getResults()));
  return true;
}

bool Raiser::raiseFrom(Operation *sink, bool isPart) {
  if (!progress.visited.insert(sink).second)
    return false;
  RaiseResult whole = raiseSink(rewriter, sink, /*probe=*/true);
  if (whole.raised && !whole.hasMoreProjections)
    return tryRaise(sink);
  // The parts, through views.
  bool anyPart = false;
  SmallVector<Value> worklist(sink->getOperands());
  SmallVector<Operation *> parts;
  while (!worklist.empty()) {
    Operation *def = worklist.pop_back_val().getDefiningOp();
    if (!def || def->getBlock() != sink->getBlock())
      continue;
    if (isView(def) || isCopy(def))
      llvm::append_range(worklist, def->getOperands());
    else if (isElementwise(def))
      parts.push_back(def);
  }
  for (Operation *part : parts)
    if (!progress.erased.contains(part))
      anyPart |= raiseFrom(part, /*isPart=*/true);
  if (whole.raised || anyPart)
    return tryRaise(sink) || anyPart;
  if (!isPart)
    report(sink, whole);
  return false;
}

void Raiser::run(Operation *root) {
  SmallVector<linalg::LinalgOp> reductions;
  root->walk([&](linalg::LinalgOp op) {
    if (isa<linalg::GenericOp>(op) ? op.getNumReductionLoops() > 0
                                   : makesFloatsOfIntegers(op))
      reductions.push_back(op);
  });
  for (linalg::LinalgOp op : reductions) {
    if (progress.erased.contains(op))
      continue;
    rewriter.setInsertionPoint(op);
    FailureOr<linalg::GenericOp> rest = failure();
    if (auto generic = dyn_cast<linalg::GenericOp>(op.getOperation()))
      rest = generic;
    else
      rest = linalg::generalizeNamedOp(rewriter, op);
    while (succeeded(rest))
      rest = splitReductionBody(rewriter, *rest, [&](Operation *elementwise) {
        return raiseFrom(elementwise);
      });
  }

  SmallVector<Operation *> sinks;
  root->walk([&](Operation *op) {
    if (isElementwise(op) && llvm::any_of(op->getResults(), [&](Value result) {
          return hasOutsideUse(result, op->getBlock());
        }))
      sinks.push_back(op);
  });
  for (Operation *sink : sinks)
    if (!progress.erased.contains(sink))
      raiseFrom(sink);

  root->walk([&](linalg::LinalgOp op) {
    if (isOpaque(op))
      report(op, {false, "its body reads indices or has effects"});
  });
}

void glu::raiseGatedUnits(RewriterBase &rewriter, Operation *root) {
  Raiser(rewriter).run(root);
}

namespace {
struct Raise : glu::impl::RaiseBase<Raise> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto run = [&](OpPassManager &pipeline, Operation *op) {
      return runPipeline(pipeline, op);
    };
    if (failed(normalizeInput(module, run)))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    raiseGatedUnits(rewriter, module);
  }
};
} // namespace
