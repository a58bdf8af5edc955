//===- ExpandZeroPoints.cpp - glu-expand-zero-points: plain products ------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDZEROPOINTS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
/// Rewrites one product of matrices, or a batch of them, whose inputs are (x,
/// w, zero point of x, zero point of w).
class Expander {
public:
  Expander(RewriterBase &rewriter, linalg::LinalgOp op)
      : rewriter(rewriter), loc(op.getLoc()), op(op) {}

  LogicalResult run();

private:
  Value sumUp(Value tensor, int64_t dim);
  Value makeTerm(Value sums, Value factor, Value subtrahend);
  Value multiply(ValueRange factors);
  Value subtract(Value from, Value term, int64_t droppedDim);

  RewriterBase &rewriter;
  Location loc;
  linalg::LinalgOp op;
};
} // namespace

/// The sums of `tensor` over `dim`, as i32.
Value Expander::sumUp(Value tensor, int64_t dim) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, tensor);
  sizes.erase(sizes.begin() + dim);
  Type i32 = rewriter.getI32Type();
  Value empty = tensor::EmptyOp::create(rewriter, loc, sizes, i32);
  Value zero = arith::ConstantIntOp::create(rewriter, loc, 0, 32);
  Value start = linalg::FillOp::create(rewriter, loc, zero, empty).getResult(0);
  AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators[dim] = utils::IteratorType::reduction;
  return linalg::GenericOp::create(
             rewriter, loc, start.getType(), tensor, start,
             {identity, identity.dropResult(dim)}, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value element = args[0];
               if (element.getType() != i32)
                 element = arith::ExtSIOp::create(b, loc, i32, element);
               Value sum = arith::AddIOp::create(b, loc, args[1], element);
               linalg::YieldOp::create(b, loc, sum);
             })
      .getResult(0);
}

/// sums * factor - subtrahend, if there is one.
Value Expander::makeTerm(Value sums, Value factor, Value subtrahend) {
  int64_t rank = cast<RankedTensorType>(sums.getType()).getRank();
  AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value empty = tensor::EmptyOp::create(
      rewriter, loc, tensor::getMixedSizes(rewriter, loc, sums),
      rewriter.getI32Type());
  return linalg::GenericOp::create(
             rewriter, loc, empty.getType(), sums, empty, {identity, identity},
             iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value term = arith::MulIOp::create(b, loc, args[0], factor);
               if (subtrahend)
                 term = arith::SubIOp::create(b, loc, term, subtrahend);
               linalg::YieldOp::create(b, loc, term);
             })
      .getResult(0);
}

Value Expander::multiply(ValueRange factors) {
  Value product = factors.front();
  for (Value factor : factors.drop_front())
    product = arith::MulIOp::create(rewriter, loc, product, factor);
  return product;
}

/// from - term, which does not depend on `droppedDim`.
Value Expander::subtract(Value from, Value term, int64_t droppedDim) {
  int64_t rank = cast<RankedTensorType>(from.getType()).getRank();
  AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value empty = tensor::EmptyOp::create(
      rewriter, loc, tensor::getMixedSizes(rewriter, loc, from),
      rewriter.getI32Type());
  return linalg::GenericOp::create(
             rewriter, loc, from.getType(), ValueRange{from, term}, empty,
             {identity, identity.dropResult(droppedDim), identity}, iterators,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value rest = arith::SubIOp::create(b, loc, args[0], args[1]);
               linalg::YieldOp::create(b, loc, rest);
             })
      .getResult(0);
}

LogicalResult Expander::run() {
  Value x = op->getOperand(0), w = op->getOperand(1);
  Value xZero = op->getOperand(2), wZero = op->getOperand(3);
  Value init = op.getDpsInits()[0];
  auto isSmall = [](Value value) {
    Type element = getElementTypeOrSelf(value);
    return element.isSignlessInteger() && element.getIntOrFloatBitWidth() <= 32;
  };
  if (!op.hasPureTensorSemantics() || !isSmall(x) || !isSmall(w) ||
      !xZero.getType().isInteger(32) || !wZero.getType().isInteger(32) ||
      !getElementTypeOrSelf(init).isInteger(32))
    return rewriter.notifyMatchFailure(op, "its sums are no i32 on tensors");

  rewriter.setInsertionPoint(op);
  bool isBatch = isa<linalg::QuantizedBatchMatmulOp>(op);
  int64_t row = isBatch, column = row + 1;
  Value result =
      isBatch ? linalg::BatchMatmulOp::create(rewriter, loc, init.getType(),
                                              ValueRange{x, w}, init)
                    .getResult(0)
              : linalg::MatmulOp::create(rewriter, loc, init.getType(),
                                         ValueRange{x, w}, init)
                    .getResult(0);
  // The sum of (x - a)(w - b) is that of xw, less b times the sum of x, less a
  // times the sum of w, and a times b for each element: i32 wraps around.
  bool hasInput = !matchPattern(xZero, m_Zero());
  bool hasWeight = !matchPattern(wZero, m_Zero());
  if (hasWeight) {
    Value constant;
    if (hasInput) {
      Value size = tensor::DimOp::create(rewriter, loc, x, column);
      size = arith::IndexCastOp::create(rewriter, loc, rewriter.getI32Type(),
                                        size);
      constant = multiply({xZero, wZero, size});
    }
    result =
        subtract(result, makeTerm(sumUp(x, column), wZero, constant), column);
  }
  if (hasInput)
    result = subtract(result, makeTerm(sumUp(w, row), xZero, Value()), row);
  rewriter.replaceOp(op, result);
  return success();
}

namespace {
struct ExpandZeroPoints : glu::impl::ExpandZeroPointsBase<ExpandZeroPoints> {
  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (isa<linalg::QuantizedMatmulOp, linalg::QuantizedBatchMatmulOp>(op))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      (void)Expander(rewriter, op).run();
  }
};
} // namespace
