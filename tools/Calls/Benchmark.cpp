//===- Benchmark.cpp - Times a call ---------------------------------------===//

#include "Benchmark.h"

#include "glu/Execution/PeakFlops.h"

#include <algorithm>
#include <chrono>
#include <malloc.h>

using namespace glu;

void keepMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

ElementType getPeakType(const Signature &signature) {
  for (const ValueType &type : signature.arguments)
    if (type.element == ElementType::Float64)
      return ElementType::Float64;
  return ElementType::Float32;
}

llvm::Expected<double> timeOnce(Call &call) {
  auto start = std::chrono::steady_clock::now();
  llvm::Error error = call.run();
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  if (error)
    return std::move(error);
  call.release();
  return seconds.count();
}

llvm::Expected<Timing> benchmark(Call &call, ElementType type,
                                 unsigned threads) {
  // One run is enough of a warm-up, and of a sample, where it takes long.
  constexpr double warmUpSeconds = 0.3, timedSeconds = 2, longSeconds = 5;
  constexpr unsigned minRuns = 5, maxRuns = 1000;
  Timing timing;
  timing.peakGFlops = measurePeakGFlops(type, threads);
  double spent = 0;
  for (unsigned run = 0; (spent < longSeconds && run < 2) ||
                         (spent < warmUpSeconds && run < maxRuns);
       ++run) {
    llvm::Expected<double> seconds = timeOnce(call);
    if (!seconds)
      return seconds.takeError();
    spent += *seconds;
  }
  std::vector<double> samples;
  for (spent = 0; samples.empty() ||
                  (spent < longSeconds && samples.size() < minRuns) ||
                  (spent < timedSeconds && samples.size() < maxRuns);) {
    llvm::Expected<double> seconds = timeOnce(call);
    if (!seconds)
      return seconds.takeError();
    samples.push_back(*seconds);
    spent += *seconds;
  }
  std::sort(samples.begin(), samples.end());
  timing.runs = unsigned(samples.size());
  timing.minSeconds = samples.front();
  timing.medianSeconds =
      (samples[(samples.size() - 1) / 2] + samples[samples.size() / 2]) / 2;
  timing.peakGFlops =
      std::max(timing.peakGFlops, measurePeakGFlops(type, threads));
  return timing;
}
