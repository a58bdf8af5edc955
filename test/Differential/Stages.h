//===- Stages.h - Each stage's numbers against float64 ----------*- C++ -*-===//

#ifndef GLU_TEST_DIFFERENTIAL_STAGES_H
#define GLU_TEST_DIFFERENTIAL_STAGES_H

#include "Generator.h"

#include "mlir/IR/MLIRContext.h"

namespace glu::differential {

/// What became of cases, so that a test that tries nothing is seen.
struct Statistics {
  uint64_t cases = 0;
  uint64_t raised = 0; ///< With a `glu.gate` or a `glu.gated_projection`.
  uint64_t fused = 0;  ///< With a `glu.gated_projection`.
  uint64_t named = 0;  ///< Whose gating function has a name.
  uint64_t packed = 0; ///< With an operation on packed operands.
  uint64_t tiled = 0;  ///< Packed by a schedule that was set at random.
};

/// What is wrong with a case.
struct Failure {
  std::string stage, message;
  std::string text; ///< What the stage was given, if not the case itself.
};

/// Runs every stage on random data of `seed`. Nothing if all are right.
std::optional<Failure> tryCase(mlir::MLIRContext &context, const Case &input,
                               uint64_t seed, unsigned optLevel,
                               Statistics &statistics);

} // namespace glu::differential

#endif // GLU_TEST_DIFFERENTIAL_STAGES_H
