//===- BulkCopyTest.cpp - Boxes of tensors, copied in the background ------===//

#include "EmulatedGPU.h"

#include "glu/Runtime/TensorMaps.h"

#include <functional>
#include <random>

using namespace glu;

namespace {

/// A tensor of 2-byte elements, each its own number, and a map of it.
struct Tensor {
  Tensor(std::vector<int64_t> sizes, std::vector<int64_t> boxes,
         int64_t swizzle = 0)
      : sizes(sizes), boxes(boxes), swizzle(swizzle), buffer(countBytes()) {
    for (int64_t i = 0; i < countBytes() / 2; ++i)
      static_cast<uint16_t *>(buffer.pointer)[i] = uint16_t(i);
    int64_t s[5] = {1, 1, 1, 1, 1}, b[5] = {1, 1, 1, 1, 1}, t[4] = {};
    for (size_t d = 0; d < sizes.size(); ++d) {
      s[d] = sizes[d];
      b[d] = boxes[d];
      if (d > 0)
        t[d - 1] = getStride(d);
    }
    map = getEmulatorRuntime().tensorMap(
        buffer.pointer, /*u16*/ 1, int64_t(sizes.size()), swizzle, s[0], s[1],
        s[2], s[3], s[4], t[0], t[1], t[2], t[3], b[0], b[1], b[2], b[3], b[4]);
    if (const char *error = getEmulatorRuntime().takeError())
      ADD_FAILURE() << error;
  }
  /// Rows have room to a multiple of 16 bytes behind them.
  int64_t getStride(size_t d) const {
    int64_t stride = (sizes[0] * 2 + 15) / 16 * 16;
    for (size_t i = 1; i < d; ++i)
      stride *= sizes[i];
    return stride;
  }
  int64_t countBytes() const { return getStride(sizes.size()); }
  int64_t countBoxBytes() const {
    int64_t bytes = 2;
    for (int64_t box : boxes)
      bytes *= box;
    return bytes;
  }
  /// What is at these coordinates of the tensor: zero outside.
  uint16_t at(const std::vector<int64_t> &index) const {
    int64_t offset = index[0] * 2;
    for (size_t d = 0; d < index.size(); ++d) {
      if (index[d] < 0 || index[d] >= sizes[d])
        return 0;
      if (d > 0)
        offset += index[d] * getStride(d);
    }
    return uint16_t(offset / 2);
  }
  std::vector<int64_t> sizes, boxes;
  int64_t swizzle;
  Buffer buffer;
  void *map;
};

struct Copy {
  Tensor *tensor;
  std::vector<int32_t> coordinates;
  Buffer *result;
  bool spoils = false; ///< Stores: the box is changed first.
};

} // namespace

/// Loads a box to byte 1024 and gives it back as it lies there.
static void loadBox(void **p) {
  const Copy &copy = **static_cast<Copy **>(p[0]);
  void *mbarrier = gpu.at(0), *box = gpu.at(256);
  int32_t bytes = int32_t(copy.tensor->countBoxBytes());
  if (gpu.thread() == 0) {
    gpu.init(mbarrier, 1);
    gpu.mbarrierFence();
  }
  gpu.barrier(0, -1);
  if (gpu.thread() == 0) {
    gpu.arriveExpecting(mbarrier, bytes);
    gpu.load(box, copy.tensor->map, mbarrier, copy.coordinates);
  }
  gpu.wait(mbarrier, 0);
  for (int32_t i = int32_t(gpu.thread()); i < bytes / 4; i += 32) {
    int32_t value = gpu.read(gpu.at(256 + i));
    gpu.write(static_cast<int32_t *>(copy.result->pointer) + i, value);
  }
}

