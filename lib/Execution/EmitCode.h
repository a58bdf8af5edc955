//===- EmitCode.h - From the LLVM dialect to files --------------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_EMITCODE_H
#define GLU_LIB_EXECUTION_EMITCODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace glu {

/// `module`, in the LLVM dialect, as LLVM IR for `machine`.
llvm::Expected<std::unique_ptr<llvm::Module>>
translate(mlir::ModuleOp module, llvm::LLVMContext &context,
          const llvm::TargetMachine &machine);

/// Optimises `code` for `machine`, 0 to 3, and writes down in each function
/// that it is for that.
llvm::Error optimise(llvm::Module &code, llvm::TargetMachine &machine,
                     unsigned optLevel);

/// `code` as LLVM IR.
std::string printLLVMIR(const llvm::Module &code);

/// `code` as an object or assembly. An error if an object would need functions
/// that no library has.
llvm::Expected<std::string> emitFile(llvm::Module &code,
                                     llvm::TargetMachine &machine,
                                     llvm::CodeGenFileType type);

/// Writes `bytes` to the file `path`, replacing what is there in one step.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes);

} // namespace glu

#endif // GLU_LIB_EXECUTION_EMITCODE_H
