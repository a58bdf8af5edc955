//===- ExpandDots.cpp - glu-expand-dots: dot products as arithmetic -------===//

#include "glu/Target/DotProduct.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDDOTS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {
class Expander {
public:
  Expander(RewriterBase &rewriter, Location loc, const DotProduct &dot)
      : rewriter(rewriter), loc(loc), dot(dot) {}

  Value expand(Value sums, Value input, Value weights);

private:
  Value extend(Value elements, VectorType type, bool isUnsigned);

  RewriterBase &rewriter;
  Location loc;
  const DotProduct &dot;
};
} // namespace

Value Expander::extend(Value elements, VectorType type, bool isUnsigned) {
  if (isa<FloatType>(type.getElementType()))
    return arith::ExtFOp::create(rewriter, loc, type, elements);
  if (isUnsigned)
    return arith::ExtUIOp::create(rewriter, loc, type, elements);
  return arith::ExtSIOp::create(rewriter, loc, type, elements);
}

Value Expander::expand(Value sums, Value input, Value weights) {
  auto type = cast<VectorType>(sums.getType());
  // The chips begin with the last element of a group.
  for (int64_t k = dot.group - 1; k >= 0; --k) {
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < dot.lanes(); ++i)
      mask.push_back(i * dot.group + k);
    auto take = [&](Value from, bool isUnsigned) {
      Value elements =
          vector::ShuffleOp::create(rewriter, loc, from, from, mask);
      return extend(elements, type, isUnsigned);
    };
    Value x = take(input, dot.unsignedInput), w = take(weights, false);
    if (isa<FloatType>(type.getElementType())) {
      sums = math::FmaOp::create(rewriter, loc, x, w, sums);
      continue;
    }
    Value product = arith::MulIOp::create(rewriter, loc, x, w);
    sums = arith::AddIOp::create(rewriter, loc, sums, product);
  }
  return sums;
}

/// The dot product that `call` is, or null.
static const DotProduct *getDot(LLVM::CallIntrinsicOp call) {
  for (const DotProduct &dot : getDotProducts())
    if (!dot.tiles && call.getIntrin() == StringRef(dot.intrinsic))
      return &dot;
  return nullptr;
}

namespace {
struct ExpandDots : glu::impl::ExpandDotsBase<ExpandDots> {
  void runOnOperation() override {
    SmallVector<LLVM::CallIntrinsicOp> calls;
    getOperation()->walk([&](LLVM::CallIntrinsicOp call) {
      if (getDot(call))
        calls.push_back(call);
    });
    IRRewriter rewriter(&getContext());
    for (LLVM::CallIntrinsicOp call : calls) {
      const DotProduct &dot = *getDot(call);
      int64_t elements = dot.lanes() * dot.group;
      bool isFloat = dot.element == DotElement::BFloat16;
      Type sum = isFloat ? Type(rewriter.getF32Type()) : rewriter.getI32Type();
      Type factor = dot.element == DotElement::Int8 ? rewriter.getI8Type()
                    : dot.element == DotElement::Int16
                        ? rewriter.getI16Type()
                        : Type(rewriter.getBF16Type());
      auto sums = VectorType::get(dot.lanes(), sum);
      auto factors = VectorType::get(elements, factor);
      SmallVector<Type> wanted(2, factors);
      if (!dot.addsNothing)
        wanted.insert(wanted.begin(), sums);
      if (TypeRange(call.getArgs()) != TypeRange(wanted) ||
          call->getResultTypes() != TypeRange(sums)) {
        call.emitOpError("expects (") << TypeRange(wanted) << ") -> " << sums
                                      << " for '" << dot.intrinsic << "'";
        return signalPassFailure();
      }
      rewriter.setInsertionPoint(call);
      ValueRange args = call.getArgs();
      Value start = args.front();
      if (dot.addsNothing)
        start = arith::ConstantOp::create(rewriter, call.getLoc(),
                                          rewriter.getZeroAttr(sums));
      args = args.take_back(2);
      rewriter.replaceOp(call, Expander(rewriter, call.getLoc(), dot)
                                   .expand(start, args[0], args[1]));
    }
  }
};
} // namespace
