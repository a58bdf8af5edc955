//===- EmulatorTest.cpp - What kernels see of the emulated GPU ------------===//
//
// Kernels are functions that call the emulator as rewritten ones do.
//
//===----------------------------------------------------------------------===//

#include "EmulatedGPU.h"

using namespace glu;

TEST(EmulatorTest, EveryThreadOfEveryBlockRuns) {
  Buffer buffer(4 * 3 * 64);
  EXPECT_EQ(run(
                [](void **p) {
                  uint32_t i = gpu.block() * 64 + gpu.thread();
                  gpu.write(getBuffer(p) + i, i);
                },
                3, 64, buffer.pointer),
            "");
  for (int i = 0; i < 3 * 64; ++i)
    EXPECT_EQ(buffer[i], i);
}

// Through shared memory, backwards.
static void reverse(void **p) {
  gpu.write(gpu.at(gpu.thread()), gpu.thread());
  gpu.barrier(0, -1);
  gpu.write(getBuffer(p) + gpu.thread(), gpu.read(gpu.at(63 - gpu.thread())));
}

TEST(EmulatorTest, BarriersOrder) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    Buffer buffer(4 * 64);
    EXPECT_EQ(run(reverse, 1, 64, buffer.pointer, seed), "");
    for (int i = 0; i < 64; ++i)
      EXPECT_EQ(buffer[i], 63 - i);
  }
}

