/* Functions of failures.mlir give messages, and go on to work. */

#include "failures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition)                                                       \
  ((condition)                                                                 \
       ? (void)0                                                               \
       : (void)(++failures, printf("line %d: %s\n", __LINE__, #condition)))

static int says(const char *message, const char *part) {
  return message && strstr(message, part);
}

int main(void) {
  float x[9 * 16], w[16 * 24], y[9 * 24];
  double number = 0;
  for (int i = 0; i < 9 * 16; ++i)
    x[i] = 1;
  for (int i = 0; i < 16 * 24; ++i)
    w[i] = 1;
  void *packed = malloc((size_t)unit_packed_bytes());
  if (!packed)
    return 1;
  unit_pack(w, w, packed);
  for (int round = 0; round < 2; ++round) {
    const char *message = first(x, 0.5f, y, &number, 3);
    CHECK(says(message, "an assertion of the program failed"));
    CHECK(says(message, "x[0] is below the limit"));
    CHECK(!first(x, 1.5f, y, &number, 3));
    CHECK(number == 1 && y[0] == 2 && y[2] == 2);

    CHECK(says(unit(x, w, w, y, 9), "at most eight rows"));
    CHECK(!unit(x, w, w, y, 8));
    CHECK(y[0] == 256 && y[8 * 24 - 1] == 256);
    CHECK(says(unit_packed(x, packed, y, 9), "at most eight rows"));
    CHECK(!unit_packed(x, packed, y, 8));
    CHECK(y[0] == 256 && y[8 * 24 - 1] == 256);
  }
  CHECK(twice(3) == 6);
  free(packed);
  return failures != 0;
}
