//===- CUDACapsule.cpp - Memory of a GPU for other libraries --------------===//

#include "ArrayView.h"
#include "DLPack.h"

using namespace glu::python;

/// DLPack's name of an element type.
static dlpack::DataType getDataType(DType type) {
  auto bits = uint8_t(8 * getByteWidth(type));
  switch (type) {
  case DType::Bool:
    return {dlpack::codeBool, bits, 1};
  case DType::Float8E4M3FN:
    return {dlpack::codeFloat8E4M3FN, bits, 1};
  case DType::Float8E5M2:
    return {dlpack::codeFloat8E5M2, bits, 1};
  case DType::BFloat16:
    return {dlpack::codeBFloat, bits, 1};
  default:
    return {type >= DType::Float16 ? dlpack::codeFloat
            : type >= DType::UInt8 ? dlpack::codeUInt
                                   : dlpack::codeInt,
            bits, 1};
  }
}

namespace {
/// What a capsule of ours owns.
struct OwnedTensor {
  dlpack::ManagedTensor managed;
  nb::object owner;
  std::vector<int64_t> sizes, strides;
};
} // namespace

static void deleteTensor(dlpack::ManagedTensor *managed) {
  nb::gil_scoped_acquire acquire;
  delete static_cast<OwnedTensor *>(managed->context);
}

nb::object glu::python::makeCUDACapsule(nb::object owner, uint64_t address,
                                        DType type, std::vector<int64_t> sizes,
                                        std::vector<int64_t> strides) {
  auto *tensor = new OwnedTensor{
      {}, std::move(owner), std::move(sizes), std::move(strides)};
  tensor->managed.tensor = {reinterpret_cast<void *>(address),
                            {dlpack::deviceCUDA, 0},
                            int32_t(tensor->sizes.size()),
                            getDataType(type),
                            tensor->sizes.data(),
                            tensor->strides.data(),
                            0};
  tensor->managed.context = tensor;
  tensor->managed.deleter = deleteTensor;
  // Whoever takes it gives the capsule another name.
  return nb::steal(
      PyCapsule_New(&tensor->managed, "dltensor", [](PyObject *capsule) {
        if (!PyCapsule_IsValid(capsule, "dltensor"))
          return;
        auto *managed = static_cast<dlpack::ManagedTensor *>(
            PyCapsule_GetPointer(capsule, "dltensor"));
        managed->deleter(managed);
      }));
}
