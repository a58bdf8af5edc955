//===- RuntimeSymbols.h - Functions that compiled code calls ----*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H
#define GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace glu {

/// Calls `function(name, address)` for every function that this library lends
/// to compiled code: conversions of narrow floats, which not every compiler
/// runtime has, and what a failed assertion calls.
void forEachRuntimeSymbol(
    llvm::function_ref<void(llvm::StringRef, void *)> function);

/// Calls `body`, compiled code. Where an assertion of the program fails, the
/// rest of it is left and the assertion's message is the error; what the code
/// had allocated until then is lost.
llvm::Error runCatchingAssertions(llvm::function_ref<void()> body);

/// What compiled code of this thread reports to `glu_count_flops` while this
/// object lives.
class FlopCount {
public:
  FlopCount();
  int64_t get() const;
};

} // namespace glu

#endif // GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H
