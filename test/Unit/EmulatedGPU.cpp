//===- EmulatedGPU.cpp - Kernels in C++ for tests of the emulator ---------===//

#include "EmulatedGPU.h"

using namespace glu;

Instructions::Instructions() {
  forEachEmulatorFunction(
      [](const char *name, void *address, void *data) {
        auto &self = *static_cast<Instructions *>(data);
        auto set = [&](const char *wanted, auto &member) {
          if (!std::strcmp(name, wanted))
            member = reinterpret_cast<std::decay_t<decltype(member)>>(address);
        };
        set("glu_emulate_special", self.special);
        set("glu_emulate_access", self.access);
        set("glu_emulate_shared", self.shared);
        set("glu_emulate_from_address", self.fromAddress);
        set("glu_emulate_to_address", self.toAddress);
        set("glu_emulate_trap", self.trap);
        set("glu_emulate_barrier", self.barrierOp);
        set("glu_emulate_warp_barrier", self.warpBarrier);
        set("glu_emulate_shuffle", self.shuffle);
        set("glu_emulate_mma", self.mma);
        set("glu_emulate_ldmatrix", self.ldmatrix);
        set("glu_emulate_stmatrix", self.stmatrix);
        set("glu_emulate_elect", self.elect);
        set("glu_emulate_set_registers", self.setRegisters);
        set("glu_emulate_cluster_arrive", self.clusterArrive);
        set("glu_emulate_cluster_wait", self.clusterWait);
        set("glu_emulate_map_address", self.mapAddress);
        set("glu_emulate_copy_async", self.copyAsync);
        set("glu_emulate_commit_group", self.commitGroup);
        set("glu_emulate_wait_group", self.waitGroup);
        set("glu_emulate_mbarrier_init", self.mbarrierInit);
        set("glu_emulate_mbarrier_inval", self.mbarrierInval);
        set("glu_emulate_mbarrier_expect", self.mbarrierExpect);
        set("glu_emulate_mbarrier_arrive", self.mbarrierArrive);
        set("glu_emulate_mbarrier_wait", self.mbarrierWait);
        set("glu_emulate_mbarrier_try_wait", self.mbarrierTryWait);
        set("glu_emulate_mbarrier_fence", self.mbarrierFence);
        set("glu_emulate_fence_proxy", self.fenceProxy);
        set("glu_emulate_bulk_load", self.bulkLoad);
        set("glu_emulate_bulk_store", self.bulkStore);
        set("glu_emulate_bulk_commit", self.bulkCommit);
        set("glu_emulate_bulk_wait", self.bulkWait);
        set("glu_emulate_wgmma", self.wgmmaOp);
        set("glu_emulate_wgmma_fence", self.wgmmaFence);
        set("glu_emulate_wgmma_commit", self.wgmmaCommit);
        set("glu_emulate_wgmma_wait", self.wgmmaWait);
        set("glu_emulate_accumulator", self.accumulator);
      },
      this);
}

Instructions glu::gpu;

std::string glu::run(void (*kernel)(void **), const Launched &launched,
                     void *buffer, uint64_t seed) {
  setEmulatorSeed(seed);
  EmulatedKernel description{"k", kernel, launched.sharedBytes, nullptr,
                             launched.cluster};
  void *parameters[] = {&buffer};
  const GPURuntime &runtime = getEmulatorRuntime();
  runtime.launchKernel(&description, launched.blocks, 1, 1, launched.threads, 1,
                       1, 0, nullptr, parameters, nullptr, 1);
  const char *error = runtime.takeError();
  return error ? error : "";
}

void glu::expectReport(const Planted &planted, void *buffer) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    std::string error = run(planted.kernel, planted.launched, buffer, seed);
    bool found = false;
    for (const char *report : planted.reports)
      found |= error.find(report) != std::string::npos;
    EXPECT_TRUE(found) << "seed " << seed << ": '" << error << "'";
  }
}