static const Planted planted[] = {
    {"MissingBarrier",
     [](void **p) {
       gpu.write(gpu.at(gpu.thread()), 1);
       gpu.read(gpu.at(63 - gpu.thread()));
     },
     {1, 64},
     {"nobody has written", "races with a write"}},
    {"WriteAfterRead",
     [](void **p) {
       gpu.write(gpu.at(gpu.thread()), 1);
       gpu.barrier(0, -1);
       gpu.read(gpu.at(63 - gpu.thread()));
       gpu.write(gpu.at(gpu.thread()), 2);
     },
     {1, 64},
     {"races with a read", "races with a write"}},
    {"TwoWriters",
     [](void **) { gpu.write(gpu.at(0), 1); },
     {1, 2},
     {"races with a write"}},
    {"BarrierOfTheOtherWarps",
     [](void **) {
       if (gpu.thread() < 64)
         gpu.write(gpu.at(gpu.thread()), 1);
       // Of warps 0 and 1; warp 2 reads without.
       if (gpu.thread() < 64)
         gpu.barrier(1, 64);
       else
         gpu.read(gpu.at(0));
     },
     {1, 96},
     {"nobody has written", "races with a write"}},
    {"Unwritten",
     [](void **) { gpu.read(gpu.at(5)); },
     {1, 1},
     {"nobody has written"}},
    {"BeyondShared",
     [](void **) { gpu.write(gpu.at(1024), 1); },
     {1, 1},
     {"outside of every buffer"}},
    {"BeyondGlobal",
     [](void **p) { gpu.write(getBuffer(p) + 64, 1); },
     {1, 1},
     {"outside of every buffer"}},
    {"BeforeGlobal",
     [](void **p) { gpu.read(getBuffer(p) - 1); },
     {1, 1},
     {"outside of every buffer"}},
    {"Misaligned",
     [](void **) { gpu.access(gpu.shared(2), 4, 4, 1, -1); },
     {1, 1},
     {"not a multiple of 4"}},
    {"OneThreadSkipsTheBarrier",
     [](void **) {
       if (gpu.thread() != 7)
         gpu.barrier(0, -1);
     },
     {1, 32},
     {"deadlock; 31 threads from 0 wait at barrier 0 (which expects 32); 1 "
      "have ended"}},
    {"BarrierCounts",
     [](void **) { gpu.barrier(0, gpu.thread() < 32 ? 64 : 96); },
     {1, 64},
     {"where others wait"}},
    {"BarrierOfPartOfAWarp",
     [](void **) { gpu.barrier(0, 16); },
     {1, 32},
     {"no whole warps"}},
    {"CrossedBarriers",
     [](void **) { gpu.barrier(gpu.thread() < 32 ? 0 : 1, -1); },
     {1, 64},
     {"32 threads from 0 wait at barrier 0"}},
    {"FailingAssertion",
     [](void **) {
       if (gpu.thread() == 3)
         gpu.trap(-1);
     },
     {1, 32},
     {"thread 3: a trap: an assertion of the program failed"}},
    {"MissingWait",
     [](void **p) {
       gpu.copyAsync(gpu.at(0), getBuffer(p), 16, 16, -1);
       gpu.commitGroup();
       gpu.read(gpu.at(0));
     },
     {1, 1},
     {"still writing"}},
    {"WaitForTheOlderGroupOnly",
     [](void **p) {
       gpu.copyAsync(gpu.at(0), getBuffer(p), 16, 16, -1);
       gpu.commitGroup();
       gpu.copyAsync(gpu.at(4), getBuffer(p), 16, 16, -1);
       gpu.commitGroup();
       gpu.waitGroup(1);
       gpu.read(gpu.at(4));
     },
     {1, 1},
     {"still writing"}},
    {"WaitWithoutBarrier",
     [](void **p) {
       if (gpu.thread() == 0) {
         gpu.copyAsync(gpu.at(0), getBuffer(p), 16, 16, -1);
         gpu.commitGroup();
         gpu.waitGroup(0);
       }
       if (gpu.thread() == 1)
         gpu.read(gpu.at(0));
     },
     {1, 2},
     {"races with a write", "nobody has written"}},
    {"NoWaitAtBarrierToArriveAt",
     [](void **) {
       // Those that arrive do not see what the others did.
       if (gpu.thread() < 32) {
         gpu.barrierArrive(3, 64);
         gpu.read(gpu.at(0));
       } else {
         gpu.write(gpu.at(gpu.thread() - 32), 7);
         gpu.barrier(3, 64);
       }
     },
     {1, 64},
     {"races with a", "nobody has written"}},
    {"NoSuchBarrier",
     [](void **) { gpu.barrier(16, -1); },
     {1, 32},
     {"barrier 16: there are 16"}},
    {"OddRegisters",
     [](void **) { gpu.setRegisters(100, 0, -1); },
     {1, 128},
     {"setmaxnreg.dec to 100 registers, which is not a multiple of 8"}},
    {"MoreRegistersByLess",
     [](void **) { gpu.setRegisters(240, 0, -1); },
     {1, 384},
     {"setmaxnreg.dec to 240 registers from 168"}},
    {"TooManyRegisters",
     [](void **) {
       if (gpu.thread() < 128)
         gpu.setRegisters(40, 0, -1);
       else
         gpu.setRegisters(240, 1, -1);
     },
     {1, 384},
     {"setmaxnreg.inc: there are not as many registers free"}},
    {"RegistersOfHalfAWarpgroup",
     [](void **) {
       if (gpu.thread() < 64)
         gpu.setRegisters(40, 0, -1);
     },
     {1, 128},
     {"deadlock; 64 threads from 0 wait at setmaxnreg.dec"}},
    {"StoredMatrixWithoutBarrier",
     [](void **) {
       uint16_t registers[2] = {};
       gpu.stmatrix(gpu.at(4 * (gpu.thread() % 8)), 1, 0, registers, -1);
       gpu.read(gpu.at(4 * (gpu.thread() % 8)));
     },
     {1, 32},
     {"races with a write"}},
    {"MisalignedStoredMatrix",
     [](void **) {
       uint16_t registers[2] = {};
       gpu.stmatrix(gpu.at(4 * (gpu.thread() % 8) + 1), 1, 0, registers, -1);
     },
     {1, 32},
     {"not a multiple of 16"}},
    {"WarpInstructionsDiffer",
     [](void **) {
       if (gpu.thread() < 16)
         gpu.warpBarrier(-1);
       else
         gpu.shuffle(-1, 0, 0, 31, 0, nullptr);
     },
     {1, 32},
     {"other lanes of the warp are at"}},
};

class PlantedTest : public testing::TestWithParam<Planted> {};

TEST_P(PlantedTest, IsReported) {
  Buffer buffer(4 * 64);
  expectReport(GetParam(), buffer.pointer);
}

INSTANTIATE_TEST_SUITE_P(EmulatorTest, PlantedTest, testing::ValuesIn(planted),
                         getPlantedName);