// CUDA C++ programming guide, "Swizzle pattern": the number of the line of 128
// bytes, and where the chunks of 16 bytes 0 to 7 of it go.
static const int swizzles[4][8][8] = {
    {{0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {0, 1, 2, 3, 4, 5, 6, 7}},
    // 32 bytes: pairs of chunks change places in each second line.
    {{0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6}},
    {{0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {2, 3, 0, 1, 6, 7, 4, 5},
     {3, 2, 1, 0, 7, 6, 5, 4},
     {0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {2, 3, 0, 1, 6, 7, 4, 5},
     {3, 2, 1, 0, 7, 6, 5, 4}},
    {{0, 1, 2, 3, 4, 5, 6, 7},
     {1, 0, 3, 2, 5, 4, 7, 6},
     {2, 3, 0, 1, 6, 7, 4, 5},
     {3, 2, 1, 0, 7, 6, 5, 4},
     {4, 5, 6, 7, 0, 1, 2, 3},
     {5, 4, 7, 6, 1, 0, 3, 2},
     {6, 7, 4, 5, 2, 3, 0, 1},
     {7, 6, 5, 4, 3, 2, 1, 0}}};

/// Where byte `i` of a box is that lies at a multiple of 1024.
static int64_t getPlace(int64_t i, int64_t swizzle) {
  int64_t line = i / 128, chunk = i % 128 / 16;
  return line * 128 + swizzles[swizzle][line % 8][chunk] * 16 + i % 16;
}

static void forEachInBox(
    const Copy &copy,
    const std::function<void(int64_t, const std::vector<int64_t> &)> &visit) {
  int64_t count = copy.tensor->countBoxBytes() / 2;
  for (int64_t i = 0; i < count; ++i) {
    std::vector<int64_t> index;
    int64_t rest = i;
    for (size_t d = 0; d < copy.tensor->boxes.size(); ++d) {
      index.push_back(copy.coordinates[d] + rest % copy.tensor->boxes[d]);
      rest /= copy.tensor->boxes[d];
    }
    visit(getPlace(2 * i, copy.tensor->swizzle) / 2, index);
  }
}

namespace {
struct BoxCase {
  const char *name;
  std::vector<int64_t> sizes, boxes;
  int64_t swizzle;
  std::vector<int32_t> coordinates;
};
} // namespace

// Boxes inside, over every edge, and beyond.
static const BoxCase boxCases[] = {
    {"Line", {100}, {64}, 0, {16}},
    {"LineOverTheEnd", {100}, {64}, 0, {60}},
    {"LineBeforeTheBegin", {100}, {64}, 0, {-5}},
    {"Matrix", {72, 20}, {64, 8}, 0, {8, 4}},
    {"MatrixOverTheCorner", {70, 20}, {64, 8}, 0, {40, 15}},
    {"MatrixBeyond", {70, 20}, {64, 8}, 0, {70, 0}},
    {"Swizzle32", {64, 40}, {16, 40}, 1, {16, 0}},
    {"Swizzle64", {64, 40}, {32, 36}, 2, {32, 4}},
    {"Swizzle128", {128, 40}, {64, 32}, 3, {64, 8}},
    {"Swizzle128OverTheCorner", {100, 20}, {64, 16}, 3, {64, 9}},
    // Lines of 64 bytes that are no whole lines of 128.
    {"Swizzle64OddRows", {64, 40}, {32, 7}, 2, {0, 3}},
    {"Three", {24, 10, 6}, {16, 4, 3}, 0, {8, 7, 4}},
    {"ThreeHalvesOfWeights", {64, 2, 16}, {64, 2, 8}, 3, {0, 0, 8}},
    {"Four", {16, 5, 4, 3}, {8, 3, 2, 2}, 0, {8, -1, 3, 2}},
    {"Five", {16, 3, 4, 3, 2}, {8, 2, 2, 2, 2}, 0, {0, 2, -1, 1, 1}},
};

namespace {
class BoxTest : public testing::TestWithParam<BoxCase> {};
} // namespace

TEST_P(BoxTest, Loads) {
  const BoxCase &box = GetParam();
  for (uint64_t seed = 0; seed < 5; ++seed) {
    Tensor tensor(box.sizes, box.boxes, box.swizzle);
    // As much as lies between the first and the last byte.
    Buffer result((tensor.countBoxBytes() + 127) / 128 * 128);
    Copy copy{&tensor, box.coordinates, &result};
    // Of an odd number of short lines, some bytes of the last 128 are none.
    if (tensor.countBoxBytes() % 128)
      continue;
    ASSERT_EQ(run(loadBox, {1, 32, 8192}, &copy, seed), "");
    forEachInBox(copy, [&](int64_t place, const std::vector<int64_t> &index) {
      ASSERT_EQ(static_cast<uint16_t *>(result.pointer)[place],
                tensor.at(index))
          << "place " << place << ", index " << testing::PrintToString(index);
    });
  }
}

/// Writes a box, swizzled by hand, and stores it.
static void storeBox(void **p) {
  const Copy &copy = **static_cast<Copy **>(p[0]);
  char *box = static_cast<char *>(gpu.at(256));
  int32_t bytes = int32_t(copy.tensor->countBoxBytes());
  for (int32_t i = 2 * int32_t(gpu.thread()); i < bytes; i += 64) {
    char *place = box + getPlace(i, copy.tensor->swizzle);
    uint16_t value = uint16_t(30000 + i / 2);
    gpu.access(place, 2, 2, 1, -1);
    std::memcpy(place, &value, 2);
  }
  gpu.fenceProxy();
  gpu.barrier(0, -1);
  if (gpu.thread() == 0) {
    gpu.store(copy.tensor->map, box, copy.coordinates);
    gpu.bulkCommit();
    gpu.bulkWait(0, /*onlyReads=*/copy.spoils);
    // What was read may be overwritten.
    if (copy.spoils)
      for (int32_t i = 0; i < bytes / 4; ++i)
        gpu.write(box + 4 * i, -1);
  }
}

TEST_P(BoxTest, Stores) {
  const BoxCase &box = GetParam();
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Tensor tensor(box.sizes, box.boxes, box.swizzle);
    Copy copy{&tensor, box.coordinates, nullptr, seed % 2 == 1};
    if (tensor.countBoxBytes() % 128)
      copy.spoils = false;
    ASSERT_EQ(run(storeBox, {1, 32, 8192}, &copy, seed), "");
    std::vector<uint16_t> expected(tensor.countBytes() / 2);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] = uint16_t(i);
    int64_t i = 0;
    forEachInBox(copy, [&](int64_t, const std::vector<int64_t> &index) {
      bool isInside = true;
      for (size_t d = 0; d < index.size(); ++d)
        isInside &= index[d] >= 0 && index[d] < tensor.sizes[d];
      if (isInside)
        expected[tensor.at(index)] = uint16_t(30000 + i);
      ++i;
    });
    for (size_t j = 0; j < expected.size(); ++j)
      ASSERT_EQ(static_cast<uint16_t *>(tensor.buffer.pointer)[j], expected[j])
          << j;
  }
}

INSTANTIATE_TEST_SUITE_P(BulkCopyTest, BoxTest, testing::ValuesIn(boxCases),
                         [](const testing::TestParamInfo<BoxCase> &info) {
                           return std::string(info.param.name);
                         });

TEST(BulkCopyTest, MapsAreMadeOnce) {
  Tensor a({64, 8}, {64, 8}), b({64, 8}, {64, 8});
  const GPURuntime &runtime = getEmulatorRuntime();
  auto get = [&](int64_t box1) {
    return runtime.tensorMap(a.buffer.pointer, 1, 2, 0, 64, 8, 1, 1, 1, 128, 0,
                             0, 0, 64, box1, 1, 1, 1);
  };
  EXPECT_EQ(get(8), a.map);
  EXPECT_NE(get(4), a.map);
  EXPECT_NE(b.map, a.map);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(a.map) % 64, 0u);
  // Old ones go, but not those of this call.
  void *last = get(3);
  for (int64_t i = 0; i < 1000; ++i)
    runtime.tensorMap(a.buffer.pointer, 1, 1, 0, 64 + i, 1, 1, 1, 1, 0, 0, 0, 0,
                      64, 1, 1, 1, 1);
  EXPECT_EQ(get(3), last);
}

