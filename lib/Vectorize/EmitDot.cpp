//===- EmitDot.cpp - Dot products as LLVM's intrinsics --------------------===//

#include "EmitDot.h"

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
  return std::nullopt;
}

const DotProduct *glu::lookupVectorProduct(const Target &target,
                                           linalg::LinalgOp op,
                                           const GroupProduct &product,
                                           unsigned result, int64_t group) {
  std::optional<DotElement> element = getDotElement(op, product, result);
  return element ? lookupDotProduct(target, *element, group) : nullptr;
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

Value glu::emitDot(OpBuilder &builder, Location loc, const DotProduct &dot,
                   Value sums, Value input, Value weights) {
  return LLVM::CallIntrinsicOp::create(builder, loc, sums.getType(),
                                       builder.getStringAttr(dot.intrinsic),
                                       ValueRange{sums, input, weights})
      .getResult(0);
}
