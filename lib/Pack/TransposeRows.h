//===- TransposeRows.h - Transpositions in registers ------------*- C++ -*-===//

#ifndef GLU_LIB_PACK_TRANSPOSEROWS_H
#define GLU_LIB_PACK_TRANSPOSEROWS_H

#include "mlir/IR/Builders.h"

namespace glu {

/// Transposes a square of words, a vector a row: rows.size() words each of
/// `group` elements. Their number is a power of two.
void transposeRows(mlir::OpBuilder &builder, mlir::Location loc, int64_t group,
                   llvm::MutableArrayRef<mlir::Value> rows);

/// The first elements of all rows, then the second ones, and so on, as one
/// vector. The number of rows is a power of two.
mlir::Value interleaveRows(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<mlir::Value> rows);

} // namespace glu

#endif // GLU_LIB_PACK_TRANSPOSEROWS_H