namespace {
/// What of a right request is changed, and the error.
struct WrongMap {
  const char *name;
  std::function<void(TensorMapRequest &)> change;
  const char *report;
};
} // namespace

static const WrongMap wrongMaps[] = {
    {"Rank", [](TensorMapRequest &r) { r.rank = 6; }, "rank is not 1 to 5"},
    {"Type", [](TensorMapRequest &r) { r.type = 13; }, "element type 13"},
    {"Swizzle", [](TensorMapRequest &r) { r.swizzle = 4; }, "no swizzle 4"},
    {"Address",
     [](TensorMapRequest &r) { r.base = static_cast<char *>(r.base) + 8; },
     "address is not a multiple of 16"},
    {"Size", [](TensorMapRequest &r) { r.sizes[1] = 0; },
     "size of dimension 1 is not 1 to 2^32"},
    {"Box", [](TensorMapRequest &r) { r.boxes[1] = 257; },
     "box of dimension 1 is not 1 to 256"},
    {"Stride", [](TensorMapRequest &r) { r.strides[0] = 136; },
     "stride of dimension 1 is not a multiple of 16"},
    {"Row", [](TensorMapRequest &r) { r.boxes[0] = 4; },
     "rows are no multiples of 16 bytes"},
    {"LongRow",
     [](TensorMapRequest &r) {
       r.boxes[0] = 128;
       r.swizzle = 3;
     },
     "rows are longer than the swizzle"},
};

