//===- ParseModule.h - IR from text or bytecode -----------------*- C++ -*-===//

#ifndef GLU_EXECUTION_PARSEMODULE_H
#define GLU_EXECUTION_PARSEMODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <string>
#include <vector>

namespace glu {

/// By function, what its arguments are called in the text; none of bytecode,
/// which has no names.
using ArgumentNames = llvm::StringMap<std::vector<std::string>>;

/// Parses and verifies MLIR text or bytecode. The error is the first diagnostic
/// with its place, in which the file is the buffer's name.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
parseModule(std::unique_ptr<llvm::MemoryBuffer> buffer,
            mlir::MLIRContext &context, ArgumentNames *names = nullptr);

/// The same of a file; '-' is the standard input. Or the error is that of
/// reading it.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
parseModule(llvm::StringRef path, mlir::MLIRContext &context,
            ArgumentNames *names = nullptr);

} // namespace glu

#endif // GLU_EXECUTION_PARSEMODULE_H
