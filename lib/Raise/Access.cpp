//===- Access.cpp - Linear indices over a domain --------------------------===//

#include "Reshape.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// Domain
//===----------------------------------------------------------------------===//

unsigned Domain::add(int64_t size, SizeSource source) {
  sizes.push_back(size);
  sources.push_back(source);
  return sizes.size() - 1;
}

OpFoldResult Domain::getSize(OpBuilder &builder, Location loc,
                             unsigned dim) const {
  if (!ShapedType::isDynamic(sizes[dim]))
    return builder.getIndexAttr(sizes[dim]);
  const SizeSource &source = sources[dim];
  Value size = tensor::DimOp::create(builder, loc, source.tensor, source.dim);
  if (source.factor == 1)
    return size;
  Value factor = arith::ConstantIndexOp::create(builder, loc, source.factor);
  return arith::MulIOp::create(builder, loc, size, factor).getResult();
}

//===----------------------------------------------------------------------===//
// LinearIndex
//===----------------------------------------------------------------------===//

LinearIndex LinearIndex::dim(unsigned dim, int64_t coefficient) {
  LinearIndex index;
  index.setCoefficient(dim, coefficient);
  return index;
}

SmallVector<unsigned> LinearIndex::getDims() const {
  SmallVector<unsigned> dims;
  for (auto [dim, coefficient] : llvm::enumerate(coefficients))
    if (coefficient)
      dims.push_back(dim);
  return dims;
}

std::optional<unsigned> LinearIndex::getSingleDim() const {
  SmallVector<unsigned> dims = getDims();
  if (dims.size() != 1 || coefficients[dims[0]] != 1 || constant ||
      !offsets.empty())
    return std::nullopt;
  return dims[0];
}

void LinearIndex::setCoefficient(unsigned dim, int64_t coefficient) {
  if (dim >= coefficients.size())
    coefficients.resize(dim + 1);
  coefficients[dim] = coefficient;
  // No zeros at the end, so that equal indices are equal vectors.
  while (!coefficients.empty() && !coefficients.back())
    coefficients.pop_back();
}

LinearIndex LinearIndex::operator+(const LinearIndex &other) const {
  LinearIndex sum = *this;
  for (unsigned dim : other.getDims())
    sum.setCoefficient(dim, getCoefficient(dim) + other.getCoefficient(dim));
  llvm::append_range(sum.offsets, other.offsets);
  sum.constant += other.constant;
  sum.partial |= other.partial;
  return sum;
}

LinearIndex LinearIndex::operator*(int64_t factor) const {
  if (factor == 0)
    return LinearIndex();
  LinearIndex product = *this;
  for (int64_t &coefficient : product.coefficients)
    coefficient *= factor;
  for (auto &offset : product.offsets)
    offset.second *= factor;
  product.constant *= factor;
  return product;
}

bool LinearIndex::operator==(const LinearIndex &other) const {
  return coefficients == other.coefficients && offsets == other.offsets &&
         constant == other.constant;
}

