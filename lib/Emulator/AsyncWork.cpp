//===- AsyncWork.cpp - What goes on beside the threads --------------------===//

#include "AsyncWork.h"

using namespace glu;

void AsyncWork::reset() {
  soon.clear();
  late.clear();
  static const Pace paces[] = {Early, Late, Mixed, Mixed};
  pace = paces[random() % 4];
}

void AsyncWork::start(std::function<void()> step) {
  Pace own = pace == Mixed ? Pace(random() % 3) : pace;
  if (own == Early)
    return step();
  (own == Late ? late : soon).push_back(std::move(step));
}

void AsyncWork::doStep(std::vector<std::function<void()>> &steps,
                       size_t number) {
  std::swap(steps[number], steps.back());
  std::function<void()> step = std::move(steps.back());
  steps.pop_back();
  step();
}

void AsyncWork::doSome() {
  if (!soon.empty() && random() % 16 == 0)
    doStep(soon, random() % soon.size());
}

bool AsyncWork::doOne() {
  std::vector<std::function<void()>> &steps = soon.empty() ? late : soon;
  if (steps.empty())
    return false;
  doStep(steps, random() % steps.size());
  return true;
}
