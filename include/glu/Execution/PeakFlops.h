//===- PeakFlops.h - What the chip can do at most ---------------*- C++ -*-===//

#ifndef GLU_EXECUTION_PEAKFLOPS_H
#define GLU_EXECUTION_PEAKFLOPS_H

#include "glu/Execution/Array.h"

namespace glu {

/// The multiply-adds per second that this machine does now with `threads`
/// threads on registers only, in GFLOP/s (two operations per multiply-add), for
/// elements of f32 or f64. The best of several runs of some milliseconds:
/// clocks and neighbours change, so measure it beside what it is compared with.
double measurePeakGFlops(ElementType type, unsigned threads);

} // namespace glu

#endif // GLU_EXECUTION_PEAKFLOPS_H
