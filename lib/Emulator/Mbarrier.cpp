//===- Mbarrier.cpp - Barriers in shared memory ---------------------------===//

#include "Mbarrier.h"
#include "Block.h"
#include "Functions.h"

#include <algorithm>

using namespace glu;

Mbarrier *Mbarriers::find(const void *pointer) {
  auto found = all.find(reinterpret_cast<uintptr_t>(pointer));
  return found == all.end() ? nullptr : &found->second;
}

void Mbarriers::fenceInitializers(uint32_t thread, uint32_t time) {
  for (auto &[address, mbarrier] : all)
    if (mbarrier.initializer.number == thread && !mbarrier.fenceTime)
      mbarrier.fenceTime = time;
}

std::string Mbarriers::describe(uint64_t pointer) const {
  auto found = all.find(pointer);
  if (found == all.end())
    return "that is gone";
  const Mbarrier &mbarrier = found->second;
  std::string text = "in its phase " + std::to_string(mbarrier.phase) + ", " +
                     std::to_string(mbarrier.pending) + " of " +
                     std::to_string(mbarrier.expected) + " arrivals pending";
  if (mbarrier.transactions)
    text += ", " + std::to_string(mbarrier.transactions) + " bytes to come";
  return text;
}

/// " of the mbarrier at byte N".
static std::string name(Launch &launch, const void *pointer) {
  return " of the mbarrier at byte " +
         std::to_string(launch.getShared().getAddress(pointer) -
                        SharedMemory::reservedBytes);
}

static void checkAddress(Launch &launch, const char *what, const void *pointer,
                         int32_t site) {
  if (reinterpret_cast<uintptr_t>(pointer) % Mbarrier::bytes)
    launch.fail(
        std::string(what) + " at an address that is not a multiple of 8", site);
  if (!launch.getShared().contains(pointer, Mbarrier::bytes))
    launch.fail(std::string(what) +
                    " of an address that is not in shared memory",
                site);
}

Mbarrier &glu::getMbarrier(Launch &launch, const char *what,
                           const void *pointer, int32_t site) {
  checkAddress(launch, what, pointer, site);
  Mbarrier *mbarrier = launch.getMbarriers().find(pointer);
  if (!mbarrier)
    launch.fail(std::string(what) +
                    " of no mbarrier: nobody initialised byte " +
                    std::to_string(launch.getShared().getAddress(pointer) -
                                   SharedMemory::reservedBytes),
                site);
  Accessor by = mbarrier->initializer;
  if (by.number != launch.getThreadNumber() &&
      !launch.getClock().covers(by.number, by.time))
    launch.fail(std::string(what) + name(launch, pointer) +
                    " races with its mbarrier.init: no barrier between",
                site);
  return *mbarrier;
}

Mbarrier &glu::getMbarrierForCopy(Launch &launch, const char *what,
                                  const void *pointer, int32_t site) {
  Mbarrier &mbarrier = getMbarrier(launch, what, pointer, site);
  Accessor by = mbarrier.initializer;
  const Clock &clock = launch.getClock();
  bool isFenced =
      isKnown(clock.fenced, by.number, by.time) ||
      (mbarrier.fenceTime && (by.number == launch.getThreadNumber() ||
                              clock.covers(by.number, mbarrier.fenceTime)));
  if (!isFenced)
    launch.fail(std::string(what) + name(launch, pointer) +
                    ": no fence.mbarrier.init or fence.proxy.async lies behind "
                    "its mbarrier.init",
                site);
  return mbarrier;
}

static void completePhase(Launch &launch, Mbarrier &mbarrier) {
  if (mbarrier.pending != 0 || mbarrier.transactions != 0)
    return;
  mbarrier.pending = mbarrier.expected;
  mbarrier.complete(launch);
}

void glu::completeTransactions(Launch &launch, void *pointer, uint64_t phase,
                               int64_t bytes, uint32_t thread, int32_t site) {
  Mbarrier *mbarrier = launch.getMbarriers().find(pointer);
  if (!mbarrier)
    return launch.report("a copy ends when its mbarrier is gone", thread, site);
  if (mbarrier->phase != phase)
    return launch.report(
        "a copy that began in phase " + std::to_string(phase) +
            name(launch, pointer) +
            " ends in a later one: fewer bytes were expected than came",
        thread, site);
  mbarrier->transactions -= bytes;
  completePhase(launch, *mbarrier);
}

void glu::checkCopiesAtEnd(Launch &launch) {
  for (const auto &[address, mbarrier] : launch.getMbarriers().all)
    if (mbarrier.copied > mbarrier.waited)
      launch.fail("the block ends, but nobody has waited for a copy" +
                  name(launch, reinterpret_cast<const void *>(address)));
}

static void initialize(void *pointer, uint32_t count, int32_t site) {
  Launch &launch = *Launch::current;
  checkAddress(launch, "mbarrier.init", pointer, site);
  if (count < 1 || count > Mbarrier::most)
    launch.fail("mbarrier.init for " + std::to_string(count) + " arrivals",
                site);
  launch.access(Launch::Kind::Write, pointer, Mbarrier::bytes, Mbarrier::bytes,
                site);
  launch.setMbarrier(pointer, true);
  Mbarrier mbarrier;
  mbarrier.expected = mbarrier.pending = count;
  mbarrier.unit =
      launch.createUnit("a copy that the mbarrier at byte " +
                        std::to_string(launch.getShared().getAddress(pointer) -
                                       SharedMemory::reservedBytes) +
                        " tracks (no wait between)");
  mbarrier.initializer = {launch.getThreadNumber(), launch.getClock().own,
                          false};
  launch.getMbarriers().all[reinterpret_cast<uintptr_t>(pointer)] =
      std::move(mbarrier);
}

