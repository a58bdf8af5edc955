//===- Benchmark.h - Times a call -------------------------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_BENCHMARK_H
#define GLU_TOOLS_GLURUN_BENCHMARK_H

#include "glu/Execution/Executable.h"

/// How long runs of a call take, and what the machine could do meanwhile.
struct Timing {
  double medianSeconds = 0, minSeconds = 0;
  unsigned runs = 0;
  /// Multiply-add peak of the threads used, in GFLOP/s.
  double peakGFlops = 0;
};

/// Runs `call` until it is warm, then for about two seconds, at least 5 and at
/// most 1000 times. The peak for elements of `type` (f32 or f64) and `threads`
/// threads is measured before and after; the better one counts.
llvm::Expected<Timing> benchmark(glu::Call &call, glu::ElementType type,
                                 unsigned threads);

#endif // GLU_TOOLS_GLURUN_BENCHMARK_H
