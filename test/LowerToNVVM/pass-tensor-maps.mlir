// RUN: glu-opt %s --glu-pass-tensor-maps | FileCheck %s
// RUN: glu-opt %s --glu-pass-tensor-maps --convert-nvvm-to-llvm --gpu-module-to-binary=format=isa | FileCheck %s --check-prefix=PTX

// A memref in front is many arguments of the kernel.
// CHECK-LABEL: func.func @f
// CHECK: %[[A:.*]] = llvm.load %arg0 : !llvm.ptr -> !llvm.array<16 x i64>
// CHECK: %[[B:.*]] = llvm.load %arg1 : !llvm.ptr -> !llvm.array<16 x i64>
// CHECK: args(%arg2 : memref<4x4xf32>, %[[A]] : !llvm.array<16 x i64>, %[[B]] : !llvm.array<16 x i64>, %arg3 : !llvm.ptr)
module attributes {gpu.container_module} {
  func.func @f(%a: !llvm.ptr, %b: !llvm.ptr, %m: memref<4x4xf32>, %p: !llvm.ptr) {
    %n = arith.constant 1 : index
    gpu.launch_func @m::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) args(%m : memref<4x4xf32>, %a : !llvm.ptr, %b : !llvm.ptr, %p : !llvm.ptr)
    return
  }
  gpu.module @m [#nvvm.target<chip = "sm_90a", features = "+ptx80">] {
    // CHECK: llvm.func @k({{.*}}, %arg6: i64, %arg7: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<16 x i64>, nvvm.grid_constant}, %arg8: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<16 x i64>, nvvm.grid_constant}, %arg9: !llvm.ptr)
    llvm.func @k(%m0: !llvm.ptr, %m1: !llvm.ptr, %m2: i64, %m3: i64, %m4: i64, %m5: i64, %m6: i64, %a: !llvm.ptr, %b: !llvm.ptr, %p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      %c = llvm.mlir.constant(0 : i32) : i32
      %s = llvm.inttoptr %c : i32 to !llvm.ptr<3>
      // PTX: .param .align 64 .b8 k_param_7[128]
      // PTX: cvta.param.u64
      // PTX: cp.async.bulk.tensor.2d.shared::cluster.global
      %t = llvm.addrspacecast %s : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %t, %a, %s, box[%c, %c] : !llvm.ptr<7>, !llvm.ptr
      nvvm.cp.async.bulk.tensor.global.shared.cta %b, %s, box[%c, %c] : !llvm.ptr, !llvm.ptr<3>
      llvm.store %c, %p : i32, !llvm.ptr
      llvm.return
    }
  }
}
