//===- Plan.h - How a kernel is called with certain arrays ------*- C++ -*-===//
//
// A plan is made once for arrays of certain types, sizes and strides; what is
// left for each call are pointers.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_PLAN_H
#define GLU_PYTHON_RUNTIME_PLAN_H

#include "ArrayView.h"
#include "Library.h"

#include <vector>

namespace glu::python {

/// A kernel and what it is called with.
class Plan {
public:
  /// The kernel's next argument is array `source` of the call, seen as a memref
  /// of these sizes and strides (in elements), which must lie within the array.
  void addArgument(int source, const std::vector<int64_t> &sizes,
                   const std::vector<int64_t> &strides);

  /// `allocate()` gives the array for the result where the caller has none;
  /// `finish`, if not None, turns it into what the caller gets.
  Plan(Kernel kernel, nb::object allocate, nb::object finish);

  /// Runs the kernel. The last of `arrays` is where the result goes; it has no
  /// owner if there is none yet. Throws ValueError if the result would overlap
  /// an input, of which `names` are for messages.
  nb::object run(ArrayView *arrays, int count, nb::handle out,
                 const std::vector<std::string> &names) const;

private:
  struct Argument {
    int source;
    size_t offset; ///< Of its descriptor in `words`.
  };
  Kernel kernel;
  std::vector<Argument> arguments;
  /// The descriptors, but for the pointers.
  std::vector<int64_t> words;
  nb::object allocate, finish;
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_PLAN_H
