//===- CallOptions.cpp - Which function is called, and how ----------------===//

#include "CallOptions.h"

#include <cmath>

using namespace llvm;

/// Parses "0.1=64".
static bool parseDimension(StringRef text, CallOptions::Dimension &dimension) {
  auto [where, size] = text.split('=');
  auto [argument, position] = where.split('.');
  return !argument.getAsInteger(10, dimension.argument) &&
         !position.getAsInteger(10, dimension.dimension) &&
         !size.getAsInteger(10, dimension.size) && dimension.size >= 0 &&
         dimension.size <= (int64_t(1) << 40);
}

void CallOptions::addTo(CommandLine &line) {
  line.addText("--entry", entry, "the name of a function");
  line.addText("--target-cpu", targetCPU, "the name of a chip");
  line.addList("--arg", arguments, "an .npy file");
  line.add("--dim", [&](StringRef value) -> StringRef {
    return parseDimension(value, dimensions.emplace_back())
               ? ""
               : "ARGUMENT.DIMENSION=SIZE, as in 0.1=64";
  });
  line.add("--tolerance", [&](StringRef value) -> StringRef {
    double number;
    if (value.getAsDouble(number) || !(number >= 0) || std::isinf(number))
      return "a number that is not negative";
    tolerance = number;
    return "";
  });
  line.add("--threads", [&](StringRef value) -> StringRef {
    return value.getAsInteger(10, threads) || threads < 1 || threads > 1024
               ? "a number between 1 and 1024"
               : "";
  });
  line.add("--seed", [&](StringRef value) -> StringRef {
    return value.getAsInteger(10, seed) ? "a number" : "";
  });
  line.addFlag("--prepack", prepack);
  line.addFlag("--help", help);
  line.addFlag("-h", help);
}
