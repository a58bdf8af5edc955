//===- Matrix.cpp - Instructions on matrices of a warp --------------------===//
//
// Which element of a matrix is in which register of which lane: PTX ISA manual,
// "Matrix Fragments for mma.m16n8k16 with floating point type" and "ldmatrix".
//
//===----------------------------------------------------------------------===//

#include "Matrix.h"
#include "Block.h"
#include "Floats.h"

#include <cstring>

using namespace glu;

static void executeMma(Launch &launch, uint32_t first,
                       float (*convert)(uint16_t)) {
  constexpr unsigned m = 16, n = 8, k = 16;
  float a[m][k], b[k][n];
  for (uint32_t lane = 0; lane < warpSize; ++lane) {
    const Thread &thread = launch.getLane(first, lane);
    auto *aRegisters = static_cast<const uint16_t *>(thread.operands[0]);
    auto *bRegisters = static_cast<const uint16_t *>(thread.operands[1]);
    unsigned group = lane / 4, inGroup = lane % 4;
    for (unsigned i = 0; i < 8; ++i) {
      unsigned row = group + (i & 2 ? 8 : 0);
      unsigned column = inGroup * 2 + (i & 1) + (i & 4 ? 8 : 0);
      a[row][column] = convert(aRegisters[i]);
    }
    for (unsigned i = 0; i < 4; ++i)
      b[inGroup * 2 + (i & 1) + (i & 2 ? 8 : 0)][group] =
          convert(bRegisters[i]);
  }
  for (uint32_t lane = 0; lane < warpSize; ++lane) {
    Thread &thread = launch.getLane(first, lane);
    float sums[4];
    std::memcpy(sums, thread.operands[2], sizeof(sums));
    for (unsigned i = 0; i < 4; ++i) {
      unsigned row = lane / 4 + (i & 2 ? 8 : 0);
      unsigned column = lane % 4 * 2 + (i & 1);
      // Products are exact; how their sum is rounded, the manual leaves open.
      double sum = sums[i];
      for (unsigned j = 0; j < k; ++j)
        sum += double(a[row][j]) * b[j][column];
      sums[i] = float(sum);
    }
    std::memcpy(thread.result, sums, sizeof(sums));
  }
}

void glu::executeMmaF16(Launch &launch, uint32_t first, uint32_t) {
  executeMma(launch, first, fromHalf);
}

void glu::executeMmaBF16(Launch &launch, uint32_t first, uint32_t) {
  executeMma(launch, first, fromBFloat);
}

template <unsigned Count, bool Transposed>
void glu::executeLdmatrix(Launch &launch, uint32_t first, uint32_t) {
  for (unsigned matrix = 0; matrix < Count; ++matrix) {
    uint16_t elements[8][8];
    for (unsigned row = 0; row < 8; ++row)
      std::memcpy(elements[row],
                  launch.getLane(first, 8 * matrix + row).operands[0], 16);
    for (uint32_t lane = 0; lane < warpSize; ++lane) {
      auto *registers =
          static_cast<uint16_t *>(launch.getLane(first, lane).result);
      for (unsigned i = 0; i < 2; ++i) {
        unsigned row = lane / 4, column = lane % 4 * 2 + i;
        registers[2 * matrix + i] =
            Transposed ? elements[column][row] : elements[row][column];
      }
    }
  }
}

template <unsigned Count, bool Transposed>
void glu::executeStmatrix(Launch &launch, uint32_t first, uint32_t) {
  for (unsigned matrix = 0; matrix < Count; ++matrix) {
    uint16_t elements[8][8];
    for (uint32_t lane = 0; lane < warpSize; ++lane) {
      auto *registers = static_cast<const uint16_t *>(
          launch.getLane(first, lane).operands[1]);
      for (unsigned i = 0; i < 2; ++i) {
        unsigned row = lane / 4, column = lane % 4 * 2 + i;
        (Transposed ? elements[column][row] : elements[row][column]) =
            registers[2 * matrix + i];
      }
    }
    for (unsigned row = 0; row < 8; ++row)
      std::memcpy(const_cast<void *>(
                      launch.getLane(first, 8 * matrix + row).operands[0]),
                  elements[row], 16);
  }
}

#define GLU_INSTANTIATE(count, transposed)                                     \
  template void glu::executeLdmatrix<count, transposed>(Launch &, uint32_t,    \
                                                        uint32_t);             \
  template void glu::executeStmatrix<count, transposed>(Launch &, uint32_t,    \
                                                        uint32_t);
GLU_INSTANTIATE(1, false)
GLU_INSTANTIATE(2, false)
GLU_INSTANTIATE(4, false)
GLU_INSTANTIATE(1, true)
GLU_INSTANTIATE(2, true)
GLU_INSTANTIATE(4, true)
