//===- ScheduleTable.h - Schedules that were measured -----------*- C++ -*-===//
//
// What `glu-tune` found out about projections, for `glu-choose`: a file of
// JSON, one object from keys to schedules as they stand in IR.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TRANSFORMS_SCHEDULETABLE_H
#define GLU_TRANSFORMS_SCHEDULETABLE_H

#include "glu/IR/GLU.h"
#include "glu/Transforms/ProjectionDims.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace glu {

/// Where and how a projection is computed, as far as its schedule depends on
/// it.
struct ScheduleContext {
  /// A name of `lookupTarget`; "host" is this machine's.
  llvm::StringRef targetCPU;
  unsigned threads;
  /// Whether weights are packed before the calls that count.
  bool isPacked;
};

/// All that the schedule of `dims`, those of an operation, depends on, as text.
std::string getScheduleKey(const ScheduleContext &context,
                           const ProjectionDims &dims);

class ScheduleTable {
public:
  /// Reads a file. The error is one sentence that names it.
  static llvm::Expected<ScheduleTable> read(llvm::StringRef path,
                                            mlir::MLIRContext *context);

  /// The schedule with that key, or null.
  ScheduleAttr lookup(llvm::StringRef key) const { return entries.lookup(key); }
  void set(llvm::StringRef key, ScheduleAttr schedule) {
    entries[key] = schedule;
  }

  /// Writes a file, sorted by keys. The error is one sentence that names it.
  llvm::Error write(llvm::StringRef path) const;

private:
  llvm::StringMap<ScheduleAttr> entries;
};

} // namespace glu

#endif // GLU_TRANSFORMS_SCHEDULETABLE_H
