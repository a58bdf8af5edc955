/* Calls each function of types.mlir; exit code 1 and a line if one is wrong. */

#include "types.h"

#include <stdio.h>
#include <string.h>

static int failures;

#define CHECK(condition)                                                       \
  ((condition) ? (void)0                                                       \
               : (void)(++failures, printf("line %d: %s\n", __LINE__,          \
                                           #condition)))

int main(void) {
  {
    uint16_t x[4] = {0x3c00, 0x4000, 0xc200, 0x0001}, out[5] = {0, 0, 0, 0, 7};
    f16(x, 0x4000, out); /* times 2 */
    CHECK(out[0] == 0x4000 && out[1] == 0x4400 && out[2] == 0xc600 &&
          out[3] == 0x0002 && out[4] == 7);
  }
  {
    uint16_t x[4] = {0x3f80, 0x4000, 0xc040, 0x0000};
    float out[4];
    CHECK(bf16(x, 0xbf80, out) == 0xbf80); /* times -1 */
    CHECK(out[0] == -1 && out[1] == -2 && out[2] == 3 && out[3] == 0);
  }
  {
    uint8_t x[4] = {1, 2, 0x80, 0xff}, out[4];
    f8(x, out);
    CHECK(memcmp(x, out, 4) == 0);
  }
  {
    bool flags[2] = {true, false}, same[2];
    uint8_t bytes[3] = {0, 200, 255}, same_bytes[3];
    int64_t out[6];
    CHECK(!integers(true, -3, -300, -70000, -5000000000, 9, flags, bytes, out,
                    same, same_bytes));
    CHECK(out[0] == 1 && out[1] == -3 && out[2] == -300 && out[3] == -70000 &&
          out[4] == -5000000000 && out[5] == 9);
    CHECK(same[0] && !same[1]);
    CHECK(memcmp(bytes, same_bytes, 3) == 0);
    CHECK(integers(false, 0, 0, 0, 0, 0, flags, bytes, out, same, same_bytes));
  }
  {
    float y = 3, out = 0;
    CHECK(number(1.5, &y, &out) == 3.0);
    CHECK(out == 3);
  }
  {
    float x[5 * 8], out[3 * 8 + 1];
    int32_t seen[2] = {0, 77};
    for (int i = 0; i < 5 * 8; ++i)
      x[i] = (float)i;
    out[3 * 8] = -1;
    slice(x, seen, out, 5, 2);
    CHECK(seen[0] == 5 && seen[1] == 77);
    CHECK(memcmp(out, x + 2 * 8, 3 * 8 * sizeof(float)) == 0);
    CHECK(out[3 * 8] == -1 && x[16] == 16);
  }
  {
    float x[7], out[8] = {0};
    divide(x, out, 7); /* 3 + 3 + 1 */
    CHECK(out[0] == 1 && out[6] == 1 && out[7] == 0);
  }
  {
    float x[1] = {3}, four[5] = {0}, three[4] = {0};
    fill(4, x, four, three, 1, 3);
    CHECK(four[0] == 1 && four[3] == 1 && four[4] == 0);
    CHECK(three[0] == 1 && three[2] == 1 && three[3] == 0);
  }
  nothing();
  return failures != 0;
}
