//===- PackedFunctions.h - One symbol for each function ---------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_PACKEDFUNCTIONS_H
#define GLU_LIB_EXECUTION_PACKEDFUNCTIONS_H

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace glu {

/// The name of @f for others: without the prefix that `isolateEntry` makes.
llvm::StringRef getExportedName(llvm::StringRef function);

/// The public functions with a body and a C wrapper of `module`, which is in
/// the LLVM dialect.
llvm::SmallVector<std::string> findExportedFunctions(mlir::ModuleOp module);

/// Adds `const char *glu_call_f(void *const *)` for @f to `module`, which holds
/// its C wrapper after `glu-return-failures`; `Artifact.h` says what it takes
/// and gives.
llvm::Function *addPackedFunction(llvm::Module &module, llvm::StringRef f);

/// Makes everything in `module` but `exported` internal.
void hideAllBut(llvm::Module &module,
                llvm::ArrayRef<llvm::Function *> exported);

} // namespace glu

#endif // GLU_LIB_EXECUTION_PACKEDFUNCTIONS_H
