//===- PackingLoops.h - linalg.pack as loops over vectors -------*- C++ -*-===//

#ifndef GLU_LIB_PACK_PACKINGLOOPS_H
#define GLU_LIB_PACK_PACKINGLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace glu {

/// Whether the loops below can read `source`: elements, of 1, 2, 4 or 8 bytes,
/// those of the last dimension beside each other.
bool canReadRows(mlir::Value source);

/// Replaces a pack of panels by loops that copy rows of them, if the columns of
/// a panel lie beside each other in the source, or transpose squares in
/// registers of `vectorBits` if another dimension does. Tasks are an
/// `scf.forall`, unless there is a loop around. Fails, having changed nothing,
/// if the operation is none of these.
llvm::LogicalResult expandPacking(mlir::RewriterBase &rewriter,
                                  mlir::linalg::PackOp op, int64_t vectorBits);

} // namespace glu

#endif // GLU_LIB_PACK_PACKINGLOOPS_H
