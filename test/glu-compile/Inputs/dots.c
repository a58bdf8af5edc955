/* Calls the functions of dots.mlir and compares them with plain loops. */

#include "dots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { M = 11, K = 37, N = 53 };

/* Small numbers of either sign, exact in bf16 and int8. */
static int number(int i) { return (i * 37 + i / 7) % 23 - 11; }

static uint16_t to_bf16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return (uint16_t)(bits >> 16);
}

static int product(int m, int n) {
  int sum = 0;
  for (int k = 0; k < K; ++k)
    sum += number(m * K + k) * number(k * N + n + 5);
  return sum;
}

int main(void) {
  static uint16_t x[M * K], w[K * N];
  static int8_t xi[M * K], wi[K * N];
  static float y[M * N];
  static int32_t yi[M * N];
  for (int i = 0; i < M * K; ++i) {
    x[i] = to_bf16((float)number(i));
    xi[i] = (int8_t)number(i);
  }
  for (int i = 0; i < K * N; ++i) {
    w[i] = to_bf16((float)number(i + 5));
    wi[i] = (int8_t)number(i + 5);
  }
  bf16(x, w, y);
  int8(xi, wi, yi);
  for (int i = 0; i < M * N; ++i) {
    int expected = product(i / N, i % N);
    if (y[i] == (float)expected && yi[i] == expected)
      continue;
    printf("element %d is %g of bf16 and %d of bytes, expected %d\n", i, y[i],
           yi[i], expected);
    return 1;
  }
  return 0;
}
