/* Calls a compiled feed-forward from C, and compares it with plain loops.
 *
 *   glu-compile ffn.mlir -o libffn.so --header=ffn.h --prepack
 *   cc main.c -o main -L. -lffn -lm -Wl,-rpath,'$ORIGIN'
 *   ./main
 */

#include "ffn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { model = 64, inner = 176 };

/* Numbers between -1 and 1; the same ones every time. */
static void fill(float *values, int count, unsigned seed) {
  for (int i = 0; i < count; ++i) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float)(seed >> 8) / (1 << 23) - 1;
  }
}

/* What the library should compute, in double precision. */
static void reference(const float *x, const float *w_gate, const float *w_up,
                      const float *w_down, double *y, int rows) {
  static double hidden[inner];
  for (int m = 0; m < rows; ++m) {
    for (int n = 0; n < inner; ++n) {
      double g = 0, v = 0;
      for (int k = 0; k < model; ++k) {
        g += (double)x[m * model + k] * w_gate[k * inner + n];
        v += (double)x[m * model + k] * w_up[k * inner + n];
      }
      hidden[n] = g / (1 + exp(-g)) * v;
    }
    for (int n = 0; n < model; ++n) {
      double sum = 0;
      for (int k = 0; k < inner; ++k)
        sum += hidden[k] * w_down[k * model + n];
      y[m * model + n] = sum;
    }
  }
}

/* max |got - want| / max |want| */
static double compare(const float *got, const double *want, int count) {
  double error = 0, scale = 0;
  for (int i = 0; i < count; ++i) {
    double difference = fabs(got[i] - want[i]);
    if (!(difference <= error)) /* A NaN is wrong too. */
      error = difference;
    scale = fmax(scale, fabs(want[i]));
  }
  return scale > 0 ? error / scale : error;
}

int main(void) {
  static float w_gate[model * inner], w_up[model * inner],
      w_down[inner * model];
  fill(w_gate, model * inner, 1);
  fill(w_up, model * inner, 2);
  fill(w_down, inner * model, 3);

  /* Weights stay the same: pack them once. */
  size_t bytes = ((size_t)ffn_packed_bytes() + 63) / 64 * 64;
  void *packed = aligned_alloc(64, bytes);
  if (!packed)
    return 1;
  ffn_pack(w_gate, w_up, w_down, packed);

  for (int rows = 0; rows <= 70; rows += rows < 8 ? 1 : 31) {
    size_t count = (size_t)rows * model;
    float *x = malloc((count + 1) * sizeof(float));
    float *y = malloc((count + 1) * sizeof(float));
    double *want = malloc((count + 1) * sizeof(double));
    if (!x || !y || !want)
      return 1;
    fill(x, (int)count, 4);
    reference(x, w_gate, w_up, w_down, want, rows);

    const float guard = 12345;
    y[count] = guard;
    ffn(x, w_gate, w_up, w_down, y, rows);
    double error = compare(y, want, (int)count);

    memset(y, 0, count * sizeof(float));
    ffn_packed(x, packed, y, rows);
    double packed_error = compare(y, want, (int)count);

    int right = error < 1e-5 && packed_error < 1e-5 && y[count] == guard;
    printf("%d rows: error %.1e, with packed weights %.1e: %s\n", rows, error,
           packed_error, right ? "right" : "WRONG");
    if (!right)
      return 1;
    free(x);
    free(y);
    free(want);
  }
  free(packed);
  return 0;
}
