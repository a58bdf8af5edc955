//===- PackProjection.h - Operands of a projection as tiles -----*- C++ -*-===//

#ifndef GLU_LIB_PACK_PACKPROJECTION_H
#define GLU_LIB_PACK_PACKPROJECTION_H

#include "glu/IR/GLU.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/IR/PatternMatch.h"

namespace glu {

/// A tensor and the map by which the packed iteration space indexes it.
struct Packed {
  mlir::Value value;
  mlir::AffineMap map;
};

/// Turns operands of a projection into tensors of whole tiles. The iteration
/// space becomes
///
///   (outer..., m1, n1, m0, n0, reductions...)
///
/// where row = m1 * rows + m0 and column = n1 * columns + n0. With a group
/// there is one more reduction, k0, at the end, and the grouped reduction is
/// k = k1 * group + k0. Rows, columns and grouped reductions that are no
/// multiple of the tile or group are padded with zeros.
class ProjectionPacker {
public:
  ProjectionPacker(mlir::RewriterBase &rewriter, mlir::Operation *op,
                   const ProjectionDims &dims, ScheduleAttr schedule);

  unsigned getNumDims() const {
    return dims.outer.size() + 4 + dims.reductions.size() + (group > 1);
  }
  mlir::OpFoldResult getRowSize() const { return rowSize; }
  unsigned getM1() const { return dims.outer.size(); }
  unsigned getN1() const { return getM1() + 1; }
  unsigned getM0() const { return getM1() + 2; }
  unsigned getN0() const { return getM1() + 3; }
  unsigned getK0() const { return getNumDims() - 1; }

  /// Any operand over rows and columns, as a view where nothing is padded.
  Packed split(mlir::Value value, mlir::AffineMap map);
  /// An input: where groups are multiplied in its own type, integers as wide as
  /// a group of 32 bits has them, else in the type of the sums.
  Packed packInput(const Contraction &contraction);
  /// A weight as panels [outer..., n1, reductions..., n0], with a group
  /// [outer..., n1, reductions..., n0, k0].
  Packed packWeight(const Contraction &contraction);
  /// Two weights as one tensor of panels [outer..., n1, reductions..., 2, n0],
  /// likewise, so that a row of both is read in one go.
  llvm::SmallVector<Packed> packWeightPair(const Contraction &gate,
                                           const Contraction &value);
  /// An uninitialised destination.
  Packed makeDestination(mlir::Type element, mlir::AffineMap map);
  /// The result of the packed operation, tiles joined, with the padding.
  mlir::Value join(mlir::Value packed, mlir::AffineMap map);
  /// The same without padding, of the shape of `original`.
  mlir::Value cut(mlir::Value result, mlir::Value original);
  /// `value` with elements converted to `type`.
  mlir::Value convert(mlir::Value value, mlir::Type type);

private:
  struct PackedWeight;
  /// An operand as it lies in memory, transpositions moved into its map.
  Packed getSource(mlir::OpOperand *operand);
  /// An input, copied so that its sum is contiguous where that pays.
  Packed layAlongSum(Packed source);
  mlir::AffineExpr substitute(mlir::AffineExpr expr);
  /// Whether `expr` is the grouped reduction.
  bool isGrouped(mlir::AffineExpr expr) const;
  mlir::Value pad(mlir::Value value, mlir::ArrayRef<mlir::OpFoldResult> high);
  mlir::OpFoldResult apply(mlir::AffineExpr expr,
                           mlir::ArrayRef<mlir::OpFoldResult> operands);

  mlir::RewriterBase &rewriter;
  mlir::Operation *op;
  mlir::Location loc;
  const ProjectionDims &dims;
  int64_t rows, columns, group, depth;
  /// Sizes of row and column, and how many tiles cover them.
  mlir::OpFoldResult rowSize, columnSize, rowTiles, columnTiles;
  /// How many groups cover the grouped reduction.
  mlir::OpFoldResult groups;
  /// What rows, columns and the grouped reduction are short of whole tiles.
  mlir::OpFoldResult rowPadding, columnPadding, groupPadding;
  /// The index of a group, as a dimension of the packed iteration space.
  mlir::AffineExpr groupIndex;
  /// Original dimensions as expressions of the packed ones.
  llvm::SmallVector<mlir::AffineExpr> replacements;
};

} // namespace glu

#endif // GLU_LIB_PACK_PACKPROJECTION_H
