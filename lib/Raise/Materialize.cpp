//===- Materialize.cpp - Accesses as views and indexing maps --------------===//

#include "glu/Raise/Access.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// Merging of dimensions
//===----------------------------------------------------------------------===//

namespace {
/// How an access treats two dimensions of the domain.
enum class PairUse {
  None,     // uses neither
  Linear,   // a * size(b) + b, times a coefficient, within one index
  Adjacent, // a and b are whole neighbouring dimensions
  OnlyUnit, // uses only one of them, which has size one
  Other,
};
} // namespace

/// The position of the index that is `dim` and covers the whole dimension.
static std::optional<unsigned> findWholeDim(const Access &access, unsigned dim,
                                            const Domain &domain) {
  for (auto [i, index] : llvm::enumerate(access.indices))
    if (index.getSingleDim() == dim)
      return !index.partial && access.getExtent(i) == domain.sizes[dim]
                 ? std::optional<unsigned>(i)
                 : std::nullopt;
  return std::nullopt;
}

static PairUse classify(const Access &access, unsigned a, unsigned b,
                        const Domain &domain) {
  bool usesA = access.uses(a), usesB = access.uses(b);
  if (!usesA && !usesB)
    return PairUse::None;
  if (usesA && !usesB && domain.sizes[a] == 1)
    return PairUse::OnlyUnit;
  if (!usesA && usesB && domain.sizes[a] == 1)
    return PairUse::None;
  if (!usesA || !usesB)
    return PairUse::Other;
  unsigned users = 0;
  bool linear = true;
  for (const LinearIndex &index : access.indices) {
    int64_t ca = index.getCoefficient(a), cb = index.getCoefficient(b);
    users += ca || cb;
    linear &= ca == cb * domain.sizes[b];
  }
  if (linear)
    return users == 1 ? PairUse::Linear : PairUse::Other;
  auto outer = findWholeDim(access, a, domain);
  auto inner = findWholeDim(access, b, domain);
  return outer && inner && *outer + 1 == *inner ? PairUse::Adjacent
                                                : PairUse::Other;
}

/// Rewrites an access for the dimension that b becomes; a is then unused.
static void mergeInto(Access &access, unsigned a, unsigned b,
                      const Domain &domain) {
  PairUse use = classify(access, a, b, domain);
  if (use == PairUse::Adjacent) {
    if (access.groups.empty())
      for (unsigned i = 0; i < access.indices.size(); ++i)
        access.groups.push_back({i});
    unsigned outer = *findWholeDim(access, a, domain);
    llvm::append_range(access.groups[outer], access.groups[outer + 1]);
    access.groups.erase(access.groups.begin() + outer + 1);
    access.indices.erase(access.indices.begin() + outer);
  }
  for (LinearIndex &index : access.indices)
    index.setCoefficient(a, 0);
}

/// Whether all accesses allow a and b to be one dimension.
static bool isMergeable(const Domain &domain, ArrayRef<Access *> operands,
                        ArrayRef<Access *> outs, unsigned a, unsigned b,
                        bool always) {
  if (ShapedType::isDynamic(domain.sizes[b]))
    return false;
  bool anyLinear = false, anyAdjacent = false, anyOnlyUnit = false;
  for (Access *access : operands) {
    PairUse use = classify(*access, a, b, domain);
    if (use == PairUse::Other)
      return false;
    anyLinear |= use == PairUse::Linear;
    anyAdjacent |= use == PairUse::Adjacent;
    anyOnlyUnit |= use == PairUse::OnlyUnit;
  }
  // A dimension of size one goes only if it is a batch of the other one: the
  // single row of a matmul stays.
  if (anyOnlyUnit && !anyAdjacent)
    return false;
  for (Access *access : outs) {
    PairUse use = classify(*access, a, b, domain);
    if (use == PairUse::Other || use == PairUse::OnlyUnit)
      return false;
    anyLinear |= use == PairUse::Linear;
  }
  return always || anyLinear;
}

