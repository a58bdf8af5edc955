//===- CNames.h - Identifiers of C ------------------------------*- C++ -*-===//

#ifndef GLU_LIB_EXECUTION_CNAMES_H
#define GLU_LIB_EXECUTION_CNAMES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace glu {

/// Whether a library may have a function of this name: an identifier that is no
/// word of C or C++, not @main, and none of libc's and libm's that compiled
/// code calls.
bool isFunctionName(llvm::StringRef name);

/// Names for the parameters of a function.
class CNames {
public:
  /// An identifier like `wanted` that none before is.
  std::string add(llvm::StringRef wanted);

private:
  llvm::StringSet<> taken;
};

} // namespace glu

#endif // GLU_LIB_EXECUTION_CNAMES_H
