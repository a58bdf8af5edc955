//===- CodeGen.h - LLVM's code generator for a chip -------------*- C++ -*-===//
//
// What compilation in memory and ahead of time have in common.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EXECUTION_CODEGEN_H
#define GLU_LIB_EXECUTION_CODEGEN_H

#include "glu/Target/Target.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace glu {

/// Where code will run.
enum class CodePlace {
  Memory, ///< In this process.
  File,   ///< Anywhere in the address space of some process.
};

/// LLVM's name of an optimisation level, 0 to 3 (more is taken for 3).
llvm::CodeGenOptLevel getCodeGenLevel(unsigned optLevel);

/// The chip called `cpu`, whether or not this machine can run code for it; an
/// error lists those there are.
llvm::Expected<Target> lookupTargetOrError(llvm::StringRef cpu);

/// LLVM's code generator for `target`; an error if LLVM was built without it.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const Target &target, unsigned optLevel, CodePlace place);

/// LLVM's passes of that level over `code`.
void runLLVMPasses(llvm::Module &code, llvm::TargetMachine &machine,
                   unsigned optLevel);

} // namespace glu

#endif // GLU_LIB_EXECUTION_CODEGEN_H
