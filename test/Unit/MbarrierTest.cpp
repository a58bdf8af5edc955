//===- MbarrierTest.cpp - Barriers in shared memory -----------------------===//

#include "EmulatedGPU.h"

using namespace glu;

/// Thread 0 initialises one mbarrier; all know of it.
static void *initialize(uint32_t count) {
  if (gpu.thread() == 0)
    gpu.init(gpu.at(0), count);
  gpu.barrier(0, -1);
  return gpu.at(0);
}

// PTX ISA manual, "mbarrier": waiting with the parity of the phase before the
// current one succeeds, with that of the current one it does not; a phase ends
// with its last arrival, and the next one begins with as many pending.
struct Step {
  int32_t arrivals;
  bool isEvenComplete, isOddComplete; ///< What waits say afterwards.
};

static const Step steps[] = {
    {0, false, true}, {1, false, true}, {1, false, true}, {1, true, false},
    {2, true, false}, {1, false, true}, {3, true, false}};

TEST(MbarrierTest, Phases) {
  EXPECT_EQ(run(
                [](void **) {
                  void *mbarrier = initialize(3);
                  int64_t phase = 0, arrived = 0;
                  for (const Step &step : steps) {
                    if (step.arrivals)
                      EXPECT_EQ(gpu.arrive(mbarrier, step.arrivals), phase);
                    arrived += step.arrivals;
                    phase = arrived / 3;
                    // Not blocking, and not relaxed.
                    EXPECT_EQ(gpu.mbarrierTryWait(mbarrier, 0, 0, 0, -1),
                              step.isEvenComplete);
                    EXPECT_EQ(gpu.mbarrierTryWait(mbarrier, 1, 0, 0, -1),
                              step.isOddComplete);
                  }
                },
                1, 1, nullptr),
            "");
}

TEST(MbarrierTest, DroppedArrivalsAreNotExpectedLater) {
  EXPECT_EQ(run(
                [](void **) {
                  void *mbarrier = initialize(2);
                  gpu.mbarrierArrive(mbarrier, 1, -1, /*drops=*/1, 0, -1);
                  gpu.arrive(mbarrier);
                  gpu.wait(mbarrier, 0);
                  gpu.arrive(mbarrier);
                  gpu.wait(mbarrier, 1);
                },
                1, 1, nullptr),
            "");
}

// A ring of one: the producer fills, the consumers read, for several phases.
static void passOn(void **p) {
  void *full = gpu.at(0), *empty = gpu.at(2);
  if (gpu.thread() == 0) {
    gpu.init(full, 32);
    gpu.init(empty, 64);
  }
  gpu.barrier(0, -1);
  uint32_t self = gpu.thread();
  for (int i = 0; i < 5; ++i) {
    if (self < 32) {
      gpu.wait(empty, (i & 1) ^ 1);
      gpu.write(gpu.at(32 + self), 100 * i + self);
      gpu.arrive(full);
      continue;
    }
    gpu.wait(full, i & 1);
    int32_t value = gpu.read(gpu.at(32 + (self + 5) % 32));
    gpu.arrive(empty);
    gpu.write(getBuffer(p) + 64 * i + self - 32, value);
  }
}

TEST(MbarrierTest, OrdersProducersAndConsumers) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    Buffer buffer(4 * 5 * 64);
    EXPECT_EQ(run(passOn, 1, 96, buffer.pointer, seed), "");
    for (int i = 0; i < 5; ++i)
      for (int thread = 0; thread < 64; ++thread)
        EXPECT_EQ(buffer[64 * i + thread], 100 * i + (thread + 5) % 32);
  }
}

// Threads that ask and do not block let the others go on.
TEST(MbarrierTest, TestsInALoop) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    void *mbarrier = initialize(1);
                    if (gpu.thread() == 0) {
                      gpu.write(gpu.at(8), 7);
                      gpu.arrive(mbarrier);
                      return;
                    }
                    int32_t mayBlock = gpu.thread() == 1;
                    while (!gpu.mbarrierTryWait(mbarrier, 0, mayBlock, 0, -1))
                      ;
                    EXPECT_EQ(gpu.read(gpu.at(8)), 7);
                  },
                  1, 3, nullptr, seed),
              "");
}

