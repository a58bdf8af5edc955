//===- ProjectionDims.h - The dimensions of projections ---------*- C++ -*-===//
//
// What the stages from choose to pack need to know of a contraction: which
// dimensions are its rows, columns and sums. One view of glu.gated_projection
// and of linalg contractions and convolutions.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TRANSFORMS_PROJECTIONDIMS_H
#define GLU_TRANSFORMS_PROJECTIONDIMS_H

#include "glu/Target/DotProduct.h"

#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/IndexingMapOpInterface.h"

#include <optional>
#include <string>

namespace glu {

/// Whether `type` is f8E4M3FN or f8E5M2, which some tensor cores multiply.
bool isFloat8(mlir::Type type);

/// Whether what `map` reads lies along one of the loops `sums`, which is where
/// some kernels want it.
bool isAlongSum(mlir::AffineMap map, llvm::ArrayRef<unsigned> sums);

/// An input and a weight that are contracted.
struct Contraction {
  mlir::OpOperand *input, *weight;
  /// The type in which the sums are kept: f32, f64 or i32.
  mlir::Type accumulator;
};

/// An operation as tiles of rows x columns see it.
struct ProjectionDims {
  /// One for a plain contraction, up to two for a gated unit.
  llvm::SmallVector<Contraction, 2> contractions;
  /// Dimension that inputs and destinations have, and weights do not; none for
  /// a single row.
  std::optional<unsigned> row;
  /// Dimension that weights and destinations have, and inputs do not.
  unsigned column;
  /// The other parallel dimensions (batches, experts, heads), in order.
  llvm::SmallVector<unsigned> outer;
  /// In order, but `grouped` last, so that a window is outside of channels.
  llvm::SmallVector<unsigned> reductions;
  /// The innermost reduction that indexes every input by itself, if any: where
  /// dot products find the elements that they take at once.
  std::optional<unsigned> grouped;
  /// Sizes of all dimensions, as far as static.
  llvm::SmallVector<int64_t> sizes;

  int64_t getRowSize() const { return row ? sizes[*row] : 1; }
  int64_t getColumnSize() const { return sizes[column]; }

  /// The element type, if the dot products of some chips take inputs and
  /// weights of it, with sums as they make them; nothing otherwise.
  std::optional<DotElement> getDotElement() const;

  /// The dimensions of `op`, a glu.gated_projection or a linalg contraction or
  /// convolution on tensors of floats or integers, those of 8 bits among the
  /// former if `takesFloat8`; fails with a reason in `why` where tiles do not
  /// take it.
  static mlir::FailureOr<ProjectionDims>
  get(mlir::Operation *op, std::string &why, bool takesFloat8 = false);
};

} // namespace glu

#endif // GLU_TRANSFORMS_PROJECTIONDIMS_H
