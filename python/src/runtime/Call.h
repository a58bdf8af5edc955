//===- Call.h - A kernel and how its arguments lie --------------*- C++ -*-===//
//
// What is left to be known for each call are addresses; nothing here knows of
// Python.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_CALL_H
#define GLU_PYTHON_RUNTIME_CALL_H

#include "Library.h"

#include <cstdint>
#include <vector>

namespace glu::python {

/// A kernel for arrays of certain types, sizes and strides.
class Call {
public:
  explicit Call(Kernel kernel) : kernel(std::move(kernel)) {}

  /// The kernel's next argument is array `source` of the call, seen as a memref
  /// of these sizes and strides (in elements), which must lie within the array.
  /// Throws std::length_error if there are too many, std::invalid_argument if
  /// `source` is negative or there are not as many strides as sizes.
  void addArgument(int source, const std::vector<int64_t> &sizes,
                   const std::vector<int64_t> &strides);

  /// One more than the largest source.
  int getNumSources() const { return numSources; }

  /// Whether every argument lies within its array, if array i has
  /// `counts[i]` elements.
  bool fitsInto(const std::vector<int64_t> &counts) const;

  /// Runs the kernel; `data[i]` is where the elements of array i begin. Any
  /// number of threads may do so at once.
  void run(void *const *data) const;

private:
  static constexpr size_t maxArguments = 32;

  struct Argument {
    int source;
    size_t offset; ///< Of its descriptor in `words`.
    size_t rank;
  };
  Kernel kernel;
  std::vector<Argument> arguments;
  /// The descriptors, but for the pointers.
  std::vector<int64_t> words;
  int numSources = 0;
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_CALL_H
