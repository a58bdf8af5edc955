// RUN: glu-opt %s --glu-pass-tensor-maps --glu-emulate-kernels --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: llvm.func @f
// CHECK: %[[ARGUMENT:.*]] = llvm.alloca {{.*}} x !llvm.array<16 x i64> {alignment = 64
// CHECK: %[[BYTES:.*]] = llvm.load %arg2 : !llvm.ptr -> !llvm.array<16 x i64>
// CHECK: llvm.store %[[BYTES]], %[[ARGUMENT]]
// CHECK: llvm.call @mgpuLaunchKernel
module attributes {gpu.container_module} {
  llvm.func @f(%n: i64, %p: !llvm.ptr, %map: !llvm.ptr) {
    gpu.launch_func @m::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) : i64 args(%p : !llvm.ptr, %map : !llvm.ptr)
    llvm.return
  }
  gpu.module @m {
    llvm.mlir.global internal @a() {addr_space = 3 : i32} : !llvm.array<16 x i8>
    llvm.mlir.global external @d() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<0 x i8>
    // CHECK-LABEL: llvm.func internal @m.k(%arg0: !llvm.ptr, %arg1: !llvm.ptr) {
    llvm.func @k(%p: !llvm.ptr, %map: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel, nvvm.maxnreg = 168 : i32, nvvm.cluster_dim = array<i32: 2, 1, 1>} {
      %c0 = llvm.mlir.constant(0 : i32) : i32
      %c1 = llvm.mlir.constant(1 : i32) : i32
      %true = llvm.mlir.constant(true) : i1
      // CHECK: %[[MBARRIER:.*]] = llvm.call @glu_emulate_shared
      %s = llvm.mlir.addressof @a : !llvm.ptr<3>
      // Aligned to 16, and no better.
      // CHECK: %[[C16:.*]] = llvm.mlir.constant(16 : i64)
      // CHECK: %[[DYNAMIC:.*]] = llvm.call @glu_emulate_shared(%[[C16]])
      %d = llvm.mlir.addressof @d : !llvm.ptr<3>
      // With a predicate, in a block of its own.
      // CHECK: llvm.cond_br {{.*}}, ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
      // CHECK: ^[[THEN]]:
      // CHECK: llvm.call @glu_emulate_mbarrier_init(
      // CHECK-NEXT: llvm.br ^[[ELSE]]
      // CHECK: ^[[ELSE]]:
      nvvm.mbarrier.init %s, %c1, predicate = %true : !llvm.ptr<3>, i32, i1
      // CHECK: llvm.call @glu_emulate_mbarrier_fence()
      nvvm.fence.mbarrier.init
      // CHECK: llvm.call @glu_emulate_mbarrier_arrive(
      nvvm.mbarrier.arrive.expect_tx %s, %c0, predicate = %true : !llvm.ptr<3>, i32, i1
      // CHECK: %[[STATE:.*]] = llvm.call @glu_emulate_mbarrier_arrive(
      %state = nvvm.mbarrier.arrive %s : !llvm.ptr<3> -> i64
      // CHECK: %[[PARITY:.*]] = llvm.and %[[STATE]],
      // CHECK: llvm.call @glu_emulate_mbarrier_try_wait({{.*}}, %[[PARITY]], {{.*}}) : {{.*}} -> i1
      %w = nvvm.mbarrier.try_wait %s, %state : !llvm.ptr<3>, i64 -> i1
      // CHECK: llvm.call @glu_emulate_mbarrier_wait(
      nvvm.mbarrier.try_wait.parity %s, %c0, %c0 : !llvm.ptr<3>, i32, i32
      // CHECK: llvm.call @glu_emulate_bulk_load({{.*}}, %arg1,
      nvvm.cp.async.bulk.tensor.shared.cluster.global %d, %map, %s, box[%c0, %c0] predicate = %true : !llvm.ptr<3>, !llvm.ptr
      // CHECK: llvm.call @glu_emulate_fence_proxy()
      nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
      // CHECK: llvm.call @glu_emulate_bulk_store(%arg1,
      nvvm.cp.async.bulk.tensor.global.shared.cta %map, %d, box[%c0, %c0] : !llvm.ptr, !llvm.ptr<3>
      // CHECK: llvm.call @glu_emulate_bulk_commit()
      nvvm.cp.async.bulk.commit.group
      // CHECK: llvm.call @glu_emulate_bulk_wait(
      nvvm.cp.async.bulk.wait_group 0 {read}
      // CHECK: llvm.call @glu_emulate_elect(
      %e = nvvm.elect.sync -> i1
      // CHECK: llvm.call @glu_emulate_set_registers(
      nvvm.setmaxregister increase 232
      // CHECK: llvm.call @glu_emulate_stmatrix(
      nvvm.stmatrix %d, %c0, %c0 {layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>} : !llvm.ptr<3>, i32, i32
      // CHECK: llvm.call @glu_emulate_barrier(
      nvvm.barrier.arrive id = %c1 number_of_threads = %c0
      // CHECK: llvm.call @glu_emulate_cluster_arrive(
      nvvm.cluster.arrive
      // CHECK: llvm.call @glu_emulate_cluster_wait(
      nvvm.cluster.wait
      // CHECK: llvm.call @glu_emulate_map_address(
      %remote = nvvm.mapa %s, %c1 : !llvm.ptr<3> -> !llvm.ptr<7>
      // CHECK: llvm.call @glu_emulate_mbarrier_arrive(
      nvvm.mbarrier.arrive %remote : !llvm.ptr<7>
      llvm.return
    }
  }
  // Its clusters and registers.
  // CHECK: llvm.mlir.global internal constant @m.k.descriptor
  // CHECK-DAG: llvm.mlir.constant(2 : i32)
  // CHECK-DAG: llvm.mlir.constant(168 : i32)
}

