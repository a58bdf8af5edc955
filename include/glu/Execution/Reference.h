//===- Reference.h - What a function should give ----------------*- C++ -*-===//
//
// The same module compiled by the general path, to compare with and to ask.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_REFERENCE_H
#define GLU_EXECUTION_REFERENCE_H

#include "glu/Execution/Executable.h"

namespace glu {

/// The arrays that a call leaves behind: the results, or, of a function without
/// any, the arguments that are memrefs.
llvm::SmallVector<ValueType> getOutputTypes(const Signature &signature);

/// The outputs of `call`, which has run, as `getOutputTypes` lists them;
/// copies.
llvm::Expected<llvm::SmallVector<Array>>
getOutputs(const Call &call, const Signature &signature,
           llvm::ArrayRef<Array> arguments);

/// The outputs of `entry` of `module`, every float type taken for f64, on
/// `arguments`, which conform to its signature. Neither is changed. An error
/// if the module cannot be evaluated so.
llvm::Expected<llvm::SmallVector<Array>>
evaluateInFloat64(mlir::ModuleOp module, llvm::StringRef entry,
                  llvm::ArrayRef<Array> arguments,
                  const CodeGenOptions &options = {});

/// A module to one that evaluates what depends on shapes only, checks them and,
/// with `countFlops`, tells the number of floating-point operations; its
/// functions lose their results.
void addDryRunPasses(mlir::OpPassManager &manager, bool countFlops);

/// The same, with the count, and on to the LLVM dialect.
void buildDryRunPipeline(mlir::OpPassManager &manager);

/// Evaluates what depends on shapes only of a call of `entry` with `arguments`,
/// which conform to its signature: an error if their shapes do not fit together
/// (the failed check is the message), else the number of floating-point
/// operations of its contractions and convolutions.
llvm::Expected<int64_t> dryRun(mlir::ModuleOp module, llvm::StringRef entry,
                               llvm::ArrayRef<Array> arguments);

} // namespace glu

#endif // GLU_EXECUTION_REFERENCE_H
