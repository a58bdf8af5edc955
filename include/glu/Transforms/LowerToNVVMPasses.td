//===- LowerToNVVMPasses.td - Passes of lib/LowerToNVVM ----*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_LOWERTONVVMPASSES_TD
#define GLU_TRANSFORMS_LOWERTONVVMPASSES_TD

include "mlir/Pass/PassBase.td"

def ChooseBlocks : Pass<"glu-choose-blocks"> {
  let summary = "Choose a schedule for every projection on a GPU";
  let description = [{
    What `-glu-choose` does, for a chip with blocks of threads: `rows` x
    `columns` of each accumulator are what a thread keeps in registers,
    `block_rows` x `block_columns` what a block computes, `depth` the elements
    of the sum that are in shared memory at a time. From sm_80 on, projections
    of f16 and bf16 with sums in f32 have `group` 2: warps compute `rows` x
    `columns` by matrix products. On sm_90a they have `group` 8, those of f8 with
    the sum innermost too: four warps compute that together. Projections of few
    rows get flat blocks. What takes the general path is left alone, with a remark
    that says why. For each projection whose sizes are known, a remark
    (`--remarks`) has a static estimate: what a tile reads and computes, how many blocks a
    multiprocessor takes, and bounds on the time, by computing and by memory, on
    the largest chip of the name.

    Before:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>) -> tensor<512x2752xf32>
    ```

    After:

    ```mlir
    %y = glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
           outs(%init : tensor<512x2752xf32>)
           attributes {glu.schedule = #glu.schedule<rows = 4, columns = 4,
             block_rows = 64, block_columns = 64, depth = 16>}
           -> tensor<512x2752xf32>
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"sm_80\"",
           "chip to choose for, as ptxas calls it">
  ];
  let dependentDialects = ["::glu::GLUDialect"];
}

