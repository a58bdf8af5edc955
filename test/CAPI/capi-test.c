/*===- capi-test.c - The C interface, used and misused --------------------===*\
|*                                                                            *|
|* Prints nothing and exits with 0 if all is as it should be.                 *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "glu-c/Dialect.h"
#include "glu-c/Execution.h"
#include "glu-c/Passes.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/Diagnostics.h"
#include "mlir-c/RegisterEverything.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void expect(bool condition, int line, const char *what) {
  if (!condition) {
    fprintf(stderr, "capi-test.c:%d: %s\n", line, what);
    ++failures;
  }
}
#define EXPECT(condition) expect(condition, __LINE__, #condition)

/* Whether `error` says `part`; frees it. */
static void expectError(char *error, const char *part, int line) {
  if (!error || !strstr(error, part)) {
    fprintf(stderr, "capi-test.c:%d: error '%s', expected '%s'\n", line,
            error ? error : "(none)", part);
    ++failures;
  }
  gluErrorFree(error);
}
#define EXPECT_ERROR(error, part) expectError(error, part, __LINE__)

static MlirStringRef str(const char *text) {
  return mlirStringRefCreateFromCString(text);
}

enum { K = 24, N = 40 };

static const char *source =
    "func.func @unit(%x: tensor<?x24xf32>, %wg: tensor<24x40xf32>,\n"
    "                %wv: tensor<24x40xf32>) -> tensor<?x40xf32> {\n"
    "  %c0 = arith.constant 0 : index\n"
    "  %m = tensor.dim %x, %c0 : tensor<?x24xf32>\n"
    "  %e = tensor.empty(%m) : tensor<?x40xf32>\n"
    "  %y = glu.gated_projection silu\n"
    "         gate(%x, %wg : tensor<?x24xf32>, tensor<24x40xf32>)\n"
    "         value(%x, %wv : tensor<?x24xf32>, tensor<24x40xf32>)\n"
    "         outs(%e : tensor<?x40xf32>) -> tensor<?x40xf32>\n"
    "  return %y : tensor<?x40xf32>\n"
    "}\n"
    "func.func @gate(%g: tensor<?xf32>, %v: tensor<?xf32>) -> tensor<?xf32> {\n"
    "  %y = glu.gate relu gate(%g : tensor<?xf32>) value(%v : tensor<?xf32>)\n"
    "         outs(%g : tensor<?xf32>) -> tensor<?xf32>\n"
    "  return %y : tensor<?xf32>\n"
    "}\n"
    "func.func @scale(%m: memref<2x3xf64>, %s: f64) -> f64 {\n"
    "  affine.for %i = 0 to 2 {\n"
    "    affine.for %j = 0 to 3 {\n"
    "      %a = affine.load %m[%i, %j] : memref<2x3xf64>\n"
    "      %b = arith.mulf %a, %s : f64\n"
    "      affine.store %b, %m[%i, %j] : memref<2x3xf64>\n"
    "    }\n"
    "  }\n"
    "  %r = arith.addf %s, %s : f64\n"
    "  return %r : f64\n"
    "}\n";

static GluArray dense(void *data, intptr_t rank, const int64_t *sizes) {
  GluArray array = {data, GLU_F32, rank, sizes, NULL};
  return array;
}

/* Rows of `x` through the unit, in double precision. */
static double evaluate(const float *x, const float *wg, const float *wv, int m,
                       int n, int k0, int n0) {
  double g = 0, v = 0;
  for (int k = 0; k < K; ++k) {
    g += (double)x[m * K + k] * wg[k * k0 + n * n0];
    v += (double)x[m * K + k] * wv[k * k0 + n * n0];
  }
  return g / (1 + exp(-g)) * v;
}

static bool isClose(double got, double want) {
  return fabs(got - want) <= 1e-4 * (1 + fabs(want));
}

/* Dense, and with weights that lie transposed; results into every second
 * column. */
