//===- Benchmark.h - Times a call -------------------------------*- C++ -*-===//

#ifndef GLU_TOOLS_CALLS_BENCHMARK_H
#define GLU_TOOLS_CALLS_BENCHMARK_H

#include "glu/Execution/Executable.h"

/// How long runs of a call take, and what the machine could do meanwhile.
struct Timing {
  double medianSeconds = 0, minSeconds = 0;
  unsigned runs = 0;
  /// Multiply-add peak of the threads used, in GFLOP/s.
  double peakGFlops = 0;
};

/// Buffers that a call frees serve the next one from now on, as in a program
/// with a pool: what is timed is the code, not the system clearing new pages.
void keepMemory();

/// The element type whose peak a function is measured by.
glu::ElementType getPeakType(const glu::Signature &signature);

/// The seconds that one run of `call` takes.
llvm::Expected<double> timeOnce(glu::Call &call);

/// Runs `call` until it is warm, then for about two seconds, at least 5 and at
/// most 1000 times. The peak for elements of `type` (f32 or f64) and `threads`
/// threads is measured before and after; the better one counts.
llvm::Expected<Timing> benchmark(glu::Call &call, glu::ElementType type,
                                 unsigned threads);

#endif // GLU_TOOLS_CALLS_BENCHMARK_H
