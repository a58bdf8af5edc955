//===- HandWrittenKernelTest.cpp - A kernel for sm_90a in full ------------===//
//
// One tile in the NVVM dialect, from the text to the numbers: a producer copies
// boxes, swizzled, to a ring of two; a warpgroup multiplies; the result goes
// through shared memory back as a box. Bugs are changes of the text.
//
//===----------------------------------------------------------------------===//

#include "RunEmulated.h"

#include "glu/Execution/Compare.h"
#include "glu/Execution/RandomData.h"

#include <gtest/gtest.h>

using namespace glu;
using namespace mlir;

/// Of 64 x 64 sums, those of a thread.
static constexpr int sumCount = 32, rows = 64, depth = 256;

static constexpr const char *host = R"(
module attributes {gpu.container_module} {
llvm.func @mgpuTensorMap(!llvm.ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64) -> !llvm.ptr

llvm.func @map(%base: i64, %type: i64, %swizzle: i64, %columns: i64, %stride: i64) -> !llvm.ptr {
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c1 = llvm.mlir.constant(1 : i64) : i64
  %c2 = llvm.mlir.constant(2 : i64) : i64
  %n64 = llvm.mlir.constant(64 : i64) : i64
  %pointer = llvm.inttoptr %base : i64 to !llvm.ptr
  %map = llvm.call @mgpuTensorMap(%pointer, %type, %c2, %swizzle, %columns, %n64, %c1, %c1, %c1, %stride, %c0, %c0, %c0, %n64, %n64, %c1, %c1, %c1) : (!llvm.ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64) -> !llvm.ptr
  llvm.return %map : !llvm.ptr
}

llvm.func @launch(%x: i64, %w: i64, %y: i64) attributes {no_inline} {
  %f16 = llvm.mlir.constant(6 : i64) : i64
  %f32 = llvm.mlir.constant(7 : i64) : i64
  %c0 = llvm.mlir.constant(0 : i64) : i64
  %c3 = llvm.mlir.constant(3 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %n64 = llvm.mlir.constant(64 : i64) : i64
  %n256 = llvm.mlir.constant(256 : i64) : i64
  %n512 = llvm.mlir.constant(512 : i64) : i64
  %xMap = llvm.call @map(%x, %f16, %c3, %n256, %n512) : (i64, i64, i64, i64, i64) -> !llvm.ptr
  %wMap = llvm.call @map(%w, %f16, %c3, %n256, %n512) : (i64, i64, i64, i64, i64) -> !llvm.ptr
  %yMap = llvm.call @map(%y, %f32, %c0, %n64, %n256) : (i64, i64, i64, i64, i64) -> !llvm.ptr
  %shared = llvm.mlir.constant(51200 : i32) : i32
  gpu.launch_func @kernels::@k blocks in (%one, %one, %one) threads in (%n256, %one, %one) : i64 dynamic_shared_memory_size %shared args(%xMap : !llvm.ptr, %wMap : !llvm.ptr, %yMap : !llvm.ptr)
  llvm.return
}

func.func @f(%x: memref<64x256xf16>, %w: memref<64x256xf16>, %y: memref<64x64xf32>) {
  %x0 = memref.extract_aligned_pointer_as_index %x : memref<64x256xf16> -> index
  %w0 = memref.extract_aligned_pointer_as_index %w : memref<64x256xf16> -> index
  %y0 = memref.extract_aligned_pointer_as_index %y : memref<64x64xf32> -> index
  %x1 = arith.index_cast %x0 : index to i64
  %w1 = arith.index_cast %w0 : index to i64
  %y1 = arith.index_cast %y0 : index to i64
  llvm.call @launch(%x1, %w1, %y1) : (i64, i64, i64) -> ()
  return
}
)";

// Boxes of x and w by turns, then the result, then mbarriers.
static constexpr const char *producer = R"(
gpu.module @kernels {
  llvm.mlir.global external @dynamic() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
  llvm.func @k(%xMap: !llvm.ptr, %wMap: !llvm.ptr, %yMap: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel, nvvm.maxnreg = 128 : i32} {
    %dynamic = llvm.mlir.addressof @dynamic : !llvm.ptr<3>
    %unaligned = llvm.ptrtoint %dynamic : !llvm.ptr<3> to i64
    %k1023 = arith.constant 1023 : i64
    %kMask = arith.constant -1024 : i64
    %up = arith.addi %unaligned, %k1023 : i64
    %base = arith.andi %up, %kMask : i64
    %tiles = llvm.inttoptr %base : i64 to !llvm.ptr<3>
    %result = llvm.getelementptr %tiles[32768] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
    %full = llvm.getelementptr %tiles[49152] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
    %empty = llvm.getelementptr %tiles[49168] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
    %i0 = arith.constant 0 : i32
    %i1 = arith.constant 1 : i32
    %i2 = arith.constant 2 : i32
    %i3 = arith.constant 3 : i32
    %i4 = arith.constant 4 : i32
    %i5 = arith.constant 5 : i32
    %i16 = arith.constant 16 : i32
    %i31 = arith.constant 31 : i32
    %i64 = arith.constant 64 : i32
    %i127 = arith.constant 127 : i32
    %i128 = arith.constant 128 : i32
    %bytes = arith.constant 16384 : i32
    %half = arith.constant 8192 : i32
    %ticks = arith.constant 1000 : i32
    %self = nvvm.read.ptx.sreg.tid.x : i32
    %isFirst = arith.cmpi eq, %self, %i0 : i32
    scf.if %isFirst {
      scf.for %i = %i0 to %i2 step %i1 : i32 {
        %f = llvm.getelementptr %full[%i] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        %e = llvm.getelementptr %empty[%i] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        nvvm.mbarrier.init %f, %i1 : !llvm.ptr<3>, i32
        nvvm.mbarrier.init %e, %i4 : !llvm.ptr<3>, i32
      }
      nvvm.fence.mbarrier.init
    }
    nvvm.barrier0
    %isProducer = arith.cmpi ult, %self, %i128 : i32
    scf.if %isProducer {
      nvvm.setmaxregister decrease 40
      scf.if %isFirst {
        scf.for %k = %i0 to %i4 step %i1 : i32 {
          %stage = arith.andi %k, %i1 : i32
          %round = arith.shrui %k, %i1 : i32
          %parity = arith.andi %round, %i1 : i32
          %other = arith.xori %parity, %i1 : i32
          %full1 = llvm.getelementptr %full[%stage] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
          %empty1 = llvm.getelementptr %empty[%stage] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
          nvvm.mbarrier.try_wait.parity %empty1, %other, %ticks : !llvm.ptr<3>, i32, i32
          nvvm.mbarrier.arrive.expect_tx %full1, %bytes : !llvm.ptr<3>, i32
          %offset = arith.muli %stage, %bytes : i32
          %xTile = llvm.getelementptr %tiles[%offset] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
          %wTile = llvm.getelementptr %xTile[8192] : (!llvm.ptr<3>) -> !llvm.ptr<3>, i8
          %x7 = llvm.addrspacecast %xTile : !llvm.ptr<3> to !llvm.ptr<7>
          %w7 = llvm.addrspacecast %wTile : !llvm.ptr<3> to !llvm.ptr<7>
          %column = arith.muli %k, %i64 : i32
          nvvm.cp.async.bulk.tensor.shared.cluster.global %x7, %xMap, %full1, box[%column, %i0] : !llvm.ptr<7>, !llvm.ptr
          nvvm.cp.async.bulk.tensor.shared.cluster.global %w7, %wMap, %full1, box[%column, %i0] : !llvm.ptr<7>, !llvm.ptr
        }
      }
    } else {
      nvvm.setmaxregister increase 216
)";

// Descriptors: eight lines are 1024 bytes, the swizzle is of 128. STRUCT is the
// type of a thread's sums.
static constexpr const char *consumer = R"(
      %zero = llvm.mlir.zero : STRUCT
      %constant = arith.constant 0x4000004000010000 : i64
      %sums = scf.for %k = %i0 to %i4 step %i1 iter_args(%a0 = %zero) -> (STRUCT) : i32 {
        %stage = arith.andi %k, %i1 : i32
        %round = arith.shrui %k, %i1 : i32
        %parity = arith.andi %round, %i1 : i32
        %other = arith.xori %parity, %i1 : i32
        %full2 = llvm.getelementptr %full[%stage] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        %empty2 = llvm.getelementptr %empty[%stage] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i64
        nvvm.mbarrier.try_wait.parity %full2, %parity, %ticks : !llvm.ptr<3>, i32, i32
        %offset = arith.muli %stage, %bytes : i32
        %xTile = llvm.getelementptr %tiles[%offset] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
        %address = llvm.ptrtoint %xTile : !llvm.ptr<3> to i32
        %wide = arith.extui %address : i32 to i64
        %c4 = arith.constant 4 : i64
        %start = arith.shrui %wide, %c4 : i64
        %x0 = arith.ori %constant, %start : i64
        %c512 = arith.constant 512 : i64
        %w0 = arith.addi %x0, %c512 : i64
        nvvm.wgmma.fence.aligned
        PRODUCTS
        nvvm.wgmma.commit.group.sync.aligned
        nvvm.wgmma.wait.group.sync.aligned 0
        %inWarp = arith.andi %self, %i31 : i32
        %isLane0 = arith.cmpi eq, %inWarp, %i0 : i32
        scf.if %isLane0 {
          %state = nvvm.mbarrier.arrive %empty2 : !llvm.ptr<3> -> i64
        }
        scf.yield %a4 : STRUCT
      }
      %inGroup = arith.andi %self, %i127 : i32
      %warp = arith.shrui %inGroup, %i5 : i32
      %lane = arith.andi %self, %i31 : i32
      %row0 = arith.muli %warp, %i16 : i32
      %group = arith.shrui %lane, %i2 : i32
      %row = arith.addi %row0, %group : i32
      %quad = arith.andi %lane, %i3 : i32
      %column = arith.muli %quad, %i2 : i32
      %line = arith.muli %row, %i64 : i32
      %place0 = arith.addi %line, %column : i32
      %place = llvm.getelementptr %result[%place0] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
      STORES
      nvvm.fence.proxy {kind = #nvvm.proxy_kind<async>}
      nvvm.barrier id = %i1 number_of_threads = %i128
      %isStorer = arith.cmpi eq, %inGroup, %i0 : i32
      scf.if %isStorer {
        nvvm.cp.async.bulk.tensor.global.shared.cta %yMap, %result, box[%i0, %i0] : !llvm.ptr, !llvm.ptr<3>
        nvvm.cp.async.bulk.commit.group
        nvvm.cp.async.bulk.wait_group 0
      }
    }
    llvm.return
  }
}
}
)";

