//===- FloatEmitter.h - f32 arithmetic on scalars and vectors ---*- C++ -*-===//
//
// Short names for the operations that approximations are made of, all on one
// shape, and the building blocks that several functions share.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_VECTORIZE_FLOATEMITTER_H
#define GLU_LIB_VECTORIZE_FLOATEMITTER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace glu {

/// Emits f32 arithmetic on values of one shape: scalar, or vector of any rank.
/// Every float operation is rounded as IEEE says; none carries fast-math flags,
/// which would take the error terms away, unless instructions of GPUs are asked
/// for.
class FloatEmitter {
public:
  using Value = mlir::Value;
  using Predicate = mlir::arith::CmpFPredicate;

  /// `shapedLike`: f32, f16 or bf16, or a vector of them, that gives the shape.
  /// With `useInstructions`, quotients and `exp2` are what GPUs have an
  /// instruction for, 2 ULP from the exact result.
  FloatEmitter(mlir::OpBuilder &builder, mlir::Location loc,
               mlir::Type shapedLike, bool useInstructions = false);

  bool hasExp2() const { return useInstructions; }

  /// `x` (f32, f16 or bf16) as f32, exactly.
  Value extend(Value x);
  /// f32 `x` rounded to `type`.
  Value round(Value x, mlir::Type type);

  /// A splat of the f32 nearest to `value`.
  Value constant(double value);
  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value div(Value a, Value b);
  /// Only if hasExp2().
  Value exp2(Value a);
  Value neg(Value a);
  Value abs(Value a);
  /// a b + c, rounded once.
  Value fma(Value a, Value b, Value c);
  /// The magnitude of `a` with the sign of `b`.
  Value copySign(Value a, Value b);
  /// An i1 of the shape.
  Value compare(Predicate predicate, Value a, double b);
  Value select(Value condition, Value a, Value b);

  /// min(x, limit) and max(x, limit), x where x is NaN. One instruction on x86,
  /// which arith.minimumf and arith.minnumf are not.
  Value minKeepNaN(Value x, double limit);
  Value maxKeepNaN(Value x, double limit);

  /// The sum of coefficients[i] x^i, by Horner's rule.
  Value polynomial(Value x, llvm::ArrayRef<double> coefficients);

  /// The bits of `a` as an i32, and back.
  Value toBits(Value a);
  Value fromBits(Value bits);
  Value intConstant(int32_t value);
  Value intAdd(Value a, Value b);
  Value intSub(Value a, Value b);
  Value shiftLeft(Value a, int32_t amount);
  Value shiftRightSigned(Value a, int32_t amount);
  /// A signed i32 as f32.
  Value intToFloat(Value a);

private:
  mlir::Type withElementType(mlir::Type elementType) const;
  Value splat(mlir::Type elementType, mlir::TypedAttr value);

  mlir::ImplicitLocOpBuilder b;
  mlir::Type shape, f32, i32;
  bool useInstructions;
};

} // namespace glu

#endif // GLU_LIB_VECTORIZE_FLOATEMITTER_H
