/*===- Passes.h - Passes and pipelines in C -------------------------------===*\
|*                                                                            *|
|* mlirRegisterGLUPasses() registers every pass; mlirCreateGLURaise() and its *|
|* like make one with its default options. Options are said by text:          *|
|* mlirOpPassManagerAddPipeline(manager, "glu-to-cpu{threads=1}", ...).       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef GLU_C_PASSES_H
#define GLU_C_PASSES_H

#include "glu/Transforms/Passes.capi.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

/* Registers the pipelines `glu-to-cpu` and `glu-general`. */
MLIR_CAPI_EXPORTED void gluRegisterPipelines(void);

#ifdef __cplusplus
}
#endif

#endif /* GLU_C_PASSES_H */
