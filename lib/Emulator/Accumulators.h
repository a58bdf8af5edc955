//===- Accumulators.h - Registers that wgmma writes -------------*- C++ -*-===//
//
// A kernel's values are what registers hold when the program comes to them,
// but those of accumulators come later. So what a kernel carries in their
// place are names: NaNs that say which register is meant. Whoever needs the
// number asks for it.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_ACCUMULATORS_H
#define GLU_LIB_EMULATOR_ACCUMULATORS_H

#include <cstdint>
#include <vector>

namespace glu {

struct FunctionVisitor;
class Launch;

/// The registers of one thread that one or more products, one after another,
/// write.
struct Accumulator {
  uint32_t name = 0; ///< Without the register's number; changes with each use.
  std::vector<float> values;
  uint32_t lastProduct = 0;
  bool isRead = false; ///< After the last product, and no fence since.
};

/// What a thread knows of its products.
struct Accumulators {
  static constexpr uint32_t count = 64;
  std::vector<Accumulator> all;
  uint32_t next = 0, versions = 0;
  uint32_t products = 0; ///< Started so far.
  uint32_t waited = 0;   ///< Of these, known to be complete.
  /// After which product each group ends.
  std::vector<uint32_t> groups;
  /// Since the last wait.
  bool hasFence = false;
};

/// Takes the values or names in `registers` for a product that is about to
/// start, and replaces them with names. Returns the accumulator's number.
/// Values of a product that does not read them may be anything.
uint32_t takeAccumulator(Launch &launch, float *registers, uint32_t size,
                         bool isRead, int32_t site);

void visitAccumulatorFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_ACCUMULATORS_H
