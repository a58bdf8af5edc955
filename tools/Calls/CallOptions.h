//===- CallOptions.h - Which function is called, and how --------*- C++ -*-===//
//
// The options that tools which run a function have in common.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TOOLS_CALLS_CALLOPTIONS_H
#define GLU_TOOLS_CALLS_CALLOPTIONS_H

#include "CommandLine/CommandLine.h"

#include <optional>

struct CallOptions {
  /// Dimension `dimension` of argument `argument` is `size`.
  struct Dimension {
    unsigned argument, dimension;
    int64_t size;
  };

  std::string file, entry, targetCPU = "host";
  /// A table of schedules that glu-choose reads; none if empty.
  std::string table;
  llvm::SmallVector<std::string> arguments;
  llvm::SmallVector<Dimension> dimensions;
  std::optional<double> tolerance;
  unsigned threads = 1;
  uint64_t seed = 0;
  bool prepack = false;
  /// Code of a chip that is not here, with plain arithmetic for the
  /// instructions it has alone.
  bool emulate = false;
  bool help = false;

  /// The options but `table` and `emulate`, which not all tools have.
  void addTo(CommandLine &line);
};

#endif // GLU_TOOLS_CALLS_CALLOPTIONS_H