static void testNumbers(GluProgram program) {
  enum { M = 5 };
  float x[M * K], wg[K * N], wv[K * N], y[M * 2 * N];
  for (int i = 0; i < M * K; ++i)
    x[i] = sinf((float)i);
  for (int i = 0; i < K * N; ++i) {
    wg[i] = cosf(0.3f * (float)i);
    wv[i] = sinf(0.7f * (float)i);
  }
  const int64_t xSizes[] = {M, K}, wSizes[] = {K, N}, ySizes[] = {M, N};
  const int64_t transposed[] = {1, K}, spread[] = {2 * N, 2};
  char *error;
  GluFunction unit = gluProgramLookup(program, str("unit"), &error);
  EXPECT(!gluFunctionIsNull(unit) && !error);

  GluArray arguments[] = {dense(x, 2, xSizes), dense(wg, 2, wSizes),
                          dense(wv, 2, wSizes)};
  GluArray result = dense(y, 2, ySizes);
  EXPECT(gluFunctionCall(program, unit, 3, arguments, 1, &result, &error));
  EXPECT(!error);
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n)
      EXPECT(isClose(y[m * N + n], evaluate(x, wg, wv, m, n, N, 1)));

  arguments[1].strides = arguments[2].strides = transposed;
  result.strides = spread;
  for (int i = 0; i < M * 2 * N; ++i)
    y[i] = 7;
  EXPECT(gluFunctionCall(program, unit, 3, arguments, 1, &result, NULL));
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n) {
      EXPECT(isClose(y[2 * (m * N + n)], evaluate(x, wg, wv, m, n, 1, K)));
      EXPECT(y[2 * (m * N + n) + 1] == 7);
    }

  /* No rows at all; nothing is read. */
  const int64_t none[] = {0, K}, noneOut[] = {0, N};
  arguments[0] = dense(NULL, 2, none);
  result = dense(NULL, 2, noneOut);
  EXPECT(gluFunctionCall(program, unit, 3, arguments, 1, &result, NULL));
}

/* Arguments stay as they are, where the function could write to one too. */
static void testArguments(GluProgram program) {
  float g[] = {-1, 2}, v[] = {3, 4}, y[2];
  const int64_t sizes[] = {2};
  GluArray arguments[] = {dense(g, 1, sizes), dense(v, 1, sizes)};
  GluArray result = dense(y, 1, sizes);
  GluFunction gate = gluProgramLookup(program, str("gate"), NULL);
  EXPECT(gluFunctionCall(program, gate, 2, arguments, 1, &result, NULL));
  EXPECT(y[0] == 0 && y[1] == 8);
  EXPECT(g[0] == -1 && g[1] == 2 && v[0] == 3 && v[1] == 4);
}

/* Nor does the check of shapes that comes before write to them, where it has to
 * compute what an assertion looks at. */
static void testChecks(void) {
  const char *text =
      "func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {\n"
      "  %c0 = arith.constant 0 : index\n"
      "  %limit = arith.constant 2.5 : f32\n"
      "  %y = linalg.map ins(%x : tensor<?xf32>) outs(%x : tensor<?xf32>)\n"
      "    (%a: f32, %old: f32) {\n"
      "      %s = arith.addf %a, %a : f32\n"
      "      linalg.yield %s : f32\n"
      "    }\n"
      "  %first = tensor.extract %y[%c0] : tensor<?xf32>\n"
      "  %fits = arith.cmpf olt, %first, %limit : f32\n"
      "  cf.assert %fits, \"twice x[0] is below 2.5\"\n"
      "  return %y : tensor<?xf32>\n"
      "}\n";
  char *error = NULL;
  GluProgram program = gluProgramCompile(str(text), str("threads=1"), &error);
  EXPECT(!gluProgramIsNull(program) && !error);
  float x[] = {1, 3}, y[2];
  const int64_t sizes[] = {2};
  GluArray argument = dense(x, 1, sizes), result = dense(y, 1, sizes);
  GluFunction f = gluProgramLookup(program, str("f"), NULL);
  EXPECT(gluFunctionCall(program, f, 1, &argument, 1, &result, NULL));
  EXPECT(x[0] == 1 && x[1] == 3);
  EXPECT(y[0] == 2 && y[1] == 6);
  x[0] = 2;
  EXPECT(!gluFunctionCall(program, f, 1, &argument, 1, &result, &error));
  EXPECT_ERROR(error, "twice x[0] is below 2.5");
  EXPECT(x[0] == 2 && x[1] == 3);
  gluProgramDestroy(program);
}