static const Planted planted[] = {
    {"NotInitialised",
     [](void **) { gpu.arrive(gpu.at(0)); },
     {},
     {"mbarrier.arrive of no mbarrier: nobody initialised byte 0"}},
    {"InitialisedForNobody",
     [](void **) { gpu.init(gpu.at(0), 0); },
     {},
     {"mbarrier.init for 0 arrivals"}},
    {"InitialisedForTooMany",
     [](void **) { gpu.init(gpu.at(0), 1 << 20); },
     {},
     {"mbarrier.init for 1048576 arrivals"}},
    {"InitialisedTwice",
     [](void **) {
       gpu.init(gpu.at(0), 1);
       gpu.init(gpu.at(0), 1);
     },
     {},
     {"a write of shared memory at byte 0 of bytes where an mbarrier is"}},
    {"Overwritten",
     [](void **) {
       gpu.init(gpu.at(0), 1);
       gpu.write(gpu.at(1), 1);
     },
     {},
     {"of bytes where an mbarrier is"}},
    {"UsedAfterItsEnd",
     [](void **) {
       gpu.init(gpu.at(0), 1);
       gpu.mbarrierInval(gpu.at(0), -1);
       gpu.arrive(gpu.at(0));
     },
     {},
     {"of no mbarrier"}},
    {"Misaligned",
     [](void **) { gpu.init(gpu.at(1), 1); },
     {},
     {"mbarrier.init at an address that is not a multiple of 8"}},
    {"InGlobalMemory",
     [](void **p) { gpu.init(getBuffer(p), 1); },
     {},
     {"mbarrier.init of an address that is not in shared memory"}},
    {"NoBarrierAfterInit",
     [](void **) {
       if (gpu.thread() == 0)
         gpu.init(gpu.at(0), 2);
       gpu.arrive(gpu.at(0));
     },
     {1, 2},
     {"races with its mbarrier.init", "of no mbarrier"}},
    {"OneArrivalTooMany",
     [](void **) {
       void *mbarrier = initialize(1);
       gpu.arrive(mbarrier, 2);
     },
     {},
     {"2 times where 1 of 1 arrivals are pending in phase 0"}},
    {"OneArrivalTooFew",
     [](void **) {
       void *mbarrier = initialize(3);
       gpu.arrive(mbarrier);
       gpu.wait(mbarrier, 0);
     },
     {1, 2},
     {"deadlock; 2 threads from 0 wait at the mbarrier at byte 0 (in its phase "
      "0, 1 of 3 arrivals pending)"}},
    {"OneArrivalTooFewInALoop",
     [](void **) {
       void *mbarrier = initialize(2);
       while (!gpu.mbarrierTryWait(mbarrier, 0, 0, 0, -1))
         ;
     },
     {},
     {"deadlock; 1 threads from 0 wait at the mbarrier at byte 0 (in its phase "
      "0, 2 of 2 arrivals pending)"}},
    {"WrongParity",
     [](void **) {
       void *mbarrier = initialize(1);
       if (gpu.thread() == 0) {
         gpu.write(gpu.at(8), 1);
         gpu.arrive(mbarrier);
       } else {
         gpu.wait(mbarrier, 1);
         gpu.read(gpu.at(8));
       }
     },
     {1, 2},
     // The phase before the first one is complete; later it is not.
     {"races with a write", "nobody has written", "deadlock"}},
    {"NoWait",
     [](void **) {
       void *mbarrier = initialize(1);
       if (gpu.thread() == 0) {
         gpu.write(gpu.at(8), 1);
         gpu.arrive(mbarrier);
       } else {
         gpu.read(gpu.at(8));
       }
     },
     {1, 2},
     {"races with a write", "nobody has written"}},
    {"RelaxedArrival",
     [](void **) {
       void *mbarrier = initialize(1);
       if (gpu.thread() == 0) {
         gpu.write(gpu.at(8), 1);
         gpu.mbarrierArrive(mbarrier, 1, -1, 0, /*isRelaxed=*/1, -1);
       } else {
         gpu.wait(mbarrier, 0);
         gpu.read(gpu.at(8));
       }
     },
     {1, 2},
     {"races with a write"}},
    {"WriteAfterTheArrival",
     [](void **) {
       void *mbarrier = initialize(1);
       if (gpu.thread() == 0) {
         gpu.arrive(mbarrier);
         gpu.write(gpu.at(8), 1);
       } else {
         gpu.wait(mbarrier, 0);
         gpu.read(gpu.at(8));
       }
     },
     {1, 2},
     {"races with a", "nobody has written"}},
    {"OverwrittenBeforeItIsRead",
     [](void **) {
       // As passOn, but the producer does not wait.
       void *full = initialize(1);
       for (int i = 0; i < 2; ++i)
         if (gpu.thread() == 0) {
           gpu.write(gpu.at(8), i);
           gpu.arrive(full);
         } else {
           gpu.wait(full, i);
           gpu.read(gpu.at(8));
         }
     },
     {1, 2},
     // Two phases end before the one that waits for the first is back.
     {"races with a", "deadlock"}},
    {"ExpectsTooMuch",
     [](void **) {
       void *mbarrier = initialize(1);
       gpu.arriveExpecting(mbarrier, 1 << 20);
     },
     {},
     {"expect_tx of 1048576 bytes of the mbarrier at byte 0: more than it can "
      "count"}},
    {"NothingComes",
     [](void **) {
       void *mbarrier = initialize(1);
       gpu.arriveExpecting(mbarrier, 64);
       gpu.wait(mbarrier, 0);
     },
     {},
     {"(in its phase 0, 0 of 1 arrivals pending, 64 bytes to come)"}},
};

class MbarrierMisuseTest : public testing::TestWithParam<Planted> {};

TEST_P(MbarrierMisuseTest, IsReported) {
  Buffer buffer(4 * 64);
  expectReport(GetParam(), buffer.pointer);
}

INSTANTIATE_TEST_SUITE_P(MbarrierTest, MbarrierMisuseTest,
                         testing::ValuesIn(planted), getPlantedName);
