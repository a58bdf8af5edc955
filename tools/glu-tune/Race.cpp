//===- Race.cpp - Which of two calls is faster ----------------------------===//

#include "Race.h"

#include <algorithm>
#include <cmath>

using namespace glu;
using llvm::Expected;

static double getMedian(std::vector<double> values) {
  auto middle = values.begin() + ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The median of some runs, so many that they take about `seconds`. Of
/// short ones means are taken: clocks have a resolution.
static Expected<double> timeRuns(Call &call, double seconds) {
  constexpr double longEnough = 1e-4;
  std::vector<double> samples;
  for (double spent = 0; spent < seconds;) {
    double sum = 0;
    unsigned runs = 0;
    for (; sum < longEnough; ++runs) {
      Expected<double> time = timeOnce(call);
      if (!time)
        return time.takeError();
      sum += *time;
    }
    samples.push_back(sum / runs);
    spent += sum;
  }
  return getMedian(std::move(samples));
}

Expected<RaceResult> race(Call &first, Call &second, double seconds) {
  constexpr double roundSeconds = 0.02;
  constexpr size_t minRounds = 3, sureRounds = 7, maxRounds = 15;
  // Less is noise, or not worth another schedule.
  constexpr double matters = 1.02, hopeless = 0.93;
  RaceResult result;
  std::vector<double> ratios, times;
  double least[] = {HUGE_VAL, HUGE_VAL};
  for (double spent = 0; ratios.size() < minRounds ||
                         (ratios.size() < maxRounds && spent < seconds);) {
    // A run of each that does not count: caches hold the other's weights.
    double round[2];
    Call *calls[] = {&first, &second};
    for (auto [i, call] : llvm::enumerate(calls)) {
      if (Expected<double> warm = timeOnce(*call); !warm)
        return warm.takeError();
      else
        spent += *warm;
      Expected<double> time = timeRuns(*call, roundSeconds);
      if (!time)
        return time.takeError();
      round[i] = *time;
      least[i] = std::min(least[i], *time);
      spent += std::max(*time, roundSeconds);
    }
    ratios.push_back(round[0] / round[1]);
    times.push_back(round[1]);
    result.speedup = getMedian(ratios);
    if (ratios.size() >= minRounds && *llvm::max_element(ratios) < hopeless)
      break;
    if (ratios.size() >= sureRounds && result.speedup < 1)
      break;
  }
  result.seconds = getMedian(times);
  // Neighbours disturb one or the other: it must win most rounds, and the best
  // one too.
  auto wins = size_t(llvm::count_if(ratios, [](double r) { return r > 1; }));
  result.isFaster = ratios.size() >= sureRounds && result.speedup >= matters &&
                    least[1] < least[0] && wins * 4 >= ratios.size() * 3;
  return result;
}