static void invalidate(void *pointer, int32_t site) {
  Launch &launch = *Launch::current;
  Mbarrier &mbarrier = getMbarrier(launch, "mbarrier.inval", pointer, site);
  if (!mbarrier.waiting.empty())
    launch.fail("mbarrier.inval" + name(launch, pointer) +
                    " that a thread waits for",
                site);
  launch.getMbarriers().all.erase(reinterpret_cast<uintptr_t>(pointer));
  launch.setMbarrier(pointer, false);
}

static void expect(Launch &launch, Mbarrier &mbarrier, const void *pointer,
                   uint32_t bytes, int32_t site) {
  mbarrier.transactions += bytes;
  if (bytes > Mbarrier::most || mbarrier.transactions > Mbarrier::most)
    launch.fail("expect_tx of " + std::to_string(bytes) + " bytes" +
                    name(launch, pointer) + ": more than it can count",
                site);
}

static void expectTransactions(void *pointer, uint32_t bytes, int32_t site) {
  Launch &launch = *Launch::current;
  expect(launch, getMbarrier(launch, "mbarrier.expect_tx", pointer, site),
         pointer, bytes, site);
}

static void completeByHand(void *pointer, uint32_t bytes, int32_t site) {
  Launch &launch = *Launch::current;
  Mbarrier &mbarrier =
      getMbarrier(launch, "mbarrier.complete_tx", pointer, site);
  completeTransactions(launch, pointer, mbarrier.phase, bytes,
                       launch.getThreadNumber(), site);
}

/// Returns the phase it arrived in. A negative `expected` expects nothing;
/// `drops` takes the arrivals out of later phases, too.
static int64_t arrive(void *pointer, int32_t count, int64_t expected,
                      int32_t drops, int32_t isRelaxed, int32_t site) {
  Launch &launch = *Launch::current;
  Mbarrier &mbarrier = getMbarrier(launch, "mbarrier.arrive", pointer, site);
  if (expected >= 0)
    expect(launch, mbarrier, pointer, uint32_t(expected), site);
  if (count < 1 || uint32_t(count) > mbarrier.pending)
    launch.fail("mbarrier.arrive" + name(launch, pointer) + ", " +
                    std::to_string(count) + " times where " +
                    std::to_string(mbarrier.pending) + " of " +
                    std::to_string(mbarrier.expected) +
                    " arrivals are pending in phase " +
                    std::to_string(mbarrier.phase),
                site);
  mbarrier.pending -= count;
  if (drops)
    mbarrier.expected -= count;
  if (!isRelaxed) {
    Clock &clock = launch.getClock();
    mbarrier.known = join(join(mbarrier.known, clock.known),
                          launch.getThreadNumber(), clock.own);
    mbarrier.fenced = join(mbarrier.fenced, clock.fenced);
    ++clock.own;
  }
  int64_t phase = int64_t(mbarrier.phase);
  completePhase(launch, mbarrier);
  return phase;
}

/// Whether the phase with `parity` is complete; the thread then knows what lies
/// before it.
static bool test(Launch &launch, Mbarrier &mbarrier, const void *pointer,
                 int64_t parity, int32_t isRelaxed) {
  if ((mbarrier.phase & 1) == (uint64_t(parity) & 1))
    return false;
  mbarrier.waited = std::max(mbarrier.waited, mbarrier.phase);
  if (!isRelaxed) {
    Clock &clock = launch.getClock();
    clock.known = join(join(clock.known, mbarrier.completedKnown),
                       mbarrier.unit, uint32_t(mbarrier.phase));
    clock.fenced = join(clock.fenced, mbarrier.completedFenced);
  }
  return true;
}

static void waitForParity(void *pointer, int64_t parity, int32_t isRelaxed,
                          int32_t site) {
  Launch &launch = *Launch::current;
  // What completes a phase may complete the next one before the thread is back.
  for (;;) {
    Mbarrier &mbarrier =
        getMbarrier(launch, "mbarrier.try_wait", pointer, site);
    if (test(launch, mbarrier, pointer, parity, isRelaxed))
      return;
    mbarrier.waiting.push_back(launch.getThreadNumber());
    launch.suspend("mbarrier", reinterpret_cast<uintptr_t>(pointer), site);
  }
}

/// The parity is that of a phase, or of the one that `arrive` returned.
static bool tryWait(void *pointer, int64_t parity, int32_t mayBlock,
                    int32_t isRelaxed, int32_t site) {
  Launch &launch = *Launch::current;
  Mbarrier &mbarrier = getMbarrier(launch, "mbarrier.try_wait", pointer, site);
  if (test(launch, mbarrier, pointer, parity, isRelaxed))
    return true;
  if (mayBlock && launch.getRandom()() % 4) {
    waitForParity(pointer, parity, isRelaxed, site);
    return true;
  }
  launch.spin("mbarrier", reinterpret_cast<uintptr_t>(pointer), site);
  return false;
}

static void fenceInitializers() {
  Launch &launch = *Launch::current;
  Clock &clock = launch.getClock();
  launch.getMbarriers().fenceInitializers(launch.getThreadNumber(), clock.own);
  ++clock.own;
}

void glu::visitMbarrierFunctions(const FunctionVisitor &add) {
  add("glu_emulate_mbarrier_init", initialize);
  add("glu_emulate_mbarrier_inval", invalidate);
  add("glu_emulate_mbarrier_expect", expectTransactions);
  add("glu_emulate_mbarrier_complete", completeByHand);
  add("glu_emulate_mbarrier_arrive", arrive);
  add("glu_emulate_mbarrier_wait", waitForParity);
  add("glu_emulate_mbarrier_try_wait", tryWait);
  add("glu_emulate_mbarrier_fence", fenceInitializers);
}
