//===- EmitDot.cpp - Dot products as LLVM's intrinsics --------------------===//

#include "EmitDot.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace glu;

/// What the elements are, if a chip may multiply them.
static std::optional<DotElement>
getDotElement(linalg::LinalgOp op, const GroupProduct &product, unsigned i) {
  Type input = getElementTypeOrSelf(product.input->get());
  Type weight = getElementTypeOrSelf(product.weight->get());
  Type sum = getElementTypeOrSelf(op.getDpsInits()[i]);
  if (input.isBF16() && weight.isBF16() && sum.isF32())
    return DotElement::BFloat16;
  if (input.isInteger(8) && weight.isInteger(8) && sum.isInteger(32))
    return DotElement::Int8;
  // Bytes of weights are widened when they are read.
  if (input.isInteger(16) && sum.isInteger(32) &&
      (weight.isInteger(8) || weight.isInteger(16)))
    return DotElement::Int16;
  return std::nullopt;
}

const DotProduct *glu::lookupVectorProduct(const Target &target,
                                           linalg::LinalgOp op,
                                           const GroupProduct &product,
                                           unsigned result, int64_t group) {
  std::optional<DotElement> element = getDotElement(op, product, result);
  const DotProduct *dot =
      element ? lookupDotProduct(target, *element, group) : nullptr;
  // A signed input can be made unsigned; nothing else can be changed.
  bool fits = dot && !product.unsignedWeight &&
              (dot->unsignedInput || !product.unsignedInput);
  return fits ? dot : nullptr;
}

const DotProduct *glu::lookupTileProduct(const Target &target,
                                         linalg::LinalgOp op,
                                         const GroupProduct &product,
                                         unsigned result, int64_t group) {
  std::optional<DotElement> element = getDotElement(op, product, result);
  return element ? lookupDotProduct(target, *element, group, /*tiles=*/true)
                 : nullptr;
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

Value glu::flipSigns(OpBuilder &builder, Location loc, Value bytes) {
  auto type = cast<VectorType>(bytes.getType());
  Value signs = arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(type, builder.getI8IntegerAttr(-128)));
  return arith::XOrIOp::create(builder, loc, bytes, signs);
}

Value glu::emitDot(OpBuilder &builder, Location loc, const DotProduct &dot,
                   Value sums, Value input, Value weights) {
  if (dot.addsNothing) {
    Value products =
        LLVM::CallIntrinsicOp::create(builder, loc, sums.getType(),
                                      builder.getStringAttr(dot.intrinsic),
                                      ValueRange{input, weights})
            .getResult(0);
    return arith::AddIOp::create(builder, loc, sums, products);
  }
  return LLVM::CallIntrinsicOp::create(builder, loc, sums.getType(),
                                       builder.getStringAttr(dot.intrinsic),
                                       ValueRange{sums, input, weights})
      .getResult(0);
}