std::optional<std::pair<int64_t, int64_t>>
LinearIndex::getRange(const Domain &domain) const {
  if (!offsets.empty())
    return std::nullopt;
  int64_t low = constant, high = constant;
  for (unsigned dim : getDims()) {
    int64_t size = domain.sizes[dim];
    if (ShapedType::isDynamic(size) || size <= 0)
      return std::nullopt;
    int64_t reach = coefficients[dim] * (size - 1);
    (reach < 0 ? low : high) += reach;
  }
  return std::make_pair(low, high);
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

bool Access::uses(unsigned dim) const {
  return llvm::any_of(indices, [&](const LinearIndex &index) {
    return index.getCoefficient(dim) != 0;
  });
}

int64_t Access::getExtent(unsigned i) const {
  auto type = cast<RankedTensorType>(value.getType());
  if (groups.empty())
    return type.getDimSize(i);
  int64_t extent = 1;
  for (int64_t dim : groups[i]) {
    if (type.isDynamicDim(dim))
      return ShapedType::kDynamic;
    extent *= type.getDimSize(dim);
  }
  return extent;
}

AffineMap glu::getMap(MLIRContext *context, unsigned numDims,
                      ArrayRef<LinearIndex> indices) {
  SmallVector<AffineExpr> results;
  for (const LinearIndex &index : indices) {
    AffineExpr expr = getAffineConstantExpr(index.constant, context);
    for (unsigned dim : index.getDims())
      expr = expr + getAffineDimExpr(dim, context) * index.getCoefficient(dim);
    results.push_back(expr);
  }
  return AffineMap::get(numDims, 0, results, context);
}

//===----------------------------------------------------------------------===//
// Evaluation of affine expressions
//===----------------------------------------------------------------------===//

/// `index` divided by `divisor`: quotient and remainder, both linear. Terms
/// that are multiples of the divisor give the quotient; the others must stay
/// below it. If they do not, `split` may say which dimension to split.
static std::optional<std::pair<LinearIndex, LinearIndex>>
divide(const LinearIndex &index, int64_t divisor, const Domain &domain,
       std::optional<DimSplit> *split = nullptr) {
  if (divisor <= 0)
    return std::nullopt;
  if (divisor == 1)
    return std::make_pair(index, LinearIndex());
  LinearIndex quotient, remainder;
  quotient.partial = remainder.partial = index.partial;
  for (unsigned dim : index.getDims()) {
    int64_t coefficient = index.getCoefficient(dim);
    if (coefficient % divisor == 0)
      quotient.setCoefficient(dim, coefficient / divisor);
    else
      remainder.setCoefficient(dim, coefficient);
  }
  for (auto [offset, factor] : index.offsets) {
    if (factor % divisor != 0)
      return std::nullopt;
    quotient.offsets.push_back({offset, factor / divisor});
  }
  remainder.constant = llvm::mod(index.constant, divisor);
  quotient.constant = (index.constant - remainder.constant) / divisor;
  if (auto range = remainder.getRange(domain);
      range && range->first >= 0 && range->second < divisor)
    return std::make_pair(quotient, remainder);
  if (!split)
    return std::nullopt;
  for (unsigned dim : remainder.getDims()) {
    int64_t coefficient = remainder.getCoefficient(dim);
    if (coefficient <= 0 || divisor % coefficient != 0)
      continue;
    int64_t inner = divisor / coefficient, size = domain.sizes[dim];
    if (!ShapedType::isDynamic(size) && size > inner && size % inner == 0) {
      *split = DimSplit{dim, inner};
      break;
    }
  }
  return std::nullopt;
}

std::optional<LinearIndex> glu::evaluate(AffineExpr expr,
                                         ArrayRef<LinearIndex> dims,
                                         const Domain &domain) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return LinearIndex(constant.getValue());
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  auto lhs = evaluate(binary.getLHS(), dims, domain);
  auto rhs = evaluate(binary.getRHS(), dims, domain);
  if (!lhs || !rhs)
    return std::nullopt;
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return *lhs + *rhs;
  case AffineExprKind::Mul:
    if (rhs->isConstant())
      return *lhs * rhs->constant;
    if (lhs->isConstant())
      return *rhs * lhs->constant;
    return std::nullopt;
  case AffineExprKind::FloorDiv:
  case AffineExprKind::Mod: {
    if (!rhs->isConstant())
      return std::nullopt;
    auto parts = divide(*lhs, rhs->constant, domain);
    if (!parts)
      return std::nullopt;
    return expr.getKind() == AffineExprKind::Mod ? parts->second : parts->first;
  }
  default:
    return std::nullopt;
  }
}

std::optional<SmallVector<LinearIndex>>
glu::evaluate(AffineMap map, ArrayRef<LinearIndex> dims, const Domain &domain) {
  SmallVector<LinearIndex> indices;
  for (AffineExpr expr : map.getResults()) {
    std::optional<LinearIndex> index = evaluate(expr, dims, domain);
    if (!index)
      return std::nullopt;
    indices.push_back(*index);
  }
  return indices;
}

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

std::optional<SmallVector<LinearIndex>>
glu::delinearize(const LinearIndex &index, ArrayRef<int64_t> sizes,
                 const Domain &domain, std::optional<DimSplit> *split) {
  SmallVector<LinearIndex> indices(sizes.size());
  LinearIndex rest = index;
  unsigned remaining = llvm::count_if(sizes, [](int64_t s) { return s != 1; });
  for (unsigned i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 1)
      continue;
    if (--remaining == 0) {
      indices[i] = rest;
      return indices;
    }
    if (ShapedType::isDynamic(sizes[i]))
      return std::nullopt;
    auto parts = divide(rest, sizes[i], domain, split);
    if (!parts)
      return std::nullopt;
    std::tie(rest, indices[i]) = *parts;
  }
  return indices;
}

std::optional<LinearIndex> glu::linearize(ArrayRef<LinearIndex> indices,
                                          ArrayRef<int64_t> sizes) {
  LinearIndex index;
  int64_t stride = 1;
  for (unsigned i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 1)
      continue;
    if (ShapedType::isDynamic(stride))
      return std::nullopt;
    index = index + indices[i] * stride;
    stride = ShapedType::isDynamic(sizes[i]) ? sizes[i] : stride * sizes[i];
  }
  return index;
}

void glu::splitDim(Domain &domain, ArrayRef<Access *> accesses,
                   DimSplit split) {
  unsigned inner = domain.add(split.inner);
  domain.sizes[split.dim] /= split.inner;
  for (Access *access : accesses)
    for (LinearIndex &index : access->indices)
      if (int64_t coefficient = index.getCoefficient(split.dim)) {
        index.setCoefficient(inner, coefficient);
        index.setCoefficient(split.dim, coefficient * split.inner);
      }
}
