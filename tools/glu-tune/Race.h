//===- Race.h - Which of two calls is faster --------------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLUTUNE_RACE_H
#define GLU_TOOLS_GLUTUNE_RACE_H

#include "Calls/Benchmark.h"

/// How two calls compare.
struct RaceResult {
  /// The time of the first over that of the second: the median over rounds.
  double speedup = 1;
  /// The median over rounds of a run of the second.
  double seconds = 0;
  /// Whether the second is faster beyond doubt.
  bool isFaster = false;
};

/// Runs both in turns, so that what changes meanwhile (clocks, neighbours)
/// changes for both, until it is clear which is faster, at most about `seconds`
/// long, but three rounds.
llvm::Expected<RaceResult> race(glu::Call &first, glu::Call &second,
                                double seconds);

#endif // GLU_TOOLS_GLUTUNE_RACE_H
