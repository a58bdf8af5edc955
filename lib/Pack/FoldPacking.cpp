//===- FoldPacking.cpp - glu-fold-packing: constant weights, packed now ---===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

namespace glu {
#define GEN_PASS_DEF_FOLDPACKING
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

namespace {

/// The elements of a static tensor, row by row.
struct Elements {
  SmallVector<int64_t> shape;
  unsigned bytes; // of one element
  std::vector<char> data;

  Elements(RankedTensorType type)
      : shape(type.getShape()),
        bytes(type.getElementType().getIntOrFloatBitWidth() / 8),
        data(type.getNumElements() * bytes) {}

  char *at(int64_t index) { return data.data() + index * bytes; }
  const char *at(int64_t index) const { return data.data() + index * bytes; }
};

/// Evaluates the few operations that packing consists of.
class Evaluator {
public:
  FailureOr<Elements> evaluate(Value value);

private:
  FailureOr<Elements> read(Attribute attribute, RankedTensorType type);
  FailureOr<Elements> evaluate(linalg::PackOp op, RankedTensorType type);
  FailureOr<Elements> evaluate(linalg::TransposeOp op, RankedTensorType type);
  FailureOr<Elements> evaluate(tensor::InsertSliceOp op, RankedTensorType type);
  FailureOr<Elements> evaluate(tensor::ExtractSliceOp op,
                               RankedTensorType type);
};

} // namespace

/// Calls `body(index, linear)` for all indices of a tensor of that shape.
static void forEachIndex(ArrayRef<int64_t> shape,
                         function_ref<void(ArrayRef<int64_t>, int64_t)> body) {
  int64_t count = ShapedType::getNumElements(shape);
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t linear = 0; linear < count; ++linear) {
    body(index, linear);
    for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

FailureOr<Elements> Evaluator::read(Attribute attribute,
                                    RankedTensorType type) {
  Elements elements(type);
  ArrayRef<char> raw;
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
    raw = dense.getRawData();
  else if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      raw = blob->getData();
  if (raw.size() == elements.bytes) {
    for (int64_t i = 0, e = type.getNumElements(); i < e; ++i)
      std::memcpy(elements.at(i), raw.data(), elements.bytes);
    return elements;
  }
  if (raw.size() != elements.data.size())
    return failure();
  llvm::copy(raw, elements.data.begin());
  return elements;
}

/// Moves the elements of `source` to a tensor with dimension perm[d] of the
/// source as dimension d, each of `tiled` by parts of `tiles`, whose insides
/// are the last dimensions; zero where the source has ended.
static Elements rearrange(const Elements &source, RankedTensorType type,
                          ArrayRef<int64_t> perm, ArrayRef<int64_t> tiled = {},
                          ArrayRef<int64_t> tiles = {}) {
  Elements result(type);
  SmallVector<int64_t> strides = computeStrides(source.shape);
  int64_t rank = source.shape.size();
  forEachIndex(result.shape, [&](ArrayRef<int64_t> index, int64_t linear) {
    SmallVector<int64_t> from(rank);
    for (int64_t d = 0; d < rank; ++d)
      from[perm.empty() ? d : perm[d]] = index[d];
    for (auto [i, dim] : llvm::enumerate(tiled))
      from[dim] = from[dim] * tiles[i] + index[rank + i];
    for (int64_t d = 0; d < rank; ++d)
      if (from[d] >= source.shape[d])
        return;
    std::memcpy(result.at(linear), source.at(linearize(from, strides)),
                result.bytes);
  });
  return result;
}

FailureOr<Elements> Evaluator::evaluate(linalg::PackOp op,
                                        RankedTensorType type) {
  Value padding = op.getPaddingValue();
  if (!op.getInnerTiles().empty() ||
      (padding && !matchPattern(padding, m_AnyZeroFloat()) &&
       !matchPattern(padding, m_Zero())))
    return failure();
  FailureOr<Elements> source = evaluate(op.getSource());
  if (failed(source))
    return failure();
  return rearrange(*source, type, op.getOuterDimsPerm(), op.getInnerDimsPos(),
                   op.getStaticInnerTiles());
}

FailureOr<Elements> Evaluator::evaluate(linalg::TransposeOp op,
                                        RankedTensorType type) {
  FailureOr<Elements> source = evaluate(op.getInput());
  if (failed(source))
    return failure();
  return rearrange(*source, type, op.getPermutation());
}

/// Calls `body(slice, whole)` with the linear indices of each element of a
/// slice and of its place in the whole tensor.
static LogicalResult
forEachSliceElement(OffsetSizeAndStrideOpInterface op, ArrayRef<int64_t> whole,
                    function_ref<void(int64_t, int64_t)> body) {
  if (ShapedType::isDynamicShape(op.getStaticOffsets()) ||
      ShapedType::isDynamicShape(op.getStaticSizes()) ||
      ShapedType::isDynamicShape(op.getStaticStrides()))
    return failure();
  SmallVector<int64_t> strides = computeStrides(whole);
  forEachIndex(
      op.getStaticSizes(), [&](ArrayRef<int64_t> index, int64_t linear) {
        int64_t at = 0;
        for (auto [d, i] : llvm::enumerate(index))
          at += (op.getStaticOffsets()[d] + i * op.getStaticStrides()[d]) *
                strides[d];
        body(linear, at);
      });
  return success();
}

FailureOr<Elements> Evaluator::evaluate(tensor::InsertSliceOp op,
                                        RankedTensorType type) {
  FailureOr<Elements> source = evaluate(op.getSource());
  if (failed(source))
    return failure();
  FailureOr<Elements> result = evaluate(op.getDest());
  if (failed(result) ||
      failed(forEachSliceElement(
          op, result->shape, [&](int64_t slice, int64_t whole) {
            std::memcpy(result->at(whole), source->at(slice), result->bytes);
          })))
    return failure();
  return result;
}

FailureOr<Elements> Evaluator::evaluate(tensor::ExtractSliceOp op,
                                        RankedTensorType type) {
  FailureOr<Elements> source = evaluate(op.getSource());
  if (failed(source))
    return failure();
  Elements result(type);
  if (failed(forEachSliceElement(
          op, source->shape, [&](int64_t slice, int64_t whole) {
            std::memcpy(result.at(slice), source->at(whole), result.bytes);
          })))
    return failure();
  return result;
}

FailureOr<Elements> Evaluator::evaluate(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() ||
      !type.getElementType().isIntOrFloat() ||
      type.getElementTypeBitWidth() % 8)
    return failure();
  Operation *op = value.getDefiningOp();
  Attribute constant;
  if (!op)
    return failure();
  if (matchPattern(value, m_Constant(&constant)))
    return read(constant, type);
  if (isa<tensor::EmptyOp>(op))
    return Elements(type);
  if (auto pack = dyn_cast<linalg::PackOp>(op))
    return evaluate(pack, type);
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op))
    return evaluate(transpose, type);
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
    return evaluate(insert, type);
  if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op))
    return evaluate(extract, type);
  return failure();
}

/// Whether something else than packing reads the value.
static bool isEndOfPacking(Operation *op) {
  return llvm::any_of(op->getUsers(), [](Operation *user) {
    return !isa<linalg::PackOp, linalg::TransposeOp, tensor::InsertSliceOp,
                tensor::ExtractSliceOp>(user);
  });
}

namespace {
struct FoldPacking : glu::impl::FoldPackingBase<FoldPacking> {
  void runOnOperation() override {
    SmallVector<Operation *> ends;
    getOperation()->walk([&](Operation *op) {
      if (isa<linalg::PackOp, tensor::InsertSliceOp>(op) && isEndOfPacking(op))
        ends.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : ends) {
      FailureOr<Elements> elements = Evaluator().evaluate(op->getResult(0));
      if (failed(elements))
        continue;
      rewriter.setInsertionPoint(op);
      auto type = cast<RankedTensorType>(op->getResult(0).getType());
      rewriter.replaceOpWithNewOp<arith::ConstantOp>(
          op, DenseElementsAttr::getFromRawBuffer(type, elements->data));
    }
  }
};
} // namespace