/* A memref that is written, where it lies and through a copy; numbers. */
static void testMemRefs(GluProgram program) {
  GluFunction scale = gluProgramLookup(program, str("scale"), NULL);
  EXPECT(gluFunctionGetNumArguments(scale) == 2);
  EXPECT(gluFunctionGetNumResults(scale) == 1);
  GluValueType type = gluFunctionGetArgument(scale, 0);
  EXPECT(type.element == GLU_F64 && type.isMemRef && !type.isScalar);
  EXPECT(type.rank == 2 && type.sizes[0] == 2 && type.sizes[1] == 3);
  EXPECT(gluFunctionGetResult(scale, 0).isScalar);

  double m[6] = {0, 1, 2, 3, 4, 5}, s = 3, twice = 0;
  const int64_t sizes[] = {2, 3}, columns[] = {1, 2};
  GluArray arguments[] = {{m, GLU_F64, 2, sizes, NULL},
                          {&s, GLU_F64, 0, NULL, NULL}};
  GluArray result = {&twice, GLU_F64, 0, NULL, NULL};
  for (int i = 0; i < 2; ++i) {
    EXPECT(gluFunctionCall(program, scale, 2, arguments, 1, &result, NULL));
    arguments[0].strides = columns;
  }
  EXPECT(twice == 6);
  for (int i = 0; i < 6; ++i)
    EXPECT(m[i] == 9 * i);
}

static void testBadCalls(GluProgram program, GluProgram other) {
  float data[64] = {0};
  const int64_t four[] = {4}, five[] = {5}, pair[] = {2, 2}, negative[] = {-4},
                huge[] = {INT64_MAX};
  char *error = NULL;
  EXPECT(gluFunctionIsNull(gluProgramLookup(program, str("none"), &error)));
  EXPECT_ERROR(
      error, "there is no function 'none'; there are: 'unit', 'gate', 'scale'");
  GluProgram noProgram = {NULL};
  GluFunction noFunction = {NULL};
  EXPECT(gluFunctionIsNull(gluProgramLookup(noProgram, str("unit"), &error)));
  EXPECT_ERROR(error, "the program is null");

  GluFunction gate = gluProgramLookup(program, str("gate"), NULL);
  EXPECT(strncmp(gluFunctionGetName(gate).data, "gate", 4) == 0);
  EXPECT(gluFunctionGetArgument(gate, 1).sizes[0] < 0);
  GluArray good = dense(data, 1, four);

#define CALL(text, changes)                                                    \
  do {                                                                         \
    GluProgram p = program;                                                    \
    GluFunction f = gate;                                                      \
    GluArray list[] = {good, good, good};                                      \
    GluArray *in = list, *out = list + 2;                                      \
    int numIn = 2, numOut = 1;                                                 \
    changes;                                                                   \
    EXPECT(!gluFunctionCall(p, f, numIn, in, numOut, out, &error));            \
    EXPECT_ERROR(error, text);                                                 \
    EXPECT(!gluFunctionCall(p, f, numIn, in, numOut, out, NULL));              \
  } while (0)
  CALL("the program is null", p = noProgram);
  CALL("the function is null", f = noFunction);
  CALL("the function is not one of the program", p = other);
  CALL("the list of arguments is null", in = NULL);
  CALL("the list of results is null", out = NULL);
  CALL("the list of arguments is null", numIn = -1);
  CALL("'gate' has 2 arguments and 1 are given", numIn = 1);
  CALL("'gate' has 1 results and 0 are given", numOut = 0);
  CALL("'gate', argument 1: element type f64, expected f32 as in ?xf32",
       in[1].element = GLU_F64);
  CALL("argument 1: there is no element type 99",
       in[1].element = (GluElementType)99);
  CALL("argument 0: rank 2 (2x2xf32), expected rank 1 as in ?xf32",
       (in[0].rank = 2, in[0].sizes = pair));
  CALL("argument 0: rank -1, expected 0 to 64", in[0].rank = -1);
  CALL("argument 0: its sizes are null", in[0].sizes = NULL);
  CALL("argument 1: its data is null", in[1].data = NULL);
  CALL("result 0: its data is null", out[0].data = NULL);
  CALL("is no shape of an array in memory", in[0].sizes = negative);
  CALL("is no shape of an array in memory", in[0].sizes = huge);
  CALL("the shapes of the arguments do not fit together", in[1].sizes = five);
  CALL("'gate', result 0: shape 5xf32, the function gives 4xf32",
       out[0].sizes = five);
#undef CALL
}

