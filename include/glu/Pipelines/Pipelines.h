//===- Pipelines.h - Lists of passes ----------------------------*- C++ -*-===//
//
// The ways from IR to code, and what a context must know to go them.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PIPELINES_PIPELINES_H
#define GLU_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace glu {

/// Registers the dialect, all upstream dialects with their extensions, and the
/// translations to LLVM IR.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Inlines calls and turns TOSA, and arithmetic on whole tensors, into linalg,
/// tensor and arith.
void addToLinalgPasses(mlir::OpPassManager &manager);

/// Tensors to memrefs, in place where possible. Function boundaries too: a
/// public function's results are its caller's to free.
void addBufferizationPasses(mlir::OpPassManager &manager);

/// Arithmetic that neither LLVM nor libm has, and narrow floats, which compute
/// in f32: f16 too, on its bits, without `nativeHalf`.
void addMathPasses(mlir::OpPassManager &manager, bool nativeHalf);

/// What is left of linalg, vector, scf, memref, math and arith on memrefs to
/// the LLVM dialect, with C wrappers (`_mlir_ciface_`) of public functions.
/// `scf.forall` becomes OpenMP's parallel loop of so many `threads` (0: as many
/// as OpenMP likes), or with one a plain loop. Without `nativeHalf`, f16 is
/// computed with on its bits, as on chips that have no instructions for it.
void addLowerToLLVMPasses(mlir::OpPassManager &manager, int64_t threads = 1,
                          bool nativeHalf = true);

/// The general path: everything to scalar loops, nothing fused. Slow and sure;
/// what the fast path is compared with.
void buildGeneralPipeline(mlir::OpPassManager &manager);

/// Options of the pipeline `glu-to-cpu`.
struct CPUPipelineOptions : mlir::PassPipelineOptions<CPUPipelineOptions> {
  Option<std::string> targetCPU{
      *this, "target-cpu",
      llvm::cl::desc("chip to compile for: an LLVM CPU name, or host"),
      llvm::cl::init("host")};
  Option<int64_t> threads{
      *this, "threads",
      llvm::cl::desc("threads that share the work; 1: no OpenMP; 0: as many as "
                     "the chip has cores"),
      llvm::cl::init(0)};
  Option<bool> outlinePacking{
      *this, "outline-packing",
      llvm::cl::desc("make @f.pack and @f.packed of each public @f"),
      llvm::cl::init(false)};
  Option<std::string> table{
      *this, "table", llvm::cl::desc("file of schedules that glu-tune wrote"),
      llvm::cl::init("")};
  Option<bool> emulate{
      *this, "emulate",
      llvm::cl::desc("expand instructions that only some chips have: code for "
                     "the target that any chip can run"),
      llvm::cl::init(false)};
  Option<bool> destinations{
      *this, "destinations",
      llvm::cl::desc("public functions write their results to arguments"),
      llvm::cl::init(false)};
};

/// The first part of `glu-to-cpu`: recognises gated units, fuses them, chooses
/// their schedules. What it makes of its own result is the same again.
void addChoosePasses(mlir::OpPassManager &manager,
                     const CPUPipelineOptions &options);

/// The first half: `addChoosePasses`, and packs operands; all on tensors.
void addPackPasses(mlir::OpPassManager &manager,
                   const CPUPipelineOptions &options);

/// The second half of `glu-to-cpu`: packed operations to tiles, vectors,
/// memrefs and the LLVM dialect.
void addPackedToLLVMPasses(mlir::OpPassManager &manager,
                           const CPUPipelineOptions &options);

/// Gated units and the contractions beside them to vector code, the rest by the
/// general path.
void buildToCPUPipeline(mlir::OpPassManager &manager,
                        const CPUPipelineOptions &options);

/// Options of the pipeline `glu-to-nvvm`.
struct GPUPipelineOptions : mlir::PassPipelineOptions<GPUPipelineOptions> {
  Option<std::string> chip{
      *this, "chip",
      llvm::cl::desc("chip to compile for, as ptxas calls it: sm_70 and up"),
      llvm::cl::init("sm_80")};
  Option<int64_t> multiprocessors{
      *this, "multiprocessors",
      llvm::cl::desc("how many the chip has; 0: as many as the largest of it"),
      llvm::cl::init(0)};
  Option<bool> accurateMath{
      *this, "accurate-math",
      llvm::cl::desc(
          "gating functions exact to 4 ULP of f32 also where results "
          "are rounded to 16 bits, at the cost of time"),
      llvm::cl::init(false)};
};

/// Gated units and the contractions beside them to kernels, as PTX in a
/// `gpu.binary`, and host code that launches them. Memrefs that functions take
/// and give are memory of the GPU.
void buildToNVVMPipeline(mlir::OpPassManager &manager,
                         const GPUPipelineOptions &options);

/// The same kernels as functions for the CPU, in the LLVM dialect, which call
/// the emulator of a GPU (include/glu/Emulator).
void buildEmulatedPipeline(mlir::OpPassManager &manager,
                           const GPUPipelineOptions &options);

/// Registers the pipelines by name: `glu-to-cpu`, `glu-to-nvvm`, `glu-general`.
void registerPipelines();

} // namespace glu

#endif // GLU_PIPELINES_PIPELINES_H
