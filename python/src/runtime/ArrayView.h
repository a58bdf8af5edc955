//===- ArrayView.h - Arrays of other libraries ------------------*- C++ -*-===//
//
// Where the elements of a Python object lie: NumPy's arrays (with the types of
// ml_dtypes) by `__array_struct__`, those of PyTorch, JAX and others by DLPack,
// anything else by the buffer protocol. Nothing is copied.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_ARRAYVIEW_H
#define GLU_PYTHON_RUNTIME_ARRAYVIEW_H

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace glu::python {

namespace nb = nanobind;

/// Element types that kernels take.
enum class DType : uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float8E4M3FN,
  Float8E5M2,
  Float16,
  BFloat16,
  Float32,
  Float64,
};

/// The name as NumPy and ml_dtypes write it: "float32", "bfloat16", ...
const char *getName(DType type);
/// The type of that name; throws ValueError.
DType getDType(std::string_view name);
/// Bytes of an element.
unsigned getByteWidth(DType type);

/// Whose array an object is: results come back as the same kind.
enum class ArrayLibrary : uint8_t { NumPy, Torch, JAX, Other };

const char *getName(ArrayLibrary library);

/// Sizes and strides (in elements) of an array, in place.
struct ArrayView {
  static constexpr int maxRank = 16;

  char *data = nullptr;
  DType type = DType::Float32;
  ArrayLibrary library = ArrayLibrary::Other;
  bool readOnly = false;
  uint8_t rank = 0;
  int64_t sizes[maxRank];
  /// Strides of dimensions of size one, and of empty arrays, are what a dense
  /// array would have.
  int64_t strides[maxRank];
  /// What keeps the memory in place.
  nb::object owner;

  /// The view of `object`; throws TypeError or ValueError that
  /// begin with `name`.
  static ArrayView get(nb::handle object, const char *name);

  /// The same for an array in the memory of a CUDA GPU; work that makes it
  /// comes before what is put into `stream` from now on.
  static ArrayView getCUDA(nb::handle object, const char *name,
                           uint64_t stream);

  /// "4x?xfloat32"-like text for messages: "float32 of shape (4, 8)".
  std::string describe() const;

  /// The bytes that elements lie in, from `first` to (not including) `last`
  /// relative to `data`.
  void getExtent(int64_t &first, int64_t &last) const;
};

/// A capsule of DLPack's for memory of a CUDA GPU, which `owner` keeps.
nb::object makeCUDACapsule(nb::object owner, uint64_t address, DType type,
                           std::vector<int64_t> sizes,
                           std::vector<int64_t> strides);

/// A tuple of Python integers.
nb::tuple makeTuple(const int64_t *values, int count);

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_ARRAYVIEW_H
