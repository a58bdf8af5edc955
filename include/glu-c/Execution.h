/*===- Execution.h - From IR to numbers in C ------------------------------===*\
|*                                                                            *|
|* Compiles text or a module for this machine and calls its functions on      *|
|* arrays that the caller owns. No input crashes: what cannot be done is an   *|
|* error.                                                                     *|
|*                                                                            *|
|* Errors. A function that can fail takes a `char **error` last. It returns a *|
|* null handle, or false, and then *error is one sentence that the caller     *|
|* frees with gluErrorFree; on success *error is null. `error` may be null.   *|
|*                                                                            *|
|* Threads. Programs may be called from several threads at once.              *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef GLU_C_EXECUTION_H
#define GLU_C_EXECUTION_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Element types, as MLIR writes them. An `index` is a GLU_I64; a signless
 * integer is the type with its sign. */
typedef enum GluElementType {
  GLU_I1 = 0, /* One byte, 0 or 1. */
  GLU_I8,
  GLU_I16,
  GLU_I32,
  GLU_I64,
  GLU_UI8,
  GLU_UI16,
  GLU_UI32,
  GLU_UI64,
  GLU_F8E4M3FN,
  GLU_F8E5M2,
  GLU_F16,
  GLU_BF16,
  GLU_F32,
  GLU_F64
} GluElementType;

/* The public functions of a module, compiled. */
typedef struct GluProgram {
  void *ptr;
} GluProgram;

/* One of them. Lives as long as its program. */
typedef struct GluFunction {
  const void *ptr;
} GluFunction;

/* The type of an argument or result. */
typedef struct GluValueType {
  GluElementType element;
  bool isScalar; /* A number, not an array; its rank is 0. */
  bool isMemRef; /* The function may write to it. */
  intptr_t rank;
  /* `rank` sizes, negative where any will do; they belong to the program. */
  const int64_t *sizes;
} GluValueType;

/* An array, or a number, in memory of the caller. */
typedef struct GluArray {
  void *data; /* The first element, of index (0, ..., 0). */
  GluElementType element;
  intptr_t rank;
  const int64_t *sizes; /* `rank` of them; may be null for rank 0. */
  /* Elements, not bytes, from one index to the next; any sign. Null: row-major
   * without gaps. What does not lie so is copied. */
  const int64_t *strides;
} GluArray;

/* Frees an error. Null is fine. */
MLIR_CAPI_EXPORTED void gluErrorFree(char *error);

/* Compiles IR: text, or MLIR's bytecode. `options` are those of the pipeline
 * `glu-to-cpu` as on a command line: "threads=2 target-cpu=x86-64-v3
 * outline-packing". Neither string need outlive the call. */
MLIR_CAPI_EXPORTED GluProgram gluProgramCompile(MlirStringRef text,
                                                MlirStringRef options,
                                                char **error);

/* The same for a module, which is left as it is and may be destroyed after. Its
 * context learns all dialects. */
MLIR_CAPI_EXPORTED GluProgram gluProgramCompileModule(MlirModule module,
                                                      MlirStringRef options,
                                                      char **error);

static inline bool gluProgramIsNull(GluProgram program) { return !program.ptr; }

/* Frees the code. Null is fine. */
MLIR_CAPI_EXPORTED void gluProgramDestroy(GluProgram program);

/* The functions, in the order of the module; with "outline-packing" @f.pack and
 * @f.packed follow each @f whose packed weights have known sizes. */
MLIR_CAPI_EXPORTED intptr_t gluProgramGetNumFunctions(GluProgram program);

/* The function at `index`, which must be smaller than their number. */
MLIR_CAPI_EXPORTED GluFunction gluProgramGetFunction(GluProgram program,
                                                     intptr_t index);

/* The function of that name; an error lists those there are. */
MLIR_CAPI_EXPORTED GluFunction gluProgramLookup(GluProgram program,
                                                MlirStringRef name,
                                                char **error);

static inline bool gluFunctionIsNull(GluFunction function) {
  return !function.ptr;
}

/* Its name, which belongs to the program. */
MLIR_CAPI_EXPORTED MlirStringRef gluFunctionGetName(GluFunction function);

MLIR_CAPI_EXPORTED intptr_t gluFunctionGetNumArguments(GluFunction function);
MLIR_CAPI_EXPORTED intptr_t gluFunctionGetNumResults(GluFunction function);

/* Types; `index` must be smaller than the number. */
MLIR_CAPI_EXPORTED GluValueType gluFunctionGetArgument(GluFunction function,
                                                       intptr_t index);
MLIR_CAPI_EXPORTED GluValueType gluFunctionGetResult(GluFunction function,
                                                     intptr_t index);

/* Calls `function` of `program`. Arguments are read, memrefs written, and
 * results written to where `results` says. Element types, ranks, sizes and how
 * they fit together are checked before; memory is the caller's word. */
MLIR_CAPI_EXPORTED bool
gluFunctionCall(GluProgram program, GluFunction function, intptr_t numArguments,
                const GluArray *arguments, intptr_t numResults,
                const GluArray *results, char **error);

#ifdef __cplusplus
}
#endif

#endif /* GLU_C_EXECUTION_H */