// -----

// Accumulators keep their names until somebody needs a number.
gpu.module @m {
  llvm.mlir.global internal @a() {addr_space = 3 : i32} : !llvm.array<1024 x i8>
  // CHECK-LABEL: llvm.func internal @m.k(%arg0: !llvm.ptr) {
  llvm.func @k(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %s = llvm.mlir.addressof @a : !llvm.ptr<3>
    // CHECK: %[[ADDRESS:.*]] = llvm.call @glu_emulate_to_address({{.*}}) : (!llvm.ptr) -> i64
    // CHECK: llvm.trunc %[[ADDRESS]] : i64 to i32
    %address = llvm.ptrtoint %s : !llvm.ptr<3> to i32
    // CHECK: llvm.call @glu_emulate_from_address(
    %q = llvm.inttoptr %address : i32 to !llvm.ptr<3>
    %d = llvm.zext %address : i32 to i64
    %u = llvm.mlir.undef : !llvm.struct<(f32, f32, f32, f32)>
    // CHECK: llvm.call @glu_emulate_wgmma_fence()
    nvvm.wgmma.fence.aligned
    // CHECK: llvm.store {{.*}}, %[[BUFFER:.*]] {alignment = 4 : i64} : !llvm.struct<(f32, f32, f32, f32)>
    // CHECK: %[[COLUMNS:.*]] = llvm.mlir.constant(8 : i32)
    // CHECK: %[[BF16:.*]] = llvm.mlir.constant(1 : i32)
    // Transposed B, negated B, no input.
    // CHECK: %[[OPTIONS:.*]] = llvm.mlir.constant(26 : i32)
    // CHECK: llvm.call @glu_emulate_wgmma({{.*}}, %[[BUFFER]], %[[COLUMNS]], %[[BF16]], {{.*}}, %[[OPTIONS]],
    // CHECK: %[[NAMES:.*]] = llvm.load %[[BUFFER]]
    %r = nvvm.wgmma.mma_async %d, %d, %u, #nvvm.shape<m = 64, n = 8, k = 16>, D [<f32>, #nvvm.wgmma_scale_out<zero>], A [<bf16>, #nvvm.wgmma_scale_in<one>, <row>], B [<bf16>, #nvvm.wgmma_scale_in<neg>, <row>] : !llvm.struct<(f32,f32,f32,f32)> -> !llvm.struct<(f32,f32,f32,f32)>
    // CHECK-NOT: glu_emulate_accumulator
    // CHECK: llvm.br ^[[NEXT:.*]](%[[NAMES]]
    %first = llvm.extractvalue %r[1] : !llvm.struct<(f32,f32,f32,f32)>
    llvm.br ^next(%r, %first : !llvm.struct<(f32,f32,f32,f32)>, f32)
  ^next(%acc: !llvm.struct<(f32,f32,f32,f32)>, %x: f32):
    // CHECK: llvm.call @glu_emulate_wgmma_commit()
    nvvm.wgmma.commit.group.sync.aligned
    // CHECK: llvm.call @glu_emulate_wgmma_wait(
    nvvm.wgmma.wait.group.sync.aligned 0
    // CHECK: llvm.call @glu_emulate_accumulator(
    // CHECK-NOT: inline_asm
    // CHECK: llvm.call @glu_emulate_accumulator(
    %e = llvm.extractvalue %acc[0] : !llvm.struct<(f32,f32,f32,f32)>
    %guarded = llvm.inline_asm has_side_effects "", "=f,=f,0,1" %e, %x : (f32, f32) -> !llvm.struct<(f32, f32)>
    %y = llvm.extractvalue %guarded[0] : !llvm.struct<(f32, f32)>
    llvm.store %y, %p : f32, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @m {
  llvm.func @k(%d: i64, %u: !llvm.struct<(f32, f32, f32, f32)>, %p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %r = nvvm.wgmma.mma_async %d, %d, %u, #nvvm.shape<m = 64, n = 8, k = 16>, D [<f32>, #nvvm.wgmma_scale_out<one>], A [<f16>, #nvvm.wgmma_scale_in<one>, <row>], B [<f16>, #nvvm.wgmma_scale_in<one>, <col>] : !llvm.struct<(f32,f32,f32,f32)> -> !llvm.struct<(f32,f32,f32,f32)>
    // expected-error @below {{the emulator does not know 'llvm.store' of accumulators of wgmma}}
    llvm.store %r, %p : !llvm.struct<(f32, f32, f32, f32)>, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @m {
  llvm.func @k(%d: i64, %u: !llvm.struct<(f32, f32, f32, f32)>) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @below {{the emulator does not know 'nvvm.wgmma.mma_async', or not this form of it}}
    %r = nvvm.wgmma.mma_async %d, %d, %u, #nvvm.shape<m = 64, n = 8, k = 8>, D [<f32>, #nvvm.wgmma_scale_out<one>], A [<tf32>, #nvvm.wgmma_scale_in<one>, <row>], B [<tf32>, #nvvm.wgmma_scale_in<one>, <col>] : !llvm.struct<(f32,f32,f32,f32)> -> !llvm.struct<(f32,f32,f32,f32)>
    llvm.return
  }
}

// -----

gpu.module @m {
  llvm.func @k() attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @below {{the emulator does not know 'nvvm.fence.proxy', or not this form of it}}
    nvvm.fence.proxy {kind = #nvvm.proxy_kind<alias>}
    llvm.return
  }
}
