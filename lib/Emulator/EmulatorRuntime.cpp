//===- EmulatorRuntime.cpp - The emulator in the place of CUDA ------------===//
//
// Everything is done when a function returns: streams and events are nothing.
//
//===----------------------------------------------------------------------===//

#include "Block.h"
#include "TensorMaps.h"

#include <cstring>

using namespace glu;

namespace {
struct Device {
  GlobalMemory memory;
  std::string error, takenError;
  uint64_t seed = 0;
  uint32_t launches = 0; ///< So many so far.

  void fail(const std::string &message) {
    if (error.empty())
      error = message;
  }
};
} // namespace

static Device &getDevice() {
  static Device device;
  return device;
}

void glu::setEmulatorSeed(uint64_t seed) { getDevice().seed = seed; }

static void launchKernel(void *function, intptr_t gridX, intptr_t gridY,
                         intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                         intptr_t blockZ, int32_t sharedBytes, void *,
                         void **parameters, void **, size_t) {
  Device &device = getDevice();
  if (!device.error.empty())
    return;
  const auto &kernel = *static_cast<const EmulatedKernel *>(function);
  auto isBelow = [](intptr_t x, intptr_t y, intptr_t z, intptr_t mostX,
                    intptr_t most, intptr_t mostZ) {
    return x >= 1 && y >= 1 && z >= 1 && x <= mostX && y <= most && z <= mostZ;
  };
  // What every chip allows.
  if (!isBelow(gridX, gridY, gridZ, 0x7fffffff, 0xffff, 0xffff) ||
      !isBelow(blockX, blockY, blockZ, 1024, 1024, 64) ||
      blockX * blockY * blockZ > 1024)
    return device.fail(std::string("kernel '") + kernel.name +
                       "' is launched with blocks or threads that no GPU has");
  if (gridX % kernel.clusterX || gridY % kernel.clusterY ||
      gridZ % kernel.clusterZ ||
      kernel.clusterX * kernel.clusterY * kernel.clusterZ > 16)
    return device.fail(std::string("kernel '") + kernel.name +
                       "' is launched with a grid that is no whole clusters, "
                       "or with clusters that no GPU has");
  if (kernel.sharedBytes + sharedBytes > int64_t(SharedMemory::mostBytes))
    return device.fail(std::string("kernel '") + kernel.name + "' wants " +
                       std::to_string(kernel.sharedBytes + sharedBytes) +
                       " bytes of shared memory: more than any GPU has");
  Launch launch(kernel, {uint32_t(gridX), uint32_t(gridY), uint32_t(gridZ)},
                {uint32_t(blockX), uint32_t(blockY), uint32_t(blockZ)},
                kernel.sharedBytes + sharedBytes, parameters, device.memory,
                ++device.launches,
                device.seed * 0x9e3779b97f4a7c15u + device.launches);
  std::string error = launch.run();
  if (!error.empty())
    device.fail(error);
}

/// Kernels are given by their address.
static void *loadNothing(void *, size_t) { return nullptr; }
static void *loadNothingJIT(void *, int32_t) { return nullptr; }
static void *getNothing(void *, const char *) { return nullptr; }
static void *create() { return nullptr; }
static void destroy(void *) {}
static void relate(void *, void *) {}

static void *allocate(uint64_t bytes, void *, bool) {
  void *pointer = getDevice().memory.allocate(bytes);
  if (!pointer)
    getDevice().fail("the emulator has no memory for " + std::to_string(bytes) +
                     " bytes");
  return pointer;
}

static void release(void *pointer, void *) {
  if (pointer && !getDevice().memory.free(pointer))
    getDevice().fail("memory is freed that was not allocated, or twice");
}

static void copy(void *target, void *source, size_t bytes, void *) {
  if (bytes && getDevice().error.empty())
    std::memcpy(target, source, bytes);
}

static void set32(void *target, uint32_t value, size_t count, void *) {
  for (size_t i = 0; i < count; ++i)
    static_cast<uint32_t *>(target)[i] = value;
}

static void set16(void *target, uint16_t value, size_t count, void *) {
  for (size_t i = 0; i < count; ++i)
    static_cast<uint16_t *>(target)[i] = value;
}

static const char *takeError() {
  Device &device = getDevice();
  if (device.error.empty())
    return nullptr;
  device.takenError.swap(device.error);
  device.error.clear();
  return device.takenError.c_str();
}

static bool encode(const TensorMapRequest &request, TensorMap &map) {
  Device &device = getDevice();
  std::string wrong = checkTensorMap(request);
  if (!wrong.empty())
    device.fail("a tensor map that no GPU takes: " + wrong);
  else
    map = encodeTensorMap(request);
  return wrong.empty();
}

const GPURuntime &glu::getEmulatorRuntime() {
  static const GPURuntime runtime = {loadNothing,
                                     loadNothingJIT,
                                     destroy,
                                     getNothing,
                                     launchKernel,
                                     create,
                                     destroy,
                                     destroy,
                                     relate,
                                     create,
                                     destroy,
                                     destroy,
                                     relate,
                                     allocate,
                                     release,
                                     copy,
                                     set32,
                                     set16,
                                     getTensorMap<encode>,
                                     takeError};
  return runtime;
}
