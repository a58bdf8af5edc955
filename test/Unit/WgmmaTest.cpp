//===- WgmmaTest.cpp - Products of a warpgroup's matrices -----------------===//

#include "EmulatedGPU.h"

#include <cmath>

using namespace glu;

namespace {

/// A floating-point type of `exponent` and `fraction` bits, and its number.
struct Type {
  int32_t number;
  int exponent, fraction;
  int bytes() const { return (1 + exponent + fraction) / 8; }
};

/// How a matrix lies in shared memory.
struct Layout {
  const char *name;
  bool isKMajor;
  int swizzle;         ///< Bytes: 0, 32, 64 or 128.
  int line;            ///< Bytes from one of eight to the next one: see below.
  int leading, stride; ///< LBO and SBO of the test's matrices.
};

/// What a kernel multiplies: 64 x depth by depth x columns.
struct Problem {
  Type type;
  Layout a, b;
  int columns, steps;
  float scaleA = 1, scaleB = 1;
  float *result = nullptr;
};

} // namespace

static const Type f16 = {0, 5, 10}, bf16 = {1, 8, 7}, e4m3 = {2, 4, 3},
                  e5m2 = {3, 5, 2};

/// The bits of a number that the type has.
static uint32_t encode(Type type, float value) {
  if (value == 0)
    return 0;
  int exponent;
  float fraction = std::frexp(std::fabs(value), &exponent);
  int bias = (1 << (type.exponent - 1)) - 1;
  auto bits =
      uint32_t(std::ldexp(fraction, type.fraction + 1)) - (1u << type.fraction);
  return uint32_t(value < 0) << (type.exponent + type.fraction) |
         uint32_t(exponent - 1 + bias) << type.fraction | bits;
}

// Small enough for three bits.
static float elementA(int row, int k) { return (row * 7 + k * 3) % 8 - 3; }
static float elementB(int k, int column) {
  return (k * 5 + column * 3 + column / 8) % 7 - 3;
}

// PTX ISA manual, "Asynchronous Warpgroup Level Matrix Shared Memory Layout",
// and "Canonical Layouts": what is called a core matrix is eight lines of 16
// bytes. Along K a line is a row's, otherwise it is eight rows' of one k. Lines
// of a core matrix are `line` bytes apart. The next 16 bytes of a line, the
// next eight lines: by LBO, SBO, or behind each other, up to the swizzle's
// width.
//   K-major, no swizzle: LBO, SBO     K-major, swizzled: behind, SBO
//   M-major, no swizzle: SBO, LBO     M-major, swizzled: behind up to the
//   width,
//                                     then LBO; SBO
static int getOffset(const Layout &layout, int inner, int outer, int bytes) {
  int chunk = inner * bytes / 16, rest = inner * bytes % 16;
  int along, across;
  if (layout.isKMajor) {
    along = layout.swizzle ? chunk * 16 : chunk * layout.leading;
    across = layout.stride;
  } else if (layout.swizzle) {
    int width = layout.swizzle / 16;
    along = chunk % width * 16 + chunk / width * layout.leading;
    across = layout.stride;
  } else {
    along = chunk * layout.stride;
    across = layout.leading;
  }
  int offset = rest + along + outer % 8 * layout.line + outer / 8 * across;
  // Bits 4 to 6 take those from bit 7 on: as many as the swizzle says.
  int mask = layout.swizzle ? layout.swizzle / 16 - 1 : 0;
  return offset ^ (offset >> 7 & mask) << 4;
}

static const Layout layouts[] = {
    // Two steps along K of 32 bytes: four chunks.
    {"KMajor", true, 0, 16, 128, 512},
    {"KMajor32", true, 32, 32, 16, 256},
    {"KMajor64", true, 64, 64, 16, 512},
    {"KMajor128", true, 128, 128, 16, 1024},
    {"KMajor128Apart", true, 128, 128, 16, 2048},
    {"MNMajor", false, 0, 16, 4096, 128},
    {"MNMajor32", false, 32, 32, 1024, 256},
    {"MNMajor64", false, 64, 64, 2048, 512},
    {"MNMajor128", false, 128, 128, 4096, 1024},
};

