//===- ExpandNarrowFloats.cpp - glu-expand-narrow-floats: by integers -----===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDNARROWFLOATS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using llvm::APFloat;

/// Bits of the mantissa of f32 that are stored, and its exponent's bias.
static constexpr int64_t wideMantissa = 23, wideBias = 127;

/// Types whose conversions are expanded.
static bool isExpanded(Type type, bool half) {
  Type element = getElementTypeOrSelf(type);
  return isa<Float8E5M2Type, Float8E4M3Type, Float8E4M3FNType,
             Float8E5M2FNUZType, Float8E4M3FNUZType, Float8E4M3B11FNUZType,
             Float8E3M4Type>(element) ||
         (half && element.isF16());
}

namespace {
/// Emits the conversions of one narrow type, on scalars or vectors.
class Converter {
public:
  Converter(ImplicitLocOpBuilder &builder, Type narrowType);

  Value extend(Value narrow); // to f32
  Value truncate(Value wide); // from f32

private:
  Type shaped(Type element) const {
    return shape ? Type(shape.cloneWith(std::nullopt, element)) : element;
  }
  Value integer(int64_t value) {
    return constant(builder.getI32IntegerAttr(int32_t(value)));
  }
  Value powerOf2(int64_t exponent) {
    return constant(builder.getF32FloatAttr(std::ldexp(1.0f, int(exponent))));
  }
  Value constant(TypedAttr attr) {
    if (shape)
      attr = DenseElementsAttr::get(cast<ShapedType>(shaped(attr.getType())),
                                    Attribute(attr));
    return arith::ConstantOp::create(builder, attr);
  }
  template <typename OpTy>
  Value make(Value left, Value right) {
    return OpTy::create(builder, left, right);
  }
  Value compare(arith::CmpIPredicate predicate, Value left, Value right) {
    return arith::CmpIOp::create(builder, predicate, left, right);
  }
  Value select(Value condition, Value yes, Value no) {
    return arith::SelectOp::create(builder, condition, yes, no);
  }
  Value bitcast(Type element, Value value) {
    return arith::BitcastOp::create(builder, shaped(element), value);
  }
  int64_t encode(const APFloat &value) const {
    return value.bitcastToAPInt().getZExtValue();
  }

  ImplicitLocOpBuilder &builder;
  Type narrowType;
  ShapedType shape; // Null for scalars.
  const llvm::fltSemantics &semantics;
  int64_t width, mantissa, minExponent;
  /// Encodings of the largest value, of what is beyond it, and of NaN.
  int64_t largest, overflow, nan;
  bool hasInfinity, hasNegativeZero;
};
} // namespace

Converter::Converter(ImplicitLocOpBuilder &builder, Type type)
    : builder(builder), narrowType(type), shape(dyn_cast<ShapedType>(type)),
      semantics(
          cast<FloatType>(getElementTypeOrSelf(type)).getFloatSemantics()),
      width(APFloat::semanticsSizeInBits(semantics)),
      mantissa(APFloat::semanticsPrecision(semantics) - 1),
      minExponent(APFloat::semanticsMinExponent(semantics)),
      largest(encode(APFloat::getLargest(semantics))),
      nan(encode(APFloat::getNaN(semantics))),
      hasInfinity(APFloat::semanticsHasInf(semantics)),
      hasNegativeZero(APFloat::getZero(semantics, true).isNegative()) {
  overflow = hasInfinity ? encode(APFloat::getInf(semantics)) : nan;
}

// The bits of the magnitude, moved to where f32 has them, are a float that is
// too small by a power of two; so are the subnormal ones.
Value Converter::extend(Value narrow) {
  Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
  Value bits = arith::ExtUIOp::create(
      builder, shaped(i32), bitcast(builder.getIntegerType(width), narrow));
  int64_t signBit = int64_t(1) << (width - 1);
  Value magnitude = make<arith::AndIOp>(bits, integer(signBit - 1));
  Value moved =
      make<arith::ShLIOp>(magnitude, integer(wideMantissa - mantissa));
  // The bias of the narrow type is 1 - minExponent.
  Value scale = powerOf2(wideBias - (1 - minExponent));
  Value value = make<arith::MulFOp>(bitcast(f32, moved), scale);
  Value sign = make<arith::ShLIOp>(make<arith::AndIOp>(bits, integer(signBit)),
                                   integer(32 - width));
  Value result = make<arith::OrIOp>(bitcast(i32, value), sign);
  if (hasInfinity)
    result =
        select(compare(arith::CmpIPredicate::eq, magnitude, integer(overflow)),
               make<arith::OrIOp>(integer(0x7f800000), sign), result);
  Value isNaN = hasNegativeZero
                    ? compare(arith::CmpIPredicate::ugt, magnitude,
                              integer(hasInfinity ? overflow : largest))
                    : compare(arith::CmpIPredicate::eq, bits, integer(nan));
  return bitcast(f32, select(isNaN, integer(0x7fc00000), result));
}

