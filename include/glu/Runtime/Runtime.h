//===- Runtime.h - What host code of kernels calls --------------*- C++ -*-===//
//
// The functions that upstream's conversion of the gpu dialect (gpu-to-llvm)
// calls, as a table: CUDA's driver is one implementation, the emulator another.
// Uses neither MLIR nor LLVM, and needs no CUDA to be built.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_RUNTIME_RUNTIME_H
#define GLU_RUNTIME_RUNTIME_H

#include <cstddef>
#include <cstdint>

namespace glu {

/// Functions never fail visibly: the first error of a thread is kept for
/// `takeError`, and what follows does nothing. Their names with "mgpu" and a
/// capital before are those that compiled code calls.
struct GPURuntime {
  void *(*moduleLoad)(void *data, size_t size);
  void *(*moduleLoadJIT)(void *text, int32_t optLevel);
  void (*moduleUnload)(void *module);
  void *(*moduleGetFunction)(void *module, const char *name);
  void (*launchKernel)(void *function, intptr_t gridX, intptr_t gridY,
                       intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                       intptr_t blockZ, int32_t sharedBytes, void *stream,
                       void **parameters, void **extra, size_t count);
  void *(*streamCreate)();
  void (*streamDestroy)(void *stream);
  void (*streamSynchronize)(void *stream);
  void (*streamWaitEvent)(void *stream, void *event);
  void *(*eventCreate)();
  void (*eventDestroy)(void *event);
  void (*eventSynchronize)(void *event);
  void (*eventRecord)(void *event, void *stream);
  void *(*memAlloc)(uint64_t bytes, void *stream, bool isHostShared);
  void (*memFree)(void *pointer, void *stream);
  void (*memcpy)(void *target, void *source, size_t bytes, void *stream);
  void (*memset32)(void *target, uint32_t value, size_t count, void *stream);
  void (*memset16)(void *target, uint16_t value, size_t count, void *stream);
  /// A TensorMapRequest, member by member; see TensorMaps.h.
  void *(*tensorMap)(void *base, int64_t type, int64_t rank, int64_t swizzle,
                     int64_t size0, int64_t size1, int64_t size2, int64_t size3,
                     int64_t size4, int64_t stride1, int64_t stride2,
                     int64_t stride3, int64_t stride4, int64_t box0,
                     int64_t box1, int64_t box2, int64_t box3, int64_t box4);

  /// The first error of this thread since the last call, or null; valid until
  /// the thread's next error.
  const char *(*takeError)();
};

/// CUDA's driver, loaded with the first call that needs it.
const GPURuntime &getCUDARuntime();

/// Calls `visit(name, address, data)` for each function that compiled code may
/// call.
void forEachRuntimeFunction(const GPURuntime &runtime,
                            void (*visit)(const char *name, void *address,
                                          void *data),
                            void *data);

/// The stream that this thread's next calls of compiled code use, in place of
/// one of their own; they then return before the work is done. Null takes it
/// back.
void setCUDAStream(void *stream);

} // namespace glu

#endif // GLU_RUNTIME_RUNTIME_H
