//===- BrokenKernelsTest.cpp - Bugs planted into kernels ------------------===//
//
// Each bug is a change of the kernels between two passes, as a mistake in the
// passes would make it. The emulator must report it, or the numbers must be
// wrong, for every order of the threads that is tried, or where luck may hide
// the bug for one of them.
//
//===----------------------------------------------------------------------===//

#include "RunEmulated.h"

#include "glu/Execution/Compare.h"
#include "glu/Execution/RandomData.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Pass/PassInstrumentation.h"

#include <gtest/gtest.h>

using namespace glu;
using namespace mlir;

namespace {

/// Several tiles with ragged edges in every direction.
constexpr const char *simtProgram = R"(
  func.func @f(%x: tensor<70x40xf32>, %wg: tensor<40x70xf32>,
               %wv: tensor<40x70xf32>, %y: tensor<70x70xf32>)
      -> tensor<70x70xf32> {
    %r = glu.gated_projection silu
           gate(%x, %wg : tensor<70x40xf32>, tensor<40x70xf32>)
           value(%x, %wv : tensor<70x40xf32>, tensor<40x70xf32>)
           outs(%y : tensor<70x70xf32>) -> tensor<70x70xf32>
    return %r : tensor<70x70xf32>
  })";
/// One weight with the sum innermost, one without.
constexpr const char *mmaProgram = R"(
  func.func @f(%x: tensor<136x136xf16>, %wg: tensor<136x72xf16>,
               %wv: tensor<72x136xf16>, %y: tensor<136x72xf32>)
      -> tensor<136x72xf32> {
    %r = glu.gated_projection silu
           gate(%x, %wg : tensor<136x136xf16>, tensor<136x72xf16>)
           value(%x, %wv : tensor<136x136xf16>, tensor<72x136xf16>)
           outs(%y : tensor<136x72xf32>)
           attributes {indexing_maps = [
             affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
             affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
             affine_map<(m, n, k) -> (m, n)>]} -> tensor<136x72xf32>
    return %r : tensor<136x72xf32>
  })";

/// Four tiles of two blocks, which go around the ring of stages more than once;
/// one weight with the sum innermost, one without.
constexpr const char *wgmmaProgram = R"(
  func.func @f(%x: tensor<136x136xf16>, %wg: tensor<136x136xf16>,
               %wv: tensor<136x136xf16>, %y: tensor<136x136xf16>)
      -> tensor<136x136xf16> {
    %r = glu.gated_projection silu
           gate(%x, %wg : tensor<136x136xf16>, tensor<136x136xf16>)
           value(%x, %wv : tensor<136x136xf16>, tensor<136x136xf16>)
           outs(%y : tensor<136x136xf16>)
           attributes {indexing_maps = [
             affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
             affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
             affine_map<(m, n, k) -> (m, n)>]} -> tensor<136x136xf16>
    return %r : tensor<136x136xf16>
  })";

/// A single tile, whose sum two blocks share.
constexpr const char *splitProgram = R"(
  func.func @f(%x: tensor<8x1024xf16>, %w: tensor<1024x64xf16>,
               %y: tensor<8x64xf16>) -> tensor<8x64xf16> {
    %r = glu.gated_projection silu
           gate(%x, %w : tensor<8x1024xf16>, tensor<1024x64xf16>)
           value(%x, %w : tensor<8x1024xf16>, tensor<1024x64xf16>)
           outs(%y : tensor<8x64xf16>) -> tensor<8x64xf16>
    return %r : tensor<8x64xf16>
  })";

} // namespace

/// The `number`-th operation of a kind in the kernels.
template <typename Op>
static Op find(ModuleOp module, unsigned number = 0) {
  Op found;
  module.walk([&](gpu::LaunchOp launch) {
    launch.walk([&](Op op) {
      if (number-- == 0)
        found = op;
    });
  });
  EXPECT_TRUE(found) << "there is nothing to break";
  return found;
}