static void replaceAll(std::string &text, StringRef what, StringRef by) {
  for (size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

/// The four steps of 16 along K, 32 bytes each.
static std::string getProducts() {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    std::string one = R"(
        %sI = arith.constant STEP : i64
        %dxI = arith.addi %x0, %sI : i64
        %dwI = arith.addi %w0, %sI : i64
        %aNEXT = nvvm.wgmma.mma_async %dxI, %dwI, %aI, #nvvm.shape<m = 64, n = 64, k = 16>, D [<f32>, #nvvm.wgmma_scale_out<one>], A [<f16>, #nvvm.wgmma_scale_in<one>, <row>], B [<f16>, #nvvm.wgmma_scale_in<one>, <col>] : STRUCT -> STRUCT
)";
    for (const char *name : {"%s", "%dx", "%dw", "%a"})
      replaceAll(one, std::string(name) + "I", name + std::to_string(i));
    replaceAll(one, "STEP", std::to_string(2 * i));
    replaceAll(one, "NEXT", std::to_string(i + 1));
    text += one;
  }
  return text;
}

static std::string getStores() {
  std::string text;
  for (int i = 0; i < sumCount; ++i) {
    std::string number = std::to_string(i),
                offset = std::to_string(8 * rows * (i / 2 % 2) + 8 * (i / 4) +
                                        i % 2);
    text += "%v" + number + " = llvm.extractvalue %sums[" + number +
            "] : STRUCT\n%p" + number + " = llvm.getelementptr %place[" +
            offset + "] : (!llvm.ptr<3>) -> !llvm.ptr<3>, f32\nllvm.store %v" +
            number + ", %p" + number + " : f32, !llvm.ptr<3>\n";
  }
  return text;
}

