//===- RandomData.cpp - Arguments to try a function with ------------------===//

#include "glu/Execution/RandomData.h"

#include <algorithm>
#include <cmath>

using namespace glu;

void glu::fillRandomly(Array &array, std::mt19937_64 &generator) {
  // Own transformations of the generator's bits: the distributions of the
  // standard library differ from one to the next.
  auto uniform = [&] { return double(generator() >> 11) * 0x1p-53; };
  auto normal = [&] {
    double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return std::clamp(radius * std::cos(6.283185307179586 * uniform()), -4.0,
                      4.0);
  };
  ElementType type = array.getType();
  for (int64_t i = 0; i < array.getNumElements(); ++i) {
    if (isFloat(type))
      array.set(i, normal());
    else if (type == ElementType::Int8)
      array.set(i, double(generator() % 16) - 8);
    else if (type == ElementType::UInt8)
      array.set(i, double(generator() % 16));
    else
      array.set(i, double(generator() % 2));
  }
}