static uint64_t describe(const Layout &layout, uint64_t address) {
  uint64_t mode = layout.swizzle == 128  ? 1
                  : layout.swizzle == 64 ? 2
                  : layout.swizzle == 32 ? 3
                                         : 0;
  return (address & 0x3ffff) >> 4 | uint64_t(layout.leading >> 4) << 16 |
         uint64_t(layout.stride >> 4) << 32 | mode << 62;
}

static void writeElement(char *place, Type type, float value) {
  uint32_t bits = encode(type, value);
  gpu.access(place, type.bytes(), type.bytes(), 1, -1);
  std::memcpy(place, &bits, type.bytes());
}

static constexpr int bytesA = 32768, bytesB = 65536;

/// What step `step` adds to the address: the next 32 bytes along K.
static int getStepOffset(const Layout &layout, int step, int bytes) {
  return layout.isKMajor ? (layout.swizzle ? 32 : 2 * layout.leading) * step
                         : getOffset(layout, 0, 32 / bytes * step, bytes);
}

/// All threads write both matrices, after each other in shared memory.
static void fill(const Problem &problem) {
  auto *a = static_cast<char *>(gpu.shared(0)), *b = a + bytesA;
  int bytes = problem.type.bytes(), depth = 32 / bytes * problem.steps;
  int self = int(gpu.thread());
  for (int i = self; i < 64 * depth; i += 128) {
    int row = i / depth, k = i % depth;
    bool isK = problem.a.isKMajor;
    writeElement(a + getOffset(problem.a, isK ? k : row, isK ? row : k, bytes),
                 problem.type, elementA(row, k));
  }
  for (int i = self; i < problem.columns * depth; i += 128) {
    int column = i / depth, k = i % depth;
    bool isK = problem.b.isKMajor;
    writeElement(
        b + getOffset(problem.b, isK ? k : column, isK ? column : k, bytes),
        problem.type, elementB(k, column));
  }
}

static void issue(const Problem &problem, float *registers, int step,
                  int32_t options = 0) {
  int bytes = problem.type.bytes();
  uint64_t address = gpu.toAddress(gpu.shared(0));
  if (!problem.a.isKMajor)
    options |= 1;
  if (!problem.b.isKMajor)
    options |= 2;
  if (problem.scaleA < 0)
    options |= 4;
  if (problem.scaleB < 0)
    options |= 8;
  gpu.wgmmaOp(
      describe(problem.a, address + getStepOffset(problem.a, step, bytes)),
      describe(problem.b,
               address + bytesA + getStepOffset(problem.b, step, bytes)),
      registers, problem.columns, problem.type.number, problem.type.number,
      options, -1);
}

// PTX ISA manual, "Register Fragments for wgmma.mma_async.m64nNk16", matrix D:
// rows go by the warp and lane / 4; what is added for register i % 4, and to 8
// (i / 4) + 2 (lane % 4) for its column.
static const int dRow[] = {0, 0, 8, 8};
static const int dColumn[] = {0, 1, 0, 1};

static void multiply(void **p) {
  const Problem &problem = **static_cast<Problem **>(p[0]);
  fill(problem);
  gpu.fenceProxy();
  gpu.barrier(0, -1);
  std::vector<float> *registers = new std::vector<float>(problem.columns / 2);
  for (int i = 0; i < problem.columns / 2; ++i)
    (*registers)[i] = 1000 + i;
  gpu.wgmmaFence();
  for (int step = 0; step < problem.steps; ++step)
    issue(problem, registers->data(), step);
  gpu.wgmmaCommit();
  gpu.wgmmaWait(0);
  int warp = int(gpu.thread()) / 32, lane = int(gpu.thread()) % 32;
  for (int i = 0; i < problem.columns / 2; ++i) {
    int row = 16 * warp + lane / 4 + dRow[i % 4];
    int column = 8 * (i / 4) + 2 * (lane % 4) + dColumn[i % 4];
    problem.result[row * problem.columns + column] =
        gpu.accumulator((*registers)[i], -1) - (1000 + i);
  }
  delete registers;
}

