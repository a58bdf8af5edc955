//===- CompiledProgram.h - A function that is ready to be called *- C++ -*-===//

#ifndef GLU_TOOLS_CALLS_COMPILEDPROGRAM_H
#define GLU_TOOLS_CALLS_COMPILEDPROGRAM_H

#include "CallOptions.h"

#include "glu/Execution/DeviceArray.h"
#include "glu/Execution/Executable.h"

/// A compiled function and the values it is called with.
struct CompiledProgram {
  std::unique_ptr<glu::Executable> executable;
  /// Those of the call; written to by it.
  llvm::SmallVector<glu::Array> arguments;
  glu::Signature signature;
  std::unique_ptr<glu::Call> call;
  bool packed = false;
  /// With a GPU, the arguments that are no scalars as they lie there.
  const glu::GPURuntime *gpu = nullptr;
  std::vector<glu::DeviceArray> onDevice;

  /// What the call wrote to its arguments on the GPU, to `arguments`.
  llvm::Error copyArgumentsBack();
};

/// Compiles a clone of `module` for the CPU, by the general path or by
/// `glu-to-cpu`, and packs weights where `options` say so.
llvm::Expected<CompiledProgram>
compileForCPU(mlir::ModuleOp module, const glu::Signature &signature,
              llvm::ArrayRef<glu::Array> arguments, const CallOptions &options,
              bool general = false);

#endif // GLU_TOOLS_CALLS_COMPILEDPROGRAM_H
