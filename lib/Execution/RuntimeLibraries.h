//===- RuntimeLibraries.h - What compiled code may call ---------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_RUNTIMELIBRARIES_H
#define GLU_LIB_EXECUTION_RUNTIMELIBRARIES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <set>
#include <string>

namespace glu {

/// The functions that code calls of each library it may need; sorted, so that
/// the same code is linked to the same bytes.
struct RuntimeLibraries {
  std::set<std::string> c, math, openmp;
};

/// Whether libc, libm or libomp has a function of this name that code may call.
bool isRuntimeFunction(llvm::StringRef name);

/// What `objects`, ELF files, call and none of them defines. An error names a
/// function that no library has, or says that a file is none.
llvm::Expected<RuntimeLibraries>
findRuntimeLibraries(llvm::ArrayRef<llvm::StringRef> objects);

} // namespace glu

#endif // GLU_LIB_EXECUTION_RUNTIMELIBRARIES_H
