//===- IndexingMaps.h - Properties of indexing maps -------------*- C++ -*-===//

#ifndef GLU_IR_INDEXINGMAPS_H
#define GLU_IR_INDEXINGMAPS_H

#include "mlir/IR/AffineExpr.h"

namespace glu {

/// Whether `expr` is a sum of dimensions with non-negative constant factors and
/// a constant: what a tile touches then lies between what its corners touch.
bool growsLinearly(mlir::AffineExpr expr);

} // namespace glu

#endif // GLU_IR_INDEXINGMAPS_H
