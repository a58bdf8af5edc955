//===- Artifact.h - Code that outlives this process -------------*- C++ -*-===//
//
// Ahead of time: modules that are lowered to the LLVM dialect as LLVM IR,
// assembly, objects and shared libraries, for this chip or another one. What is
// made needs no LLVM to run: libc, libm and, with threads, libomp.so.5.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_ARTIFACT_H
#define GLU_EXECUTION_ARTIFACT_H

#include "glu/Pipelines/Pipelines.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace glu {

/// What is made of a module.
struct ArtifactOptions {
  /// The chip: a name of `lookupTarget`; "host" is the one at hand. It need not
  /// be one whose code this machine can run.
  std::string targetCPU = "host";
  /// Threads that share the work; 1: no OpenMP; 0: as many as OpenMP gives
  /// (`OMP_NUM_THREADS`, else one for each core).
  int64_t threads = 1;
  /// How hard LLVM tries, 0 to 3.
  unsigned optLevel = 3;
  /// The public function that is compiled, with what it calls; without a name
  /// all of them.
  std::string entry;
  /// Whether @f.pack and @f.packed of each entry @f are made too.
  bool outlinePacking = false;
  /// Whether tensor results become arguments, after the others, that the
  /// function writes to (`glu-results-to-destinations`).
  bool destinations = false;
  /// Host code that launches kernels for this GPU, a name of `lookupGPUTarget`,
  /// in the place of code for a CPU by the pipeline `glu-to-nvvm`; threads,
  /// packing and destinations are then no options. Whoever loads it gives it
  /// the runtime:
  ///
  ///     void *glu_gpu_functions[];   // addresses, to be filled in,
  ///     const char glu_gpu_names[];  // of these: "mgpuMemAlloc\0...\0\0"
  ///     void glu_gpu_load(void);     // after that, before the first call
  ///     void glu_gpu_unload(void);
  ///
  /// The names are those of `forEachRuntimeFunction`.
  std::string chip;
  /// Kernels for the emulator; also calls those of `forEachEmulatorFunction`.
  bool emulate = false;
};

/// Lowers `module` in place to the LLVM dialect by the pipeline `glu-to-cpu`,
/// or that for GPUs. Functions do not write to arguments that are tensors.
/// Errors are one sentence: an unknown chip or entry, or the first diagnostic
/// of a pass with its location. `configure` may add instrumentations.
llvm::Error
lowerForArtifact(mlir::ModuleOp module, const ArtifactOptions &options = {},
                 llvm::function_ref<void(mlir::PassManager &)> configure = {});

/// The following take a `module` in the LLVM dialect, lowered for the same
/// `options`. What is visible from outside is one symbol for each public
/// function @f that has a C wrapper (@_mlir_ciface_f),
///
///     const char *glu_call_f(void *const *args)
///
/// Element i of `args` points to the i-th argument: to the value of a number,
/// or to the descriptor of a memref, {allocated, aligned, offset, sizes[],
/// strides[]} of 64-bit words. If the function has results, element 0 points to
/// where they go, a structure of numbers and descriptors as C lays it out, and
/// arguments start at 1; memrefs in it are the caller's to free. It returns
/// null, or the message of an assertion that failed (`cf.assert`): then there
/// are no results. A prefix "glu." of @f, as `isolateEntry` makes it, is not
/// part of the symbol.

/// Optimised LLVM IR, as text. Every function says which chip it is for.
llvm::Expected<std::string> emitLLVMIR(mlir::ModuleOp module,
                                       const ArtifactOptions &options = {});

/// The kernels of a `module` that was lowered for a `chip` and not emulated, as
/// PTX; nothing if there is none.
std::string getPTX(mlir::ModuleOp module);

/// Assembly.
llvm::Expected<std::string> emitAssembly(mlir::ModuleOp module,
                                         const ArtifactOptions &options = {});

/// The bytes of a position-independent ELF object. An error names a function
/// that it would need and that libc, libm and libomp do not have.
llvm::Expected<std::string> emitObject(mlir::ModuleOp module,
                                       const ArtifactOptions &options = {});

/// The bytes of an object with @f.check for @f, the `entry` of `module`, which
/// is changed: a function of the same arguments that fails where their sizes do
/// not fit together (`glu-dry-run`). It may write to memrefs. Empty if nothing
/// can fail. With `onlySizes` it does not look at elements, which are
/// elsewhere: checks of those are left out, and an error says where that cannot
/// be.
llvm::Expected<std::string> emitChecks(mlir::ModuleOp module,
                                       llvm::StringRef entry,
                                       bool onlySizes = false);

/// Links `objects`, the bytes of ELF files of one architecture, into a shared
/// library at `path`, replacing what is there in one step. It needs libc.so.6,
/// libm.so.6 and libomp.so.5, each only if used; none has to be on this
/// machine. Errors are one sentence, the linker's or about a missing function.
/// Safe from many threads, which wait for each other.
llvm::Error linkSharedLibrary(llvm::ArrayRef<llvm::StringRef> objects,
                              llvm::StringRef path);

} // namespace glu

#endif // GLU_EXECUTION_ARTIFACT_H
