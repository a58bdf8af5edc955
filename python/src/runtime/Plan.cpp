//===- Plan.cpp - How a kernel is called with certain arrays --------------===//

#include "Plan.h"

#include <stdexcept>

using namespace glu::python;

Plan::Plan(Call call, nb::object allocate, nb::object finish)
    : call(std::move(call)), allocate(std::move(allocate)),
      finish(std::move(finish)) {
  if (this->call.getNumSources() > maxArrays)
    throw std::length_error("too many arrays");
}

/// Whether elements of `a` and `b` may be the same.
static bool overlap(const ArrayView &a, const ArrayView &b) {
  int64_t firstA, lastA, firstB, lastB;
  a.getExtent(firstA, lastA);
  b.getExtent(firstB, lastB);
  if (firstA == lastA || firstB == lastB)
    return false;
  return a.data + firstA < b.data + lastB && b.data + firstB < a.data + lastA;
}

nb::object Plan::run(ArrayView *arrays, int count, nb::handle out,
                     const std::vector<std::string> &names) const {
  ArrayView &destination = arrays[count - 1];
  nb::object result;
  if (out.is_none()) {
    result = allocate();
    destination = ArrayView::get(result, "result");
  } else {
    result = nb::borrow(out);
    for (int i = 0; i + 1 < count; ++i)
      if (arrays[i].owner.is_valid() && overlap(arrays[i], destination))
        throw nb::value_error(("out: shares memory with " + names[i] +
                               "; expected an array of its own")
                                  .c_str());
  }
  if (call.getNumSources() > count)
    throw std::length_error("the plan is for more arrays");
  void *data[maxArrays];
  for (int i = 0; i < count; ++i)
    data[i] = arrays[i].data;
  {
    nb::gil_scoped_release release;
    call.run(data);
  }
  if (out.is_none() && !finish.is_none())
    return finish(result);
  return result;
}
