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

// -----

// Zeros that only the sum sees: it starts from them in registers.

// CHECK-LABEL: func.func @fromZero
// CHECK: %[[Y:.*]] = memref.alloc
// CHECK-NOT: linalg.fill
// CHECK: gpu.launch
// CHECK-NOT: memref.load %[[Y]]
// CHECK: memref.store {{.*}}, %[[Y]]
// CHECK: return
func.func @fromZero(%x: memref<16x8xf32>, %w: memref<8x8xf32>) -> memref<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return %y : memref<16x8xf32>
}

// -----

// Another number, a reader between, a view, an argument, a fill that is not
// always: the destination is read.

// CHECK-LABEL: func.func @one
// CHECK: linalg.fill
// CHECK: gpu.launch
// CHECK: memref.load %alloc
func.func @one(%x: memref<16x8xf32>, %w: memref<8x8xf32>) -> memref<16x8xf32> {
  %one = arith.constant 1.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  linalg.fill ins(%one : f32) outs(%y : memref<16x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return %y : memref<16x8xf32>
}

// CHECK-LABEL: func.func @between
// CHECK: linalg.fill
// CHECK: memref.copy
// CHECK: gpu.launch
// CHECK: memref.load %alloc
func.func @between(%x: memref<16x8xf32>, %w: memref<8x8xf32>, %z: memref<16x8xf32>) -> memref<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  memref.copy %y, %z : memref<16x8xf32> to memref<16x8xf32>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return %y : memref<16x8xf32>
}

// CHECK-LABEL: func.func @view
// CHECK: linalg.fill
// CHECK: gpu.launch
// CHECK: memref.load %alloc
func.func @view(%x: memref<16x8xf32>, %w: memref<8x8xf32>, %f: f32) -> memref<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %c = arith.constant 0 : index
  %y = memref.alloc() : memref<16x8xf32>
  %v = memref.subview %y[0, 0] [1, 8] [1, 1] : memref<16x8xf32> to memref<1x8xf32, strided<[8, 1]>>
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  memref.store %f, %v[%c, %c] : memref<1x8xf32, strided<[8, 1]>>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return %y : memref<16x8xf32>
}

// CHECK-LABEL: func.func @argument
// CHECK: linalg.fill
// CHECK: gpu.launch
// CHECK: memref.load %arg2
func.func @argument(%x: memref<16x8xf32>, %w: memref<8x8xf32>, %y: memref<16x8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return
}

// CHECK-LABEL: func.func @sometimes
// CHECK: linalg.fill
// CHECK: gpu.launch
// CHECK: memref.load %alloc
func.func @sometimes(%x: memref<16x8xf32>, %w: memref<8x8xf32>, %p: i1) -> memref<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  scf.if %p {
    linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  }
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  return %y : memref<16x8xf32>
}

// CHECK-LABEL: func.func @square
// CHECK: linalg.fill
// CHECK: gpu.launch
func.func @square(%w: memref<8x8xf32>) -> memref<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<8x8xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<8x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%y, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  return %y : memref<8x8xf32>
}

// -----

// What alone takes the sums is done with each before it is stored: here a bias
// of columns, a residual, and rounding, to a result that lies transposed.

// CHECK-LABEL: func.func @epilogue
// CHECK-SAME: %arg2: memref<8xf32>, %arg3: memref<16x8xf32>
// CHECK: %[[Z:.*]] = memref.alloc() : memref<8x16xbf16>
// CHECK-NOT: memref.alloc
// CHECK: gpu.launch
// CHECK: scf.if
// CHECK: %[[ROW:.*]] = arith.remui
// CHECK-DAG: %[[B:.*]] = memref.load %arg2[
// CHECK-DAG: %[[R:.*]] = memref.load %arg3[
// CHECK: arith.addf %{{.*}}, %[[B]] : f32
// CHECK: arith.addf %{{.*}}, %[[R]] : f32
// CHECK: arith.truncf
// CHECK: memref.store %{{.*}}, %[[Z]][
// CHECK: gpu.terminator
// CHECK-NOT: linalg.generic
// CHECK: return %[[Z]]
#mn = affine_map<(m, n) -> (m, n)>
#nm = affine_map<(m, n) -> (n, m)>
#n = affine_map<(m, n) -> (n)>
func.func @epilogue(%x: memref<16x8xf32>, %w: memref<8x8xf32>, %b: memref<8xf32>, %r: memref<16x8xf32>) -> memref<8x16xbf16> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  %z = memref.alloc() : memref<8x16xbf16>
  linalg.generic {indexing_maps = [#n, #mn, #mn, #nm], iterator_types = ["parallel", "parallel"]}
      ins(%b, %y, %r : memref<8xf32>, memref<16x8xf32>, memref<16x8xf32>) outs(%z : memref<8x16xbf16>) {
  ^bb0(%bias: f32, %sum: f32, %residual: f32, %o: bf16):
    %0 = arith.addf %sum, %bias : f32
    %1 = arith.addf %0, %residual : f32
    %2 = arith.truncf %1 : f32 to bf16
    linalg.yield %2 : bf16
  }
  memref.dealloc %y : memref<16x8xf32>
  return %z : memref<8x16xbf16>
}

// -----

// In place: elements are where the sums would be.

// CHECK-LABEL: func.func @inPlace
// CHECK: %[[Y:.*]] = memref.alloc
// CHECK: gpu.launch
// CHECK: arith.maximumf
// CHECK: memref.store %{{.*}}, %[[Y]][
// CHECK: gpu.terminator
// CHECK-NOT: linalg.generic
// CHECK: return %[[Y]]
#mn = affine_map<(m, n) -> (m, n)>
func.func @inPlace(%x: memref<16x8xf32>, %w: memref<8x8xf32>) -> memref<16x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<16x8xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<16x8xf32>)
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
  linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%y : memref<16x8xf32>) outs(%y : memref<16x8xf32>) {
  ^bb0(%sum: f32, %o: f32):
    %0 = arith.maximumf %sum, %zero : f32
    linalg.yield %0 : f32
  }
  return %y : memref<16x8xf32>
}

