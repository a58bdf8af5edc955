//===- ClusterTest.cpp - Blocks that run together -------------------------===//

#include "EmulatedGPU.h"

using namespace glu;

/// Of pairs of blocks.
static constexpr Launched pairs = {4, 32, 4096, /*cluster=*/2};
static constexpr Launched onePair = {2, 1, 4096, /*cluster=*/2};

static uint32_t getRank() { return gpu.special(26); }

static void *getOther(void *pointer) {
  return gpu.mapAddress(pointer, 1 - getRank(), -1);
}

static void synchronize() {
  gpu.clusterArrive(0, -1);
  gpu.clusterWait(-1);
}

// PTX ISA manual, "Special Registers": %clusterid, %nclusterid, %cluster_ctaid,
// %cluster_nctaid (each x), %cluster_ctarank, %cluster_nctarank, of blocks 0 to
// 3.
static const int32_t specials[] = {14, 17, 20, 23, 26, 27};
static const int32_t values[4][6] = {{0, 2, 0, 2, 0, 2},
                                     {0, 2, 1, 2, 1, 2},
                                     {1, 2, 0, 2, 0, 2},
                                     {1, 2, 1, 2, 1, 2}};

TEST(ClusterTest, SpecialRegisters) {
  EXPECT_EQ(run(
                [](void **) {
                  for (int i = 0; i < 6; ++i)
                    EXPECT_EQ(int32_t(gpu.special(specials[i])),
                              values[gpu.block()][i])
                        << "register " << specials[i] << " of block "
                        << gpu.block();
                },
                pairs, nullptr),
            "");
}

TEST(ClusterTest, BarriersOrderSharedMemoryOfAll) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    int32_t self = gpu.thread();
                    gpu.write(gpu.at(self), 100 * gpu.block() + self);
                    synchronize();
                    EXPECT_EQ(gpu.read(getOther(gpu.at(31 - self))),
                              100 * int32_t(gpu.block() ^ 1) + 31 - self);
                    // Nobody ends while the other one reads.
                    synchronize();
                  },
                  pairs, nullptr, seed),
              "");
}

// Threads that have ended are not waited for.
TEST(ClusterTest, BarriersOfThoseThatAreLeft) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    if (gpu.thread() % 3 == 0)
                      synchronize();
                  },
                  pairs, nullptr, seed),
              "");
}

TEST(ClusterTest, ArrivesAtTheOthersMbarrier) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    if (gpu.thread() == 0)
                      gpu.init(gpu.at(0), 32);
                    synchronize();
                    gpu.write(getOther(gpu.at(8 + gpu.thread())), 7);
                    gpu.arrive(getOther(gpu.at(0)));
                    gpu.wait(gpu.at(0), 0);
                    EXPECT_EQ(gpu.read(gpu.at(8 + gpu.thread() / 2)), 7);
                    synchronize();
                  },
                  pairs, nullptr, seed),
              "");
}

/// A line of 64 bytes to byte 128 of both blocks, by block 0.
static void loadForBoth(void *map, int32_t blocks) {
  gpu.init(gpu.at(0), 1);
  gpu.mbarrierFence();
  gpu.arriveExpecting(gpu.at(0), 64);
  synchronize();
  int32_t coordinate = 4;
  if (getRank() == 0)
    gpu.bulkLoad(gpu.at(32), map, gpu.at(0), 1, &coordinate, blocks, -1);
}

static void *createMap(Buffer &buffer) {
  for (int i = 0; i < 64; ++i)
    buffer[i] = i;
  // Of i32, boxes of 16.
  return getEmulatorRuntime().tensorMap(buffer.pointer, 3, 1, 0, 64, 1, 1, 1, 1,
                                        0, 0, 0, 0, 16, 1, 1, 1, 1);
}

TEST(ClusterTest, Multicasts) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    Buffer buffer(4 * 64);
    EXPECT_EQ(run(
                  [](void **p) {
                    loadForBoth(*static_cast<void **>(p[0]), 3);
                    gpu.wait(gpu.at(0), 0);
                    for (int i = 0; i < 16; ++i)
                      EXPECT_EQ(gpu.read(gpu.at(32 + i)), 4 + i);
                    synchronize();
                  },
                  onePair, createMap(buffer), seed),
              "");
  }
}

// Only some orders show that a block ends too early.
TEST(ClusterTest, EndsWhileTheOtherReads) {
  int reports = 0;
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    std::string error = run(
        [](void **) {
          gpu.write(gpu.at(0), 1);
          synchronize();
          if (getRank() == 0)
            gpu.read(getOther(gpu.at(0)));
        },
        onePair, nullptr, seed);
    reports += error.find("of shared memory of a block that has ended") !=
               std::string::npos;
  }
  EXPECT_GT(reports, 0);
}

static const Planted planted[] = {
    {"NoBarrier",
     [](void **) {
       gpu.write(gpu.at(0), 1);
       gpu.read(getOther(gpu.at(0)));
     },
     onePair,
     {"races with a write of thread 0 of block", "races with a read",
      "nobody has written", "has ended"}},
    {"RelaxedArrival",
     [](void **) {
       gpu.write(gpu.at(0), 1);
       gpu.clusterArrive(/*isRelaxed=*/1, -1);
       gpu.clusterWait(-1);
       gpu.read(getOther(gpu.at(0)));
     },
     onePair,
     {"races with a write of thread 0 of block", "has ended"}},
    {"ArrivesTwice",
     [](void **) {
       gpu.clusterArrive(0, -1);
       gpu.clusterArrive(0, -1);
     },
     onePair,
     {"the thread has not waited for the one before"}},
    {"WaitsWithoutArriving",
     [](void **) { gpu.clusterWait(-1); },
     onePair,
     {"barrier.cluster.wait, but the thread has not arrived"}},
    {"OneDoesNotCome",
     [](void **) {
       if (getRank() == 0)
         synchronize();
       else
         gpu.barrier(0, 64);
     },
     {2, 32, 4096, 2},
     {"32 threads from 0 wait at barrier.cluster in block (0, 0, 0); 32 "
      "threads "
      "from 0 wait at barrier 0 (which expects 64) in block (1, 0, 0)"}},
    {"NoSuchBlock",
     [](void **) { gpu.mapAddress(gpu.at(0), 2, -1); },
     onePair,
     {"mapa to block 2 of a cluster of 2"}},
    {"GridOfNoWholeClusters",
     [](void **) {},
     {3, 1, 4096, 2},
     {"a grid that is no whole clusters"}},
    {"MulticastToNobody",
     [](void **p) { loadForBoth(*static_cast<void **>(p[0]), 4); },
     onePair,
     {"the cluster does not have the blocks of the mask"}},
    {"MulticastThatOneDoesNotExpect",
     [](void **p) {
       loadForBoth(*static_cast<void **>(p[0]), 1);
       gpu.wait(gpu.at(0), 0);
     },
     onePair,
     {"1 threads from 0 wait at the mbarrier at byte 0 (in its phase 0, 0 of 1 "
      "arrivals pending, 64 bytes to come) in block (1, 0, 0)"}},
};

class ClusterMisuseTest : public testing::TestWithParam<Planted> {};

TEST_P(ClusterMisuseTest, IsReported) {
  Buffer buffer(4 * 64);
  expectReport(GetParam(), createMap(buffer));
}

INSTANTIATE_TEST_SUITE_P(ClusterTest, ClusterMisuseTest,
                         testing::ValuesIn(planted), getPlantedName);
