//===- DeviceArray.cpp - An array in the memory of a GPU ------------------===//

#include "glu/Execution/DeviceArray.h"

using namespace glu;

llvm::Error glu::takeError(const GPURuntime &runtime) {
  if (const char *message = runtime.takeError())
    return llvm::createStringError(message);
  return llvm::Error::success();
}

llvm::Expected<DeviceArray> DeviceArray::create(const GPURuntime &runtime,
                                                const Array &array) {
  size_t bytes = array.getNumBytes();
  // An empty array has an address too.
  void *data = runtime.memAlloc(std::max<size_t>(bytes, 1), nullptr, false);
  runtime.memcpy(data, const_cast<char *>(array.getData()), bytes, nullptr);
  runtime.streamSynchronize(nullptr);
  DeviceArray result(runtime, array, data);
  if (llvm::Error error = takeError(runtime))
    return std::move(error);
  return std::move(result);
}

llvm::Expected<Array> glu::copyToHost(const GPURuntime &runtime,
                                      const ArrayView &array) {
  llvm::Expected<Array> copy = Array::allocate(array.type, array.shape);
  if (!copy)
    return copy.takeError();
  runtime.memcpy(copy->getData(), array.data, copy->getNumBytes(), nullptr);
  runtime.streamSynchronize(nullptr);
  if (llvm::Error error = takeError(runtime))
    return std::move(error);
  return std::move(*copy);
}
