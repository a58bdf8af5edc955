/*===- Dialect.h - The glu dialect in C -----------------------------------===*\
|*                                                                            *|
|* Registration, and the attribute of the dialect. Operations are built by    *|
|* name with mlirOperationCreate, or parsed.                                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef GLU_C_DIALECT_H
#define GLU_C_DIALECT_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/* mlirGetDialectHandle__glu__(): the dialect alone. */
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(GLU, glu);

/* Adds the dialect, all upstream dialects with their extensions, and the
 * operations `transform.glu.*`: what passes and execution need. */
MLIR_CAPI_EXPORTED void gluRegisterAllDialects(MlirDialectRegistry registry);

/* Whether `attribute` is a #glu.schedule. */
MLIR_CAPI_EXPORTED bool gluAttributeIsASchedule(MlirAttribute attribute);

/* #glu.schedule<rows, columns, block_rows, block_columns, group, depth>, of one
 * panel; null, with a diagnostic at `location`, where the numbers do not fit
 * together. Set it as "glu.schedule" on a projection. */
MLIR_CAPI_EXPORTED MlirAttribute gluScheduleAttrGet(
    MlirLocation location, int64_t rows, int64_t columns, int64_t blockRows,
    int64_t blockColumns, int64_t group, int64_t depth);
/* `schedule`, a #glu.schedule, with tiles of so many panels; null, likewise. */
MLIR_CAPI_EXPORTED MlirAttribute gluScheduleAttrWithPanels(
    MlirLocation location, MlirAttribute schedule, int64_t panels);

/* The numbers of `schedule`, which must be a #glu.schedule. */
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetRows(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetColumns(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetBlockRows(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t
gluScheduleAttrGetBlockColumns(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetGroup(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetDepth(MlirAttribute schedule);
MLIR_CAPI_EXPORTED int64_t gluScheduleAttrGetPanels(MlirAttribute schedule);

#ifdef __cplusplus
}
#endif

#endif /* GLU_C_DIALECT_H */