void glu::mergeDims(Domain &domain, ArrayRef<Access *> operands,
                    ArrayRef<Access *> outs, bool always,
                    llvm::function_ref<bool(unsigned, unsigned)> mayMerge) {
  auto mergeOnce = [&] {
    for (unsigned a = 0; a < domain.size(); ++a)
      for (unsigned b = 0; b < domain.size(); ++b) {
        if (a == b || !mayMerge(a, b) ||
            !isMergeable(domain, operands, outs, a, b, always))
          continue;
        bool used = false;
        for (Access *access : llvm::concat<Access *const>(operands, outs)) {
          used |= access->uses(a);
          mergeInto(*access, a, b, domain);
        }
        if (!used)
          continue;
        if (ShapedType::isDynamic(domain.sizes[a])) {
          domain.sources[b] = domain.sources[a];
          domain.sources[b].factor *= domain.sizes[b];
          domain.sizes[b] = ShapedType::kDynamic;
        } else {
          domain.sizes[b] *= domain.sizes[a];
        }
        return true;
      }
    return false;
  };
  while (mergeOnce())
    ;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

bool glu::canMaterialize(const Access &access, const Domain &domain) {
  // Slices of empty tensors do not verify.
  for (unsigned i = 0; i < access.indices.size(); ++i)
    if (access.getExtent(i) == 0)
      return llvm::all_of(access.indices, [](const LinearIndex &index) {
        return index.getSingleDim().has_value();
      });
  for (unsigned i = 0; i < access.indices.size(); ++i) {
    const LinearIndex &index = access.indices[i];
    SmallVector<unsigned> dims = index.getDims();
    if (llvm::any_of(
            dims, [&](unsigned dim) { return index.getCoefficient(dim) < 0; }))
      return false;
    for (auto [offset, factor] : index.offsets)
      if (factor != 1)
        return false;
    if (index.offsets.size() > 1 ||
        (index.offsets.size() == 1 && index.constant != 0))
      return false;
    bool sliced = index.constant || !index.offsets.empty();
    if (dims.size() > 1 && sliced &&
        (!index.offsets.empty() || ShapedType::isDynamic(access.getExtent(i))))
      return false;
    // Out of bounds, where that is known.
    auto range = index.getRange(domain);
    int64_t extent = access.getExtent(i);
    if (index.constant < 0 ||
        (range && !ShapedType::isDynamic(extent) && range->second >= extent))
      return false;
  }
  return true;
}

/// Collapses the groups of dimensions; `dropped` dimensions are gone already.
static Value collapseGroups(OpBuilder &builder, Location loc, Value value,
                            const Access &access,
                            const llvm::SmallBitVector &dropped) {
  SmallVector<ReassociationIndices> reassociation;
  int64_t next = 0;
  for (const auto &group : access.groups) {
    ReassociationIndices indices;
    for (int64_t dim : group)
      if (!dropped[dim])
        indices.push_back(next++);
    if (!indices.empty())
      reassociation.push_back(indices);
  }
  auto type = cast<RankedTensorType>(value.getType());
  if (int64_t(reassociation.size()) == type.getRank())
    return value;
  return tensor::CollapseShapeOp::create(builder, loc, value, reassociation);
}

std::pair<Value, SmallVector<LinearIndex>>
glu::materialize(OpBuilder &builder, Location loc, const Access &access,
                 const Domain &domain) {
  auto type = dyn_cast<RankedTensorType>(access.value.getType());
  if (!type)
    return {access.value, {}};
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes(type.getRank());
  llvm::SmallBitVector dropped(type.getRank());
  SmallVector<LinearIndex> left;
  bool sliced = false;
  for (auto [i, index] : llvm::enumerate(access.indices)) {
    // Merged dimensions are whole.
    if (!access.groups.empty() && access.groups[i].size() != 1) {
      left.push_back(index);
      continue;
    }
    int64_t dim = access.groups.empty() ? i : access.groups[i].front();
    SmallVector<unsigned> dims = index.getDims();
    bool shifted = index.constant || !index.offsets.empty();
    if (!index.offsets.empty())
      offsets[dim] = index.offsets.front().first;
    else
      offsets[dim] = builder.getIndexAttr(index.constant);
    if (dims.empty()) {
      sizes[dim] = builder.getIndexAttr(1);
      dropped.set(dim);
      sliced = true;
      continue;
    }
    if (dims.size() > 1) {
      LinearIndex unshifted = index;
      unshifted.constant = 0;
      left.push_back(unshifted);
      // Where dimensions of size one go later, what is left must be the whole.
      bool single = llvm::count_if(dims, [&](unsigned loop) {
                      return domain.sizes[loop] != 1;
                    }) <= 1;
      auto range = unshifted.getRange(domain);
      int64_t size = single && range ? range->second + 1
                                     : type.getDimSize(dim) - index.constant;
      if (shifted || (single && range && size != type.getDimSize(dim))) {
        sizes[dim] = builder.getIndexAttr(size);
        sliced = true;
      }
      continue;
    }
    int64_t stride = index.getCoefficient(dims[0]);
    left.push_back(LinearIndex::dim(dims[0]));
    // A dynamic size that is only written differently needs no slice.
    bool shorter =
        index.partial || (!type.isDynamicDim(dim) &&
                          type.getDimSize(dim) != domain.sizes[dims[0]]);
    if (shifted || stride != 1 || shorter) {
      sizes[dim] = domain.getSize(builder, loc, dims[0]);
      // From one element there is no step; upstream's folding of rank-reducing
      // subviews dies of one that is not 1.
      if (!isOneInteger(sizes[dim]))
        strides[dim] = builder.getIndexAttr(stride);
      sliced = true;
    }
  }
  Value value = access.value;
  if (sliced) {
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (!size)
        size = tensor::getMixedSize(builder, loc, value, dim);
    SmallVector<int64_t> shape;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!dropped[dim])
        shape.push_back(
            getConstantIntValue(sizes[dim]).value_or(ShapedType::kDynamic));
    value = tensor::ExtractSliceOp::create(
        builder, loc, RankedTensorType::get(shape, type.getElementType()),
        value, offsets, sizes, strides);
  }
  if (!access.groups.empty())
    value = collapseGroups(builder, loc, value, access, dropped);
  return {value, left};
}
