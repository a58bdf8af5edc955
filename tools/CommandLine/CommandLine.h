//===- CommandLine.h - Options of the tools ---------------------*- C++ -*-===//
//
// Plain options of programs that take one file: errors are a sentence that says
// what was expected, and no library's options get in between, as LLVM's do.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TOOLS_COMMANDLINE_H
#define GLU_TOOLS_COMMANDLINE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <string>

/// The options that a program knows. What they set must outlive `parse`.
class CommandLine {
public:
  /// Takes the text after '=', and returns what it should have been if it is
  /// not that, else nothing.
  using Parser = std::function<llvm::StringRef(llvm::StringRef)>;

  /// An option with a value: `--name=VALUE` or `--name VALUE`.
  void add(llvm::StringRef name, Parser parser) {
    parsers[name] = std::move(parser);
  }
  /// One whose value is any text but none.
  void addText(llvm::StringRef name, std::string &target,
               llvm::StringRef expected);
  /// One that may be given often.
  void addList(llvm::StringRef name, llvm::SmallVectorImpl<std::string> &target,
               llvm::StringRef expected);
  /// One without a value.
  void addFlag(llvm::StringRef name, bool &target) { flags[name] = &target; }

  /// Parses `arguments`, without the program's name; what is no option is the
  /// input `file`.
  llvm::Error parse(llvm::ArrayRef<const char *> arguments, std::string &file);

private:
  llvm::StringMap<Parser> parsers;
  llvm::StringMap<bool *> flags;
};

/// LLVM's code generators do not return from what they cannot do. After this,
/// they end the process with `exitCode` and a sentence that begins with the
/// name of the `program`, which must outlive it, instead of crashing.
void reportFatalErrors(const char *program, int exitCode);

#endif // GLU_TOOLS_COMMANDLINE_H
