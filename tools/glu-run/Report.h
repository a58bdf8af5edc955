//===- Report.h - What glu-run prints ---------------------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLURUN_REPORT_H
#define GLU_TOOLS_GLURUN_REPORT_H

#include "Options.h"

#include "Calls/Benchmark.h"
#include "Calls/Check.h"

/// Everything that a run found out.
struct Report {
  std::string entry;
  llvm::SmallVector<std::string> outputs;
  llvm::SmallVector<Check> expected, verified;
  std::optional<Timing> timing;
  int64_t flops = 0, bytes = 0;
  bool packed = false;

  bool isRight() const;
};

/// Prints `report` to the standard output, as text or as one JSON object.
void print(const Report &report, const Options &options);

#endif // GLU_TOOLS_GLURUN_REPORT_H
