//===- DLPack.h - The structures that DLPack passes around ------*- C++ -*-===//
//
// As specified by the DLPack standard, versions 0 and 1:
// https://dmlc.github.io/dlpack/latest/c_api.html
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_DLPACK_H
#define GLU_PYTHON_RUNTIME_DLPACK_H

#include <cstdint>

namespace glu::python::dlpack {

struct Device {
  int32_t type;
  int32_t id;
};
constexpr int32_t deviceCPU = 1, deviceCUDA = 2;

struct DataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};
enum : uint8_t {
  codeInt = 0,
  codeUInt = 1,
  codeFloat = 2,
  codeBFloat = 4,
  codeBool = 6,
  codeFloat8E4M3FN = 10,
  codeFloat8E5M2 = 12,
};

struct Tensor {
  void *data;
  Device device;
  int32_t rank;
  DataType type;
  int64_t *sizes;
  int64_t *strides; ///< In elements; null: dense, row-major.
  uint64_t byteOffset;
};

/// In capsules called "dltensor".
struct ManagedTensor {
  Tensor tensor;
  void *context;
  void (*deleter)(ManagedTensor *);
};

/// In capsules called "dltensor_versioned".
struct VersionedTensor {
  uint32_t major, minor;
  void *context;
  void (*deleter)(VersionedTensor *);
  uint64_t flags;
  Tensor tensor;
};
constexpr uint64_t flagReadOnly = 1;

/// Functions of a library, in a capsule "dlpack_exchange_api" that is the
/// attribute `__dlpack_c_exchange_api__` of its tensors' type; since version
/// 1.2.
struct ExchangeAPI {
  uint32_t major, minor;
  ExchangeAPI *previous;
  void *allocate;
  /// 0, or -1 with Python's error set.
  int (*fromObject)(void *object, VersionedTensor **result);
};

} // namespace glu::python::dlpack

#endif // GLU_PYTHON_RUNTIME_DLPACK_H
