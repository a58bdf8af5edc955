//===- Compare.cpp - Are these the right numbers? -------------------------===//

#include "glu/Execution/Compare.h"

#include <cassert>
#include <cmath>
#include <limits>

using namespace glu;

/// The largest finite number of a narrow type; infinity for others.
static double getLargest(ElementType type) {
  switch (type) {
  case ElementType::Float16:
    return 65504;
  case ElementType::Float8E4M3FN:
    return 448;
  case ElementType::Float8E5M2:
    return 57344;
  default:
    return std::numeric_limits<double>::infinity();
  }
}

Difference glu::compare(const Array &got, const Array &want) {
  assert(got.getShape() == want.getShape() && "shapes differ");
  Difference result;
  double largest = 0, scale = 0;
  double overflow =
      getLargest(got.getType()) * (1 - getDefaultTolerance(got.getType()));
  for (int64_t i = 0; i < got.getNumElements(); ++i) {
    double a = got.get(i), b = want.get(i);
    double difference = std::fabs(a - b);
    if (std::isfinite(b))
      scale = std::fmax(scale, std::fabs(b));
    // Not a comparison of NaN with anything: those are the same or they aren't.
    // A wider `want` may be finite where `got` cannot be.
    if (a == b || (std::isnan(a) && std::isnan(b)) ||
        (!std::isfinite(a) && std::fabs(b) > overflow))
      difference = 0;
    else if (!std::isfinite(a) || !std::isfinite(b))
      difference = std::numeric_limits<double>::infinity();
    if (difference > largest || i == 0) {
      largest = difference;
      result.index = i;
      result.got = a;
      result.want = b;
    }
  }
  result.error = scale > 0 ? largest / scale : largest;
  return result;
}

double glu::getDefaultTolerance(ElementType type) {
  switch (type) {
  case ElementType::Float64:
    return 1e-9;
  case ElementType::Float32:
    return 1e-5;
  case ElementType::Float16:
    return 1e-2;
  case ElementType::BFloat16:
    return 4e-2;
  case ElementType::Float8E4M3FN:
    return 0.1;
  case ElementType::Float8E5M2:
    return 0.2;
  default:
    return 0;
  }
}
