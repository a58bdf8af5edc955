// RUN: glu-opt %s --glu-emulate-kernels --split-input-file --verify-diagnostics | FileCheck %s

module attributes {gpu.container_module} {
  // CHECK-DAG: llvm.mlir.global internal constant @m.sites.0("{{.*}}emulate-kernels.mlir:{{.*}}\00")
  // CHECK-DAG: llvm.func @mgpuLaunchKernel(

  // CHECK-LABEL: llvm.func @f
  // CHECK: %[[ARGUMENT:.*]] = llvm.alloca {{.*}} x !llvm.ptr
  // CHECK: %[[KERNEL:.*]] = llvm.mlir.addressof @m.k.descriptor
  // CHECK: llvm.call @mgpuLaunchKernel(%[[KERNEL]], %arg1, %arg1, %arg1, %arg1, %arg1, %arg1,
  // CHECK-NOT: gpu.launch_func
  llvm.func @f(%p: !llvm.ptr, %n: i64) {
    gpu.launch_func @m::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64 args(%p : !llvm.ptr)
    llvm.return
  }
  // CHECK-NOT: gpu.module
  gpu.module @m {
    llvm.mlir.global internal @a() {addr_space = 3 : i32} : !llvm.array<3 x f32>
    llvm.mlir.global internal @b() {addr_space = 3 : i32} : !llvm.array<16 x f32>
    // CHECK-LABEL: llvm.func internal @m.k(%arg0: !llvm.ptr) {
    // CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i32)
    // CHECK: %[[T:.*]] = llvm.call @glu_emulate_special(%[[ZERO]]) : (i32) -> i32
    // The second buffer in shared memory.
    // CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(128 : i64)
    // CHECK: %[[S:.*]] = llvm.call @glu_emulate_shared(%[[OFFSET]]) : (i64) -> !llvm.ptr<3>
    // CHECK: %[[G:.*]] = llvm.addrspacecast %[[S]] : !llvm.ptr<3> to !llvm.ptr
    // CHECK: llvm.call @glu_emulate_access(%[[G]],
    // CHECK-NEXT: llvm.store %[[T]], %[[S]]
    // CHECK: llvm.call @glu_emulate_barrier
    // CHECK: llvm.call @glu_emulate_access(%arg0,
    // CHECK-NEXT: llvm.load %arg0
    // CHECK: llvm.call @m.helper
    // CHECK: llvm.call @glu_emulate_trap
    llvm.func @k(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      %t = nvvm.read.ptx.sreg.tid.x : i32
      %s = llvm.mlir.addressof @b : !llvm.ptr<3>
      llvm.store %t, %s : i32, !llvm.ptr<3>
      nvvm.barrier0
      %l = llvm.load %p : !llvm.ptr -> i32
      llvm.call @helper(%l) : (i32) -> ()
      "llvm.intr.trap"() : () -> ()
      llvm.return
    }
    // CHECK-LABEL: llvm.func internal @m.k.entry(%arg0: !llvm.ptr)
    // CHECK: %[[PLACE:.*]] = llvm.load
    // CHECK: %[[P:.*]] = llvm.load %[[PLACE]]
    // CHECK: llvm.call @m.k(%[[P]])
    llvm.func @helper(%x: i32) {
      llvm.return
    }
  }
  // CHECK: llvm.mlir.global internal constant @m.k.descriptor
}

// -----

gpu.module @m {
  llvm.func @k(%x: i32) attributes {nvvm.kernel} {
    // expected-error @below {{the emulator does not know 'nvvm.read.ptx.sreg.clock'}}
    %t = nvvm.read.ptx.sreg.clock : i32
    llvm.return
  }
}

// -----

gpu.module @m {
  llvm.func @k(%x: f32) attributes {nvvm.kernel} {
    // expected-error @below {{the emulator does not know 'llvm.nvvm.ex2.approx.ftz.f'}}
    %t = llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"(%x) : (f32) -> f32
    llvm.return
  }
}

// -----

gpu.module @m {
  llvm.func @k() attributes {nvvm.kernel} {
    // expected-error @below {{the emulator does not know 'llvm.inline_asm'}}
    llvm.inline_asm has_side_effects "nanosleep.u32 1;", "" : () -> ()
    llvm.return
  }
}
