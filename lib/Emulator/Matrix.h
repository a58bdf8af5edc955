//===- Matrix.h - Instructions on matrices of a warp ------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_MATRIX_H
#define GLU_LIB_EMULATOR_MATRIX_H

#include <cstdint>

namespace glu {

class Launch;

/// mma.sync.aligned.m16n8k16.row.col.f32.T.T.f32 for all lanes of a warp.
void executeMmaF16(Launch &launch, uint32_t firstThread, uint32_t mask);
void executeMmaBF16(Launch &launch, uint32_t firstThread, uint32_t mask);

/// ldmatrix.sync.aligned.m8n8.xCount{.trans}.shared.b16 for all lanes.
template <unsigned Count, bool Transposed>
void executeLdmatrix(Launch &launch, uint32_t firstThread, uint32_t mask);

/// stmatrix.sync.aligned.m8n8.xCount{.trans}.shared.b16 for all lanes.
template <unsigned Count, bool Transposed>
void executeStmatrix(Launch &launch, uint32_t firstThread, uint32_t mask);

} // namespace glu

#endif // GLU_LIB_EMULATOR_MATRIX_H
