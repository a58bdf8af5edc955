//===- Phases.cpp - What barriers with phases have in common --------------===//

#include "Phases.h"
#include "Block.h"

using namespace glu;

void Phases::complete(Launch &launch) {
  ++phase;
  completedKnown = std::move(known);
  completedFenced = std::move(fenced);
  known = fenced = nullptr;
  for (uint32_t thread : waiting)
    launch.resume(thread);
  waiting.clear();
  launch.noteProgress();
}
