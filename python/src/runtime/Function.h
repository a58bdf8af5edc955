//===- Function.h - Compiled functions with checked arguments ---*- C++ -*-===//

#ifndef GLU_PYTHON_RUNTIME_FUNCTION_H
#define GLU_PYTHON_RUNTIME_FUNCTION_H

#include "ArrayView.h"
#include "GPU.h"
#include "Library.h"

#include <optional>
#include <vector>

namespace glu::python {

/// The type of an argument or result.
struct ValueType {
  DType element;
  bool isScalar = false;
  /// Whether the function may write to it, for the caller to see.
  bool isMemRef = false;
  std::vector<int64_t> sizes; ///< Negative where any size will do.
};

/// A function that was compiled from IR, by its own signature.
class Function {
public:
  /// `check`, if there is one, takes the same arguments, has no results, and
  /// fails where the sizes of arguments do not fit together. `gpu`, if there is
  /// one, is what the function launches kernels on.
  Function(Kernel kernel, std::vector<ValueType> arguments,
           std::vector<ValueType> results, std::optional<Kernel> check,
           std::shared_ptr<GPU> gpu);

  /// Calls it; gives a tuple of results: Python's numbers, and tuples (capsule
  /// that owns the memory, address, element type, sizes, strides in elements).
  /// Throws TypeError or ValueError that name the argument ("argument 1"), or
  /// hold the message of an assertion that failed; RuntimeError if there is no
  /// GPU. On a GPU that is not emulated, arrays are in its memory, and what is
  /// under way at the end is in `stream`.
  nb::tuple call(nb::tuple arguments, uint64_t stream) const;

private:
  /// Runs the check on `arguments`, whose descriptors or numbers they point to.
  void runCheck(const std::vector<void *> &arguments) const;

  Kernel kernel;
  std::optional<Kernel> check;
  std::shared_ptr<GPU> gpu;
  std::vector<ValueType> arguments, results;
  /// Where each result lies in the structure of all, and words of that.
  std::vector<size_t> resultOffsets;
  size_t resultWords = 0;
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_FUNCTION_H
