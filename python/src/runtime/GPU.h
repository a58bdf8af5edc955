//===- GPU.h - Code that launches kernels -----------------------*- C++ -*-===//
//
// What `glu::ArtifactOptions::chip` says of such code: it calls a runtime by a
// table that is filled in here, CUDA's driver or the emulator of a GPU.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_GPU_H
#define GLU_PYTHON_RUNTIME_GPU_H

#include "Library.h"

#include "glu/Runtime/Runtime.h"

#include <cstdint>
#include <mutex>
#include <vector>

namespace glu::python {

/// A memref as compiled code sees it: {allocated, aligned, offset, sizes[],
/// strides[]}.
struct Descriptor {
  int64_t *words;
  size_t rank;
  size_t width; ///< Bytes of an element.
  /// Whether the caller sees what an argument becomes.
  bool isWritten;
};

/// A library that launches kernels, and the GPU that they run on.
class GPU {
public:
  /// Throws std::runtime_error if it is no such library.
  GPU(std::shared_ptr<Library> library, bool isEmulated);
  ~GPU();

  GPU(const GPU &) = delete;
  GPU &operator=(const GPU &) = delete;

  /// Loads the kernels, once. Throws std::runtime_error: there may be no
  /// driver.
  void load();

  /// Calls `kernel` with `pointers`, which point to `arguments` and numbers,
  /// and first to the structure that has `results`. What is under way when it
  /// returns is in `stream`. The emulator's arguments and results are memory of
  /// the CPU, that of results to be freed by std::free; CUDA's are memory of
  /// the GPU. Throws std::runtime_error, or what the kernel throws.
  void call(const Kernel &kernel, const std::vector<void *> &pointers,
            const std::vector<Descriptor> &arguments,
            const std::vector<Descriptor> &results, uint64_t stream);

  /// Frees memory of a CUDA result.
  static void free(void *memory);
  /// Waits for what is in a stream of CUDA's; throws std::runtime_error.
  static void synchronize(uint64_t stream);

  bool isEmulated() const { return emulated; }

private:
  void callEmulated(const Kernel &kernel, const std::vector<void *> &pointers,
                    const std::vector<Descriptor> &arguments,
                    const std::vector<Descriptor> &results);

  std::shared_ptr<Library> library;
  const GPURuntime &runtime;
  bool emulated, loaded = false;
  std::mutex mutex; ///< Of `loaded`.
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_GPU_H
