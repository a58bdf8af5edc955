//===- Plan.cpp - How a kernel is called with certain arrays --------------===//

#include "Plan.h"

#include <cstring>

using namespace glu::python;

Plan::Plan(Kernel kernel, nb::object allocate, nb::object finish)
    : kernel(std::move(kernel)), allocate(std::move(allocate)),
      finish(std::move(finish)) {}

void Plan::addArgument(int source, const std::vector<int64_t> &sizes,
                       const std::vector<int64_t> &strides) {
  arguments.push_back({source, words.size()});
  words.insert(words.end(), 3, 0); // Two pointers and an offset.
  words.insert(words.end(), sizes.begin(), sizes.end());
  words.insert(words.end(), strides.begin(), strides.end());
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

  constexpr size_t usual = 128;
  int64_t inPlace[usual];
  std::unique_ptr<int64_t[]> onHeap;
  int64_t *descriptors = inPlace;
  if (words.size() > usual) {
    onHeap.reset(new int64_t[words.size()]);
    descriptors = onHeap.get();
  }
  std::memcpy(descriptors, words.data(), words.size() * sizeof(int64_t));
  constexpr size_t maxArguments = 32;
  void *pointers[maxArguments];
  if (arguments.size() > maxArguments)
    throw std::length_error("too many arguments");
  for (size_t i = 0; i < arguments.size(); ++i) {
    int64_t *descriptor = descriptors + arguments[i].offset;
    descriptor[0] = descriptor[1] =
        reinterpret_cast<int64_t>(arrays[arguments[i].source].data);
    pointers[i] = descriptor;
  }
  {
    nb::gil_scoped_release release;
    kernel.call(pointers);
  }
  if (out.is_none() && !finish.is_none())
    return finish(result);
  return result;
}
