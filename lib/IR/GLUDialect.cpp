//===- GLUDialect.cpp - The glu dialect -----------------------------------===//

#include "glu/IR/GLU.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace glu;

#include "glu/IR/GLUDialect.cpp.inc"
#include "glu/IR/GLUInterfaces.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "glu/IR/GLUAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "glu/IR/GLUOps.cpp.inc"

void GLUDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "glu/IR/GLUAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "glu/IR/GLUOps.cpp.inc"
      >();
}

LogicalResult GLUDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attribute) {
  if (attribute.getName() == "glu.packed") {
    if (isa<UnitAttr>(attribute.getValue()) && op->hasAttr("glu.schedule"))
      return success();
    return op->emitOpError("expects 'glu.packed' to be a unit attribute beside "
                           "a 'glu.schedule'");
  }
  if (attribute.getName() == "glu.amx") {
    if (isa<UnitAttr>(attribute.getValue()) && isa<linalg::GenericOp>(op))
      return success();
    return op->emitOpError("expects 'glu.amx' to be a unit attribute of a "
                           "linalg.generic");
  }
  if (attribute.getName() != "glu.schedule")
    return op->emitOpError("has the attribute '")
           << attribute.getName().getValue()
           << "', which the glu dialect does not know";
  if (!isa<ScheduleAttr>(attribute.getValue()))
    return op->emitOpError("expects 'glu.schedule' to be a #glu.schedule");
  if (!isa<GatedProjectionOp, linalg::LinalgOp>(op))
    return op->emitOpError("takes no 'glu.schedule': it belongs on "
                           "glu.gated_projection and on linalg contractions");
  return success();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t rows, int64_t columns,
                                   int64_t blockRows, int64_t blockColumns,
                                   int64_t group, int64_t depth,
                                   int64_t panels) {
  if (rows < 1 || columns < 1)
    return emitError() << "expects a register tile of at least 1 x 1, got "
                       << rows << " x " << columns;
  // With 8 it is the tile of 128 threads.
  int64_t most = group == 8 ? 64 * 256 : 1024;
  if (rows > most || columns > most / rows)
    return emitError() << "expects a register tile of at most " << most
                       << " elements, got " << rows << " x " << columns;
  if (blockRows < rows || blockRows % rows)
    return emitError() << "expects block_rows to be a multiple of rows ("
                       << rows << "), got " << blockRows;
  if (blockColumns < columns || blockColumns % columns)
    return emitError() << "expects block_columns to be a multiple of columns ("
                       << columns << "), got " << blockColumns;
  if (group != 1 && group != 2 && group != 4 && group != 8)
    return emitError() << "expects group to be 1, 2, 4 or 8, got " << group;
  if (depth != 1 && (depth < 1 || depth % group))
    return emitError() << "expects depth to be 1 or a multiple of group ("
                       << group << "), got " << depth;
  if (panels < 1 || blockColumns / columns % panels)
    return emitError() << "expects panels to divide block_columns / columns ("
                       << blockColumns / columns << "), got " << panels;
  if (panels > most / (rows * columns))
    return emitError() << "expects panels of a register tile to have at most "
                       << most << " elements, got " << panels << " of " << rows
                       << " x " << columns;
  return success();
}
