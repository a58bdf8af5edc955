//===- CompileForGPU.h - Kernels, and the arrays they work on ---*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_COMPILEFORGPU_H
#define GLU_TOOLS_GLURUN_COMPILEFORGPU_H

#include "Options.h"

#include "Calls/CompiledProgram.h"

/// Compiles a clone of `module` for the GPU, or the emulator of one.
llvm::Expected<CompiledProgram>
compileForGPU(mlir::ModuleOp module, const glu::Signature &signature,
              llvm::ArrayRef<glu::Array> arguments, const Options &options);

#endif // GLU_TOOLS_GLURUN_COMPILEFORGPU_H
