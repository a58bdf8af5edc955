//===- FixClusterSizes.cpp - glu-fix-cluster-sizes ------------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

namespace glu {
#define GEN_PASS_DEF_FIXCLUSTERSIZES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;
using namespace glu;

/// The blocks of a cluster, or nothing if they are no constants that fit.
static std::optional<SmallVector<int32_t>> getSizes(gpu::LaunchFuncOp launch) {
  if (!launch.hasClusterSize())
    return std::nullopt;
  SmallVector<int32_t> sizes;
  for (Value size : {launch.getClusterSizeX(), launch.getClusterSizeY(),
                     launch.getClusterSizeZ()}) {
    std::optional<int64_t> constant = getConstantIntValue(size);
    if (!constant || !llvm::isInt<32>(*constant))
      return std::nullopt;
    sizes.push_back(int32_t(*constant));
  }
  return sizes;
}

namespace {
struct FixClusterSizes : glu::impl::FixClusterSizesBase<FixClusterSizes> {
  void runOnOperation() override {
    llvm::MapVector<Operation *, SmallVector<gpu::LaunchFuncOp>> launches;
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      if (auto kernel = SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(
              launch, launch.getKernelAttr()))
        launches[kernel].push_back(launch);
    });
    for (auto &[kernel, all] : launches) {
      auto sizes = getSizes(all.front());
      if (!sizes || !llvm::all_of(all, [&](gpu::LaunchFuncOp launch) {
            return getSizes(launch) == sizes;
          }))
        continue;
      kernel->setAttr(NVVM::NVVMDialect::getClusterDimAttrName(),
                      Builder(&getContext()).getDenseI32ArrayAttr(*sizes));
      for (gpu::LaunchFuncOp launch : all) {
        launch.getClusterSizeXMutable().clear();
        launch.getClusterSizeYMutable().clear();
        launch.getClusterSizeZMutable().clear();
      }
    }
  }
};
} // namespace