TEST(BulkCopyTest, MapsThatNoGPUTakes) {
  Buffer buffer(4096);
  for (const WrongMap &wrong : wrongMaps) {
    TensorMapRequest r = {
        buffer.pointer,  1, 2, 0, {64, 8, 1, 1, 1}, {128, 0, 0, 0},
        {64, 8, 1, 1, 1}};
    wrong.change(r);
    const GPURuntime &runtime = getEmulatorRuntime();
    void *map = runtime.tensorMap(
        r.base, r.type, r.rank, r.swizzle, r.sizes[0], r.sizes[1], r.sizes[2],
        r.sizes[3], r.sizes[4], r.strides[0], r.strides[1], r.strides[2],
        r.strides[3], r.boxes[0], r.boxes[1], r.boxes[2], r.boxes[3],
        r.boxes[4]);
    const char *error = runtime.takeError();
    EXPECT_NE(std::string(error ? error : "").find(wrong.report),
              std::string::npos)
        << wrong.name << ": " << (error ? error : "");
    // There are bytes to pass all the same.
    EXPECT_EQ(*static_cast<char *>(map), 0);
  }
}

/// A 64 x 8 box, swizzled, of which each kernel has a map and an mbarrier, for
/// one arrival, at byte 0.
static void *prepare(void **p, bool fences = true) {
  if (gpu.thread() == 0) {
    gpu.init(gpu.at(0), 1);
    if (fences)
      gpu.mbarrierFence();
  }
  gpu.barrier(0, -1);
  return (*static_cast<Copy **>(p[0]))->tensor->map;
}
static constexpr int32_t boxBytes = 1024;