static void testBadPrograms(void) {
  static const struct {
    const char *text, *options, *error;
  } cases[] = {
      {"func.func @f(", "", "text:1:"},
      {"", "", "there is no public function with a body"},
      {"func.func private @f()", "", "there is no public function with a body"},
      {"func.func @f(%v: vector<4xf32>) { return }", "",
       "function 'f', argument 0: "},
      {"func.func @f(%g: tensor<4xf32>, %v: tensor<5xf32>) -> tensor<4xf32> {\n"
       "  %y = glu.gate silu gate(%g : tensor<4xf32>) value(%v : "
       "tensor<5xf32>) outs(%g : tensor<4xf32>) -> tensor<4xf32>\n"
       "  return %y : tensor<4xf32>\n}",
       "", "text:2:8: 'glu.gate' op"},
      {"func.func private @h()\nfunc.func @f() { call @h() : () -> ()\n"
       "return }",
       "", "function 'h' is called and has no body"},
      {"func.func @f() { return }", "chip=x", "no such option chip"},
      {"func.func @f() { return }", "threads=-1", "expected 0 (every core)"},
      {"func.func @f() { return }", "destinations",
       "destinations is not for programs"},
      {"func.func @f() { return }", "target-cpu=abacus",
       "unknown target 'abacus'"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
    char *error = NULL;
    GluProgram program =
        gluProgramCompile(str(cases[i].text), str(cases[i].options), &error);
    EXPECT(gluProgramIsNull(program));
    EXPECT_ERROR(error, cases[i].error);
    EXPECT(gluProgramIsNull(
        gluProgramCompile(str(cases[i].text), str(cases[i].options), NULL)));
  }
  MlirStringRef null = {NULL, 3};
  MlirModule noModule = {NULL};
  char *error = NULL;
  EXPECT(gluProgramIsNull(gluProgramCompile(null, str(""), &error)));
  EXPECT_ERROR(error, "the text is null");
  EXPECT(gluProgramIsNull(gluProgramCompileModule(noModule, str(""), &error)));
  EXPECT_ERROR(error, "the module is null");
  gluProgramDestroy((GluProgram){NULL});
  gluErrorFree(NULL);
}

static void count(MlirStringRef text, void *counter) {
  *(size_t *)counter += text.length;
}

static MlirLogicalResult keepFirst(MlirDiagnostic diagnostic, void *data) {
  ++*(int *)data;
  return mlirLogicalResultSuccess();
}

static MlirWalkResult setSchedule(MlirOperation op, void *schedule) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  if (name.length == strlen("glu.gated_projection") &&
      !strncmp(name.data, "glu.gated_projection", name.length))
    mlirOperationSetAttributeByName(op, str("glu.schedule"),
                                    *(MlirAttribute *)schedule);
  return MlirWalkResultAdvance;
}