def LaunchProjections : Pass<"glu-launch-projections"> {
  let summary = "Projections on memrefs become kernels";
  let description = [{
    Each `glu.gated_projection` and linalg contraction with a `glu.schedule`
    becomes one `gpu.launch`, with a block of threads for each tile of the
    result. Tiles of the input and of all weights go through shared memory; both
    accumulators stay in registers, for which the input is read once; biases,
    gating function and rounding follow there. With `group` 2, the sums are
    `mma.sync.m16n8k16`, operands come by `ldmatrix`, and three steps of them are
    in shared memory or on their way, by asynchronous copies. Elements beyond the edges are
    zeros that nobody stores. The loops may be any: several rows, columns, sums
    (convolutions), batches.

    A contraction starts from what is in its destination, or from zero in
    registers if that is a fill that only it sees. The elementwise operation
    that alone takes what it computes, next after it, is done with each sum
    before that is stored.

    With `group` 8, there are no more blocks than `multiprocessors`, which go from
    tile to tile; where tiles are few and sums long, blocks of a cluster share one
    instead. Four warps of each have TMA fill a ring of stages in shared
    memory, by maps that host code makes with the runtime; the others multiply by
    `wgmma`. Where TMA cannot take an operand (rows that are not multiples of 16
    bytes apart), the schedule is replaced by one of `group` 2, or 1 for f8, with a
    remark.

    Before:

    ```mlir
    glu.gated_projection silu gate(%x, %wg : ...) value(%x, %wv : ...)
        outs(%y : memref<512x2752xf32>) attributes {glu.schedule = ...}
    ```

    After:

    ```mlir
    gpu.launch blocks(...) in (%bx = %c344, ...)
               threads(...) in (%tx = %c256, ...)
               workgroup(%xs : memref<16x68xf32, ...>, %gs : ..., %vs : ...) {
      %sums:32 = scf.for %k = %c0 to %c1024 step %c16 iter_args(...) {
        ... // A tile of each to shared memory.
        gpu.barrier
        %s:32 = scf.for %kk = %c0 to %c16 step %c1 iter_args(...) {
          ... // 4 of x, 4 of wg, 4 of wv; 32 math.fma
        }
        gpu.barrier
        scf.yield %s#0, ...
      }
      ... // Gating, and a store where there is an element.
      gpu.terminator
    }
    ```
  }];
  let options = [
    Option<"multiprocessors", "multiprocessors", "int64_t", "132",
           "blocks of a kernel that goes from tile to tile">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::gpu::GPUDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::nvgpu::NVGPUDialect",
                           "::mlir::NVVM::NVVMDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def LaunchLoops : Pass<"glu-launch-loops", "::mlir::func::FuncOp"> {
  let summary = "Everything else that touches buffers becomes kernels";
  let description = [{
    The general path on GPUs. Outermost `scf.parallel` get a thread for each
    point; other code that touches buffers runs in a single thread; an element
    that decides what the host does is copied to it. Loops and branches around
    launches stay on the host.

    Before:

    ```mlir
    scf.parallel (%i, %j) = (%c0, %c0) to (%m, %c64) step (%c1, %c1) {
      %e = memref.load %x[%i, %j] : memref<?x64xf32>
      memref.store %e, %y[%i, %j] : memref<?x64xf32>
    }
    ```

    After:

    ```mlir
    %total = arith.muli %m, %c64 : index
    ...
    gpu.launch blocks(%bx, ...) in (...) threads(%tx, ...) in (%s = %c256, ...) {
      %p = ... // %bx * 256 + %tx
      %inside = arith.cmpi ult, %p, %total : index
      scf.if %inside {
        %j = arith.remui %p, %c64 : index
        %i = arith.divui %p, %c64 : index
        %e = memref.load %x[%i, %j] : memref<?x64xf32>
        memref.store %e, %y[%i, %j] : memref<?x64xf32>
      }
      gpu.terminator
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::gpu::GPUDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def MoveToDevice : Pass<"glu-move-to-device", "::mlir::func::FuncOp"> {
  let summary = "Buffers are memory of the GPU";
  let description = [{
    The host's allocations, copies and constants outside of kernels become those
    of the GPU. Arguments and results are memory of the GPU by convention; only
    `memref.alloca` is the host's.

    Before:

    ```mlir
    %b = memref.alloc() : memref<8x16xf32>
    memref.copy %x, %b : memref<8x16xf32> to memref<8x16xf32>
    ```

    After:

    ```mlir
    %b = gpu.alloc () : memref<8x16xf32>
    gpu.memcpy %b, %x : memref<8x16xf32>, memref<8x16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def LowerKernelMath
    : Pass<"glu-lower-kernel-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Functions that GPUs have instructions for";
  let description = [{
    Absolute values, square roots, roundings and the like, and `exp2` with
    `fastmath<afn>`, become intrinsics of LLVM's that are an instruction or a
    few; upstream's conversion would call libdevice. Other functions, of f32,
    become polynomials of upstream's, as far as `-glu-approximate-math` has left
    any. A failing assertion is a trap: the
    launch is an error. Control flow must be unstructured.

    Before:

    ```mlir
    %y = math.sqrt %x : f32
    ```

    After:

    ```mlir
    %y = llvm.call_intrinsic "llvm.sqrt"(%x) : (f32) -> f32
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def CheckKernels : Pass<"glu-check-kernels", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Kernels call nothing from outside";
  let description = [{
    A function that a kernel calls and that has no body would have to come from
    NVIDIA's libdevice, which nothing here needs: an error names it, in place of
    PTX that does not load. So is an instruction outside of all functions.
  }];
}

def FixClusterSizes : Pass<"glu-fix-cluster-sizes", "::mlir::ModuleOp"> {
  let summary = "Kernels know the size of their clusters";
  let description = [{
    A kernel of which all launches give the same constant numbers of blocks a
    cluster has has them as `nvvm.cluster_dim` (PTX: `.reqnctapercluster`), and is
    launched as one without clusters. Others are left as they are.

    Before:

    ```mlir
    gpu.launch_func @m::@k clusters in (%c2, %c1, %c1) blocks in (...) threads in (...)
    gpu.module @m {
      llvm.func @k() attributes {gpu.kernel, nvvm.kernel}
    ```

    After:

    ```mlir
    gpu.launch_func @m::@k blocks in (...) threads in (...)
    gpu.module @m {
      llvm.func @k() attributes {gpu.kernel, nvvm.cluster_dim = array<i32: 2, 1, 1>,
                                 nvvm.kernel}
    ```
  }];
}

def PassTensorMaps : Pass<"glu-pass-tensor-maps", "::mlir::ModuleOp"> {
  let summary = "Kernels take tensor maps by value";
  let description = [{
    The host knows a tensor map by its address; a kernel takes its 128 bytes, as
    CUDA's `__grid_constant__ const CUtensorMap`. Arguments of kernels that
    instructions use as tensor maps become so; launches load the bytes. Runs
    between the lowering of the kernels and that of the host's code.

    Before:

    ```mlir
    gpu.launch_func @m::@k blocks in (...) threads in (...) args(%map : !llvm.ptr)
    gpu.module @m {
      llvm.func @k(%map: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
        nvvm.cp.async.bulk.tensor.shared.cluster.global %s, %map, %b, box[%c, %c]
    ```

    After:

    ```mlir
    %bytes = llvm.load %map : !llvm.ptr -> !llvm.array<16 x i64>
    gpu.launch_func @m::@k blocks in (...) threads in (...) args(%bytes : !llvm.array<16 x i64>)
    gpu.module @m {
      llvm.func @k(%map: !llvm.ptr {llvm.align = 64, llvm.byval = !llvm.array<16 x i64>,
                                    nvvm.grid_constant}) ...
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // GLU_TRANSFORMS_LOWERTONVVMPASSES_TD