TEST(EmulatorTest, BlocksAreInNoOrder) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    Buffer buffer(4 * 64);
    std::string error = run([](void **p) { gpu.write(getBuffer(p), 1); }, 2, 1,
                            buffer.pointer, seed);
    EXPECT_NE(error.find("global memory races with a write of thread 0 of"),
              std::string::npos)
        << error;
    // Of launches, the second one sees what the first one wrote.
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(run(
                    [](void **p) {
                      if (gpu.block() == 1)
                        gpu.write(getBuffer(p) + 1, gpu.read(getBuffer(p)));
                    },
                    2, 1, buffer.pointer, seed),
                "");
    // Of threads of a block, after a barrier.
    EXPECT_EQ(run(
                  [](void **p) {
                    gpu.write(getBuffer(p) + gpu.thread(), 1);
                    gpu.barrier(0, -1);
                    gpu.read(getBuffer(p) + 63 - gpu.thread());
                  },
                  1, 64, buffer.pointer, seed),
              "");
  }
}

TEST(EmulatorTest, WarpBarriersOrderTheirLanes) {
  Buffer buffer(4);
  EXPECT_EQ(run(
                [](void **) {
                  gpu.write(gpu.at(gpu.thread()), 1);
                  gpu.warpBarrier(-1);
                  gpu.read(gpu.at(gpu.thread() ^ 1));
                },
                1, 64, buffer.pointer),
            "");
}

// PTX ISA manual, shfl.sync: b is the position, c the clamp and segments.
struct Shuffle {
  int32_t mode, b, c;
  uint32_t from[32]; ///< The lane that each lane's value is of.
};

TEST(EmulatorTest, Shuffles) {
  static const Shuffle table[] = {
      // bfly 1
      {0, 1, 0x1f, {1,  0,  3,  2,  5,  4,  7,  6,  9,  8,  11,
                    10, 13, 12, 15, 14, 17, 16, 19, 18, 21, 20,
                    23, 22, 25, 24, 27, 26, 29, 28, 31, 30}},
      // up 2: the first two keep their own.
      {1, 2, 0, {0,  1,  0,  1,  2,  3,  4,  5,  6,  7,  8,
                 9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                 20, 21, 22, 23, 24, 25, 26, 27, 28, 29}},
      // down 1 in segments of 8.
      {2, 1, 0x181f, {1,  2,  3,  4,  5,  6,  7,  7,  9,  10, 11,
                      12, 13, 14, 15, 15, 17, 18, 19, 20, 21, 22,
                      23, 23, 25, 26, 27, 28, 29, 30, 31, 31}},
      // idx 5 in segments of 16.
      {3, 5, 0x101f, {5,  5,  5,  5,  5,  5,  5,  5,  5,  5,  5,
                      5,  5,  5,  5,  5,  21, 21, 21, 21, 21, 21,
                      21, 21, 21, 21, 21, 21, 21, 21, 21, 21}}};
  static const Shuffle *entry;
  for (const Shuffle &shuffle : table) {
    entry = &shuffle;
    Buffer buffer(4 * 32);
    EXPECT_EQ(run(
                  [](void **p) {
                    uint32_t value =
                        gpu.shuffle(-1, 100 + gpu.thread(), entry->b, entry->c,
                                    entry->mode, nullptr);
                    gpu.write(getBuffer(p) + gpu.thread(), value);
                  },
                  1, 32, buffer.pointer),
              "");
    for (int lane = 0; lane < 32; ++lane)
      EXPECT_EQ(buffer[lane], int32_t(100 + entry->from[lane]))
          << "mode " << entry->mode << ", lane " << lane;
  }
}

// PTX ISA manual, "Matrix Fragments for mma.m16n8k16 with floating point type":
// groupID = lane / 4, threadID_in_group = lane % 4; for the i-th element of a
// fragment, what is added to groupID and to 2 threadID_in_group. For B the row
// goes by the thread in the group, the column is groupID.
static const int aRow[] = {0, 0, 8, 8, 0, 0, 8, 8};
static const int aColumn[] = {0, 1, 0, 1, 8, 9, 8, 9};
static const int bRow[] = {0, 1, 8, 9};
static const int cRow[] = {0, 0, 8, 8};
static const int cColumn[] = {0, 1, 0, 1};

