//===- Wgmma.h - Products of a warpgroup's matrices -------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_WGMMA_H
#define GLU_LIB_EMULATOR_WGMMA_H

#include "Floats.h"

#include <cstdint>
#include <deque>

namespace glu {

struct FunctionVisitor;
class Launch;

/// What one wgmma.mma_async says; the same for all threads.
struct ProductShape {
  uint64_t a, b; ///< Descriptors.
  int32_t columns;
  Element elementA, elementB;
  int32_t options; ///< Bits of the enumeration.

  enum Option {
    TransposedA = 1, ///< Elements lie along M; otherwise, along K.
    TransposedB = 2, ///< Likewise along N.
    NegatedA = 4,
    NegatedB = 8,
    WithoutInput = 16 ///< The accumulator is overwritten.
  };
  bool has(Option option) const { return options & option; }
  bool operator==(const ProductShape &other) const {
    return a == other.a && b == other.b && columns == other.columns &&
           elementA == other.elementA && elementB == other.elementB &&
           options == other.options;
  }
};

struct Product {
  ProductShape shape;
  uint32_t firstThread;
  uint32_t accumulators[128]; ///< The number in each thread.
};

/// Products of a warpgroup, done in order. To clocks they are a unit's, the
/// i-th at time i.
struct Warpgroup {
  uint32_t unit = 0; ///< 0: none yet.
  uint32_t done = 0;
  std::deque<Product> inFlight;
};

/// A thread may not end while it has products in flight.
void checkProductsAtEnd(Launch &launch);

void visitWgmmaFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_WGMMA_H
