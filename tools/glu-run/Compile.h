//===- Compile.h - A function that is ready to be called --------*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_COMPILE_H
#define GLU_TOOLS_GLURUN_COMPILE_H

#include "Options.h"

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

/// Compiles a clone of `module` for the GPU, or the emulator of one.
llvm::Expected<CompiledProgram>
compileForGPU(mlir::ModuleOp module, const glu::Signature &signature,
              llvm::ArrayRef<glu::Array> arguments, const Options &options);

#endif // GLU_TOOLS_GLURUN_COMPILE_H