static const Planted planted[] = {
    {"NoWait",
     [](void **p) {
       void *map = prepare(p);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       gpu.read(gpu.at(256));
     },
     {},
     {"a read of shared memory at byte 1024 races with a write of a copy that "
      "the mbarrier at byte 0 tracks (no wait between)"}},
    {"AnotherThreadWaits",
     [](void **p) {
       void *map = prepare(p);
       if (gpu.thread() == 0) {
         gpu.arriveExpecting(gpu.at(0), boxBytes);
         gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
         gpu.wait(gpu.at(0), 0);
       } else {
         gpu.read(gpu.at(256));
       }
     },
     {1, 2},
     {"races with a write", "nobody has written", "races with a read"}},
    {"WrongParity",
     [](void **p) {
       void *map = prepare(p);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       gpu.wait(gpu.at(0), 1);
       gpu.read(gpu.at(256));
     },
     {},
     {"races with a write", "deadlock"}},
    {"ExpectsTooMuch",
     [](void **p) {
       void *map = prepare(p);
       gpu.arriveExpecting(gpu.at(0), boxBytes + 16);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       gpu.wait(gpu.at(0), 0);
     },
     {},
     {"deadlock; 1 threads from 0 wait at the mbarrier at byte 0 (in its phase "
      "0, 0 of 1 arrivals pending, 16 bytes to come)"}},
    {"ExpectsTooLittle",
     [](void **p) {
       void *map = prepare(p);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       gpu.load(gpu.at(512), map, gpu.at(0), {0, 0});
       gpu.wait(gpu.at(0), 0);
       // Whatever is in the second box now.
       gpu.wait(gpu.at(0), 1);
     },
     {},
     {"ends in a later one: fewer bytes were expected than came",
      "-1024 bytes to come"}},
    {"ExpectsNothing",
     [](void **p) {
       void *map = prepare(p);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       gpu.arrive(gpu.at(0));
       gpu.wait(gpu.at(0), 0);
     },
     {},
     {"-1024 bytes to come", "ends in a later one"}},
    {"OverwritesWhatIsRead",
     [](void **p) {
       // Of two threads one reads, the other fills anew without waiting.
       void *map = prepare(p);
       if (gpu.thread() == 0) {
         gpu.arriveExpecting(gpu.at(0), boxBytes);
         gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
       }
       gpu.wait(gpu.at(0), 0);
       if (gpu.thread() == 1)
         gpu.read(gpu.at(256));
       if (gpu.thread() == 0) {
         gpu.arriveExpecting(gpu.at(0), boxBytes);
         gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
         gpu.wait(gpu.at(0), 1);
       }
     },
     {1, 2},
     {"races with a read", "races with a write", "deadlock"}},
    {"NoFenceBehindInit",
     [](void **p) {
       void *map = prepare(p, /*fences=*/false);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
     },
     {},
     {"no fence.mbarrier.init or fence.proxy.async lies behind"}},
    {"NoProxyFenceBeforeLoad",
     [](void **p) {
       void *map = prepare(p);
       gpu.write(gpu.at(256), 0);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
     },
     {},
     {"may not see a write of thread 0: no fence.proxy.async between"}},
    {"MisalignedBox",
     [](void **p) {
       void *map = prepare(p);
       gpu.load(gpu.at(256 + 16), map, gpu.at(0), {0, 0});
     },
     {},
     {"the address in shared memory is not a multiple of 128"}},
    {"BoxBeyondSharedMemory",
     [](void **p) {
       void *map = prepare(p);
       gpu.load(gpu.at(1024 - 32), map, gpu.at(0), {0, 0});
     },
     {},
     {"1024 bytes are not in shared memory"}},
    {"WrongRank",
     [](void **p) {
       void *map = prepare(p);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0, 0});
     },
     {},
     {"with 3 coordinates of a tensor of rank 2"}},
    {"NoMap",
     [](void **p) {
       prepare(p);
       alignas(64) char nothing[128] = {};
       gpu.load(gpu.at(256), nothing, gpu.at(0), {0, 0});
     },
     {},
     {"this is no tensor map"}},
    {"EndsBeforeTheCopy",
     [](void **p) {
       void *map = prepare(p);
       gpu.arriveExpecting(gpu.at(0), boxBytes);
       gpu.load(gpu.at(256), map, gpu.at(0), {0, 0});
     },
     {},
     {"the block ends, but nobody has waited for a copy"}},
    {"StoreWithoutProxyFence",
     [](void **p) {
       void *map = prepare(p);
       for (int i = 0; i < boxBytes / 4; ++i)
         gpu.write(gpu.at(256 + i), 1);
       gpu.store(map, gpu.at(256), {0, 0});
       gpu.bulkCommit();
       gpu.bulkWait(0, 0);
     },
     {},
     {"may not see a write of thread 0: no fence.proxy.async between"}},
    {"FenceBeforeTheWrite",
     [](void **p) {
       void *map = prepare(p);
       gpu.fenceProxy();
       for (int i = 0; i < boxBytes / 4; ++i)
         gpu.write(gpu.at(256 + i), 1);
       gpu.store(map, gpu.at(256), {0, 0});
       gpu.bulkCommit();
       gpu.bulkWait(0, 0);
     },
     {},
     {"no fence.proxy.async between"}},
    {"StoreOfUnwritten",
     [](void **p) {
       void *map = prepare(p);
       gpu.store(map, gpu.at(256), {0, 0});
     },
     {},
     {"nobody has written"}},
    {"NoWaitForReads",
     [](void **p) {
       void *map = prepare(p);
       for (int i = 0; i < boxBytes / 4; ++i)
         gpu.write(gpu.at(256 + i), 1);
       gpu.fenceProxy();
       gpu.store(map, gpu.at(256), {0, 0});
       gpu.bulkCommit();
       gpu.write(gpu.at(256), 2);
     },
     {},
     {"a write of shared memory at byte 1024 races with a read of a copy of "
      "thread 0 (no wait_group between)"}},
    {"NoCommit",
     [](void **p) {
       void *map = prepare(p);
       for (int i = 0; i < boxBytes / 4; ++i)
         gpu.write(gpu.at(256 + i), 1);
       gpu.fenceProxy();
       gpu.store(map, gpu.at(256), {0, 0});
       gpu.bulkWait(0, 0);
     },
     {},
     {"has not waited for the copies of its cp.async.bulk groups"}},
    {"StoreReadBackWithoutWait",
     [](void **p) {
       void *map = prepare(p);
       for (int i = 0; i < boxBytes / 4; ++i)
         gpu.write(gpu.at(256 + i), 1);
       gpu.fenceProxy();
       gpu.store(map, gpu.at(256), {0, 0});
       gpu.bulkCommit();
       gpu.bulkWait(0, /*onlyReads=*/1);
       gpu.read((*static_cast<Copy **>(p[0]))->tensor->buffer.pointer);
     },
     {},
     {"of a buffer in global memory races with a write of a copy"}},
};

namespace {
class BulkCopyMisuseTest : public testing::TestWithParam<Planted> {};
} // namespace

TEST_P(BulkCopyMisuseTest, IsReported) {
  Tensor tensor({64, 8}, {64, 8}, 3);
  Copy copy{&tensor, {0, 0}, nullptr};
  expectReport(GetParam(), &copy);
}

INSTANTIATE_TEST_SUITE_P(BulkCopyTest, BulkCopyMisuseTest,
                         testing::ValuesIn(planted), getPlantedName);
