//===- Driver.h - CUDA's driver, found at run time --------------*- C++ -*-===//
//
// The part of CUDA's driver API that the runtime uses, declared here so that
// nothing of CUDA is needed to build.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_RUNTIME_DRIVER_H
#define GLU_LIB_RUNTIME_DRIVER_H

#include <cstddef>
#include <cstdint>

namespace glu {

using CUresult = int;
using CUdeviceptr = uint64_t;
using CUhandle = void *; ///< Of a context, module, function, stream or event.

/// Names in the library, parameters. Those with a suffix replaced functions
/// with 32-bit sizes.
#define GLU_DRIVER_FUNCTIONS(F)                                                \
  F(cuInit, "cuInit", (unsigned flags))                                        \
  F(cuDeviceGet, "cuDeviceGet", (int *device, int ordinal))                    \
  F(cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain",                      \
    (CUhandle * context, int device))                                          \
  F(cuCtxGetCurrent, "cuCtxGetCurrent", (CUhandle * context))                  \
  F(cuCtxSetCurrent, "cuCtxSetCurrent", (CUhandle context))                    \
  F(cuGetErrorName, "cuGetErrorName", (CUresult error, const char **text))     \
  F(cuGetErrorString, "cuGetErrorString", (CUresult error, const char **text)) \
  F(cuModuleLoadDataEx, "cuModuleLoadDataEx",                                  \
    (CUhandle * module, const void *image, unsigned count, int *options,       \
     void **values))                                                           \
  F(cuModuleUnload, "cuModuleUnload", (CUhandle module))                       \
  F(cuModuleGetFunction, "cuModuleGetFunction",                                \
    (CUhandle * function, CUhandle module, const char *name))                  \
  F(cuFuncSetAttribute, "cuFuncSetAttribute",                                  \
    (CUhandle function, int attribute, int value))                             \
  F(cuLaunchKernel, "cuLaunchKernel",                                          \
    (CUhandle function, unsigned gridX, unsigned gridY, unsigned gridZ,        \
     unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes,  \
     CUhandle stream, void **parameters, void **extra))                        \
  F(cuStreamCreate, "cuStreamCreate", (CUhandle * stream, unsigned flags))     \
  F(cuStreamDestroy, "cuStreamDestroy_v2", (CUhandle stream))                  \
  F(cuStreamSynchronize, "cuStreamSynchronize", (CUhandle stream))             \
  F(cuStreamWaitEvent, "cuStreamWaitEvent",                                    \
    (CUhandle stream, CUhandle event, unsigned flags))                         \
  F(cuEventCreate, "cuEventCreate", (CUhandle * event, unsigned flags))        \
  F(cuEventDestroy, "cuEventDestroy_v2", (CUhandle event))                     \
  F(cuEventSynchronize, "cuEventSynchronize", (CUhandle event))                \
  F(cuEventRecord, "cuEventRecord", (CUhandle event, CUhandle stream))         \
  F(cuMemAlloc, "cuMemAlloc_v2", (CUdeviceptr * pointer, size_t bytes))        \
  F(cuMemAllocManaged, "cuMemAllocManaged",                                    \
    (CUdeviceptr * pointer, size_t bytes, unsigned flags))                     \
  F(cuMemFree, "cuMemFree_v2", (CUdeviceptr pointer))                          \
  F(cuMemcpyAsync, "cuMemcpyAsync",                                            \
    (CUdeviceptr target, CUdeviceptr source, size_t bytes, CUhandle stream))   \
  F(cuMemsetD32Async, "cuMemsetD32Async",                                      \
    (CUdeviceptr target, unsigned value, size_t count, CUhandle stream))       \
  F(cuMemsetD16Async, "cuMemsetD16Async",                                      \
    (CUdeviceptr target, unsigned short value, size_t count, CUhandle stream))

/// Likewise, but older drivers lack them: who calls them asks first.
#define GLU_NEWER_DRIVER_FUNCTIONS(F)                                          \
  F(cuTensorMapEncodeTiled, "cuTensorMapEncodeTiled",                          \
    (void *map, int type, unsigned rank, void *base, const uint64_t *sizes,    \
     const uint64_t *strides, const uint32_t *boxes, const uint32_t *steps,    \
     int interleave, int swizzle, int promotion, int fill))

struct Driver {
#define GLU_DECLARE(member, name, parameters)                                  \
  CUresult(*member) parameters = nullptr;
  GLU_DRIVER_FUNCTIONS(GLU_DECLARE)
  GLU_NEWER_DRIVER_FUNCTIONS(GLU_DECLARE)
#undef GLU_DECLARE
};

/// The driver, with the first GPU's context current in this thread; null after
/// an error, which is recorded.
const Driver *getDriver();

/// Whether `result` is success; otherwise an error is recorded that has the
/// driver's name and text for it, and `detail` if there is any.
bool check(const Driver &driver, CUresult result, const char *function,
           const char *detail = "");

/// Keeps `message` for `takeError`, if it is the thread's first.
void recordError(const char *message);
bool hasError();
const char *takeError();

} // namespace glu

#endif // GLU_LIB_RUNTIME_DRIVER_H