static float elementA(int row, int column) {
  return (row * 7 + column * 3) % 11;
}
static float elementB(int row, int column) {
  return (row * 5 + column) % 7 - 3;
}

static uint16_t toBFloat(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  return bits >> 16;
}

/// Small integers.
static uint16_t toHalf(float value) {
  if (value == 0)
    return 0;
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  return (bits >> 16 & 0x8000) | ((bits >> 13 & 0x3ffff) - (112 << 10));
}

static int32_t mmaElement;

static void multiplyFragments(void **p) {
  int lane = gpu.thread(), group = lane / 4, inGroup = lane % 4;
  uint16_t a[8], b[4];
  float c[4] = {1, 2, 3, 4}, d[4];
  auto *convert = mmaElement == 0 ? toHalf : toBFloat;
  for (int i = 0; i < 8; ++i)
    a[i] = convert(elementA(group + aRow[i], 2 * inGroup + aColumn[i]));
  for (int i = 0; i < 4; ++i)
    b[i] = convert(elementB(2 * inGroup + bRow[i], group));
  gpu.mma(mmaElement, a, b, c, d);
  for (int i = 0; i < 4; ++i)
    gpu.write(getBuffer(p) + (group + cRow[i]) * 8 + 2 * inGroup + cColumn[i],
              int32_t(d[i] - c[i]));
}

TEST(EmulatorTest, MatrixProducts) {
  for (mmaElement = 0; mmaElement < 2; ++mmaElement) {
    Buffer buffer(4 * 16 * 8);
    EXPECT_EQ(run(multiplyFragments, 1, 32, buffer.pointer), "");
    for (int m = 0; m < 16; ++m)
      for (int n = 0; n < 8; ++n) {
        int sum = 0;
        for (int k = 0; k < 16; ++k)
          sum += int(elementA(m, k) * elementB(k, n));
        EXPECT_EQ(buffer[8 * m + n], sum) << m << ", " << n;
      }
  }
}

// PTX ISA manual, ldmatrix: lane l gets elements 2 (l % 4) and the next one of
// row l / 4 of each matrix; with .trans, of the transposed matrix. Lanes 8 i to
// 8 i + 7 bring the rows of matrix i.
static int32_t transposes;

static void loadMatrices(void **p) {
  auto *rows = static_cast<uint16_t *>(gpu.shared(0));
  uint32_t lane = gpu.thread();
  gpu.access(rows + 8 * lane, 16, 16, 1, -1);
  for (int i = 0; i < 8; ++i)
    rows[8 * lane + i] = uint16_t(100 * lane + i);
  gpu.barrier(0, -1);
  uint16_t registers[8];
  gpu.ldmatrix(rows + 8 * lane, 4, transposes, registers, -1);
  for (int i = 0; i < 8; ++i)
    gpu.write(getBuffer(p) + 8 * lane + i, registers[i]);
}

TEST(EmulatorTest, LoadsMatrices) {
  for (transposes = 0; transposes < 2; ++transposes) {
    Buffer buffer(4 * 32 * 8);
    EXPECT_EQ(run(loadMatrices, 1, 32, buffer.pointer), "");
    for (int lane = 0; lane < 32; ++lane)
      for (int i = 0; i < 8; ++i) {
        int row = lane / 4, column = 2 * (lane % 4) + i % 2;
        if (transposes)
          std::swap(row, column);
        EXPECT_EQ(buffer[8 * lane + i], 100 * (8 * (i / 2) + row) + column);
      }
  }
}

// PTX ISA manual, stmatrix: the same fragments, the other way.
static void storeMatrices(void **p) {
  auto *rows = static_cast<uint16_t *>(gpu.shared(0));
  uint32_t lane = gpu.thread();
  uint16_t registers[8];
  for (int i = 0; i < 8; ++i)
    registers[i] = uint16_t(100 * lane + i);
  gpu.stmatrix(rows + 8 * lane, 4, transposes, registers, -1);
  gpu.warpBarrier(-1);
  for (int i = 0; i < 8; ++i) {
    gpu.access(rows + 8 * lane + i, 2, 2, 0, -1);
    gpu.write(getBuffer(p) + 8 * lane + i, rows[8 * lane + i]);
  }
}

