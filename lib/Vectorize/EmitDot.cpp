//===- EmitDot.cpp - Dot products as LLVM's intrinsics --------------------===//

#include "EmitDot.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

const DotProduct *glu::lookupDotProduct(const Target &target, Type input,
                                        Type weight, Type sum, int64_t group) {
  if (input.isBF16() && weight.isBF16() && sum.isF32())
    return glu::lookupDotProduct(target, DotElement::BFloat16, group);
  return nullptr;
}

Value glu::broadcastGroup(OpBuilder &builder, Location loc,
                          const DotProduct &dot, Value group) {
  // As one element of 32 bits, which is what the chip broadcasts.
  Type bits = builder.getI32Type();
  auto type = cast<VectorType>(group.getType());
  Value lane =
      vector::BitCastOp::create(builder, loc, VectorType::get(1, bits), group);
  Value scalar =
      vector::ExtractOp::create(builder, loc, lane, ArrayRef<int64_t>{0});
  Value lanes = vector::BroadcastOp::create(
      builder, loc, VectorType::get(dot.lanes(), bits), scalar);
  return vector::BitCastOp::create(
      builder, loc,
      VectorType::get(dot.lanes() * dot.group, type.getElementType()), lanes);
}

Value glu::emitDot(OpBuilder &builder, Location loc, const DotProduct &dot,
                   Value sums, Value input, Value weights) {
  return LLVM::CallIntrinsicOp::create(builder, loc, sums.getType(),
                                       builder.getStringAttr(dot.intrinsic),
                                       ValueRange{sums, input, weights})
      .getResult(0);
}
