//===- Options.h - The command line of glu-tune -----------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLUTUNE_OPTIONS_H
#define GLU_TOOLS_GLUTUNE_OPTIONS_H

#include "Calls/CallOptions.h"

/// What was asked for.
struct Options : CallOptions {
  std::string output = "-";
  double budgetSeconds = 30;
  /// Whether the winner is not compared with float64.
  bool skipReference = false;
};

/// The options in `arguments`, without the program's name; an error says which
/// one is wrong and what was expected.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

/// What `--help` prints.
llvm::StringRef getHelp();

#endif // GLU_TOOLS_GLUTUNE_OPTIONS_H
