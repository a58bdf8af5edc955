//===- Stages.h - The IR on its way -----------------------------*- C++ -*-===//

#ifndef GLU_PYTHON_COMPILER_STAGES_H
#define GLU_PYTHON_COMPILER_STAGES_H

#include "Compiler.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassInstrumentation.h"

#include <memory>

namespace glu::python {

/// Prints the module after the last pass of each stage to `result.stages`, and
/// the schedules that were chosen to `result.schedules`. `result` must outlive
/// it.
std::unique_ptr<mlir::PassInstrumentation>
createStageRecorder(bool onGPU, Compilation &result);

/// Adds the signature of @entry.pack, once there is one, to `result.functions`.
std::unique_ptr<mlir::PassInstrumentation>
createPackingRecorder(llvm::StringRef entry, Compilation &result);

/// Adds the signature of `function`, called `name`, to `result.functions`.
/// Without `withArguments` only its results; an error names what cannot be
/// passed.
llvm::Error describe(mlir::func::FuncOp function, llvm::StringRef name,
                     bool withArguments, Compilation &result);

/// The text of `module` as `glu-opt` prints it.
std::string print(mlir::ModuleOp module);

} // namespace glu::python

#endif // GLU_PYTHON_COMPILER_STAGES_H