// The magnitude in units of the last place is rounded to an integer by adding
// 2^23, to nearest, ties to even; what is carried into the exponent is right.
Value Converter::truncate(Value wide) {
  Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
  Value bits = bitcast(i32, wide);
  Value magnitude = make<arith::AndIOp>(bits, integer(0x7fffffff));
  Value exponent = make<arith::SubIOp>(
      make<arith::ShRUIOp>(magnitude, integer(wideMantissa)),
      integer(wideBias));
  exponent = make<arith::MaxSIOp>(exponent, integer(minExponent));
  Value scale = bitcast(
      f32, make<arith::ShLIOp>(
               make<arith::SubIOp>(integer(wideBias + mantissa), exponent),
               integer(wideMantissa)));
  Value units = make<arith::MulFOp>(bitcast(f32, magnitude), scale);
  Value magic = powerOf2(wideMantissa);
  Value rounded = make<arith::SubIOp>(
      bitcast(i32, make<arith::AddFOp>(units, magic)), bitcast(i32, magic));
  // The implicit bit of a normal number counts as one exponent.
  Value code = make<arith::AddIOp>(
      make<arith::ShLIOp>(make<arith::SubIOp>(exponent, integer(minExponent)),
                          integer(mantissa)),
      rounded);
  code = select(compare(arith::CmpIPredicate::sgt, code, integer(largest)),
                integer(overflow), code);
  Value isNaN =
      compare(arith::CmpIPredicate::ugt, magnitude, integer(0x7f800000));
  code = select(isNaN, integer(nan), code);
  Value sign =
      make<arith::AndIOp>(make<arith::ShRUIOp>(bits, integer(32 - width)),
                          integer(int64_t(1) << (width - 1)));
  if (!hasNegativeZero) // The code of -0 is that of NaN.
    sign = select(compare(arith::CmpIPredicate::eq, code, integer(0)),
                  integer(0), sign);
  code = make<arith::OrIOp>(code, sign);
  Value narrow = arith::TruncIOp::create(
      builder, shaped(builder.getIntegerType(width)), code);
  return arith::BitcastOp::create(builder, narrowType, narrow);
}

/// `value` in f32, or back from it.
static Value convertThroughF32(ImplicitLocOpBuilder &builder, Value value,
                               Type to, bool half) {
  Type f32 = builder.getF32Type();
  Type from = value.getType();
  Type wide = f32;
  if (auto shape = dyn_cast<ShapedType>(from))
    wide = shape.cloneWith(std::nullopt, f32);
  auto width = [](Type type) {
    return getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  };
  if (isExpanded(from, half))
    value = Converter(builder, from).extend(value);
  else if (width(from) < 32)
    value = arith::ExtFOp::create(builder, wide, value);
  else if (width(from) > 32)
    value = arith::TruncFOp::create(builder, wide, value);
  if (isExpanded(to, half))
    return Converter(builder, to).truncate(value);
  if (width(to) < 32)
    return arith::TruncFOp::create(builder, to, value);
  if (width(to) > 32)
    return arith::ExtFOp::create(builder, to, value);
  return value;
}

namespace {
template <typename OpTy>
struct ExpandConversion : OpRewritePattern<OpTy> {
  ExpandConversion(MLIRContext *context, bool half)
      : OpRewritePattern<OpTy>(context), half(half) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType(), to = op.getType();
    if (!isExpanded(from, half) && !isExpanded(to, half))
      return rewriter.notifyMatchFailure(op, "has types that chips convert");
    if (op->getAttr("roundingmode"))
      return rewriter.notifyMatchFailure(op, "sets a rounding mode");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    rewriter.replaceOp(op, convertThroughF32(builder, op.getIn(), to, half));
    return success();
  }

  bool half;
};

struct ExpandNarrowFloats
    : glu::impl::ExpandNarrowFloatsBase<ExpandNarrowFloats> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandConversion<arith::ExtFOp>,
                 ExpandConversion<arith::TruncFOp>>(&getContext(), half);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