static void check(Problem problem, uint64_t seed) {
  std::vector<float> result(64 * problem.columns, NAN);
  problem.result = result.data();
  ASSERT_EQ(run(multiply, {1, 128, bytesA + bytesB}, &problem, seed), "");
  int depth = 32 / problem.type.bytes() * problem.steps;
  for (int row = 0; row < 64; ++row)
    for (int column = 0; column < problem.columns; ++column) {
      float sum = 0;
      for (int k = 0; k < depth; ++k)
        sum += elementA(row, k) * elementB(k, column);
      ASSERT_EQ(result[row * problem.columns + column],
                sum * problem.scaleA * problem.scaleB)
          << row << ", " << column;
    }
}

/// So many steps of 32 bytes along K are in one line.
static int countSteps(const Layout &layout) {
  return layout.isKMajor && layout.swizzle == 32 ? 1 : 2;
}

class LayoutTest : public testing::TestWithParam<Layout> {};

TEST_P(LayoutTest, OfA) {
  for (uint64_t seed = 0; seed < 4; ++seed)
    check({f16, GetParam(), layouts[3], 16, countSteps(GetParam())}, seed);
}

TEST_P(LayoutTest, OfB) {
  for (int columns : {8, 64, 136, 256}) {
    if (!GetParam().isKMajor && columns * 2 % (GetParam().swizzle | 16))
      continue;
    check({bf16, layouts[3], GetParam(), columns, countSteps(GetParam())},
          columns);
  }
}

TEST_P(LayoutTest, OfNarrowElements) {
  if (!GetParam().isKMajor)
    return;
  check({e4m3, GetParam(), layouts[3], 32, countSteps(GetParam())}, 0);
  check({e5m2, layouts[2], GetParam(), 24, countSteps(GetParam())}, 0);
}

INSTANTIATE_TEST_SUITE_P(WgmmaTest, LayoutTest, testing::ValuesIn(layouts),
                         [](const testing::TestParamInfo<Layout> &info) {
                           return std::string(info.param.name);
                         });

TEST(WgmmaTest, Signs) {
  check({f16, layouts[3], layouts[3], 16, 1, -1, 1}, 0);
  check({f16, layouts[3], layouts[3], 16, 1, 1, -1}, 0);
  check({f16, layouts[3], layouts[3], 16, 1, -1, -1}, 0);
}

// Without the input, registers may hold anything.
TEST(WgmmaTest, Overwrites) {
  static Problem problem = {f16, layouts[3], layouts[3], 8, 1};
  EXPECT_EQ(run(
                [](void **) {
                  fill(problem);
                  gpu.fenceProxy();
                  gpu.barrier(0, -1);
                  float registers[4] = {NAN, NAN, NAN, NAN};
                  gpu.wgmmaFence();
                  issue(problem, registers, 0, /*without input*/ 16);
                  gpu.wgmmaCommit();
                  gpu.wgmmaWait(0);
                  EXPECT_FALSE(std::isnan(gpu.accumulator(registers[0], -1)));
                },
                {1, 128, bytesA + bytesB}, nullptr),
            "");
}

static Problem problem = {f16, layouts[3], layouts[3], 16, 1};

/// Until the first product is to come.
static void prepare() {
  fill(problem);
  gpu.fenceProxy();
  gpu.barrier(0, -1);
  gpu.wgmmaFence();
}

/// A product with these descriptors' bits changed.
static void issueWith(uint64_t changeA, uint64_t changeB) {
  prepare();
  uint64_t address = gpu.toAddress(gpu.shared(0));
  float registers[8] = {};
  gpu.wgmmaOp(describe(problem.a, address) ^ changeA,
              describe(problem.b, address + bytesA) ^ changeB, registers, 16, 0,
              0, 0, -1);
  gpu.wgmmaCommit();
  gpu.wgmmaWait(0);
}

static const Launched launched = {1, 128, bytesA + bytesB};

