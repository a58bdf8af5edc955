//===- FloatEmitter.cpp - f32 arithmetic on scalars and vectors -----------===//

#include "FloatEmitter.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace glu;

FloatEmitter::FloatEmitter(OpBuilder &builder, Location loc, Type shapedLike,
                           bool useInstructions)
    : b(loc, builder), shape(shapedLike), useInstructions(useInstructions) {
  f32 = withElementType(b.getF32Type());
  i32 = withElementType(b.getI32Type());
}

Type FloatEmitter::withElementType(Type elementType) const {
  if (auto vector = dyn_cast<VectorType>(shape))
    return vector.clone(elementType);
  return elementType;
}

Value FloatEmitter::splat(Type type, TypedAttr value) {
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, Attribute(value));
  return arith::ConstantOp::create(b, value);
}

Value FloatEmitter::extend(Value x) {
  return x.getType() == f32 ? x : arith::ExtFOp::create(b, f32, x);
}

Value FloatEmitter::round(Value x, Type type) {
  return x.getType() == type ? x : arith::TruncFOp::create(b, type, x);
}

Value FloatEmitter::constant(double value) {
  return splat(f32, b.getF32FloatAttr(static_cast<float>(value)));
}
Value FloatEmitter::add(Value a, Value c) {
  return arith::AddFOp::create(b, a, c);
}
Value FloatEmitter::sub(Value a, Value c) {
  return arith::SubFOp::create(b, a, c);
}
Value FloatEmitter::mul(Value a, Value c) {
  return arith::MulFOp::create(b, a, c);
}
Value FloatEmitter::div(Value a, Value c) {
  return arith::DivFOp::create(b, a, c,
                               useInstructions ? arith::FastMathFlags::afn
                                               : arith::FastMathFlags::none);
}
Value FloatEmitter::exp2(Value a) {
  assert(useInstructions && "a call of libm elsewhere");
  return math::Exp2Op::create(b, a, arith::FastMathFlags::afn);
}
Value FloatEmitter::neg(Value a) { return arith::NegFOp::create(b, a); }
Value FloatEmitter::abs(Value a) { return math::AbsFOp::create(b, a); }
Value FloatEmitter::fma(Value a, Value c, Value d) {
  return math::FmaOp::create(b, a, c, d);
}
Value FloatEmitter::copySign(Value a, Value c) {
  return math::CopySignOp::create(b, a, c);
}
Value FloatEmitter::compare(Predicate predicate, Value a, double c) {
  return arith::CmpFOp::create(b, predicate, a, constant(c));
}
Value FloatEmitter::select(Value condition, Value a, Value c) {
  return arith::SelectOp::create(b, condition, a, c);
}

// `limit < x ? limit : x` is what minps computes, NaN and zeros included.
Value FloatEmitter::minKeepNaN(Value x, double limit) {
  Value c = constant(limit);
  Value above = arith::CmpFOp::create(b, Predicate::OLT, c, x);
  return select(above, c, x);
}
Value FloatEmitter::maxKeepNaN(Value x, double limit) {
  Value c = constant(limit);
  Value below = arith::CmpFOp::create(b, Predicate::OGT, c, x);
  return select(below, c, x);
}

Value FloatEmitter::polynomial(Value x, ArrayRef<double> coefficients) {
  Value sum = constant(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, constant(coefficient));
  return sum;
}

Value FloatEmitter::toBits(Value a) {
  return arith::BitcastOp::create(b, i32, a);
}
Value FloatEmitter::fromBits(Value bits) {
  return arith::BitcastOp::create(b, f32, bits);
}
Value FloatEmitter::intConstant(int32_t value) {
  return splat(i32, b.getI32IntegerAttr(value));
}
Value FloatEmitter::intAdd(Value a, Value c) {
  return arith::AddIOp::create(b, a, c);
}
Value FloatEmitter::intSub(Value a, Value c) {
  return arith::SubIOp::create(b, a, c);
}
Value FloatEmitter::shiftLeft(Value a, int32_t amount) {
  return arith::ShLIOp::create(b, a, intConstant(amount));
}
Value FloatEmitter::shiftRightSigned(Value a, int32_t amount) {
  return arith::ShRSIOp::create(b, a, intConstant(amount));
}
Value FloatEmitter::intToFloat(Value a) {
  return arith::SIToFPOp::create(b, f32, a);
}