/// The constant that is operand `i` of `op`, with `change` added to it.
static void changeConstant(Operation *op, unsigned i, int64_t change) {
  auto constant = op->getOperand(i).getDefiningOp<arith::ConstantOp>();
  ASSERT_TRUE(constant);
  auto attr = cast<IntegerAttr>(constant.getValue());
  // The last bit of a descriptor is its sign.
  APInt value = attr.getValue();
  value += change;
  OpBuilder b(op);
  op->setOperand(
      i, arith::ConstantOp::create(b, op->getLoc(),
                                   b.getIntegerAttr(attr.getType(), value)));
}

/// The `number`-th comparison with less in the kernels becomes "or equal".
static void allowEqual(ModuleOp module, unsigned number) {
  find<arith::CmpIOp>(module, number).setPredicate(arith::CmpIPredicate::ule);
}

namespace {

struct Bug {
  const char *name;
  const char *program;
  void (*plant)(ModuleOp);
  /// Others go well by luck in some schedules.
  bool showsInAll = true;
};

const Bug bugs[] = {
    {"NoBarrierBeforeReading", simtProgram,
     [](ModuleOp m) { find<gpu::BarrierOp>(m).erase(); }},
    {"NoBarrierBeforeOverwriting", simtProgram,
     [](ModuleOp m) { find<gpu::BarrierOp>(m, 1).erase(); }},
    {"OneRowTooMany", simtProgram, [](ModuleOp m) { allowEqual(m, 0); }},
    {"OneOfTheSumTooMany", simtProgram, [](ModuleOp m) { allowEqual(m, 1); }},
    {"NoSums", simtProgram,
     [](ModuleOp m) {
       auto loop = find<scf::ForOp>(m);
       loop.replaceAllUsesWith(loop.getInits());
     }},
    {"StepOfTheSumTooLong", simtProgram,
     [](ModuleOp m) {
       // The outer loop is found after the inner one.
       auto loop = find<scf::ForOp>(m, 1);
       OpBuilder b(loop);
       loop.getStepMutable().assign(
           arith::ConstantIndexOp::create(b, loop.getLoc(), 17));
     }},
    {"NoWait", mmaProgram,
     [](ModuleOp m) { find<nvgpu::DeviceAsyncWaitOp>(m).erase(); }},
    {"WaitForAStepLess", mmaProgram,
     [](ModuleOp m) {
       auto wait = find<nvgpu::DeviceAsyncWaitOp>(m);
       wait.setNumGroups(*wait.getNumGroups() + 1);
     }},
    {"NoBarrierAfterTheWait", mmaProgram,
     [](ModuleOp m) { find<gpu::BarrierOp>(m).erase(); }},
    {"BarrierBeforeTheWait", mmaProgram,
     [](ModuleOp m) {
       find<gpu::BarrierOp>(m)->moveBefore(find<nvgpu::DeviceAsyncWaitOp>(m));
     }},
    {"NoGroup", mmaProgram,
     [](ModuleOp m) {
       auto group = find<nvgpu::DeviceAsyncCreateGroupOp>(m, 2);
       group.replaceAllUsesWith(
           find<nvgpu::DeviceAsyncCreateGroupOp>(m).getResult());
       group.erase();
     }},
    {"OtherSwizzleWhereItIsRead", mmaProgram,
     [](ModuleOp m) {
       auto load = find<nvgpu::LdMatrixOp>(m);
       auto *at = load.getIndices().back().getDefiningOp();
       // The chunk's number, permuted: without the permutation.
       auto chunk = at->getOperand(0).getDefiningOp()->getOperand(0);
       auto permuted = chunk.getDefiningOp<arith::XOrIOp>();
       ASSERT_TRUE(permuted);
       permuted.replaceAllUsesWith(permuted.getLhs());
     }},
    {"OtherSwizzleWhereItIsWritten", mmaProgram,
     [](ModuleOp m) {
       auto xori = find<arith::XOrIOp>(m);
       xori.replaceAllUsesWith(xori.getLhs());
     }},
    {"Transposed", mmaProgram,
     [](ModuleOp m) {
       auto load = find<nvgpu::LdMatrixOp>(m);
       load.setTranspose(!load.getTranspose());
     }},
    {"OneRowTooManyOfTheResult", mmaProgram,
     [](ModuleOp m) {
       auto loop = find<scf::ForOp>(m);
       for (auto op : loop->getBlock()->getOps<arith::CmpIOp>())
         if (loop->isBeforeInBlock(op))
           op.setPredicate(arith::CmpIPredicate::ule);
     }},
    {"NoFenceOfBarriers", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::FenceMbarrierInitOp>(m).erase(); }},
    {"NoBarrierBeforeRoles", wgmmaProgram,
     [](ModuleOp m) { find<gpu::BarrierOp>(m).erase(); }},
    {"ProducerDoesNotWait", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::MBarrierTryWaitParityOp>(m).erase(); }},
    {"ConsumersDoNotWait", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::MBarrierTryWaitParityOp>(m, 1).erase(); }},
    {"BytesTooFew", wgmmaProgram,
     [](ModuleOp m) {
       changeConstant(find<NVVM::MBarrierArriveExpectTxOp>(m), 1, -16);
     }},
    {"BytesTooMany", wgmmaProgram,
     [](ModuleOp m) {
       changeConstant(find<NVVM::MBarrierArriveExpectTxOp>(m), 1, 16);
     }},
    {"EmptyWithOneGroupOfTwo", wgmmaProgram,
     [](ModuleOp m) {
       changeConstant(find<NVVM::MBarrierInitOp>(m, 1), 1, -4);
     },
     /*showsInAll=*/false},
    {"NoFenceOfRegisters", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::WgmmaFenceAlignedOp>(m).erase(); }},
    {"NoCommit", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::WgmmaGroupSyncAlignedOp>(m).erase(); }},
    {"NoWaitForTheLastProducts", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::WgmmaWaitGroupSyncOp>(m, 1).erase(); }},
    {"WaitForAGroupLess", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::WgmmaWaitGroupSyncOp>(m).setGroup(2); }},
    {"WaitForTheLastButOne", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::WgmmaWaitGroupSyncOp>(m, 1).setGroup(1); }},
    {"NotTransposed", wgmmaProgram,
     [](ModuleOp m) {
       find<NVVM::WgmmaMmaAsyncOp>(m).setLayoutB(NVVM::MMALayout::col);
     }},
    {"OtherSwizzleInDescriptor", wgmmaProgram,
     [](ModuleOp m) {
       // 64 instead of 128 bytes.
       changeConstant(find<arith::OrIOp>(m), 1, int64_t(1) << 62);
     }},
    {"OtherStrideInDescriptor", wgmmaProgram,
     [](ModuleOp m) {
       changeConstant(find<arith::OrIOp>(m), 1, int64_t(1) << 32);
     }},
    {"OtherSwizzleInMap", wgmmaProgram,
     [](ModuleOp m) {
       m.walk([](LLVM::CallOp call) {
         changeConstant(call, 3, -3); // None.
         return WalkResult::interrupt();
       });
     }},
    {"OtherSwizzleOfResults", wgmmaProgram,
     [](ModuleOp m) {
       auto xori = find<arith::XOrIOp>(m);
       xori.replaceAllUsesWith(xori.getLhs());
     }},
    {"NoFenceBeforeTheStore", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::FenceProxyOp>(m).erase(); }},
    {"NoBarrierBeforeTheStore", wgmmaProgram,
     [](ModuleOp m) { find<NVVM::BarrierOp>(m, 1).erase(); }},
    {"NoWaitForTheStore", wgmmaProgram,
     [](ModuleOp m) {
       auto wait = find<NVVM::CpAsyncBulkWaitGroupOp>(m, 1);
       wait.setGroup(2);
     }},
    {"OneTileTooFew", wgmmaProgram,
     [](ModuleOp m) {
       // Of the producer; the consumers wait for it.
       auto loop = find<NVVM::MBarrierArriveExpectTxOp>(m)
                       ->getParentOfType<scf::ForOp>()
                       ->getParentOfType<scf::ForOp>();
       OpBuilder b(loop);
       Value one = arith::ConstantIndexOp::create(b, loop.getLoc(), 1);
       loop.getUpperBoundMutable().assign(
           arith::SubIOp::create(b, loop.getLoc(), loop.getUpperBound(), one));
     }},
    {"AnotherTile", wgmmaProgram,
     [](ModuleOp m) {
       // Rows of tiles in the consumers are one less than in the producer.
       auto min = find<arith::MinUIOp>(m, 1);
       min.replaceAllUsesWith(min.getLhs());
     }},
    {"NoWaitForTheOtherBlock", splitProgram,
     [](ModuleOp m) {
       // The consumers', behind that of all and the producer's.
       auto wait = find<NVVM::ClusterWaitOp>(m, 2);
       wait->moveBefore(wait->getBlock()->getTerminator());
     }},
    {"SumsToNobody", splitProgram,
     [](ModuleOp m) { changeConstant(find<NVVM::MapaOp>(m), 1, 1); }},
    {"SumsOfAnotherThread", splitProgram,
     [](ModuleOp m) {
       auto load = find<LLVM::LoadOp>(m, 2);
       load.replaceAllUsesWith(find<LLVM::LoadOp>(m, 1).getResult());
     }},
};

