//===- Plan.h - How a kernel is called with certain arrays ------*- C++ -*-===//
//
// A plan is made once for arrays of certain types, sizes and strides; what is
// left for each call are pointers.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_RUNTIME_PLAN_H
#define GLU_PYTHON_RUNTIME_PLAN_H

#include "ArrayView.h"
#include "Call.h"

#include <vector>

namespace glu::python {

/// A call on Python's arrays.
class Plan {
public:
  /// `allocate()` gives the array for the result where the caller has none;
  /// `finish`, if not None, turns it into what the caller gets. Throws
  /// std::length_error if the call has too many arrays.
  Plan(Call call, nb::object allocate, nb::object finish);

  /// Runs the kernel. The last of `arrays` is where the result goes; it has no
  /// owner if there is none yet. Throws ValueError if the result would overlap
  /// an input, of which `names` are for messages.
  nb::object run(ArrayView *arrays, int count, nb::handle out,
                 const std::vector<std::string> &names) const;

  /// Arrays that a call may have.
  static constexpr int maxArrays = 16;

private:
  Call call;
  nb::object allocate, finish;
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_PLAN_H
