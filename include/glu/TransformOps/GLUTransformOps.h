//===- GLUTransformOps.h - Gated units in schedules -------------*- C++ -*-===//
//
// Operations of the transform dialect: transform.glu.raise, transform.glu.fuse
// and transform.glu.set_schedule.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TRANSFORMOPS_GLUTRANSFORMOPS_H
#define GLU_TRANSFORMOPS_GLUTRANSFORMOPS_H

#include "glu/IR/GLU.h"

#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/Transform/IR/TransformTypes.h"
#include "mlir/Dialect/Transform/Interfaces/TransformInterfaces.h"

#define GET_OP_CLASSES
#include "glu/TransformOps/GLUTransformOps.h.inc"

namespace glu {

/// Adds the operations to the transform dialect when that loads.
void registerTransformDialectExtension(mlir::DialectRegistry &registry);

} // namespace glu

#endif // GLU_TRANSFORMOPS_GLUTRANSFORMOPS_H
