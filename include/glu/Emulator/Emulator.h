//===- Emulator.h - A GPU on the CPU, for tests -----------------*- C++ -*-===//
//
// Runs kernels thread by thread. Host code is that of a real GPU: it calls the
// emulator's functions in the place of the CUDA runtime's. Kernels are those
// that would become PTX, rewritten by the pass `glu-emulate-kernels` to call
// the emulator for each instruction of NVVM and before each access to memory.
// Uses neither MLIR nor LLVM. One thread at a time may use it.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EMULATOR_EMULATOR_H
#define GLU_EMULATOR_EMULATOR_H

#include "glu/Runtime/Runtime.h"

namespace glu {

/// What the pass writes down of a kernel; its address is the kernel's handle.
struct EmulatedKernel {
  const char *name;
  /// Calls the kernel with the arguments that these pointers point at.
  void (*entry)(void **parameters);
  /// Bytes of static shared memory.
  int64_t sharedBytes;
  /// Where in the program the code is that accesses refer to by number.
  const char *const *sites;
  /// Blocks of a cluster.
  int32_t clusterX = 1, clusterY = 1, clusterZ = 1;
  /// Registers that a thread may have, if the kernel says so, or 0.
  int32_t registers = 0;
};

/// The emulator as a runtime.
const GPURuntime &getEmulatorRuntime();

/// Another order in which threads run and copies end; 0 at first.
void setEmulatorSeed(uint64_t seed);

/// Calls `visit` for each function that rewritten kernels may call.
void forEachEmulatorFunction(void (*visit)(const char *name, void *address,
                                           void *data),
                             void *data);

} // namespace glu

#endif // GLU_EMULATOR_EMULATOR_H
