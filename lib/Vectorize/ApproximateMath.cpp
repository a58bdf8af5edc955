//===- ApproximateMath.cpp - glu-approximate-math -------------------------===//
//
// Whole gating functions first (MatchGates finds them), then single functions.
// Approximations.h has the arithmetic.
//
//===----------------------------------------------------------------------===//

#include "glu/Transforms/ApproximateMath.h"

#include "Approximations.h"
#include "MatchGates.h"

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "llvm/ADT/SetVector.h"

namespace glu {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// Wider types go to libm, and tensors become scalars or vectors first.
static LogicalResult checkType(PatternRewriter &rewriter, Operation *op) {
  Type type = op->getResult(0).getType();
  Type element = isa<VectorType>(type) ? getElementTypeOrSelf(type) : type;
  if (isa<Float32Type, Float16Type, BFloat16Type>(element))
    return success();
  return rewriter.notifyMatchFailure(
      op, "not an f32, f16 or bf16 scalar or vector");
}

/// Whether `value` and all that is computed with it is rounded to 16 bits, and
/// nothing before that makes relative errors larger.
static bool isRounded(Value value) {
  llvm::SetVector<Value> wide;
  wide.insert(value);
  for (size_t i = 0; i < wide.size(); ++i) {
    Value next = wide[i];
    if (getElementTypeOrSelf(next.getType()).getIntOrFloatBitWidth() <= 16)
      continue;
    for (Operation *user : next.getUsers()) {
      if (!isa<arith::MulFOp, arith::DivFOp, arith::NegFOp, arith::MaximumFOp,
               arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp,
               arith::TruncFOp>(user))
        return false;
      wide.insert(user->getResult(0));
    }
  }
  // A product with itself, in whatever power, would have the error twice.
  return llvm::all_of(wide.getArrayRef().drop_front(), [&](Value product) {
    return llvm::count_if(product.getDefiningOp()->getOperands(),
                          [&](Value v) { return wide.contains(v); }) == 1;
  });
}

static Value emitGate(FloatEmitter &e, const GateMatch &match) {
  // f(x) with a negative scale is -f(-x) with a positive one.
  double scale = match.scale, factor = match.factor;
  Value x = e.extend(match.x);
  if (scale < 0 && match.kind != GateMatch::Kind::Sigmoid) {
    scale = -scale;
    factor = -factor;
    x = e.neg(x);
  }
  Value result;
  switch (match.kind) {
  case GateMatch::Kind::Sigmoid:
    result = emitSigmoid(e, x, scale);
    break;
  case GateMatch::Kind::Silu:
    result = emitSilu(e, x, scale);
    break;
  case GateMatch::Kind::Gelu:
    result = emitGelu(e, x, scale);
    break;
  case GateMatch::Kind::GeluTanh:
    result = emitGeluTanh(e, x, scale, match.cubic);
    break;
  }
  if (factor == -1)
    result = e.neg(result);
  else if (factor != 1)
    result = e.mul(result, e.constant(factor));
  return match.other ? e.mul(result, e.extend(match.other)) : result;
}

namespace {
template <typename OpTy>
struct ApproximateGate : OpRewritePattern<OpTy> {
  ApproximateGate(MLIRContext *context, bool useInstructions)
      : OpRewritePattern<OpTy>(context, /*benefit=*/2),
        useInstructions(useInstructions) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (failed(checkType(rewriter, op)))
      return failure();
    FloatEmitter e(rewriter, op.getLoc(), op.getType(),
                   useInstructions && isRounded(op));
    Value result;
    if (Value x = matchExpMinusOne(op))
      result = emitExpM1(e, e.extend(x));
    else if (std::optional<GateMatch> match = matchGate(op))
      result = emitGate(e, *match);
    else
      return rewriter.notifyMatchFailure(op, "not a gating function");
    rewriter.replaceOp(op, e.round(result, op.getType()));
    return success();
  }

  bool useInstructions;
};

template <typename OpTy>
struct ApproximateSoftplus : OpRewritePattern<OpTy> {
  ApproximateSoftplus(MLIRContext *context)
      : OpRewritePattern<OpTy>(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (failed(checkType(rewriter, op)))
      return failure();
    Value x = matchSoftplus(op);
    if (!x)
      return rewriter.notifyMatchFailure(op, "not the logarithm of 1 + exp(x)");
    FloatEmitter e(rewriter, op.getLoc(), op.getType());
    Value result = emitSoftplus(e, e.extend(x));
    rewriter.replaceOp(op, e.round(result, op.getType()));
    return success();
  }
};

/// A function of one operand, for itself.
template <typename OpTy, Value (*emit)(FloatEmitter &, Value)>
struct ApproximateFunction : OpRewritePattern<OpTy> {
  ApproximateFunction(MLIRContext *context, bool useInstructions)
      : OpRewritePattern<OpTy>(context), useInstructions(useInstructions) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    if (failed(checkType(rewriter, op)))
      return failure();
    FloatEmitter e(rewriter, op.getLoc(), op.getType(),
                   useInstructions && isRounded(op));
    Value result = emit(e, e.extend(op.getOperand()));
    rewriter.replaceOp(op, e.round(result, op.getType()));
    return success();
  }

  bool useInstructions;
};

struct ApproximateMath : glu::impl::ApproximateMathBase<ApproximateMath> {
  using ApproximateMathBase::ApproximateMathBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateApproximateMathPatterns(set, useInstructions);
    patterns = std::move(set);
    return success();
  }

  // Users before producers, which the greedy driver doesn't promise. A pattern
  // erases its root only, so that the operations before it stay valid.
  void runOnOperation() override {
    SmallVector<Operation *> operations;
    getOperation()->walk([&](Operation *op) { operations.push_back(op); });
    operations.pop_back(); // The operation that the pass runs on.
    PatternApplicator applicator(patterns);
    applicator.applyDefaultCostModel();
    PatternRewriter rewriter(&getContext());
    for (Operation *op : llvm::reverse(operations)) {
      // What is in a region is still to be visited.
      if (op->getNumRegions() == 0 && isOpTriviallyDead(op)) {
        rewriter.eraseOp(op);
        continue;
      }
      rewriter.setInsertionPoint(op);
      // An operation that no pattern takes stays as it is.
      (void)applicator.matchAndRewrite(op, rewriter);
    }
  }

  FrozenRewritePatternSet patterns;
};
} // namespace

void glu::populateApproximateMathPatterns(RewritePatternSet &patterns,
                                          bool useInstructions) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ApproximateSoftplus<math::LogOp>,
               ApproximateSoftplus<math::Log1pOp>>(context);
  patterns.add<ApproximateGate<arith::MulFOp>, ApproximateGate<arith::DivFOp>,
               ApproximateGate<arith::AddFOp>, ApproximateGate<arith::SubFOp>,
               ApproximateFunction<math::ExpOp, emitExp>,
               ApproximateFunction<math::Exp2Op, emitExp2>,
               ApproximateFunction<math::ExpM1Op, emitExpM1>,
               ApproximateFunction<math::LogOp, emitLog>,
               ApproximateFunction<math::Log1pOp, emitLog1p>,
               ApproximateFunction<math::TanhOp, emitTanh>,
               ApproximateFunction<math::ErfOp, emitErf>,
               ApproximateFunction<math::ErfcOp, emitErfc>>(context,
                                                            useInstructions);
}
