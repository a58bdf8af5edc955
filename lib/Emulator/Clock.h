//===- Clock.h - What a thread knows of the others --------------*- C++ -*-===//
//
// Vector clocks: an access is in order with another one if what lies between
// makes the one's time known to the other. Units that copy and multiply in the
// background have numbers of their own, behind those of the threads; a thread
// knows of them what it has waited for.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_EMULATOR_CLOCK_H
#define GLU_LIB_EMULATOR_CLOCK_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace glu {

/// Times by number of the thread or unit, never changed, shared by all that
/// know the same. Nothing is known of those beyond the end, and of none if
/// there is no list.
using Times = std::shared_ptr<const std::vector<uint32_t>>;

inline bool isKnown(const Times &times, uint32_t number, uint32_t time) {
  return times && number < times->size() && (*times)[number] >= time;
}

/// Both are known.
Times join(const Times &a, const Times &b);
/// What is known by both.
Times meet(const Times &a, const Times &b);
/// What was known, and `number` up to `time`.
Times join(const Times &times, uint32_t number, uint32_t time);

struct Clock {
  Times known;
  /// Of the writes that it knows, those that the asynchronous proxy sees: a
  /// fence.proxy.async lies behind them.
  Times fenced;
  uint32_t own = 1;

  /// Whether what `number` did at its time `time` is done.
  bool covers(uint32_t number, uint32_t time) const {
    return isKnown(known, number, time);
  }
};

/// Lets all threads in `members` know what each of them knew and did.
void joinClocks(std::vector<Clock> &clocks,
                const std::vector<uint32_t> &members);

} // namespace glu

#endif // GLU_LIB_EMULATOR_CLOCK_H
