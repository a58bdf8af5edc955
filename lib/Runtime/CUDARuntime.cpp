//===- CUDARuntime.cpp - The runtime on CUDA's driver ---------------------===//

#include "glu/Runtime/Runtime.h"
#include "glu/Runtime/TensorMaps.h"

#include "Driver.h"

#include <algorithm>

using namespace glu;

/// The stream that the caller of compiled code gave.
static thread_local CUhandle callersStream = nullptr;

void glu::setCUDAStream(void *stream) { callersStream = stream; }

#define GLU_CHECK(driver, function, ...)                                       \
  check(*(driver), (driver)->function(__VA_ARGS__), #function)

static void *moduleLoadJIT(void *text, int32_t optLevel) {
  const Driver *driver = getDriver();
  if (!driver)
    return nullptr;
  // CU_JIT_ERROR_LOG_BUFFER, its size, CU_JIT_OPTIMIZATION_LEVEL.
  char log[4096] = {0};
  int options[] = {5, 6, 7};
  void *values[] = {log, reinterpret_cast<void *>(sizeof(log)),
                    reinterpret_cast<void *>(intptr_t(optLevel))};
  CUhandle module = nullptr;
  CUresult result =
      driver->cuModuleLoadDataEx(&module, text, 3, options, values);
  check(*driver, result, "cuModuleLoadDataEx", log);
  return module;
}

static void *moduleLoad(void *data, size_t) {
  const Driver *driver = getDriver();
  CUhandle module = nullptr;
  if (driver)
    GLU_CHECK(driver, cuModuleLoadDataEx, &module, data, 0, nullptr, nullptr);
  return module;
}

static void moduleUnload(void *module) {
  if (!module)
    return;
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuModuleUnload, module);
}

static void *moduleGetFunction(void *module, const char *name) {
  const Driver *driver = getDriver();
  CUhandle function = nullptr;
  if (driver)
    GLU_CHECK(driver, cuModuleGetFunction, &function, module, name);
  return function;
}

static void launchKernel(void *function, intptr_t gridX, intptr_t gridY,
                         intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                         intptr_t blockZ, int32_t sharedBytes, void *stream,
                         void **parameters, void **extra, size_t) {
  const Driver *driver = getDriver();
  if (!driver)
    return;
  // More than 48 KiB must be asked for:
  // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.
  if (sharedBytes > (48 << 10) &&
      !GLU_CHECK(driver, cuFuncSetAttribute, function, 8, sharedBytes))
    return;
  GLU_CHECK(driver, cuLaunchKernel, function, unsigned(gridX), unsigned(gridY),
            unsigned(gridZ), unsigned(blockX), unsigned(blockY),
            unsigned(blockZ), unsigned(sharedBytes), stream, parameters, extra);
}

static void *streamCreate() {
  if (callersStream)
    return callersStream;
  const Driver *driver = getDriver();
  CUhandle stream = nullptr;
  // CU_STREAM_NON_BLOCKING: nobody else's work is waited for.
  if (driver)
    GLU_CHECK(driver, cuStreamCreate, &stream, 1);
  return stream;
}

static void streamDestroy(void *stream) {
  if (stream == callersStream)
    return;
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuStreamDestroy, stream);
}

static void streamSynchronize(void *stream) {
  if (stream && stream == callersStream)
    return;
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuStreamSynchronize, stream);
}

static void streamWaitEvent(void *stream, void *event) {
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuStreamWaitEvent, stream, event, 0);
}

static void *eventCreate() {
  const Driver *driver = getDriver();
  CUhandle event = nullptr;
  if (driver) // CU_EVENT_DISABLE_TIMING
    GLU_CHECK(driver, cuEventCreate, &event, 2);
  return event;
}

static void eventDestroy(void *event) {
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuEventDestroy, event);
}

static void eventSynchronize(void *event) {
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuEventSynchronize, event);
}

static void eventRecord(void *event, void *stream) {
  if (const Driver *driver = getDriver())
    GLU_CHECK(driver, cuEventRecord, event, stream);
}

static void *memAlloc(uint64_t bytes, void *, bool isHostShared) {
  const Driver *driver = getDriver();
  CUdeviceptr pointer = 0;
  if (!driver || bytes == 0)
    return nullptr;
  if (isHostShared) // CU_MEM_ATTACH_GLOBAL
    GLU_CHECK(driver, cuMemAllocManaged, &pointer, bytes, 1);
  else
    GLU_CHECK(driver, cuMemAlloc, &pointer, bytes);
  return reinterpret_cast<void *>(pointer);
}

/// Freeing waits for the work that uses the memory.
static void memFree(void *pointer, void *) {
  const Driver *driver = getDriver();
  if (driver && pointer)
    GLU_CHECK(driver, cuMemFree, reinterpret_cast<CUdeviceptr>(pointer));
}

static void copyMemory(void *target, void *source, size_t bytes, void *stream) {
  const Driver *driver = getDriver();
  if (driver && bytes)
    GLU_CHECK(driver, cuMemcpyAsync, reinterpret_cast<CUdeviceptr>(target),
              reinterpret_cast<CUdeviceptr>(source), bytes, stream);
}

static void memset32(void *target, uint32_t value, size_t count, void *stream) {
  const Driver *driver = getDriver();
  if (driver && count)
    GLU_CHECK(driver, cuMemsetD32Async, reinterpret_cast<CUdeviceptr>(target),
              value, count, stream);
}

static void memset16(void *target, uint16_t value, size_t count, void *stream) {
  const Driver *driver = getDriver();
  if (driver && count)
    GLU_CHECK(driver, cuMemsetD16Async, reinterpret_cast<CUdeviceptr>(target),
              value, count, stream);
}

static bool encode(const TensorMapRequest &request, TensorMap &map) {
  const Driver *driver = getDriver();
  if (!driver)
    return false;
  if (!driver->cuTensorMapEncodeTiled) {
    recordError("the CUDA driver has no function cuTensorMapEncodeTiled: it is "
                "too old");
    return false;
  }
  uint64_t sizes[5], strides[4];
  uint32_t boxes[5], steps[5];
  std::copy_n(request.sizes, 5, sizes);
  std::copy_n(request.strides, 4, strides);
  std::copy_n(request.boxes, 5, boxes);
  std::fill_n(steps, 5, 1);
  // CU_TENSOR_MAP_INTERLEAVE_NONE, _L2_PROMOTION_L2_256B, _FLOAT_OOB_FILL_NONE.
  return GLU_CHECK(driver, cuTensorMapEncodeTiled, &map, int(request.type),
                   unsigned(request.rank), request.base, sizes, strides, boxes,
                   steps, 0, int(request.swizzle), 3, 0);
}

const GPURuntime &glu::getCUDARuntime() {
  static const GPURuntime runtime = {
      moduleLoad,           moduleLoadJIT,     moduleUnload,
      moduleGetFunction,    launchKernel,      streamCreate,
      streamDestroy,        streamSynchronize, streamWaitEvent,
      eventCreate,          eventDestroy,      eventSynchronize,
      eventRecord,          memAlloc,          memFree,
      copyMemory,           memset32,          memset16,
      getTensorMap<encode>, takeError};
  return runtime;
}
