//===- Call.cpp - Calls of compiled functions -----------------------------===//
//
// The convention is MLIR's C interface: memrefs by pointer to a descriptor,
// numbers by value; several results, or one memref, in a structure whose
// pointer comes first; a single number is returned. The last argument is where
// the message of a failure goes (`glu-return-failures`). The execution engine's
// wrapper takes all of them by pointers to the values.
//
//===----------------------------------------------------------------------===//

#include "glu/Execution/DeviceArray.h"
#include "glu/Execution/Executable.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/MathExtras.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"

#include <cstring>

using namespace glu;

/// Words of a memref descriptor of `rank`.
static size_t getDescriptorWords(size_t rank) { return 3 + 2 * rank; }

static llvm::SmallVector<int64_t> makeDescriptor(const ArrayView &array) {
  llvm::ArrayRef<int64_t> shape = array.shape;
  int64_t data = reinterpret_cast<int64_t>(array.data);
  llvm::SmallVector<int64_t> words = {data, data, 0};
  words.append(shape.begin(), shape.end());
  words.resize(getDescriptorWords(shape.size()), 1);
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    words[3 + shape.size() + d] = stride;
    // Sizes of an empty array may overflow; its strides are never used.
    if (__builtin_mul_overflow(stride, shape[d], &stride))
      stride = 0;
  }
  return words;
}

llvm::Expected<std::unique_ptr<Call>>
Executable::prepare(const Signature &signature,
                    llvm::MutableArrayRef<Array> arguments) {
  return prepare(signature, llvm::to_vector_of<ArrayView>(arguments));
}

llvm::Expected<std::unique_ptr<Call>>
Executable::prepare(const Signature &signature,
                    llvm::ArrayRef<ArrayView> arguments) {
  assert(arguments.size() == signature.arguments.size() && "unchecked call");
  auto function = engine->lookupPacked("_mlir_ciface_" + signature.name);
  if (!function)
    return function.takeError();
  std::unique_ptr<Call> call(new Call());
  call->function = *function;
  call->signature = signature;
  call->gpu = gpu;

  // The results' structure, laid out as C does.
  size_t bytes = 0;
  for (const ValueType &type : signature.results) {
    size_t align = type.isScalar ? getByteWidth(type.element) : 8;
    size_t size =
        type.isScalar ? align : 8 * getDescriptorWords(type.shape.size());
    bytes = llvm::alignTo(bytes, align);
    call->resultOffsets.push_back(bytes);
    bytes += size;
  }
  call->resultStorage.resize(bytes / 8 + 1, 0);
  call->resultPointer = call->resultStorage.data();
  bool byStructure =
      signature.results.size() > 1 ||
      (signature.results.size() == 1 && !signature.results.front().isScalar);
  if (byStructure)
    call->packed.push_back(&call->resultPointer);

  // Nothing below may move once a pointer to it is taken.
  call->descriptors.reserve(arguments.size());
  call->pointers.reserve(arguments.size());
  for (auto [array, type] : llvm::zip(arguments, signature.arguments)) {
    if (type.isScalar) {
      call->packed.push_back(array.data);
      continue;
    }
    call->descriptors.push_back(makeDescriptor(array));
    call->pointers.push_back(call->descriptors.back().data());
    call->packed.push_back(&call->pointers.back());
  }
  call->packed.push_back(&call->failurePointer);
  if (!byStructure && !signature.results.empty())
    call->packed.push_back(call->resultPointer);
  return std::move(call);
}

Call::~Call() { release(); }

llvm::Error Call::run() {
  release();
  failure = nullptr;
  function(packed.data());
  if (failure)
    return llvm::createStringError(failure);
  if (gpu)
    if (llvm::Error error = takeError(*gpu))
      return error;
  hasResults = true;
  return llvm::Error::success();
}

void Call::release() {
  if (!hasResults)
    return;
  hasResults = false;
  // Two results may share a buffer.
  llvm::SmallPtrSet<void *, 4> freed;
  for (auto [type, offset] : llvm::zip(signature.results, resultOffsets)) {
    if (type.isScalar)
      continue;
    void *allocated;
    std::memcpy(&allocated, static_cast<char *>(resultPointer) + offset,
                sizeof(allocated));
    if (!freed.insert(allocated).second)
      continue;
    if (gpu)
      gpu->memFree(allocated, nullptr);
    else
      std::free(allocated);
  }
}

void Call::forEachResult(llvm::function_ref<void(ArrayView)> visit) const {
  assert(hasResults && "the function has not run");
  for (auto [type, offset] : llvm::zip(signature.results, resultOffsets)) {
    char *source = static_cast<char *>(resultPointer) + offset;
    if (type.isScalar) {
      visit(ArrayView(type.element, source, {}));
      continue;
    }
    size_t rank = type.shape.size();
    llvm::SmallVector<int64_t> descriptor(getDescriptorWords(rank));
    std::memcpy(descriptor.data(), source, 8 * descriptor.size());
    char *data = reinterpret_cast<char *>(descriptor[1]) +
                 descriptor[2] * getByteWidth(type.element);
    visit(ArrayView(type.element, data,
                    llvm::ArrayRef(descriptor).slice(3, rank),
                    llvm::ArrayRef(descriptor).drop_front(3 + rank)));
  }
}

llvm::Expected<llvm::SmallVector<Array>> Call::getResults() const {
  llvm::SmallVector<Array> arrays;
  llvm::Error error = llvm::Error::success();
  forEachResult([&](ArrayView result) {
    if (error)
      return;
    bool isOnDevice = gpu && !signature.results[arrays.size()].isScalar;
    llvm::Expected<Array> array =
        isOnDevice ? copyToHost(*gpu, result)
                   : Array::allocate(result.type, result.shape);
    if (!array) {
      error = array.takeError();
      return;
    }
    if (!isOnDevice)
      copyElements(result, *array);
    arrays.push_back(std::move(*array));
  });
  if (error)
    return std::move(error);
  return std::move(arrays);
}
