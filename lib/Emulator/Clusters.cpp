//===- Clusters.cpp - What blocks of a cluster share ----------------------===//
//
// PTX ISA manual, "barrier.cluster" and "mapa".
//
//===----------------------------------------------------------------------===//

#include "Clusters.h"
#include "Block.h"
#include "Functions.h"

using namespace glu;

void glu::completeClusterBarrier(Launch &launch) {
  ClusterBarrier &barrier = launch.getClusterBarrier();
  if (barrier.arrived == 0 || barrier.arrived < launch.countRunningThreads())
    return;
  barrier.arrived = 0;
  barrier.complete(launch);
}

static void arrive(int32_t isRelaxed, int32_t site) {
  Launch &launch = *Launch::current;
  Thread &thread = launch.getThread();
  if (thread.clusterPhase)
    launch.fail("barrier.cluster.arrive, but the thread has not waited for the "
                "one before",
                site);
  ClusterBarrier &barrier = launch.getClusterBarrier();
  thread.clusterPhase = barrier.phase;
  ++barrier.arrived;
  if (!isRelaxed) {
    Clock &clock = launch.getClock();
    barrier.known = join(barrier.known, launch.getClockForUnit().known);
    barrier.fenced = join(barrier.fenced, clock.fenced);
    ++clock.own;
  }
  completeClusterBarrier(launch);
}

static void wait(int32_t site) {
  Launch &launch = *Launch::current;
  Thread &thread = launch.getThread();
  if (!thread.clusterPhase)
    launch.fail("barrier.cluster.wait, but the thread has not arrived", site);
  ClusterBarrier &barrier = launch.getClusterBarrier();
  if (barrier.phase == thread.clusterPhase) {
    barrier.waiting.push_back(launch.getThreadNumber());
    launch.suspend("barrier.cluster", 0, site);
  }
  thread.clusterPhase.reset();
  Clock &clock = launch.getClock();
  clock.known = join(clock.known, barrier.completedKnown);
  clock.fenced = join(clock.fenced, barrier.completedFenced);
}

/// The same place in the shared memory of another block of the cluster.
static void *mapAddress(void *pointer, uint32_t rank, int32_t site) {
  Launch &launch = *Launch::current;
  if (!launch.getShared().contains(pointer, 1))
    launch.fail("mapa of an address that is not in shared memory", site);
  if (rank >= launch.getClusterSize().count())
    launch.fail("mapa to block " + std::to_string(rank) + " of a cluster of " +
                    std::to_string(launch.getClusterSize().count()),
                site);
  return launch.getShared().getPointer(rank,
                                       launch.getShared().getAddress(pointer));
}

void glu::visitClusterFunctions(const FunctionVisitor &add) {
  add("glu_emulate_cluster_arrive", arrive);
  add("glu_emulate_cluster_wait", wait);
  add("glu_emulate_map_address", mapAddress);
}
