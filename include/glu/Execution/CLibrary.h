//===- CLibrary.h - Functions for C, compiled ahead of time -----*- C++ -*-===//

#ifndef GLU_EXECUTION_CLIBRARY_H
#define GLU_EXECUTION_CLIBRARY_H

#include "glu/Execution/Artifact.h"
#include "glu/Execution/CFunction.h"
#include "glu/Execution/ParseModule.h"

#include <memory>

namespace glu {

/// What a library is made for.
struct CLibraryOptions {
  /// A public function and what it is called in C.
  struct Entry {
    std::string function, name;
  };
  /// All public functions, by their names, if empty.
  llvm::SmallVector<Entry> entries;
  /// Chips, by the names of `lookupTarget`; code for each, and the right one is
  /// chosen when it is loaded. At least one; of one architecture.
  llvm::SmallVector<std::string> targets = {"host"};
  /// As in `ArtifactOptions`.
  int64_t threads = 1;
  unsigned optLevel = 3;
  /// Whether there are functions that pack weights once, and that use them.
  bool prepack = false;
};

/// What can be made of a library.
enum class ArtifactKind { LLVMIR, Assembly, Object, SharedLibrary };

/// C functions, compiled.
class CLibrary {
public:
  ~CLibrary();

  /// Compiles functions of `module`, which stays as it is. `argumentNames` are
  /// those of each function, as far as known. Errors are one sentence.
  static llvm::Expected<std::unique_ptr<CLibrary>>
  compile(mlir::ModuleOp module, const ArgumentNames &argumentNames,
          const CLibraryOptions &options);

  /// Writes it to the file `path`, replacing what is there in one step.
  llvm::Error write(ArtifactKind kind, llvm::StringRef path);

  /// Writes a header for it to the file `path`.
  llvm::Error writeHeader(llvm::StringRef path) const;

private:
  struct Code;
  CLibrary();
  std::unique_ptr<Code> code;
  CLibraryOptions options;
  std::vector<CFunction> functions;
};

} // namespace glu

#endif // GLU_EXECUTION_CLIBRARY_H
