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

/// The elements of `weights` that belong to element k of the sum, extended, for
/// each k: row k / group, of which every group-th element is taken.
static SmallVector<Value> splitWeights(OpBuilder &builder, Location loc,
                                       Value weights, VectorType sums,
                                       int64_t depth, bool isUnsigned) {
  int64_t columns = sums.getDimSize(1);
  int64_t group = cast<VectorType>(weights.getType()).getDimSize(1) / columns;
  SmallVector<Value> rows;
  for (int64_t k = 0; k < depth; ++k) {
    Value row = vector::ExtractOp::create(builder, loc, weights, k / group);
    SmallVector<int64_t> mask;
    for (int64_t n = 0; n < columns; ++n)
      mask.push_back(n * group + k % group);
    row = vector::ShuffleOp::create(builder, loc, row, row, mask);
    rows.push_back(
        extend(builder, loc, row, sums.getElementType(), isUnsigned));
  }
  return rows;
}

/// Row by row, since LLVM has no vectors of two dimensions.
static Value loadRows(OpBuilder &builder, Location loc, Value memory,
                      VectorType type) {
  auto row = VectorType::get(type.getDimSize(1), type.getElementType());
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value rows =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  for (int64_t i = 0; i < type.getDimSize(0); ++i) {
    Value at = arith::ConstantIndexOp::create(builder, loc, i);
    Value loaded =
        vector::LoadOp::create(builder, loc, row, memory, ValueRange{at, zero});
    rows = vector::InsertOp::create(builder, loc, loaded, rows, i);
  }
  return rows;
}

static void storeRows(OpBuilder &builder, Location loc, Value rows,
                      Value memory) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  for (int64_t i = 0; i < cast<VectorType>(rows.getType()).getDimSize(0); ++i) {
    Value at = arith::ConstantIndexOp::create(builder, loc, i);
    Value row = vector::ExtractOp::create(builder, loc, rows, i);
    vector::StoreOp::create(builder, loc, row, memory, ValueRange{at, zero});
  }
}

/// A new buffer that holds `rows`.
static Value spill(OpBuilder &builder, Location loc, Value rows) {
  auto type = cast<VectorType>(rows.getType());
  Value buffer = memref::AllocOp::create(
      builder, loc, MemRefType::get(type.getShape(), type.getElementType()));
  storeRows(builder, loc, rows, buffer);
  return buffer;
}

/// sums + input . weights, in a loop over rows: unrolled it would be thousands
/// of operations, so that it goes by way of memory.
static Value multiply(OpBuilder &builder, Location loc, Value input,
                      Value weights, Value sums, bool unsignedInput,
                      bool unsignedWeight) {
  auto type = cast<VectorType>(sums.getType());
  Type element = type.getElementType();
  auto wide = VectorType::get(type.getDimSize(1), element);
  auto inputType = cast<VectorType>(input.getType());
  int64_t depth = inputType.getDimSize(1);
  SmallVector<Value> rows =
      splitWeights(builder, loc, weights, type, depth, unsignedWeight);
  Value inputs = spill(builder, loc, input), outs = spill(builder, loc, sums);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value end = arith::ConstantIndexOp::create(builder, loc, type.getDimSize(0));
  auto loop = scf::ForOp::create(builder, loc, zero, end, one);
  {
    OpBuilder::InsertionGuard inLoop(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value at[] = {loop.getInductionVar(), zero};
    Value line = vector::LoadOp::create(
        builder, loc, VectorType::get(depth, inputType.getElementType()),
        inputs, at);
    line = extend(builder, loc, line, element, unsignedInput);
    Value sum = vector::LoadOp::create(builder, loc, wide, outs, at);
    for (int64_t k = 0; k < depth; ++k) {
      Value x = vector::BroadcastOp::create(
          builder, loc, wide,
          vector::ExtractOp::create(builder, loc, line, k).getResult());
      if (isa<FloatType>(element)) {
        sum = math::FmaOp::create(builder, loc, x, rows[k], sum);
        continue;
      }
      Value product = arith::MulIOp::create(builder, loc, x, rows[k]);
      sum = arith::AddIOp::create(builder, loc, sum, product);
    }
    vector::StoreOp::create(builder, loc, sum, outs, at);
  }
  Value result = loadRows(builder, loc, outs, type);
  memref::DeallocOp::create(builder, loc, inputs);
  memref::DeallocOp::create(builder, loc, outs);
  return result;
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
    rewriter.replaceOp(op, loadRows(rewriter, loc, view, type));
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
    storeRows(rewriter, loc, adaptor.getVal(), view);
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
