//===- Access.h - Which element of a tensor is read -------------*- C++ -*-===//
//
// Raising and fusing follow values through views. What is read is written as an
// access: a tensor and, for every dimension of it, an index that is linear in
// the dimensions of an iteration space (the domain). Slices, transposes,
// broadcasts and reshapes then compose into the indices and disappear; at the
// end an access is turned into views and an indexing map again.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RAISE_ACCESS_H
#define GLU_RAISE_ACCESS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace glu {

/// Where the size of a dimension comes from when it is not static: `factor`
/// times dimension `dim` of `tensor`.
struct SizeSource {
  mlir::Value tensor;
  int64_t dim = 0;
  int64_t factor = 1;
};

/// An iteration space: sizes (`ShapedType::kDynamic` where unknown) and the
/// sources of the dynamic ones.
struct Domain {
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallVector<SizeSource> sources;

  unsigned size() const { return sizes.size(); }
  /// Adds a dimension and returns its position.
  unsigned add(int64_t size, SizeSource source = {});
  /// The size of dimension `dim`, as a value where it is dynamic.
  mlir::OpFoldResult getSize(mlir::OpBuilder &builder, mlir::Location loc,
                             unsigned dim) const;
};

/// constant + sum of coefficient * dimension + sum of factor * offset, where
/// offsets are values of type index.
struct LinearIndex {
  LinearIndex(int64_t constant = 0) : constant(constant) {}
  static LinearIndex dim(unsigned dim, int64_t coefficient = 1);

  int64_t getCoefficient(unsigned dim) const {
    return dim < coefficients.size() ? coefficients[dim] : 0;
  }
  /// The dimensions with a coefficient.
  llvm::SmallVector<unsigned> getDims() const;
  /// The dimension this index is, if it is one and nothing else.
  std::optional<unsigned> getSingleDim() const;
  bool isConstant() const { return getDims().empty() && offsets.empty(); }
  void setCoefficient(unsigned dim, int64_t coefficient);

  LinearIndex operator+(const LinearIndex &other) const;
  LinearIndex operator*(int64_t factor) const;
  bool operator==(const LinearIndex &other) const;

  /// Smallest and largest value over the domain, where they are known.
  std::optional<std::pair<int64_t, int64_t>>
  getRange(const Domain &domain) const;

  llvm::SmallVector<int64_t> coefficients;
  llvm::SmallVector<std::pair<mlir::Value, int64_t>> offsets;
  int64_t constant = 0;
  /// The index may stop before the end of the dimension it is for, because of a
  /// slice whose dynamic size is not known to be all of it. (Where sizes are
  /// static, they say so.)
  bool partial = false;
};

/// The element of `value` at `indices`; no indices for a scalar. Index i covers
/// the dimensions `groups[i]` of the tensor, collapsed to one; without groups
/// it covers dimension i.
struct Access {
  mlir::Value value;
  llvm::SmallVector<LinearIndex> indices;
  llvm::SmallVector<llvm::SmallVector<int64_t, 2>> groups;

  bool operator==(const Access &other) const {
    return value == other.value && indices == other.indices &&
           groups == other.groups;
  }
  /// Whether any index depends on the dimension.
  bool uses(unsigned dim) const;
  /// The number of elements that index i ranges over; dynamic if unknown.
  int64_t getExtent(unsigned i) const;
};

/// Splits dimension `dim` of a domain in two, the inner one of size `inner`.
struct DimSplit {
  unsigned dim;
  int64_t inner;
};

/// `expr` over `dims` as a linear index; nothing if it is not linear.
std::optional<LinearIndex> evaluate(mlir::AffineExpr expr,
                                    llvm::ArrayRef<LinearIndex> dims,
                                    const Domain &domain);

/// The indices `map` gives at the loops `dims`; nothing if one is not linear.
std::optional<llvm::SmallVector<LinearIndex>>
evaluate(mlir::AffineMap map, llvm::ArrayRef<LinearIndex> dims,
         const Domain &domain);

/// Looks through the operation that defines the accessed tensor if it is a
/// view: a cast, slice, reshape, transpose, broadcast, a concatenation of which
/// one part is read, a gather with an arithmetic progression of indices.
/// Returns whether it did. If a collapsed dimension can be followed only when
/// the domain is refined, `split` says how. With `conversions`, also looks
/// through tensors that are only converted to a wider type.
bool stepThroughView(Access &access, const Domain &domain,
                     std::optional<DimSplit> *split = nullptr,
                     bool conversions = false);

/// The element that `extract`, in the body of `op`, reads at the given loops:
/// out = source[i, table[j]] where the table is constant and an arithmetic
/// progression. Nothing if it is something else.
std::optional<Access> getGatheredAccess(mlir::linalg::LinalgOp op,
                                        mlir::tensor::ExtractOp extract,
                                        llvm::ArrayRef<LinearIndex> loops,
                                        const Domain &domain);

/// Carries out a split: the inner dimension is a new one at the end.
void splitDim(Domain &domain, llvm::ArrayRef<Access *> accesses,
              DimSplit split);

/// Merges dimensions of the domain that every access treats as one, outer
/// dimension first: (a, b) becomes a * size(b) + b. Dimensions that several
/// accesses index separately and next to each other are merged only where some
/// access needs it, unless `always`. `mayMerge` says which pairs may be merged.
void mergeDims(Domain &domain, llvm::ArrayRef<Access *> operands,
               llvm::ArrayRef<Access *> outs, bool always,
               llvm::function_ref<bool(unsigned, unsigned)> mayMerge);

/// Whether `materialize` can express the access.
bool canMaterialize(const Access &access, const Domain &domain);

/// Creates the views that make `access` an operand with a simple indexing map.
/// Returns the operand and the indices that are left.
std::pair<mlir::Value, llvm::SmallVector<LinearIndex>>
materialize(mlir::OpBuilder &builder, mlir::Location loc, const Access &access,
            const Domain &domain);

/// The map with the given indices, which hold no offsets, as results.
mlir::AffineMap getMap(mlir::MLIRContext *context, unsigned numDims,
                       llvm::ArrayRef<LinearIndex> indices);

} // namespace glu

#endif // GLU_RAISE_ACCESS_H
