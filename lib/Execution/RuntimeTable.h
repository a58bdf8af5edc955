//===- RuntimeTable.h - Calls of a GPU's runtime by a table -----*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_RUNTIMETABLE_H
#define GLU_LIB_EXECUTION_RUNTIMETABLE_H

namespace llvm {
class Module;
} // namespace llvm

namespace glu {

/// Lets `module`, which launches kernels, be loaded where nothing has the
/// functions of a GPU's runtime (mgpu*) or of the emulator (glu_emulate_*): it
/// calls them by the addresses in
///
///     void *glu_gpu_functions[];
///     const char glu_gpu_names[];  // "mgpuMemAlloc\0mgpuMemFree\0...\0\0"
///
/// which whoever loads it fills in, and loads and unloads kernels by
///
///     void glu_gpu_load(void);
///     void glu_gpu_unload(void);
///
/// in the place of constructors and destructors.
void addRuntimeTable(llvm::Module &module);

} // namespace glu

#endif // GLU_LIB_EXECUTION_RUNTIMETABLE_H