TEST(EmulatorTest, StoresMatrices) {
  for (transposes = 0; transposes < 2; ++transposes) {
    Buffer buffer(4 * 32 * 8);
    EXPECT_EQ(run(storeMatrices, 1, 32, buffer.pointer), "");
    for (int lane = 0; lane < 32; ++lane)
      for (int i = 0; i < 8; ++i) {
        int row = lane / 4, column = 2 * (lane % 4) + i % 2;
        if (transposes)
          std::swap(row, column);
        EXPECT_EQ(buffer[8 * (8 * (i / 2) + row) + column], 100 * lane + i);
      }
  }
}

// PTX ISA manual, elect.sync: always the same lane of a mask.
TEST(EmulatorTest, ElectsOne) {
  bool isFirst = true;
  for (uint64_t seed = 0; seed < someSeeds; ++seed) {
    Buffer buffer(4 * 64);
    EXPECT_EQ(run(
                  [](void **p) {
                    // Of all lanes, and of the odd ones.
                    int32_t self = gpu.thread(), odd = 0x2aaaaaaa;
                    bool elected = gpu.elect(-1);
                    EXPECT_EQ(gpu.elect(-1), elected);
                    gpu.write(getBuffer(p) + self, elected);
                    if (odd >> self & 1)
                      gpu.write(getBuffer(p) + 32 + self, gpu.elect(odd));
                  },
                  1, 32, buffer.pointer, seed),
              "");
    int ofAll = 0, ofOdd = 0;
    for (int i = 0; i < 32; ++i) {
      ofAll += buffer[i];
      if (i % 2 == 1 && i < 31)
        ofOdd += buffer[32 + i];
    }
    EXPECT_EQ(ofAll, 1);
    EXPECT_EQ(ofOdd, 1);
    isFirst &= buffer[0] == 1;
  }
  EXPECT_FALSE(isFirst) << "no other lane is ever elected";
}

// Named barriers: those that only arrive go on.
TEST(EmulatorTest, BarriersToArriveAt) {
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    if (gpu.thread() < 32) {
                      gpu.write(gpu.at(gpu.thread()), 7);
                      gpu.barrierArrive(3, 64);
                    } else {
                      gpu.barrier(3, 64);
                      EXPECT_EQ(gpu.read(gpu.at(63 - gpu.thread())), 7);
                    }
                  },
                  1, 64, nullptr, seed),
              "");
}

// One warpgroup gives what two take: 504 registers for three threads.
TEST(EmulatorTest, MovesRegisters) {
  for (uint64_t seed = 0; seed < 4; ++seed)
    EXPECT_EQ(run(
                  [](void **) {
                    if (gpu.thread() < 128)
                      gpu.setRegisters(40, 0, -1);
                    else
                      gpu.setRegisters(232, 1, -1);
                  },
                  1, 384, nullptr, seed),
              "");
}

// The bytes that are not given are zero, and not read.
TEST(EmulatorTest, AsyncCopiesFillWithZeros) {
  Buffer buffer(4 * 2);
  std::memset(buffer.pointer, 1, 8);
  for (uint64_t seed = 0; seed < someSeeds; ++seed)
    EXPECT_EQ(run(
                  [](void **p) {
                    gpu.copyAsync(gpu.at(0), getBuffer(p), 16, 8, -1);
                    gpu.commitGroup();
                    gpu.waitGroup(0);
                    EXPECT_EQ(gpu.read(gpu.at(1)), 0x01010101);
                    EXPECT_EQ(gpu.read(gpu.at(2)), 0);
                    EXPECT_EQ(gpu.read(gpu.at(3)), 0);
                  },
                  1, 1, buffer.pointer, seed),
              "");
}

TEST(EmulatorTest, FreesOnce) {
  const GPURuntime &runtime = getEmulatorRuntime();
  void *pointer = runtime.memAlloc(16, nullptr, false);
  runtime.memFree(pointer, nullptr);
  EXPECT_EQ(runtime.takeError(), nullptr);
  runtime.memFree(pointer, nullptr);
  EXPECT_NE(std::string(runtime.takeError()).find("twice"), std::string::npos);
}

TEST(EmulatorTest, LaunchesThatNoGPUTakes) {
  EXPECT_NE(run([](void **) {}, 1, 1025, nullptr).find("no GPU has"),
            std::string::npos);
}
