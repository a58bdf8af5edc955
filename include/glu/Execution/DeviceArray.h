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
      : runtime(other.runtime), type(other.type), data(other.data),
        shape(std::move(other.shape)) {
    other.data = nullptr;
  }
  DeviceArray &operator=(DeviceArray &&) = delete;
  ~DeviceArray() {
    if (data)
      runtime.memFree(data, nullptr);
  }

  /// Where it lies on the GPU.
  ArrayView getView() const { return ArrayView(type, data, shape); }

private:
  DeviceArray(const GPURuntime &runtime, const Array &array, void *data)
      : runtime(runtime), type(array.getType()), data(data),
        shape(array.getShape()) {}
  const GPURuntime &runtime;
  ElementType type;
  void *data;
  llvm::SmallVector<int64_t> shape;
};

/// A copy on the host of `array`, which is dense and on the GPU.
llvm::Expected<Array> copyToHost(const GPURuntime &runtime,
                                 const ArrayView &array);

/// The runtime's pending error, if there is one.
llvm::Error takeError(const GPURuntime &runtime);

} // namespace glu

#endif // GLU_EXECUTION_DEVICEARRAY_H