/// Plants a bug behind the pass that makes kernels of projections.
struct Planter : PassInstrumentation {
  explicit Planter(const Bug *bug) : bug(bug) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    if (bug && pass->getArgument() == "glu-launch-projections")
      bug->plant(cast<ModuleOp>(op));
  }
  const Bug *bug;
};

} // namespace

static llvm::Expected<Array> run(const char *text, const Bug *bug,
                                 uint64_t seed) {
  GPUPipelineOptions options;
  if (text == wgmmaProgram || text == splitProgram) {
    options.chip = "sm_90a";
    options.multiprocessors = 2;
  }
  auto makeArguments = [](const Signature &signature) {
    std::mt19937_64 generator(1);
    SmallVector<Array> arrays;
    for (const ValueType &type : signature.arguments) {
      arrays.push_back(Array(type.element, type.shape));
      fillRandomly(arrays.back(), generator);
    }
    return arrays;
  };
  return runEmulated(
      text, options, seed, makeArguments, [&](PassManager &manager) {
        manager.addInstrumentation(std::make_unique<Planter>(bug));
      });
}

namespace {

class BrokenKernelsTest : public testing::TestWithParam<Bug> {};

} // namespace

TEST_P(BrokenKernelsTest, IsCaught) {
  const Bug &bug = GetParam();
  auto right = run(bug.program, nullptr, 0);
  ASSERT_TRUE(bool(right)) << llvm::toString(right.takeError());
  int caught = 0;
  for (uint64_t seed = 0; seed < 3; ++seed) {
    auto broken = run(bug.program, &bug, seed);
    if (!broken) {
      ++caught;
      std::string message = llvm::toString(broken.takeError());
      // Not by the passes; where there is a line, it is one of the program.
      EXPECT_EQ(message.rfind("kernel '", 0), 0u) << message;
      if (message.find("deadlock") == std::string::npos)
        EXPECT_NE(message.find(", at program:"), std::string::npos) << message;
      continue;
    }
    bool isWrong = compare(*broken, *right).error > 1e-3;
    caught += isWrong;
    EXPECT_TRUE(isWrong || !bug.showsInAll) << "seed " << seed;
  }
  EXPECT_GT(caught, 0);
}

TEST(BrokenKernelsTest, NothingIsCaughtWhereNothingIsBroken) {
  for (const char *program : {simtProgram, mmaProgram, wgmmaProgram}) {
    auto right = run(program, nullptr, 0);
    ASSERT_TRUE(bool(right)) << llvm::toString(right.takeError());
    for (uint64_t seed = 1; seed < 4; ++seed) {
      auto again = run(program, nullptr, seed);
      ASSERT_TRUE(bool(again)) << llvm::toString(again.takeError());
      EXPECT_EQ(compare(*again, *right).error, 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Bugs, BrokenKernelsTest, testing::ValuesIn(bugs),
                         [](const testing::TestParamInfo<Bug> &info) {
                           return std::string(info.param.name);
                         });
