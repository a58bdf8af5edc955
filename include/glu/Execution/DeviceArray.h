//===- DeviceArray.h - An array in the memory of a GPU ----------*- C++ -*-===//

#ifndef GLU_EXECUTION_DEVICEARRAY_H
#define GLU_EXECUTION_DEVICEARRAY_H

#include "glu/Execution/ArrayView.h"
#include "glu/Runtime/Runtime.h"

namespace glu {

/// A copy of an array in the memory of a GPU, freed with this object.
class DeviceArray {
public:
  /// Copies `array`; an error is the runtime's.
  static llvm::Expected<DeviceArray> create(const GPURuntime &runtime,
                                            const Array &array);
  DeviceArray(DeviceArray &&other)
      : runtime(other.runtime), view(other.view) {
    other.view.data = nullptr;
  }
  DeviceArray &operator=(DeviceArray &&) = delete;
  ~DeviceArray() {
    if (view.data)
      runtime.memFree(view.data, nullptr);
  }

  /// Where it lies on the GPU.
  const ArrayView &getView() const { return view; }

private:
  DeviceArray(const GPURuntime &runtime, ArrayView view)
      : runtime(runtime), view(std::move(view)) {}
  const GPURuntime &runtime;
  ArrayView view;
};

/// A copy on the host of `array`, which is dense and on the GPU.
llvm::Expected<Array> copyToHost(const GPURuntime &runtime,
                                 const ArrayView &array);

/// The runtime's pending error, if there is one.
llvm::Error takeError(const GPURuntime &runtime);

} // namespace glu

#endif // GLU_EXECUTION_DEVICEARRAY_H
