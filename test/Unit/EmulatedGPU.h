//===- EmulatedGPU.h - Kernels in C++ for tests of the emulator -*- C++ -*-===//
//
// Kernels are functions that call the emulator as rewritten ones do.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TEST_UNIT_EMULATEDGPU_H
#define GLU_TEST_UNIT_EMULATEDGPU_H

#include "glu/Emulator/Emulator.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace glu {

/// The emulator's functions by their C types.
struct Instructions {
  Instructions();

  // What the pass gives the same arguments as a kernel's line would: no line.
  static constexpr int32_t noSite = -1;

  uint32_t (*special)(int32_t);
  void (*access)(void *, int64_t, int32_t, int32_t, int32_t);
  void *(*shared)(int64_t);
  void *(*fromAddress)(uint64_t);
  uint64_t (*toAddress)(void *);
  void (*trap)(int32_t);
  void (*barrierOp)(int32_t, int32_t, int32_t);
  void (*warpBarrier)(int32_t);
  uint32_t (*shuffle)(int32_t, uint32_t, int32_t, int32_t, int32_t, bool *);
  void (*mma)(int32_t, const void *, const void *, const void *, void *);
  void (*ldmatrix)(void *, int32_t, int32_t, void *, int32_t);
  void (*stmatrix)(void *, int32_t, int32_t, const void *, int32_t);
  bool (*elect)(int32_t);
  void (*setRegisters)(uint32_t, int32_t, int32_t);
  void (*clusterArrive)(int32_t, int32_t);
  void (*clusterWait)(int32_t);
  void *(*mapAddress)(void *, uint32_t, int32_t);
  void (*copyAsync)(void *, void *, int32_t, int32_t, int32_t);
  void (*commitGroup)();
  void (*waitGroup)(int32_t);

  void (*mbarrierInit)(void *, uint32_t, int32_t);
  void (*mbarrierInval)(void *, int32_t);
  void (*mbarrierExpect)(void *, uint32_t, int32_t);
  int64_t (*mbarrierArrive)(void *, int32_t, int64_t, int32_t, int32_t,
                            int32_t);
  void (*mbarrierWait)(void *, int64_t, int32_t, int32_t);
  bool (*mbarrierTryWait)(void *, int64_t, int32_t, int32_t, int32_t);
  void (*mbarrierFence)();
  void (*fenceProxy)();

  void (*bulkLoad)(void *, void *, void *, int32_t, const int32_t *, int32_t,
                   int32_t);
  void (*bulkStore)(void *, void *, int32_t, const int32_t *, int32_t);
  void (*bulkCommit)();
  void (*bulkWait)(int32_t, int32_t);

  void (*wgmmaOp)(uint64_t, uint64_t, float *, int32_t, int32_t, int32_t,
                  int32_t, int32_t);
  void (*wgmmaFence)();
  void (*wgmmaCommit)();
  void (*wgmmaWait)(int32_t);
  float (*accumulator)(float, int32_t);

  // In words.

  uint32_t thread() { return special(0); }
  uint32_t block() { return special(3); }
  void barrier(int32_t id, int32_t count) { barrierOp(id, count, 1); }
  void barrierArrive(int32_t id, int32_t count) { barrierOp(id, count, 0); }
  void write(void *pointer, int32_t value) {
    access(pointer, 4, 4, 1, noSite);
    std::memcpy(pointer, &value, 4);
  }
  int32_t read(void *pointer) {
    int32_t value;
    access(pointer, 4, 4, 0, noSite);
    std::memcpy(&value, pointer, 4);
    return value;
  }
  /// The i-th number in shared memory.
  void *at(int64_t i) { return shared(4 * i); }
  void init(void *mbarrier, uint32_t count) {
    mbarrierInit(mbarrier, count, noSite);
  }
  int64_t arrive(void *mbarrier, int32_t count = 1) {
    return mbarrierArrive(mbarrier, count, -1, 0, 0, noSite);
  }
  int64_t arriveExpecting(void *mbarrier, uint32_t bytes) {
    return mbarrierArrive(mbarrier, 1, bytes, 0, 0, noSite);
  }
  void wait(void *mbarrier, int64_t parity) {
    mbarrierWait(mbarrier, parity, 0, noSite);
  }
  void load(void *shared, void *map, void *mbarrier,
            std::vector<int32_t> coordinates) {
    bulkLoad(shared, map, mbarrier, int32_t(coordinates.size()),
             coordinates.data(), 0, noSite);
  }
  void store(void *map, void *shared, std::vector<int32_t> coordinates) {
    bulkStore(map, shared, int32_t(coordinates.size()), coordinates.data(),
              noSite);
  }
};

extern Instructions gpu;

struct Launched {
  unsigned blocks = 1, threads = 1;
  int64_t sharedBytes = 4096;
  int32_t cluster = 1;
};

/// Runs a kernel with `buffer` as its parameter; the error, or "".
std::string run(void (*kernel)(void **), const Launched &launched, void *buffer,
                uint64_t seed = 0);
inline std::string run(void (*kernel)(void **), unsigned blocks,
                       unsigned threads, void *buffer, uint64_t seed = 0) {
  return run(kernel, {blocks, threads}, buffer, seed);
}

inline int32_t *getBuffer(void **parameters) {
  return *static_cast<int32_t **>(parameters[0]);
}

/// A buffer on the emulated GPU.
struct Buffer {
  explicit Buffer(size_t bytes)
      : pointer(getEmulatorRuntime().memAlloc(bytes, nullptr, false)) {}
  ~Buffer() { getEmulatorRuntime().memFree(pointer, nullptr); }
  int32_t &operator[](size_t i) { return static_cast<int32_t *>(pointer)[i]; }
  void *pointer;
};

constexpr uint64_t someSeeds = 20;

/// What is planted, and words of the report.
struct Planted {
  const char *name;
  void (*kernel)(void **);
  Launched launched;
  std::vector<const char *> reports; ///< One of them, by who comes first.
};

/// That it is reported, whatever the order of the threads.
void expectReport(const Planted &planted, void *buffer);

inline std::string getPlantedName(const testing::TestParamInfo<Planted> &info) {
  return info.param.name;
}

} // namespace glu

#endif // GLU_TEST_UNIT_EMULATEDGPU_H
