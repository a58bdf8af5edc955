//===- CPUPipeline.cpp - glu-to-cpu: gated units to vector code -----------===//

#include "glu/Pipelines/Pipelines.h"
#include "glu/Target/Target.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace glu;

static void cleanUp(OpPassManager &manager) {
  manager.addPass(createCanonicalizerPass());
  manager.addPass(createCSEPass());
}

void glu::addChoosePasses(OpPassManager &manager,
                          const CPUPipelineOptions &options) {
  // Recognise and fuse.
  manager.addPass(createExpandZeroPoints());
  manager.addPass(createRaise());
  manager.addPass(createFuse());
  manager.addPass(createFoldUnitDims());
  addToLinalgPasses(manager); // What glu-raise had no reason to touch.
  manager.addPass(createExpandZeroPoints());

  // Choose. A gated unit that no tile fits is taken apart, so that its
  // projections get a schedule each.
  ChooseOptions choose{options.targetCPU, options.threads, options.table,
                       options.outlinePacking};
  manager.addPass(createChoose(choose));
  DecomposeOptions unscheduled{/*onlyUnscheduled=*/true};
  manager.addPass(createDecompose(unscheduled));
  manager.addPass(createChoose(choose));
}

void glu::addPackPasses(OpPassManager &manager,
                        const CPUPipelineOptions &options) {
  addChoosePasses(manager, options);

  // Pack.
  manager.addPass(createPack({/*singleRow=*/true}));
  cleanUp(manager);
  manager.addPass(createFoldPacking());
  if (options.outlinePacking)
    manager.addPass(createOutlinePacking());
}

void glu::addPackedToLLVMPasses(OpPassManager &manager,
                                const CPUPipelineOptions &options) {
  // Tile, and expand the tiles. Weights that few rows use are packed in them.
  manager.addPass(createTile());
  cleanUp(manager);
  manager.addPass(createFusePacking());
  manager.addPass(createLowerPacking({options.targetCPU}));
  cleanUp(manager);
  manager.addPass(createDecompose());
  cleanUp(manager);

  // Vectorise.
  manager.addPass(createSplitSums());
  manager.addPass(createVectorize({options.targetCPU}));
  if (options.emulate)
    manager.addPass(createExpandDots());
  cleanUp(manager);
  manager.addPass(createApproximateMath());
  cleanUp(manager);

  // Bufferise and lower.
  if (options.destinations)
    manager.addPass(createResultsToDestinations());
  addBufferizationPasses(manager);
  manager.addPass(createTilesToAMX());
  if (options.emulate)
    manager.addPass(createExpandTiles());
  // An unknown chip is an error of glu-choose.
  std::optional<Target> target = lookupTarget(std::string(options.targetCPU));
  if (target && target->prefetches) {
    manager.addPass(memref::createFoldMemRefAliasOpsPass());
    manager.addPass(createPrefetch());
  }
  if (options.emulate)
    target = probeHost();
  addLowerToLLVMPasses(manager, options.threads,
                       /*nativeHalf=*/!target || target->convertsHalf());
}

void glu::buildToCPUPipeline(OpPassManager &manager,
                             const CPUPipelineOptions &options) {
  addPackPasses(manager, options);
  addPackedToLLVMPasses(manager, options);
}
