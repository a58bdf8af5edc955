//===- Executable.h - Compiles a module and calls it ------------*- C++ -*-===//
//
// Compilation in memory: a module is lowered by a pass pipeline, translated to
// LLVM IR, optimised for a chip and linked into this process.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_EXECUTABLE_H
#define GLU_EXECUTION_EXECUTABLE_H

#include "glu/Execution/ArrayView.h"
#include "glu/Execution/Signature.h"
#include "glu/Runtime/Runtime.h"
#include "glu/Target/Target.h"

#include "mlir/Pass/PassManager.h"

#include <memory>
#include <vector>

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace glu {

class Call;

/// How machine code is made.
struct CodeGenOptions {
  /// The chip: a name of `lookupTarget`. One that this machine cannot run is an
  /// error.
  std::string cpu = "host";
  /// Threads of OpenMP regions; at least 1.
  unsigned threads = 1;
  /// The OpenMP runtime library, where code needs one: what the dynamic loader
  /// finds by this name.
  std::string openmpLibrary = "libomp.so.5";
  /// How hard LLVM tries, 0 to 3. Low levels compile small functions several
  /// times as fast, for code that is run once.
  unsigned optLevel = 3;
  /// The runtime of the GPU that the code launches kernels on, if it does: the
  /// memrefs that functions take and give are then in the GPU's memory.
  const GPURuntime *gpu = nullptr;
  /// Functions that the code may call beside those of this process.
  std::vector<std::pair<std::string, void *>> symbols;
};

/// The chip called `cpu`; an error if there is none, or if this machine cannot
/// run code for it, unless its instructions are `emulated`.
llvm::Expected<Target> findTarget(llvm::StringRef cpu, bool emulated = false);

/// Machine code of a module, in this process.
class Executable {
public:
  ~Executable();

  /// Lowers `module` in place by the passes that `buildPipeline` adds, which
  /// must end in the LLVM dialect with C wrappers, and compiles it. Errors are
  /// one sentence; diagnostics of the passes are part of it.
  static llvm::Expected<std::unique_ptr<Executable>>
  create(mlir::ModuleOp module,
         llvm::function_ref<void(mlir::OpPassManager &)> buildPipeline,
         const CodeGenOptions &options = {});

  /// Prepares a call of `signature.name` with `arguments`, which must conform
  /// to it (`conform`), be dense and outlive the call. Arguments that are
  /// memrefs are written to by the function.
  llvm::Expected<std::unique_ptr<Call>>
  prepare(const Signature &signature, llvm::ArrayRef<ArrayView> arguments);
  llvm::Expected<std::unique_ptr<Call>>
  prepare(const Signature &signature, llvm::MutableArrayRef<Array> arguments);

private:
  Executable() = default;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  const GPURuntime *gpu = nullptr;
};

/// Runs the passes that `buildPipeline` adds on `module`; an error holds the
/// first diagnostic, with its location. `configure` may add instrumentations.
llvm::Error
runPasses(mlir::ModuleOp module,
          llvm::function_ref<void(mlir::OpPassManager &)> buildPipeline,
          llvm::function_ref<void(mlir::PassManager &)> configure = {});

/// A function and the values it is called with; can be run many times.
class Call {
public:
  ~Call();

  /// Runs the function; results of an earlier run are freed. An error if an
  /// assertion of the program (`cf.assert`) fails, or a kernel.
  llvm::Error run();

  /// Frees the results of the last run.
  void release();

  /// Calls `visit` with each result of the last run, where it lies until the
  /// next one.
  void forEachResult(llvm::function_ref<void(ArrayView)> visit) const;

  /// Copies of the results of the last run.
  llvm::Expected<llvm::SmallVector<Array>> getResults() const;

private:
  friend class Executable;
  Call() = default;

  using Function = void (*)(void **);
  Function function = nullptr;
  Signature signature;
  /// Descriptors of the arguments as MLIR passes memrefs (allocated, aligned,
  /// offset, sizes, strides), and pointers to them.
  llvm::SmallVector<llvm::SmallVector<int64_t>> descriptors;
  llvm::SmallVector<void *> pointers;
  /// What the function is called with: pointers to its arguments.
  llvm::SmallVector<void *> packed;
  /// The structure that it writes its results to, and where each one starts.
  llvm::SmallVector<int64_t> resultStorage;
  llvm::SmallVector<unsigned> resultOffsets;
  void *resultPointer = nullptr;
  /// The message of the last run, if an assertion failed, and what the function
  /// takes: where that goes.
  const char *failure = nullptr;
  const char **failurePointer = &failure;
  bool hasResults = false;
  const GPURuntime *gpu = nullptr;
};

} // namespace glu

#endif // GLU_EXECUTION_EXECUTABLE_H
