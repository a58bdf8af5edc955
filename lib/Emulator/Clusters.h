//===- Clusters.h - What blocks of a cluster share --------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_CLUSTERS_H
#define GLU_LIB_EMULATOR_CLUSTERS_H

#include "Phases.h"

namespace glu {

struct FunctionVisitor;
class Launch;

/// The barrier of a cluster's threads: those that have ended are not waited
/// for.
struct ClusterBarrier : Phases {
  uint32_t arrived = 0;
};

/// The running thread has ended: maybe nobody else is waited for.
void completeClusterBarrier(Launch &launch);

void visitClusterFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_CLUSTERS_H
