/*===- embed_c.c - The same in C, from text -------------------------------===*\
|*                                                                            *|
|* Compiles IR that it has as text, asks for the types of its function, and   *|
|* calls it.                                                                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "glu-c/Execution.h"

#include <stdio.h>

static const char *source =
    "func.func @reglu(%g: tensor<?xf32>, %v: tensor<?xf32>) -> tensor<?xf32> "
    "{\n"
    "  %y = glu.gate relu gate(%g : tensor<?xf32>) value(%v : tensor<?xf32>)\n"
    "         outs(%g : tensor<?xf32>) -> tensor<?xf32>\n"
    "  return %y : tensor<?xf32>\n"
    "}\n";

static int fail(char *error) {
  fprintf(stderr, "embed_c: error: %s\n", error);
  gluErrorFree(error);
  return 2;
}

int main(void) {
  char *error;
  GluProgram program =
      gluProgramCompile(mlirStringRefCreateFromCString(source),
                        mlirStringRefCreateFromCString("threads=1"), &error);
  if (gluProgramIsNull(program))
    return fail(error);
  GluFunction reglu = gluProgramLookup(
      program, mlirStringRefCreateFromCString("reglu"), &error);
  if (gluFunctionIsNull(reglu))
    return fail(error);
  printf("reglu takes %d arrays of rank %d\n",
         (int)gluFunctionGetNumArguments(reglu),
         (int)gluFunctionGetArgument(reglu, 0).rank);

  float g[] = {-1, 2, 3}, v[] = {4, 5, 6}, y[3];
  const int64_t sizes[] = {3};
  GluArray arguments[] = {{g, GLU_F32, 1, sizes, NULL},
                          {v, GLU_F32, 1, sizes, NULL}};
  GluArray result = {y, GLU_F32, 1, sizes, NULL};
  if (!gluFunctionCall(program, reglu, 2, arguments, 1, &result, &error))
    return fail(error);
  printf("%g %g %g\n", y[0], y[1], y[2]);

  const int64_t wrong[] = {2};
  arguments[1].sizes = wrong;
  if (gluFunctionCall(program, reglu, 2, arguments, 1, &result, &error))
    return 1;
  printf("refused: %s\n", error);
  gluErrorFree(error);
  gluProgramDestroy(program);
  return y[0] == 0 && y[1] == 10 && y[2] == 18 ? 0 : 1;
}
