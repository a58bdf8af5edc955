//===- Generator.h - Random gated units -------------------------*- C++ -*-===//

#ifndef GLU_TEST_DIFFERENTIAL_GENERATOR_H
#define GLU_TEST_DIFFERENTIAL_GENERATOR_H

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <string>

namespace glu::differential {

/// A module with one function `@f`, which computes a gated unit.
struct Case {
  std::string text;
  /// The sizes of each argument, also where its type has `?`.
  llvm::SmallVector<llvm::SmallVector<int64_t>> shapes;
};

/// The case of that seed; the same on every machine.
Case generate(uint64_t seed);

} // namespace glu::differential

#endif // GLU_TEST_DIFFERENTIAL_GENERATOR_H
