/* FakeDriver.c - A CUDA driver without a GPU, for tests.
 *
 * Memory is the host's, launches do nothing, and each call but those that ask
 * is a line on the standard error. FAKE_CUDA_FAIL names a function that fails.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { success = 0, invalidPTX = 218 };

static int answer(const char *function) {
  const char *failing = getenv("FAKE_CUDA_FAIL");
  fprintf(stderr, "%s\n", function);
  return failing && !strcmp(failing, function) ? invalidPTX : success;
}

int cuInit(unsigned flags) { return answer("cuInit"); }
int cuDeviceGet(int *device, int ordinal) { return success; }
int cuDevicePrimaryCtxRetain(void **context, int device) {
  return answer("cuDevicePrimaryCtxRetain");
}
int cuCtxGetCurrent(void **context) {
  *context = 0;
  return success;
}
int cuCtxSetCurrent(void *context) { return success; }
int cuGetErrorName(int error, const char **text) {
  *text = error == invalidPTX ? "CUDA_ERROR_INVALID_PTX" : "CUDA_ERROR_OTHER";
  return success;
}
int cuGetErrorString(int error, const char **text) {
  *text = "a PTX JIT compilation failed";
  return success;
}
int cuModuleLoadDataEx(void **module, const void *image, unsigned count,
                       int *options, void **values) {
  fprintf(stderr, "image: %s\n",
          strstr(image, ".target ") ? "PTX" : "something else");
  if (count > 0)
    strcpy(values[0], "line 1: a word too many");
  *module = malloc(1);
  return answer("cuModuleLoadDataEx");
}
int cuModuleUnload(void *module) {
  free(module);
  return answer("cuModuleUnload");
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
  static char aFunction;
  *function = &aFunction;
  return answer("cuModuleGetFunction");
}
int cuFuncSetAttribute(void *function, int attribute, int value) {
  return answer("cuFuncSetAttribute");
}
int cuLaunchKernel(void *function, unsigned gridX, unsigned gridY,
                   unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned sharedBytes, void *stream,
                   void **parameters, void **extra) {
  fprintf(stderr, "grid %u %u %u, block %u %u %u\n", gridX, gridY, gridZ,
          blockX, blockY, blockZ);
  return answer("cuLaunchKernel");
}
int cuStreamCreate(void **stream, unsigned flags) {
  *stream = malloc(1);
  return answer("cuStreamCreate");
}
int cuStreamDestroy_v2(void *stream) {
  free(stream);
  return answer("cuStreamDestroy");
}
int cuStreamSynchronize(void *stream) { return answer("cuStreamSynchronize"); }
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
  return answer("cuStreamWaitEvent");
}
int cuEventCreate(void **event, unsigned flags) {
  *event = malloc(1);
  return answer("cuEventCreate");
}
int cuEventDestroy_v2(void *event) {
  free(event);
  return answer("cuEventDestroy");
}
int cuEventSynchronize(void *event) { return answer("cuEventSynchronize"); }
int cuEventRecord(void *event, void *stream) { return answer("cuEventRecord"); }
int cuMemAlloc_v2(uint64_t *pointer, size_t bytes) {
  *pointer = (uint64_t)(uintptr_t)calloc(1, bytes);
  fprintf(stderr, "%zu bytes\n", bytes);
  return answer("cuMemAlloc");
}
int cuMemAllocManaged(uint64_t *pointer, size_t bytes, unsigned flags) {
  return cuMemAlloc_v2(pointer, bytes);
}
int cuMemFree_v2(uint64_t pointer) {
  free((void *)(uintptr_t)pointer);
  return answer("cuMemFree");
}
int cuMemcpyAsync(uint64_t target, uint64_t source, size_t bytes,
                  void *stream) {
  memcpy((void *)(uintptr_t)target, (void *)(uintptr_t)source, bytes);
  return answer("cuMemcpyAsync");
}
int cuMemsetD32Async(uint64_t target, unsigned value, size_t count,
                     void *stream) {
  return answer("cuMemsetD32Async");
}
int cuMemsetD16Async(uint64_t target, unsigned short value, size_t count,
                     void *stream) {
  return answer("cuMemsetD16Async");
}

static void say(const char *what, unsigned count, const uint64_t *wide,
                const uint32_t *narrow) {
  fprintf(stderr, ", %s", what);
  for (unsigned i = 0; i < count; ++i)
    fprintf(stderr, " %llu", (unsigned long long)(wide ? wide[i] : narrow[i]));
}
int cuTensorMapEncodeTiled(void *map, int type, unsigned rank, void *base,
                           const uint64_t *sizes, const uint64_t *strides,
                           const uint32_t *boxes, const uint32_t *steps,
                           int interleave, int swizzle, int promotion,
                           int fill) {
  fprintf(stderr, "type %d, rank %u", type, rank);
  say("sizes", rank, sizes, 0);
  say("strides", rank - 1, strides, 0);
  say("boxes", rank, 0, boxes);
  say("steps", rank, 0, steps);
  fprintf(stderr, ", interleave %d, swizzle %d, promotion %d, fill %d\n",
          interleave, swizzle, promotion, fill);
  memset(map, 1, 128);
  return answer("cuTensorMapEncodeTiled");
}