namespace {
struct Bug {
  const char *name, *before, *after;
  /// What the report says, one or the other; null: the numbers are wrong.
  const char *report;
};
} // namespace

/// y, or why there is none.
static llvm::Expected<Array> run(const Bug &bug, const Array &x, const Array &w,
                                 uint64_t seed) {
  std::string text = std::string(host) + producer + consumer;
  replaceAll(text, "PRODUCTS", getProducts());
  replaceAll(text, "STORES", getStores());
  std::string type = "!llvm.struct<(f32";
  for (int i = 1; i < sumCount; ++i)
    type += ", f32";
  replaceAll(text, "STRUCT", type + ")>");
  if (*bug.before) {
    EXPECT_NE(text.find(bug.before), std::string::npos) << bug.before;
    replaceAll(text, bug.before, bug.after);
  }
  GPUPipelineOptions options;
  options.chip = "sm_90a";
  return runEmulated(text, options, seed, [&](const Signature &) {
    SmallVector<Array> arguments;
    arguments.push_back(x.clone());
    arguments.push_back(w.clone());
    arguments.push_back(Array(ElementType::Float32, {rows, rows}));
    return arguments;
  });
}

static const Bug bugs[] = {
    {"NoWaitForBoxes",
     "nvvm.mbarrier.try_wait.parity %full2, %parity, %ticks : !llvm.ptr<3>, "
     "i32, i32",
     "", "of A of shared memory"},
    // Waits for the round before, or, where that is over already, for one too
    // many.
    {"WrongParity", "%full2, %parity, %ticks", "%full2, %other, %ticks",
     "of A of shared memory|deadlock"},
    {"NoWaitForRoom",
     "nvvm.mbarrier.try_wait.parity %empty1, %other, %ticks : !llvm.ptr<3>, "
     "i32, i32",
     "", "races with a|arrivals are pending"},
    {"RoomBeforeTheWait", "nvvm.wgmma.wait.group.sync.aligned 0",
     "nvvm.wgmma.wait.group.sync.aligned 1",
     "wgmma of the warpgroup from thread 128"},
    {"BytesOfOneBox", "%full1, %bytes", "%full1, %half",
     "fewer bytes|tracks (no wait between)"},
    {"NoFenceOfMbarriers", "nvvm.fence.mbarrier.init", "",
     "lies behind its mbarrier.init"},
    {"NoBarrierAfterInit", "nvvm.barrier0", "", "mbarrier"},
    {"NoFenceOfRegisters", "nvvm.wgmma.fence.aligned", "", "wgmma.fence"},
    {"NoWaitForProducts", "nvvm.wgmma.wait.group.sync.aligned 0", "", "wgmma"},
    {"NoCommit", "nvvm.wgmma.commit.group.sync.aligned", "", "wgmma"},
    {"OtherSwizzleOfDescriptors", "0x4000004000010000", "0x8000004000010000",
     nullptr},
    {"NoSwizzleOfBoxes", "@map(%w, %f16, %c3", "@map(%w, %f16, %c0", nullptr},
    {"OneStepLess", "scf.for %k = %i0 to %i4 step %i1 iter_args",
     "scf.for %k = %i1 to %i4 step %i1 iter_args", "wait"},
    {"StepTooShort", "%s3 = arith.constant 6", "%s3 = arith.constant 4",
     nullptr},
    {"NoProxyFence", "nvvm.fence.proxy {kind = #nvvm.proxy_kind<async>}", "",
     "no fence.proxy.async between"},
    {"NoBarrierBeforeStore", "nvvm.barrier id = %i1 number_of_threads = %i128",
     "", "cp.async.bulk.tensor of shared memory"},
    {"NoWaitForStore", "nvvm.cp.async.bulk.wait_group 0", "",
     "has not waited for the copies"},
    {"TooManyRegisters", "increase 216", "increase 224",
     "setmaxnreg.inc: there are not as many registers free"},
};