/* The dialect, its attribute, passes by handle and by text, on a module. */
static void testModules(void) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  gluRegisterAllDialects(registry);
  MlirContext context = mlirContextCreateWithRegistry(registry, false);
  MlirDialect dialect =
      mlirDialectHandleLoadDialect(mlirGetDialectHandle__glu__(), context);
  EXPECT(!mlirDialectIsNull(dialect));
  EXPECT(mlirDialectGetNamespace(dialect).length == 3);

  MlirLocation loc = mlirLocationUnknownGet(context);
  MlirAttribute schedule = gluScheduleAttrGet(loc, 4, 8, 8, 16, 2, 32);
  EXPECT(gluAttributeIsASchedule(schedule));
  EXPECT(gluScheduleAttrGetRows(schedule) == 4);
  EXPECT(gluScheduleAttrGetColumns(schedule) == 8);
  EXPECT(gluScheduleAttrGetBlockRows(schedule) == 8);
  EXPECT(gluScheduleAttrGetBlockColumns(schedule) == 16);
  EXPECT(gluScheduleAttrGetGroup(schedule) == 2);
  EXPECT(gluScheduleAttrGetDepth(schedule) == 32);
  EXPECT(gluScheduleAttrGetPanels(schedule) == 1);
  MlirAttribute pair = gluScheduleAttrWithPanels(loc, schedule, 2);
  EXPECT(gluScheduleAttrGetPanels(pair) == 2);
  EXPECT(gluScheduleAttrGetDepth(pair) == 32);
  EXPECT(!gluAttributeIsASchedule(mlirUnitAttrGet(context)));
  EXPECT(!gluAttributeIsASchedule(mlirAttributeGetNull()));
  int diagnostics = 0;
  MlirDiagnosticHandlerID handler = mlirContextAttachDiagnosticHandler(
      context, keepFirst, &diagnostics, NULL);
  EXPECT(mlirAttributeIsNull(gluScheduleAttrGet(loc, 4, 8, 6, 16, 1, 1)));
  EXPECT(diagnostics == 1);
  EXPECT(mlirAttributeIsNull(gluScheduleAttrWithPanels(loc, schedule, 3)));
  EXPECT(diagnostics == 2);
  mlirContextDetachDiagnosticHandler(context, handler);

  MlirModule module = mlirModuleCreateParse(context, str(source));
  EXPECT(!mlirModuleIsNull(module));
  mlirOperationWalk(mlirModuleGetOperation(module), setSchedule, &schedule,
                    MlirWalkPreOrder);
  size_t before = 0, after = 0;
  mlirOperationPrint(mlirModuleGetOperation(module), count, &before);
  char *error = NULL;
  GluProgram program =
      gluProgramCompileModule(module, str("threads=1"), &error);
  EXPECT(!gluProgramIsNull(program) && !error);
  mlirOperationPrint(mlirModuleGetOperation(module), count, &after);
  EXPECT(before == after); /* It is left as it was. */

  mlirRegisterGLUPasses();
  gluRegisterPipelines();
  mlirRegisterAllPasses();
  MlirPassManager manager = mlirPassManagerCreate(context);
  mlirPassManagerAddOwnedPass(manager, mlirCreateGLURaise());
  size_t errors = 0;
  EXPECT(mlirLogicalResultIsSuccess(mlirOpPassManagerAddPipeline(
      mlirPassManagerGetAsOpPassManager(manager),
      str("canonicalize,glu-to-cpu{target-cpu=x86-64-v3 threads=1}"), count,
      &errors)));
  EXPECT(mlirLogicalResultIsFailure(
      mlirOpPassManagerAddPipeline(mlirPassManagerGetAsOpPassManager(manager),
                                   str("glu-none"), count, &errors)));
  EXPECT(errors > 0);
  EXPECT(mlirLogicalResultIsSuccess(
      mlirPassManagerRunOnOp(manager, mlirModuleGetOperation(module))));
  mlirPassManagerDestroy(manager);
  mlirModuleDestroy(module);
  mlirContextDestroy(context);
  mlirDialectRegistryDestroy(registry);

  testNumbers(program); /* Lives on without the context. */
  gluProgramDestroy(program);
}

