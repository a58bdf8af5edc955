//===- Mbarrier.h - Barriers in shared memory -------------------*- C++ -*-===//
//
// PTX ISA manual, "Parallel Synchronization and Communication Instructions:
// mbarrier". What an mbarrier's eight bytes hold is opaque: its state is here.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_MBARRIER_H
#define GLU_LIB_EMULATOR_MBARRIER_H

#include "Phases.h"
#include "Shadow.h"

#include <map>
#include <string>

namespace glu {

class Launch;
struct FunctionVisitor;

struct Mbarrier : Phases {
  static constexpr size_t bytes = 8;
  static constexpr uint32_t most = (1 << 20) - 1;

  uint32_t expected = 0;    ///< Arrivals of each phase.
  uint32_t pending = 0;     ///< Of these, in this phase, still to come.
  int64_t transactions = 0; ///< Bytes expected less bytes that came.
  /// Copies that it tracks are a unit's: at the unit's time p + 1 those are
  /// complete that phase p tracked.
  uint32_t unit = 0;
  /// The last time that has copies, and the last one that a thread waited for.
  uint64_t copied = 0, waited = 0;
  Accessor initializer;
  uint32_t fenceTime = 0; ///< Of the initializer's first fence behind; or 0.
};

class Mbarriers {
public:
  void reset() { all.clear(); }
  /// Null if there is none at this address.
  Mbarrier *find(const void *pointer);
  /// fence.mbarrier.init or a fence of proxies by `thread`, at its `time`.
  void fenceInitializers(uint32_t thread, uint32_t time);
  /// For reports on who waits.
  std::string describe(uint64_t pointer) const;

  std::map<uintptr_t, Mbarrier> all; ///< By address.
};

/// The mbarrier at `pointer` for the running thread, which must know that it is
/// initialised; an error if there is none.
Mbarrier &getMbarrier(Launch &launch, const char *what, const void *pointer,
                      int32_t site);

/// Likewise for a copy through the asynchronous proxy, which must see that.
Mbarrier &getMbarrierForCopy(Launch &launch, const char *what,
                             const void *pointer, int32_t site);

/// A block may not end while copies are on their way to it.
void checkCopiesAtEnd(Launch &launch);

/// A copy that `thread` started in phase `phase` is complete.
void completeTransactions(Launch &launch, void *pointer, uint64_t phase,
                          int64_t bytes, uint32_t thread, int32_t site);

void visitMbarrierFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_MBARRIER_H
