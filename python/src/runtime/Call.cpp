//===- Call.cpp - A kernel and how its arguments lie ----------------------===//

#include "Call.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

using namespace glu::python;

void Call::addArgument(int source, const std::vector<int64_t> &sizes,
                       const std::vector<int64_t> &strides) {
  if (source < 0 || sizes.size() != strides.size())
    throw std::invalid_argument("an argument needs a source, and a stride for "
                                "each size");
  if (arguments.size() == maxArguments)
    throw std::length_error("too many arguments");
  arguments.push_back({source, words.size(), sizes.size()});
  words.insert(words.end(), 3, 0); // Two pointers and an offset.
  words.insert(words.end(), sizes.begin(), sizes.end());
  words.insert(words.end(), strides.begin(), strides.end());
  numSources = std::max(numSources, source + 1);
}

bool Call::fitsInto(const std::vector<int64_t> &counts) const {
  for (const auto &[source, offset, rank] : arguments) {
    if (size_t(source) >= counts.size())
      return false;
    const int64_t *sizes = words.data() + offset + 3, *strides = sizes + rank;
    if (std::count(sizes, strides, 0))
      continue;
    int64_t last = 0; // The element that lies furthest.
    for (size_t d = 0; d < rank; ++d) {
      int64_t step;
      if (sizes[d] < 0 || strides[d] < 0 ||
          __builtin_mul_overflow(sizes[d] - 1, strides[d], &step) ||
          __builtin_add_overflow(last, step, &last))
        return false;
    }
    if (last >= counts[size_t(source)])
      return false;
  }
  return true;
}

void Call::run(void *const *data) const {
  constexpr size_t usual = 128;
  int64_t inPlace[usual];
  std::unique_ptr<int64_t[]> onHeap;
  int64_t *descriptors = inPlace;
  if (words.size() > usual) {
    onHeap.reset(new int64_t[words.size()]);
    descriptors = onHeap.get();
  }
  std::memcpy(descriptors, words.data(), words.size() * sizeof(int64_t));
  void *pointers[maxArguments];
  for (size_t i = 0; i < arguments.size(); ++i) {
    int64_t *descriptor = descriptors + arguments[i].offset;
    descriptor[0] = descriptor[1] =
        reinterpret_cast<int64_t>(data[arguments[i].source]);
    pointers[i] = descriptor;
  }
  kernel.call(pointers);
}