/* Weights that are packed once. */
static void testPacking(void) {
  const char *text =
      "func.func @f(%x: tensor<?x24xf32>, %w: tensor<24x40xf32>)\n"
      "    -> tensor<?x40xf32> {\n"
      "  %c0 = arith.constant 0 : index\n"
      "  %z = arith.constant 0.0 : f32\n"
      "  %m = tensor.dim %x, %c0 : tensor<?x24xf32>\n"
      "  %e = tensor.empty(%m) : tensor<?x40xf32>\n"
      "  %f = linalg.fill ins(%z : f32) outs(%e : tensor<?x40xf32>)\n"
      "         -> tensor<?x40xf32>\n"
      "  %y = linalg.matmul ins(%x, %w : tensor<?x24xf32>, tensor<24x40xf32>)\n"
      "         outs(%f : tensor<?x40xf32>) -> tensor<?x40xf32>\n"
      "  return %y : tensor<?x40xf32>\n"
      "}\n";
  char *error = NULL;
  GluProgram program =
      gluProgramCompile(str(text), str("outline-packing threads=1"), &error);
  EXPECT(!gluProgramIsNull(program) && !error);
  EXPECT(gluProgramGetNumFunctions(program) == 3);
  GluFunction pack = gluProgramLookup(program, str("f.pack"), NULL);
  GluFunction packed = gluProgramLookup(program, str("f.packed"), NULL);
  EXPECT(gluProgramGetFunction(program, 1).ptr == pack.ptr);

  float x[2 * K], w[K * N], y[2 * N];
  for (int i = 0; i < 2 * K; ++i)
    x[i] = (float)(i % 7);
  for (int i = 0; i < K * N; ++i)
    w[i] = (float)(i % 5);
  const int64_t xSizes[] = {2, K}, wSizes[] = {K, N}, ySizes[] = {2, N};
  GluValueType type = gluFunctionGetResult(pack, 0);
  size_t elements = 1;
  for (int d = 0; d < type.rank; ++d)
    elements *= (size_t)type.sizes[d];
  float *panels = malloc(elements * sizeof(float));
  GluArray list[] = {dense(x, 2, xSizes), dense(w, 2, wSizes),
                     dense(panels, type.rank, type.sizes)};
  EXPECT(gluFunctionCall(program, pack, 2, list, 1, list + 2, NULL));
  memset(w, 0, sizeof(w));
  GluArray result = dense(y, 2, ySizes);
  EXPECT(gluFunctionCall(program, packed, 3, list, 1, &result, NULL));
  for (int m = 0; m < 2; ++m)
    for (int n = 0; n < N; ++n) {
      float sum = 0;
      for (int k = 0; k < K; ++k)
        sum += x[m * K + k] * (float)((k * N + n) % 5);
      EXPECT(y[m * N + n] == sum);
    }
  free(panels);
  gluProgramDestroy(program);
}

int main(void) {
  char *error = NULL;
  GluProgram program = gluProgramCompile(str(source), str("threads=2"), &error);
  if (error) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  GluProgram other = gluProgramCompile(str("func.func @f() { return }"),
                                       str("threads=1"), NULL);
  EXPECT(gluProgramGetNumFunctions(program) == 3);
  testNumbers(program);
  testArguments(program);
  testMemRefs(program);
  testBadCalls(program, other);
  testBadPrograms();
  testModules();
  testChecks();
  testPacking();
  gluProgramDestroy(other);
  gluProgramDestroy(program);
  return failures != 0;
}