static const Planted planted[] = {
    {"NoWait",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       gpu.accumulator(registers[3], -1);
     },
     launched,
     {"an accumulator is used that wgmma is still writing"}},
    {"WaitForTheOlderGroup",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       gpu.wgmmaWait(1);
       gpu.accumulator(registers[3], -1);
     },
     launched,
     {"an accumulator is used that wgmma is still writing"}},
    {"NoCommit",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaWait(0);
       gpu.accumulator(registers[3], -1);
     },
     launched,
     {"an accumulator is used that wgmma is still writing"}},
    {"WritesAnAccumulatorInFlight",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       registers[2] = 0;
       issue(problem, registers, 0);
     },
     launched,
     {"an accumulator is used that wgmma is still writing"}},
    {"NoFence",
     [](void **) {
       fill(problem);
       gpu.fenceProxy();
       gpu.barrier(0, -1);
       float registers[8] = {};
       issue(problem, registers, 0);
     },
     launched,
     {"registers that were accessed since the last wgmma.fence"}},
    {"NoFenceAfterReading",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       gpu.wgmmaWait(0);
       gpu.accumulator(registers[3], -1);
       issue(problem, registers, 0);
     },
     launched,
     {"registers that were accessed since the last wgmma.fence"}},
    {"OldValue",
     [](void **) {
       prepare();
       float registers[8] = {}, old;
       issue(problem, registers, 0);
       old = registers[0];
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       gpu.wgmmaWait(0);
       gpu.accumulator(old, -1);
     },
     launched,
     {"an accumulator is used that a later wgmma has taken over"}},
    {"EndsBeforeTheProduct",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
     },
     launched,
     {"the thread ends, but has not waited for its wgmma"}},
    {"NoProxyFence",
     [](void **) {
       fill(problem);
       gpu.barrier(0, -1);
       gpu.wgmmaFence();
       float registers[8] = {};
       issue(problem, registers, 0);
     },
     launched,
     {"a read by wgmma of A of shared memory at byte 0 may not see a write of "
      "thread 0: no fence.proxy.async between"}},
    {"NoBarrier",
     [](void **) {
       fill(problem);
       gpu.fenceProxy();
       gpu.wgmmaFence();
       float registers[8] = {};
       issue(problem, registers, 0);
     },
     launched,
     {"races with a write"}},
    {"OverwritesWhatIsRead",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, 0);
       gpu.wgmmaCommit();
       gpu.write(gpu.shared(bytesA), 0);
     },
     launched,
     {"races with a read of wgmma of the warpgroup from thread 0 (no "
      "wgmma.wait_group between)"}},
    {"OneThreadIsElsewhere",
     [](void **) {
       prepare();
       float registers[8] = {};
       if (gpu.thread() != 77)
         issue(problem, registers, 0);
     },
     launched,
     {"deadlock; 127 threads from 0 wait at wgmma.mma_async"}},
    {"HalfAWarpgroup",
     [](void **) {
       gpu.wgmmaFence();
       float registers[8] = {};
       issue(problem, registers, 0);
     },
     {1, 64, bytesA + bytesB},
     {"wgmma.mma_async: the block ends within the warpgroup"}},
    {"DescriptorsDiffer",
     [](void **) {
       prepare();
       float registers[8] = {};
       issue(problem, registers, gpu.thread() == 100);
     },
     launched,
     {"the warpgroup's threads have other descriptors or shapes"}},
    {"ReservedBits",
     [](void **) { issueWith(uint64_t(1) << 52, 0); },
     launched,
     {"the descriptor of A has bits that mean nothing"}},
    {"BaseOffset",
     [](void **) { issueWith(0, uint64_t(1) << 49); },
     launched,
     {"the descriptor of B has a base offset"}},
    {"MisalignedPattern",
     [](void **) { issueWith(8, 0); },
     launched,
     {"the descriptor of A is of a matrix that does not begin where its "
      "swizzle does, at a multiple of 1024 bytes"}},
    {"BeyondSharedMemory",
     [](void **) { issueWith(0, 0x2000); },
     launched,
     {"which is not in the block's shared memory"}},
    {"BeyondTheMatrix",
     // SBO twice as large: rows that nobody has written.
     [](void **) { issueWith(uint64_t(3 << 6) << 32, 0); },
     launched,
     {"nobody has written"}},
};

class WgmmaMisuseTest : public testing::TestWithParam<Planted> {};

TEST_P(WgmmaMisuseTest, IsReported) { expectReport(GetParam(), nullptr); }

INSTANTIATE_TEST_SUITE_P(WgmmaTest, WgmmaMisuseTest, testing::ValuesIn(planted),
                         getPlantedName);
