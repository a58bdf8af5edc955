// RUN: glu-opt %s --glu-launch-projections --split-input-file --verify-diagnostics | FileCheck %s

// Both accumulators by one read of the input: of 4 x 2 elements, two by three
// tiles in shared memory.
// CHECK-LABEL: func.func @simt
// CHECK: gpu.launch blocks(%[[B:[a-z0-9_]+]], {{.*}} threads(%[[T:[a-z0-9_]+]],
// CHECK-SAME: workgroup(%[[X:.*]] : memref<8x20xf32, #gpu.address_space<workgroup>>, %[[G:.*]] : memref<8x12xf32, {{.*}}>, %[[V:.*]] : memref<8x12xf32, {{.*}}>)
// CHECK: scf.for {{.*}} -> (f32, f32, f32, f32)
// Outside of the matrix is zero.
// CHECK: scf.if {{.*}} -> (f32)
// CHECK: memref.load %arg0
// CHECK: else
// CHECK: memref.store {{.*}}, %[[X]]
// CHECK: memref.store {{.*}}, %[[G]]
// CHECK: memref.store {{.*}}, %[[V]]
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK-COUNT-2: memref.load %[[X]]
// CHECK-NOT: memref.load %[[X]]
// CHECK: memref.load %[[G]]
// CHECK-COUNT-2: math.fma
// CHECK: memref.load %[[V]]
// CHECK-COUNT-2: math.fma
// CHECK-NOT: math.fma
// CHECK: gpu.barrier
// Two elements, if they are there.
// CHECK: scf.if
// CHECK: math.exp
// CHECK: memref.store {{.*}}, %arg3
// CHECK: scf.if
// CHECK: math.exp
// CHECK: memref.store {{.*}}, %arg3
// CHECK: gpu.terminator
// CHECK-NOT: glu.gated_projection
func.func @simt(%x: memref<?x40xf32>, %wg: memref<40x70xf32>, %wv: memref<40x70xf32>, %y: memref<?x70xf32>) {
  glu.gated_projection silu gate(%x, %wg : memref<?x40xf32>, memref<40x70xf32>)
    value(%x, %wv : memref<?x40xf32>, memref<40x70xf32>) outs(%y : memref<?x70xf32>)
    attributes {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
  return
}

// -----

// Copies of 16 bytes that nobody waits for at once, three steps in shared memory;
// the columns of %wg are innermost, so it is transposed on the way to registers.
// CHECK-LABEL: func.func @mma
// CHECK: workgroup(%[[X:.*]] : memref<3x32x32xbf16, {{.*}}>, %[[G:.*]] : memref<3x32x16xbf16, {{.*}}>, %[[V:.*]] : memref<3x16x32xbf16, {{.*}}>)
// CHECK: nvgpu.device_async_copy %arg0{{.*}}, %[[X]]{{.*}}, 8, %{{.*}} {bypassL1}
// CHECK: nvgpu.device_async_create_group
// CHECK: nvgpu.device_async_create_group
// CHECK: scf.for
// CHECK: nvgpu.device_async_wait {{.*}} {numGroups = 1 : i32}
// CHECK-NEXT: gpu.barrier
// CHECK: nvgpu.device_async_create_group
// CHECK: nvgpu.ldmatrix %[[X]]{{.*}} {numTiles = 4 : i32, transpose = false}
// CHECK: nvgpu.ldmatrix %[[G]]{{.*}} {numTiles = 4 : i32, transpose = true}
// CHECK: nvvm.mma.sync
// CHECK-SAME: multiplicandAPtxType = #nvvm.mma_type<bf16>
// CHECK: nvgpu.ldmatrix %[[V]]{{.*}} {numTiles = 4 : i32, transpose = false}
// CHECK: nvvm.mma.sync
// CHECK: nvgpu.device_async_wait {{.*}} {numGroups = 0 : i32}
func.func @mma(%x: memref<?x64xbf16>, %wg: memref<64x72xbf16>, %wv: memref<72x64xbf16>, %y: memref<?x72xf32>) {
  glu.gated_projection silu gate(%x, %wg : memref<?x64xbf16>, memref<64x72xbf16>)
    value(%x, %wv : memref<?x64xbf16>, memref<72x64xbf16>) outs(%y : memref<?x72xf32>)
    attributes {glu.schedule = #glu.schedule<rows = 16, columns = 16, block_rows = 32, block_columns = 16, group = 2, depth = 32>,
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, n)>]}
  return
}

// -----

// Rows of 63 elements begin anywhere: no copies of 16 bytes.
// CHECK-LABEL: func.func @unaligned
// CHECK-NOT: nvgpu.device_async_copy %arg0
// CHECK: nvgpu.device_async_copy %arg1
// CHECK-NOT: nvgpu.device_async_copy %arg0
func.func @unaligned(%x: memref<?x63xf16>, %w: memref<63x72xf16>, %y: memref<?x72xf32>) {
  linalg.matmul {glu.schedule = #glu.schedule<rows = 16, columns = 16, block_rows = 32, block_columns = 16, group = 2, depth = 32>}
    ins(%x, %w : memref<?x63xf16>, memref<63x72xf16>) outs(%y : memref<?x72xf32>)
  return
}

// -----

func.func @floats(%x: memref<?x64xf32>, %w: memref<64x72xf32>, %y: memref<?x72xf32>) {
  // expected-error @below {{has a schedule that takes matrix products (group = 2), which are of f16 or bf16 with sums in f32}}
  linalg.matmul {glu.schedule = #glu.schedule<rows = 16, columns = 16, block_rows = 32, block_columns = 16, group = 2, depth = 32>}
    ins(%x, %w : memref<?x64xf32>, memref<64x72xf32>) outs(%y : memref<?x72xf32>)
  return
}

// -----

func.func @small(%x: memref<?x64xf16>, %w: memref<64x72xf16>, %y: memref<?x72xf32>) {
  // expected-error @below {{for which rows, columns and depth are multiples of 16}}
  linalg.matmul {glu.schedule = #glu.schedule<rows = 16, columns = 8, block_rows = 32, block_columns = 16, group = 2, depth = 32>}
    ins(%x, %w : memref<?x64xf16>, memref<64x72xf16>) outs(%y : memref<?x72xf32>)
  return
}

// -----

func.func @threads(%x: memref<?x64xf32>, %w: memref<64x72xf32>, %y: memref<?x72xf32>) {
  // expected-error @below {{has a schedule of 4096 threads a block; GPUs have at most 1024}}
  linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 1, block_rows = 64, block_columns = 64>}
    ins(%x, %w : memref<?x64xf32>, memref<64x72xf32>) outs(%y : memref<?x72xf32>)
  return
}

// -----

#s = #glu.schedule<rows = 1, columns = 64, block_rows = 1, block_columns = 64>
func.func @elementwise(%x: memref<64xf32>, %y: memref<64xf32>) {
  // expected-error @below {{has a 'glu.schedule' but is no contraction}}
  linalg.exp {glu.schedule = #s} ins(%x : memref<64xf32>) outs(%y : memref<64xf32>)
  return
}
