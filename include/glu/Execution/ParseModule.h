//===- ParseModule.h - Reads a module from a file ---------------*- C++ -*-===//

#ifndef GLU_EXECUTION_PARSEMODULE_H
#define GLU_EXECUTION_PARSEMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace glu {

/// By function, what its arguments are called in the text; none of bytecode,
/// which has no names.
using ArgumentNames = llvm::StringMap<std::vector<std::string>>;

/// Parses and verifies `path`, MLIR text or bytecode; '-' is the standard
/// input. The error is that of reading it, or the first diagnostic with its
/// place.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
parseModule(llvm::StringRef path, mlir::MLIRContext &context,
            ArgumentNames *names = nullptr);

} // namespace glu

#endif // GLU_EXECUTION_PARSEMODULE_H
