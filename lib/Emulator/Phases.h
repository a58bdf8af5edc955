//===- Phases.h - What barriers with phases have in common ------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_PHASES_H
#define GLU_LIB_EMULATOR_PHASES_H

#include "Clock.h"

namespace glu {

class Launch;

struct Phases {
  uint64_t phase = 0; ///< So many are complete.
  /// What those know who arrived in this phase and in the one before.
  Times known, fenced, completedKnown, completedFenced;
  std::vector<uint32_t> waiting;

  /// The next phase begins: who waits for this one goes on.
  void complete(Launch &launch);
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_PHASES_H
