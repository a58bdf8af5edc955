//===- CWrapper.h - The code of C functions ---------------------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_CWRAPPER_H
#define GLU_LIB_EXECUTION_CWRAPPER_H

#include "glu/Execution/CFunction.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace glu {

/// Whether a function of the LLVM dialect with that many parameters, from which
/// `function` is made, takes where the message of a failure goes.
bool hasFailureArgument(const CFunction &function, size_t parameters);

/// Adds `function` to `module`, called `name`, which calls the function of the
/// LLVM dialect that it is made from: that one has a memref as pointers
/// (allocated, aligned), offset, sizes and strides, and, if it can fail, where
/// the message goes.
llvm::Function *addCFunction(llvm::Module &module, const CFunction &function,
                             llvm::StringRef name);

} // namespace glu

#endif // GLU_LIB_EXECUTION_CWRAPPER_H
