//===- TileVectorizer.h - Tiles as rows of vectors --------------*- C++ -*-===//

#ifndef GLU_LIB_VECTORIZE_TILEVECTORIZER_H
#define GLU_LIB_VECTORIZE_TILEVECTORIZER_H

#include "glu/Target/Target.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace glu {

/// Rewrites one linalg operation on a register tile: the innermost parallel
/// dimension becomes a vector, the others are unrolled into rows, reductions
/// become loops that carry 1-D vectors.
class TileVectorizer {
public:
  TileVectorizer(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                 const Target &target)
      : rewriter(rewriter), loc(op.getLoc()), op(op), target(target),
        sizes(op.getStaticLoopRanges()) {}

  mlir::LogicalResult run();

protected:
  using Row = llvm::SmallVector<int64_t>; // A value per dimension; -1: others.

  mlir::LogicalResult check();
  void enumerateRows();
  llvm::SmallVector<mlir::Value>
  getIndices(mlir::OpOperand &operand, const Row &row, int64_t laneIndex = 0);
  mlir::Value read(mlir::OpOperand &operand, const Row &row);
  /// What a destination holds before.
  mlir::Value initialise(mlir::OpOperand &operand, const Row &row);
  mlir::Value toVector(mlir::Value scalar);
  /// Loops over the reductions from `depth` to before `end` around `step`,
  /// which gets what the loops carry and returns it for the next turn.
  using Step = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::ValueRange carried)>;
  llvm::SmallVector<mlir::Value> reduce(unsigned depth, unsigned end,
                                        llvm::SmallVector<mlir::Value> carried,
                                        Step step);
  /// A loop over `dim` from `begin` to `end` by `by`, around `step`.
  mlir::scf::ForOp loopOver(unsigned dim, mlir::Value begin, mlir::Value end,
                            int64_t by, mlir::ValueRange carried, Step step);
  /// Replaces the operation by writes of `values`, row by row, one vector a
  /// destination.
  void write(mlir::ValueRange values);

  mlir::RewriterBase &rewriter;
  mlir::Location loc;
  mlir::linalg::LinalgOp op;
  const Target &target;
  llvm::SmallVector<int64_t> sizes;
  unsigned lane = 0;
  llvm::SmallVector<unsigned> reductions;
  llvm::SmallVector<Row> rows;
  /// Induction variables of the reductions entered so far.
  llvm::DenseMap<unsigned, mlir::Value> ivs;

private:
  llvm::SmallVector<mlir::Value> computeRow(const Row &row,
                                            mlir::ValueRange outs);
  llvm::SmallVector<mlir::Value> computeRows(llvm::ArrayRef<Row> some,
                                             mlir::ValueRange outs);
  mlir::Value getSize(unsigned reduction);
  size_t getRowsOfTurn();
  int64_t getStepsOfTurn();
  llvm::SmallVector<mlir::Value> reduceInTurns(size_t count,
                                               mlir::ValueRange carried);
  mlir::Value cloneOnVectors(mlir::Operation &scalar, mlir::IRMapping &mapping);

  /// Reads at the present place, by operand and indices.
  llvm::DenseMap<std::pair<unsigned, mlir::Attribute>, mlir::Value> reads;
};

/// What a destination of a linalg operation sums up: products of an input and a
/// weight, which is the one that has the columns.
struct GroupProduct {
  mlir::OpOperand *input, *weight;
  /// Integers without a sign.
  bool unsignedInput = false, unsignedWeight = false;
};

/// Matches `sum + extend(input) * extend(weight)`, in any order, as what the
/// body yields for the destination with number `result`.
std::optional<GroupProduct> matchGroupProduct(mlir::linalg::LinalgOp op,
                                              unsigned result);

/// Rewrites a tile that sums up groups of products with a dot product of
/// `target`, or marks it `glu.amx` for glu-tiles-to-amx; fails, and leaves it
/// as it is, where there is none for it.
mlir::LogicalResult vectorizeDots(mlir::RewriterBase &rewriter,
                                  mlir::linalg::LinalgOp op,
                                  const Target &target);

} // namespace glu

#endif // GLU_LIB_VECTORIZE_TILEVECTORIZER_H
