//===- Runtime.cpp - The names of a runtime's functions -------------------===//

#include "glu/Runtime/Runtime.h"

using namespace glu;

void glu::forEachRuntimeFunction(const GPURuntime &runtime,
                                 void (*visit)(const char *, void *, void *),
                                 void *data) {
  auto add = [&](const char *name, auto *address) {
    visit(name, reinterpret_cast<void *>(address), data);
  };
  add("mgpuModuleLoad", runtime.moduleLoad);
  add("mgpuModuleLoadJIT", runtime.moduleLoadJIT);
  add("mgpuModuleUnload", runtime.moduleUnload);
  add("mgpuModuleGetFunction", runtime.moduleGetFunction);
  add("mgpuLaunchKernel", runtime.launchKernel);
  add("mgpuStreamCreate", runtime.streamCreate);
  add("mgpuStreamDestroy", runtime.streamDestroy);
  add("mgpuStreamSynchronize", runtime.streamSynchronize);
  add("mgpuStreamWaitEvent", runtime.streamWaitEvent);
  add("mgpuEventCreate", runtime.eventCreate);
  add("mgpuEventDestroy", runtime.eventDestroy);
  add("mgpuEventSynchronize", runtime.eventSynchronize);
  add("mgpuEventRecord", runtime.eventRecord);
  add("mgpuMemAlloc", runtime.memAlloc);
  add("mgpuMemFree", runtime.memFree);
  add("mgpuMemcpy", runtime.memcpy);
  add("mgpuMemset32", runtime.memset32);
  add("mgpuMemset16", runtime.memset16);
  add("mgpuTensorMap", runtime.tensorMap);
}
