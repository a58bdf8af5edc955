//===- Program.h - Compiles IR and calls it on arrays -----------*- C++ -*-===//
//
// The short way from IR to numbers, for programs that embed the compiler: text
// or a module in, functions out that are called with arrays in memory of the
// caller. Every call is checked.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_PROGRAM_H
#define GLU_EXECUTION_PROGRAM_H

#include "glu/Execution/ArrayView.h"
#include "glu/Execution/Executable.h"

#include <vector>

namespace glu {

/// The public functions of a module, compiled by `glu-to-cpu` for this machine.
/// Calls may be made from several threads at once.
class Program {
public:
  ~Program();

  /// Compiles `module`, which is left as it is. `options` are those of the
  /// pipeline `glu-to-cpu`, as one writes them on the command line: "threads=2
  /// outline-packing". Errors are one sentence, with the location in the IR.
  static llvm::Expected<std::unique_ptr<Program>>
  compile(mlir::ModuleOp module, llvm::StringRef options = {});

  /// The same for IR as text.
  static llvm::Expected<std::unique_ptr<Program>>
  compile(llvm::StringRef text, llvm::StringRef options = {});

  /// A function that can be called, in the order of the module.
  struct Function {
    /// Its name in the module, and the types it takes and gives.
    Signature signature;
    /// Its name in the executable.
    std::string symbol;
    /// The function whose shapes are checked before a call, and its first
    /// arguments: none where all sizes are known.
    std::optional<Signature> check;
  };
  llvm::ArrayRef<Function> getFunctions() const { return functions; }

  /// The function of that name; an error lists those there are.
  llvm::Expected<const Function *> lookup(llvm::StringRef name) const;

  /// Calls `function`, one of `getFunctions`. Arguments are read (memrefs also
  /// written) where they are if they are dense, else copied; results are
  /// copied to where `results` says. All must have the types and shapes of the
  /// signature; an error says which one has not, and nothing is called. An
  /// assertion that fails in the program is an error too.
  llvm::Error call(const Function &function,
                   llvm::ArrayRef<ArrayView> arguments,
                   llvm::ArrayRef<ArrayView> results) const;

private:
  Program() = default;
  llvm::Error checkShapes(const Function &function,
                          llvm::ArrayRef<ArrayView> arguments) const;

  std::vector<Function> functions;
  std::unique_ptr<Executable> executable;
  /// Evaluates what depends on shapes only (`glu-dry-run`); null where all
  /// sizes are known.
  std::unique_ptr<Executable> checks;
};

} // namespace glu

#endif // GLU_EXECUTION_PROGRAM_H
