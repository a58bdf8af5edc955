//===- Dispatch.h - Code for several chips in one library -------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_DISPATCH_H
#define GLU_LIB_EXECUTION_DISPATCH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace glu {

/// A chip that there is code for.
struct DispatchTarget {
  std::string name;
  /// LLVM's names of what the code may use.
  llvm::SmallVector<std::string> features;
};

/// A function that exists once for each chip.
struct DispatchedFunction {
  std::string name;
  llvm::SmallVector<llvm::Function *> implementations;
};

/// Adds the `functions` by their names to `module`, for x86-64: each calls the
/// implementation for the chip it runs on, which is found out when the code is
/// loaded. Of several that can run it is the one that uses most of the chip,
/// and of equals the first. Where none can, a call writes a message to the
/// standard error and aborts. Needs libc only.
void addDispatcher(llvm::Module &module, llvm::ArrayRef<DispatchTarget> targets,
                   llvm::ArrayRef<DispatchedFunction> functions);

} // namespace glu

#endif // GLU_LIB_EXECUTION_DISPATCH_H
