//===- ExpandTiles.cpp - glu-expand-tiles: tile registers as vectors ------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"

namespace glu {
#define GEN_PASS_DEF_EXPANDTILES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

static VectorType toVector(amx::TileType type) {
  return VectorType::get(type.getShape(), type.getElementType());
}

/// The memory of a tile, whose rows are `stride` elements apart, as a memref
/// of two dimensions.
static Value viewTile(OpBuilder &builder, Location loc, Value base,
                      ValueRange indices, Value stride, amx::TileType type) {
  auto metadata = memref::ExtractStridedMetadataOp::create(builder, loc, base);
  SmallVector<OpFoldResult> terms = {metadata.getConstifiedMixedOffset()};
  AffineExpr offset = builder.getAffineSymbolExpr(0);
  for (auto [index, step] :
       llvm::zip_equal(indices, metadata.getConstifiedMixedStrides())) {
    offset = offset + builder.getAffineSymbolExpr(terms.size()) *
                          builder.getAffineSymbolExpr(terms.size() + 1);
    terms.append({getAsOpFoldResult(index), step});
  }
  OpFoldResult begin =
      affine::makeComposedFoldedAffineApply(builder, loc, offset, terms);
  OpFoldResult step = stride
                          ? getAsOpFoldResult(stride)
                          : *(metadata.getConstifiedMixedStrides().end() - 2);
  SmallVector<OpFoldResult> sizes, strides = {step, builder.getIndexAttr(1)};
  for (int64_t size : type.getShape())
    sizes.push_back(builder.getIndexAttr(size));
  return memref::ReinterpretCastOp::create(
      builder, loc, metadata.getBaseBuffer(), begin, sizes, strides);
}

static Value extend(OpBuilder &builder, Location loc, Value value, Type element,
                    bool isUnsigned) {
  Type type = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(element);
  if (isa<FloatType>(element))
    return arith::ExtFOp::create(builder, loc, type, value);
  if (isUnsigned)
    return arith::ExtUIOp::create(builder, loc, type, value);
  return arith::ExtSIOp::create(builder, loc, type, value);
}

/// sums + input . weights: element k of row m of the input, extended, times row
/// k / group of the weights, of which every group-th element is taken.
static Value multiply(OpBuilder &builder, Location loc, Value input,
                      Value weights, Value sums, bool unsignedInput,
                      bool unsignedWeight) {
  auto type = cast<VectorType>(sums.getType());
  auto wide = VectorType::get(type.getDimSize(1), type.getElementType());
  int64_t depth = cast<VectorType>(input.getType()).getDimSize(1);
  int64_t group =
      cast<VectorType>(weights.getType()).getDimSize(1) / type.getDimSize(1);
  SmallVector<Value> rows;
  for (int64_t k = 0; k < depth; ++k) {
    Value row = vector::ExtractOp::create(builder, loc, weights, k / group);
    SmallVector<int64_t> mask;
    for (int64_t n = 0; n < type.getDimSize(1); ++n)
      mask.push_back(n * group + k % group);
    row = vector::ShuffleOp::create(builder, loc, row, row, mask);
    rows.push_back(
        extend(builder, loc, row, type.getElementType(), unsignedWeight));
  }
  for (int64_t m = 0; m < type.getDimSize(0); ++m) {
    Value sum = vector::ExtractOp::create(builder, loc, sums, m);
    Value line = vector::ExtractOp::create(builder, loc, input, m);
    line = extend(builder, loc, line, type.getElementType(), unsignedInput);
    for (int64_t k = 0; k < depth; ++k) {
      Value x = vector::BroadcastOp::create(
          builder, loc, wide,
          vector::ExtractOp::create(builder, loc, line, k).getResult());
      if (isa<FloatType>(type.getElementType())) {
        sum = math::FmaOp::create(builder, loc, x, rows[k], sum);
        continue;
      }
      Value product = arith::MulIOp::create(builder, loc, x, rows[k]);
      sum = arith::AddIOp::create(builder, loc, sum, product);
    }
    sums = vector::InsertOp::create(builder, loc, sum, sums, m);
  }
  return sums;
}

namespace {
struct ExpandZero : OpConversionPattern<amx::TileZeroOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(amx::TileZeroOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    VectorType type = toVector(op.getTileType());
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op,
                                                   rewriter.getZeroAttr(type));
    return success();
  }
};

struct ExpandLoad : OpConversionPattern<amx::TileLoadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(amx::TileLoadOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    VectorType type = toVector(op.getTileType());
    Value view = viewTile(rewriter, loc, op.getBase(), op.getIndices(),
                          op.getStride(), op.getTileType());
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value rows =
        arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type));
    for (int64_t i = 0; i < type.getDimSize(0); ++i) {
      Value at = arith::ConstantIndexOp::create(rewriter, loc, i);
      Value row = vector::LoadOp::create(
          rewriter, loc,
          VectorType::get(type.getDimSize(1), type.getElementType()), view,
          ValueRange{at, zero});
      rows = vector::InsertOp::create(rewriter, loc, row, rows, i);
    }
    rewriter.replaceOp(op, rows);
    return success();
  }
};

struct ExpandStore : OpConversionPattern<amx::TileStoreOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(amx::TileStoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value view = viewTile(rewriter, loc, op.getBase(), op.getIndices(),
                          op.getStride(), op.getTileType());
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    for (int64_t i = 0; i < op.getTileType().getDimSize(0); ++i) {
      Value at = arith::ConstantIndexOp::create(rewriter, loc, i);
      Value row = vector::ExtractOp::create(rewriter, loc, adaptor.getVal(), i);
      vector::StoreOp::create(rewriter, loc, row, view, ValueRange{at, zero});
    }
    rewriter.eraseOp(op);
    return success();
  }
};

struct ExpandMulF : OpConversionPattern<amx::TileMulFOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(amx::TileMulFOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, multiply(rewriter, op.getLoc(), adaptor.getLhs(),
                                    adaptor.getRhs(), adaptor.getAcc(), false,
                                    false));
    return success();
  }
};

struct ExpandMulI : OpConversionPattern<amx::TileMulIOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(amx::TileMulIOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, multiply(rewriter, op.getLoc(), adaptor.getLhs(),
                                    adaptor.getRhs(), adaptor.getAcc(),
                                    op.getIsZextLhs(), op.getIsZextRhs()));
    return success();
  }
};

struct ExpandTiles : glu::impl::ExpandTilesBase<ExpandTiles> {
  void runOnOperation() override {
    TypeConverter converter;
    converter.addConversion([](Type type) { return type; });
    converter.addConversion([](amx::TileType type) { return toVector(type); });
    ConversionTarget target(getContext());
    target.addIllegalDialect<amx::AMXDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandZero, ExpandLoad, ExpandStore, ExpandMulF, ExpandMulI>(
        converter, &getContext());
    scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                         target);
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