// -----

// Not where sums are used elsewhere too (@twice), where the result lies in an
// operand that other blocks still read (@overInput), where an element's place
// matters (@place), nor where sums are taken in another order (@transposed).

// CHECK-LABEL: func.func @twice
// CHECK: linalg.generic
// CHECK-LABEL: func.func @overInput
// CHECK: linalg.generic
// CHECK-LABEL: func.func @place
// CHECK: linalg.generic
// CHECK-LABEL: func.func @transposed
// CHECK: linalg.generic
#mn = affine_map<(m, n) -> (m, n)>
#nm = affine_map<(m, n) -> (n, m)>
func.func @twice(%x: memref<8x8xf32>, %w: memref<8x8xf32>) -> (memref<8x8xf32>, memref<8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<8x8xf32>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  %z = memref.alloc() : memref<8x8xf32>
  linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%y : memref<8x8xf32>) outs(%z : memref<8x8xf32>) {
  ^bb0(%sum: f32, %o: f32):
    %0 = arith.maximumf %sum, %zero : f32
    linalg.yield %0 : f32
  }
  return %y, %z : memref<8x8xf32>, memref<8x8xf32>
}
func.func @overInput(%x: memref<8x8xf32>, %w: memref<8x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<8x8xf32>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%y : memref<8x8xf32>) outs(%x : memref<8x8xf32>) {
  ^bb0(%sum: f32, %o: f32):
    %0 = arith.maximumf %sum, %zero : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %y : memref<8x8xf32>
  return
}
func.func @place(%x: memref<8x8xf32>, %w: memref<8x8xf32>) -> memref<8x8xindex> {
  %y = memref.alloc() : memref<8x8xf32>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  %z = memref.alloc() : memref<8x8xindex>
  linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%y : memref<8x8xf32>) outs(%z : memref<8x8xindex>) {
  ^bb0(%sum: f32, %o: index):
    %0 = linalg.index 0 : index
    linalg.yield %0 : index
  }
  memref.dealloc %y : memref<8x8xf32>
  return %z : memref<8x8xindex>
}
func.func @transposed(%x: memref<8x8xf32>, %w: memref<8x8xf32>) -> memref<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %y = memref.alloc() : memref<8x8xf32>
  linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
    ins(%x, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
  %z = memref.alloc() : memref<8x8xf32>
  linalg.generic {indexing_maps = [#nm, #mn], iterator_types = ["parallel", "parallel"]}
      ins(%y : memref<8x8xf32>) outs(%z : memref<8x8xf32>) {
  ^bb0(%sum: f32, %o: f32):
    %0 = arith.maximumf %sum, %zero : f32
    linalg.yield %0 : f32
  }
  memref.dealloc %y : memref<8x8xf32>
  return %z : memref<8x8xf32>
}

// -----

// What lies outside of a loop may be what the next turn reads.

// CHECK-LABEL: func.func @outside
// CHECK: gpu.launch
// CHECK: linalg.generic
#mn = affine_map<(m, n) -> (m, n)>
func.func @outside(%x: memref<8x8xf32>, %w: memref<8x8xf32>, %n: index) -> memref<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %z = memref.alloc() : memref<8x8xf32>
  %last = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (memref<8x8xf32>) {
    %y = memref.alloc() : memref<8x8xf32>
    linalg.fill ins(%zero : f32) outs(%y : memref<8x8xf32>)
    linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
      ins(%a, %w : memref<8x8xf32>, memref<8x8xf32>) outs(%y : memref<8x8xf32>)
    linalg.generic {indexing_maps = [#mn, #mn], iterator_types = ["parallel", "parallel"]}
        ins(%y : memref<8x8xf32>) outs(%z : memref<8x8xf32>) {
    ^bb0(%sum: f32, %o: f32):
      %0 = arith.maximumf %sum, %zero : f32
      linalg.yield %0 : f32
    }
    memref.dealloc %y : memref<8x8xf32>
    scf.yield %z : memref<8x8xf32>
  }
  return %last : memref<8x8xf32>
}

// -----

func.func @tooMuch(%x: memref<?x64xf32>, %w: memref<64x72xf32>, %y: memref<?x72xf32>) {
  // expected-error @below {{has a schedule of 8589934592 elements in shared memory at a time; GPUs have at most 232448 bytes}}
  linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 1, block_rows = 4294967296, block_columns = 4294967296>}
    ins(%x, %w : memref<?x64xf32>, memref<64x72xf32>) outs(%y : memref<?x72xf32>)
  return
}