namespace {
class HandWrittenKernelTest : public testing::TestWithParam<Bug> {
protected:
  HandWrittenKernelTest()
      : x(ElementType::Float16, {rows, depth}),
        w(ElementType::Float16, {rows, depth}),
        want(ElementType::Float32, {rows, rows}) {
    std::mt19937_64 generator(1);
    fillRandomly(x, generator);
    fillRandomly(w, generator);
    for (int i = 0; i < rows * rows; ++i) {
      double sum = 0;
      for (int k = 0; k < depth; ++k)
        sum += x.get(i / rows * depth + k) * w.get(i % rows * depth + k);
      want.set(i, sum);
    }
  }
  Array x, w, want;
};
} // namespace

TEST_F(HandWrittenKernelTest, IsRight) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    auto y = run({"", "", "", ""}, x, w, seed);
    ASSERT_TRUE(bool(y)) << llvm::toString(y.takeError());
    EXPECT_LT(compare(*y, want).error, 1e-5) << "seed " << seed;
  }
}

TEST_P(HandWrittenKernelTest, BugsAreCaught) {
  const Bug &bug = GetParam();
  for (uint64_t seed = 0; seed < 2; ++seed) {
    auto y = run(bug, x, w, seed);
    if (!y) {
      std::string message = llvm::toString(y.takeError());
      ASSERT_TRUE(bug.report) << message;
      SmallVector<StringRef> reports;
      StringRef(bug.report).split(reports, '|');
      EXPECT_TRUE(llvm::any_of(reports, [&](StringRef report) {
        return StringRef(message).contains(report);
      })) << message;
      EXPECT_EQ(message.rfind("kernel 'k'", 0), 0u) << message;
      continue;
    }
    EXPECT_FALSE(bug.report) << "seed " << seed;
    EXPECT_GT(compare(*y, want).error, 1e-2) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Bugs, HandWrittenKernelTest, testing::ValuesIn(bugs),
                         [](const testing::TestParamInfo<Bug> &info) {
                           return std::string(info.param.name);
                         });
