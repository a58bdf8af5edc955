//===- Options.h - The command line of glu-run ------------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_OPTIONS_H
#define GLU_TOOLS_GLURUN_OPTIONS_H

#include "Calls/CallOptions.h"

/// What was asked for.
struct Options : CallOptions {
  std::string pipeline = "cpu", target = "cpu", chip = "sm_80";
  llvm::SmallVector<std::string> expected, results;
  uint64_t schedulerSeed = 0;
  bool verify = false, bench = false, json = false;

  bool isGPU() const { return target == "nvvm"; }
};

/// The options in `arguments`, without the program's name; an error says which
/// one is wrong and what was expected.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

/// What `--help` prints.
llvm::StringRef getHelp();

#endif // GLU_TOOLS_GLURUN_OPTIONS_H
