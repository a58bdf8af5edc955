//===- TensorMaps.cpp - Operands as TMA copies them -----------------------===//

#include "TensorMaps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace glu;

/// Bytes that bases and strides are multiples of; and how many dimensions a map
/// may have.
static constexpr int64_t alignmentBytes = 16, maxRank = 5;

/// What the strides, in elements, are multiples of.
static SmallVector<int64_t> getStrideFactors(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!type.getLayout().isIdentity()) {
    if (failed(type.getStridesAndOffset(strides, offset)))
      return SmallVector<int64_t>(type.getRank(), 1);
    for (int64_t &stride : strides)
      stride = ShapedType::isDynamic(stride) ? 1 : stride;
    return strides;
  }
  strides.assign(type.getRank(), 1);
  int64_t factor = 1;
  for (int64_t i = type.getRank(); i-- > 0;) {
    strides[i] = factor;
    int64_t size = type.getDimSize(i);
    // Only whether it is a multiple of a few matters.
    factor *= ShapedType::isDynamic(size) || size == 0 ? 1 : size & -size;
  }
  return strides;
}

/// Whether dimensions `i` and `i + 1` are one with the stride of the latter.
static bool areContiguous(MemRefType type, unsigned i) {
  if (type.getLayout().isIdentity())
    return true;
  SmallVector<int64_t> strides;
  int64_t offset, size = type.getDimSize(i + 1);
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         !ShapedType::isDynamic(strides[i]) &&
         !ShapedType::isDynamic(strides[i + 1]) &&
         !ShapedType::isDynamic(size) && strides[i] == size * strides[i + 1];
}

/// The dimension of `operand` that the loops of `group`, taken as one, go along
/// in steps of one, or nothing.
static std::optional<unsigned> getDimension(const MappedValue &operand,
                                            const LoopGroup &group) {
  auto type = cast<MemRefType>(operand.value.getType());
  std::optional<unsigned> last;
  for (unsigned d : group.dims) {
    auto dim = operand.map.getResultPosition(
        getAffineDimExpr(d, operand.map.getContext()));
    if (!dim || (last && (*dim != *last + 1 || !areContiguous(type, *last))))
      return std::nullopt;
    last = dim;
  }
  return last;
}

FailureOr<TensorMap> TensorMap::get(const ProjectionKernel &kernel,
                                    const MappedValue &operand,
                                    const LoopGroup &first,
                                    const LoopGroup &second, std::string &why) {
  auto type = dyn_cast<MemRefType>(operand.value.getType());
  why = "an operand that is no tensor, or a convolution's";
  if (!type || !operand.map.isProjectedPermutation())
    return failure();
  std::optional<unsigned> dims[] = {getDimension(operand, first),
                                    getDimension(operand, second)};
  why = "an operand whose rows, columns or sums are more than one dimension";
  if (!dims[0] || !dims[1])
    return failure();
  unsigned bytes = type.getElementTypeBitWidth() / 8;
  TensorMap map{operand, &first, &second, *dims[0], *dims[1], bytes, {}};
  if (map.innerDim < map.acrossDim) {
    std::swap(map.inner, map.across);
    std::swap(map.innerDim, map.acrossDim);
  }
  for (unsigned d : kernel.outer.dims)
    if (operand.map.isFunctionOfDim(d))
      map.outer.push_back(d);
  why = "an operand of too many dimensions";
  if (2 + map.outer.size() > maxRank)
    return failure();

  SmallVector<int64_t> strides, factors = getStrideFactors(type);
  int64_t offset;
  why = "an operand whose innermost elements lie apart";
  if (failed(type.getStridesAndOffset(strides, offset)) ||
      map.innerDim + 1 != type.getRank() || strides[map.innerDim] != 1)
    return failure();
  int64_t alignment = alignmentBytes / bytes;
  why = "an operand whose rows are not multiples of 16 bytes apart";
  if (ShapedType::isDynamic(offset) || offset % alignment)
    return failure();
  for (unsigned d = 0; d < map.innerDim; ++d)
    if (factors[d] % alignment)
      return failure();
  why.clear();
  return map;
}

static LLVM::LLVMFuncOp getFunction(OpBuilder &builder, Operation *op,
                                    LLVM::LLVMFunctionType type) {
  constexpr StringLiteral name = "mgpuTensorMap";
  auto module = op->getParentOfType<ModuleOp>();
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(module.getBody());
  return LLVM::LLVMFuncOp::create(builder, module.getLoc(), name, type);
}

Value TensorMap::create(OpBuilder &builder, const ProjectionKernel &kernel,
                        int64_t length) const {
  Location loc = kernel.op->getLoc();
  Type i64 = builder.getI64Type();
  auto number = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Type element = getElementTypeOrSelf(operand.value);
  Value bytes = number(elementBytes);
  auto metadata =
      memref::ExtractStridedMetadataOp::create(builder, loc, operand.value);
  auto times = [&](Value a, Value b) {
    return builder.createOrFold<arith::MulIOp>(loc, a, b);
  };
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(builder, loc,
                                                              operand.value);
  base = arith::AddIOp::create(builder, loc, base,
                               times(metadata.getOffset(), bytes));

  // Innermost first. A map has no empty dimensions.
  SmallVector<Value> sizes, strides, box{number(getSpan()), number(length)};
  auto addDimension = [&](Value size, unsigned dim) {
    sizes.push_back(builder.createOrFold<arith::MaxUIOp>(loc, size, number(1)));
    strides.push_back(times(metadata.getStrides()[dim], bytes));
  };
  addDimension(inner->size, innerDim);
  addDimension(across->size, acrossDim);
  for (unsigned d : outer)
    addDimension(kernel.sizes[d], *operand.map.getResultPosition(
                                      getAffineDimExpr(d, loc.getContext())));
  // CU_TENSOR_MAP_DATA_TYPE_UINT8, _FLOAT16 or _BFLOAT16, then
  // CU_TENSOR_MAP_SWIZZLE_128B.
  int64_t elementType = elementBytes == 1 ? 0 : element.isF16() ? 6 : 9;
  SmallVector<Value> arguments{number(elementType), number(sizes.size()),
                               number(3)};
  sizes.resize(maxRank, number(1));
  strides.resize(maxRank, number(0));
  box.resize(maxRank, number(1));
  llvm::append_range(arguments, sizes);
  llvm::append_range(arguments, ArrayRef(strides).drop_front());
  llvm::append_range(arguments, box);
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  for (Value &argument : arguments)
    argument = builder.createOrFold<arith::IndexCastOp>(loc, i64, argument);
  base = arith::IndexCastOp::create(builder, loc, i64, base);
  arguments.insert(arguments.begin(),
                   LLVM::IntToPtrOp::create(builder, loc, pointer, base));
  SmallVector<Type> types = llvm::to_vector(TypeRange(ValueRange(arguments)));
  LLVM::LLVMFuncOp function = getFunction(
      builder, kernel.op, LLVM::LLVMFunctionType::get(pointer, types));
  return LLVM::CallOp::create(builder, loc, function, arguments).getResult();
}

SmallVector<Value> TensorMap::getCoordinates(OpBuilder &builder, Location loc,
                                             Value inside, Value across,
                                             ArrayRef<Value> loops) const {
  SmallVector<Value> coordinates{inside, across};
  for (unsigned d : outer)
    coordinates.push_back(loops[d]);
  for (Value &coordinate : coordinates)
    coordinate = builder.createOrFold<arith::IndexCastOp>(
        loc, builder.getI32Type(), coordinate);
  return coordinates;
}
