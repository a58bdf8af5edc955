// From tensors to PTX in a gpu.binary, and host code in the LLVM dialect that
// launches it.

// RUN: glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-nvvm=chip=sm_90a | FileCheck %s

// CHECK: llvm.func @ffn
// CHECK: llvm.call @mgpuStreamCreate
// CHECK: llvm.call @mgpuMemAlloc
// CHECK: gpu.launch_func
// CHECK: llvm.func @_mlir_ciface_ffn
// CHECK: gpu.binary
// CHECK-SAME: chip = "sm_90a"
// CHECK-SAME: .version
// CHECK-SAME: .target sm_90a
// CHECK-SAME: .entry
// CHECK-SAME: fma.rn.f32

// Two kernels: the gated unit with both weights, and the down projection.
// RUN: glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-nvvm=chip=sm_70 \
// RUN:   --mlir-print-ir-after=glu-launch-projections --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s --check-prefix=KERNELS
// KERNELS: func.func @ffn
// KERNELS-COUNT-2: gpu.launch blocks
// KERNELS-NOT: gpu.launch blocks

// RUN: not glu-opt %S/../LowerToCPU/Inputs/ffn.mlir --glu-to-nvvm=chip=sm_12 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: error: glu-choose-blocks: no chip is called 'sm_12'
