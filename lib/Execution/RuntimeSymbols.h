//===- RuntimeSymbols.h - Functions that compiled code calls ----*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H
#define GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace glu {

/// Calls `function(name, address)` for every function that this library lends
/// to compiled code: conversions of narrow floats, which not every compiler
/// runtime has, and what ends the process where an assertion cannot return.
void forEachRuntimeSymbol(
    llvm::function_ref<void(llvm::StringRef, void *)> function);

/// What compiled code of this thread reports to `glu_count_flops` while this
/// object lives.
class FlopCount {
public:
  FlopCount();
  int64_t get() const;
};

} // namespace glu

#endif // GLU_LIB_EXECUTION_RUNTIMESYMBOLS_H
