//===- Options.h - The command line of glu-run ------------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_OPTIONS_H
#define GLU_TOOLS_GLURUN_OPTIONS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

/// What was asked for.
struct Options {
  /// Dimension `dimension` of argument `argument` is `size`.
  struct Dimension {
    unsigned argument, dimension;
    int64_t size;
  };

  std::string file, entry, targetCPU = "host", pipeline;
  std::string target = "cpu", chip = "sm_80";
  llvm::SmallVector<std::string> arguments, expected, results;
  llvm::SmallVector<Dimension> dimensions;
  std::optional<double> tolerance;
  unsigned threads = 1;
  uint64_t seed = 0, schedulerSeed = 0;
  bool verify = false, bench = false, prepack = false, json = false;
  bool emulate = false;
  bool help = false;

  bool isGPU() const { return target == "nvvm"; }
};

/// The options in `arguments`, without the program's name; an error says which
/// one is wrong and what was expected.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

/// What `--help` prints.
llvm::StringRef getHelp();

#endif // GLU_TOOLS_GLURUN_OPTIONS_H
