//===- Dialect.cpp - The glu dialect in C ---------------------------------===//

#include "glu-c/Dialect.h"
#include "glu/IR/GLU.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"

using namespace glu;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(GLU, glu, GLUDialect)

void gluRegisterAllDialects(MlirDialectRegistry registry) {
  registerAllDialects(*unwrap(registry));
}

bool gluAttributeIsASchedule(MlirAttribute attribute) {
  return mlir::isa_and_nonnull<ScheduleAttr>(unwrap(attribute));
}

MlirAttribute gluScheduleAttrGet(MlirLocation location, int64_t rows,
                                 int64_t columns, int64_t blockRows,
                                 int64_t blockColumns, int64_t group,
                                 int64_t depth) {
  mlir::Location loc = unwrap(location);
  loc->getContext()->getOrLoadDialect<GLUDialect>();
  return wrap(ScheduleAttr::getChecked([&] { return mlir::emitError(loc); },
                                       loc->getContext(), rows, columns,
                                       blockRows, blockColumns, group, depth,
                                       int64_t(1))); // Of one panel.
}

static ScheduleAttr getSchedule(MlirAttribute attribute) {
  return mlir::cast<ScheduleAttr>(unwrap(attribute));
}

MlirAttribute gluScheduleAttrWithPanels(MlirLocation location,
                                        MlirAttribute schedule,
                                        int64_t panels) {
  ScheduleAttr attr = getSchedule(schedule);
  return wrap(ScheduleAttr::getChecked(
      [&] { return mlir::emitError(unwrap(location)); }, attr.getContext(),
      attr.getRows(), attr.getColumns(), attr.getBlockRows(),
      attr.getBlockColumns(), attr.getGroup(), attr.getDepth(), panels));
}

int64_t gluScheduleAttrGetRows(MlirAttribute schedule) {
  return getSchedule(schedule).getRows();
}
int64_t gluScheduleAttrGetColumns(MlirAttribute schedule) {
  return getSchedule(schedule).getColumns();
}
int64_t gluScheduleAttrGetBlockRows(MlirAttribute schedule) {
  return getSchedule(schedule).getBlockRows();
}
int64_t gluScheduleAttrGetBlockColumns(MlirAttribute schedule) {
  return getSchedule(schedule).getBlockColumns();
}
int64_t gluScheduleAttrGetGroup(MlirAttribute schedule) {
  return getSchedule(schedule).getGroup();
}
int64_t gluScheduleAttrGetDepth(MlirAttribute schedule) {
  return getSchedule(schedule).getDepth();
}
int64_t gluScheduleAttrGetPanels(MlirAttribute schedule) {
  return getSchedule(schedule).getPanels();
}
