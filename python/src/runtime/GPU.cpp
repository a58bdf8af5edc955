//===- GPU.cpp - Code that launches kernels -------------------------------===//

#include "GPU.h"

#include "glu/Emulator/Emulator.h"

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

using namespace glu;
using namespace glu::python;

/// The emulator is one for all, and for one thread at a time.
static std::mutex emulatorMutex;

static void takeError(const GPURuntime &runtime) {
  if (const char *message = runtime.takeError())
    throw std::runtime_error(message);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// Fills in the addresses of the functions that `library` calls.
static void fillTable(const Library &library, const GPURuntime &runtime,
                      bool emulated) {
  auto **table = static_cast<void **>(library.find("glu_gpu_functions"));
  const auto *names = static_cast<const char *>(library.find("glu_gpu_names"));
  if (!table || !names)
    throw std::runtime_error("cannot load compiled code: it is for no GPU");
  std::map<std::string, void *> known;
  auto add = [](const char *name, void *address, void *data) {
    (*static_cast<std::map<std::string, void *> *>(data))[name] = address;
  };
  forEachRuntimeFunction(runtime, add, &known);
  if (emulated)
    forEachEmulatorFunction(add, &known);
  for (; *names; names += std::strlen(names) + 1) {
    auto found = known.find(names);
    if (found == known.end())
      throw std::runtime_error(std::string("cannot load compiled code: nothing "
                                           "has the function '") +
                               names + "'");
    *table++ = found->second;
  }
}

GPU::GPU(std::shared_ptr<Library> from, bool isEmulated)
    : library(std::move(from)),
      runtime(isEmulated ? getEmulatorRuntime() : getCUDARuntime()),
      emulated(isEmulated) {
  fillTable(*library, runtime, emulated);
}

static void run(const Library &library, const char *name) {
  if (auto *function = reinterpret_cast<void (*)()>(library.find(name)))
    function();
}

void GPU::load() {
  std::lock_guard lock(mutex);
  if (loaded)
    return;
  if (!emulated) {
    // Asks for the driver also where there is no kernel.
    (void)runtime.takeError();
    runtime.streamSynchronize(nullptr);
    takeError(runtime);
    run(*library, "glu_gpu_load");
    takeError(runtime);
  }
  loaded = true;
}

GPU::~GPU() {
  if (!loaded || emulated)
    return;
  run(*library, "glu_gpu_unload");
  (void)runtime.takeError(); // The driver may have come to its end.
}

void GPU::free(void *memory) {
  getCUDARuntime().memFree(memory, nullptr);
  (void)getCUDARuntime().takeError();
}

void GPU::synchronize(uint64_t stream) {
  const GPURuntime &cuda = getCUDARuntime();
  (void)cuda.takeError();
  cuda.streamSynchronize(reinterpret_cast<void *>(stream));
  takeError(cuda);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Bytes from the first element to behind the last one.
static size_t getExtent(const Descriptor &array) {
  const int64_t *sizes = array.words + 3, *strides = sizes + array.rank;
  int64_t last = 0;
  for (size_t d = 0; d < array.rank; ++d) {
    if (sizes[d] == 0)
      return 0;
    last += (sizes[d] - 1) * strides[d];
  }
  return size_t(last + 1) * array.width;
}

static char *getFirst(const Descriptor &array) {
  return reinterpret_cast<char *>(array.words[1]) +
         array.words[2] * int64_t(array.width);
}

static void setMemory(const Descriptor &array, void *memory) {
  array.words[0] = array.words[1] = reinterpret_cast<int64_t>(memory);
  array.words[2] = 0;
}

namespace {
/// Memory of the emulator, for the time of a call.
class EmulatedMemory {
public:
  explicit EmulatedMemory(const GPURuntime &runtime) : runtime(runtime) {}
  ~EmulatedMemory() {
    for (void *memory : all)
      runtime.memFree(memory, nullptr);
    (void)runtime.takeError();
  }
  void *allocate(size_t bytes) {
    // An empty array has an address too.
    add(runtime.memAlloc(bytes ? bytes : 1, nullptr, false));
    takeError(runtime);
    return all.back();
  }
  void add(void *memory) { all.push_back(memory); }

private:
  const GPURuntime &runtime;
  std::vector<void *> all;
};
} // namespace

void GPU::callEmulated(const Kernel &kernel,
                       const std::vector<void *> &pointers,
                       const std::vector<Descriptor> &arguments,
                       const std::vector<Descriptor> &results) {
  std::lock_guard lock(emulatorMutex);
  (void)runtime.takeError();
  EmulatedMemory memory(runtime);
  std::vector<char *> origins;
  for (const Descriptor &array : arguments) {
    origins.push_back(getFirst(array));
    size_t bytes = getExtent(array);
    void *copy = memory.allocate(bytes);
    if (bytes)
      std::memcpy(copy, origins.back(), bytes);
    setMemory(array, copy);
  }
  kernel.call(pointers.data());
  takeError(runtime);

  std::map<int64_t, int> freed; // Two results may share their memory.
  for (const Descriptor &array : results)
    if (freed[array.words[0]]++ == 0)
      memory.add(reinterpret_cast<void *>(array.words[0]));
  std::vector<void *> copies;
  for (const Descriptor &array : results) {
    size_t bytes = getExtent(array);
    copies.push_back(std::malloc(bytes ? bytes : 1));
    if (!copies.back()) {
      for (void *copy : copies)
        std::free(copy);
      throw std::bad_alloc();
    }
    if (bytes)
      std::memcpy(copies.back(), getFirst(array), bytes);
  }
  for (size_t i = 0; i < results.size(); ++i)
    setMemory(results[i], copies[i]);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (size_t bytes = arguments[i].isWritten ? getExtent(arguments[i]) : 0)
      std::memcpy(origins[i], getFirst(arguments[i]), bytes);
}

void GPU::call(const Kernel &kernel, const std::vector<void *> &pointers,
               const std::vector<Descriptor> &arguments,
               const std::vector<Descriptor> &results, uint64_t stream) {
  if (emulated)
    return callEmulated(kernel, pointers, arguments, results);
  struct Stream {
    explicit Stream(uint64_t stream) {
      setCUDAStream(reinterpret_cast<void *>(stream));
    }
    ~Stream() { setCUDAStream(nullptr); }
  } inUse(stream);
  (void)runtime.takeError();
  kernel.call(pointers.data());
  takeError(runtime);
}
