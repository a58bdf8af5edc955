//===- LookupTarget.h - The chip that a pass is for -------------*- C++ -*-===//

#ifndef GLU_TRANSFORMS_LOOKUPTARGET_H
#define GLU_TRANSFORMS_LOOKUPTARGET_H

#include "glu/Target/GPUTarget.h"
#include "glu/Target/Target.h"

#include "mlir/IR/Operation.h"

namespace glu {

/// The chip that an option of the pass called `pass` names. If there is none,
/// an error at `op` that lists those there are.
mlir::FailureOr<Target> lookupTarget(mlir::Operation *op, llvm::StringRef pass,
                                     llvm::StringRef name);
mlir::FailureOr<GPUTarget> lookupGPUTarget(mlir::Operation *op,
                                           llvm::StringRef pass,
                                           llvm::StringRef name);

} // namespace glu

#endif // GLU_TRANSFORMS_LOOKUPTARGET_H
