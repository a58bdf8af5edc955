// RUN: glu-opt %s --glu-launch-projections=multiprocessors=20 --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-launch-projections --split-input-file --remark-format=emitRemark --remarks-filter=glu -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A map each for the input, two weights and the result; the columns of %wg are
// innermost, of %wv the sum. The result is bf16: boxes of 64 x 64.
// CHECK-LABEL: func.func @gated
// CHECK-DAG: %[[CODE:.*]] = arith.constant 9 : i64
// CHECK-DAG: %[[SWIZZLE:.*]] = arith.constant 3 : i64
// CHECK-COUNT-4: llvm.call @mgpuTensorMap(
// CHECK: arith.minui
// CHECK: gpu.launch
// CHECK-SAME: dynamic_shared_memory_size
// CHECK: gpu.dynamic_shared_memory
// Four stages: one arrival says that bytes come, eight warps that they are used.
// CHECK-COUNT-8: nvvm.mbarrier.init
// CHECK-NOT: nvvm.mbarrier.init
// CHECK: nvvm.fence.mbarrier.init
// CHECK: gpu.barrier
// The producer: three tiles, the one of %wg in two boxes.
// CHECK: nvvm.setmaxregister decrease 40
// CHECK: scf.for
// CHECK: scf.for
// CHECK: nvvm.mbarrier.try_wait.parity
// CHECK: nvvm.mbarrier.arrive.expect_tx
// CHECK-COUNT-4: nvvm.cp.async.bulk.tensor.shared.cluster.global
// CHECK-NOT: nvvm.cp.async.bulk.tensor.shared.cluster.global
// A consumer: eight products are a group, and the one before is done.
// CHECK: nvvm.setmaxregister increase 232
// CHECK: scf.for
// CHECK: scf.for
// CHECK: nvvm.mbarrier.try_wait.parity
// CHECK: nvvm.wgmma.fence.aligned
// CHECK: nvvm.wgmma.mma_async {{.*}}<m = 64, n = 128, k = 16>{{.*}}A[<bf16>, <one>, <row>], B[<bf16>, <one>, <row>]
// CHECK: nvvm.wgmma.mma_async {{.*}}A[<bf16>, <one>, <row>], B[<bf16>, <one>, <col>]
// CHECK-COUNT-6: nvvm.wgmma.mma_async
// CHECK-NOT: nvvm.wgmma.mma_async
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// CHECK: nvvm.wgmma.wait.group.sync.aligned 1
// CHECK: nvvm.mbarrier.arrive
// CHECK: nvvm.wgmma.wait.group.sync.aligned 0
// CHECK: nvvm.mbarrier.arrive
// Nothing reads a sum before that.
// CHECK-COUNT-2: llvm.inline_asm has_side_effects "", "=f,
// CHECK: math.exp
// CHECK: nvvm.cp.async.bulk.wait_group 1 {read}
// CHECK: nvvm.barrier id
// CHECK-COUNT-4: nvvm.stmatrix
// CHECK: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>
// CHECK: nvvm.barrier id
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: nvvm.cp.async.bulk.commit.group
// CHECK: nvvm.cp.async.bulk.wait_group 0{{$}}
// REMARK-NOT: mma.sync
func.func @gated(%x: memref<?x136xbf16>, %wg: memref<136x264xbf16>, %wv: memref<264x136xbf16>, %y: memref<?x264xbf16>) {
  glu.gated_projection silu gate(%x, %wg : memref<?x136xbf16>, memref<136x264xbf16>)
    value(%x, %wv : memref<?x136xbf16>, memref<264x136xbf16>) outs(%y : memref<?x264xbf16>)
    attributes {glu.schedule = #glu.schedule<rows = 64, columns = 128, block_rows = 128, block_columns = 128, group = 8, depth = 64>,
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, n)>]}
  return
}

// -----

// Every other row is a stride, half of a tensor an offset; a result of f32 goes
// element by element, to what is there.
// CHECK-LABEL: func.func @views
// CHECK-COUNT-2: llvm.call @mgpuTensorMap(
// CHECK-NOT: llvm.call @mgpuTensorMap(
// CHECK: nvvm.wgmma.mma_async {{.*}}<m = 64, n = 256, k = 16>
// CHECK: memref.load %arg2
// CHECK: memref.store {{.*}}, %arg2
func.func @views(%x: memref<72x64xf16, strided<[128, 1], offset: 64>>, %w: memref<64x264xf16, strided<[528, 1], offset: 264>>, %y: memref<72x264xf32>) {
  linalg.matmul {glu.schedule = #glu.schedule<rows = 64, columns = 256, block_rows = 128, block_columns = 256, group = 8, depth = 64>}
    ins(%x, %w : memref<72x64xf16, strided<[128, 1], offset: 64>>, memref<64x264xf16, strided<[528, 1], offset: 264>>)
    outs(%y : memref<72x264xf32>)
  return
}

// -----

// A row of 132 elements is no multiple of 16 bytes.
// CHECK-LABEL: func.func @unaligned
// CHECK-NOT: wgmma
// CHECK: nvvm.mma.sync
// REMARK: remark: {{.*}}takes mma.sync instead of wgmma: it has an operand whose rows are not multiples of 16 bytes apart
func.func @unaligned(%x: memref<72x132xf16>, %w: memref<132x264xf16>, %y: memref<72x264xf32>) {
  linalg.matmul {glu.schedule = #glu.schedule<rows = 64, columns = 256, block_rows = 128, block_columns = 256, group = 8, depth = 64>}
    ins(%x, %w : memref<72x132xf16>, memref<132x264xf16>) outs(%y : memref<72x264xf32>)
  return
}

// -----

// Columns in turns are not beside each other in memory.
// CHECK-LABEL: func.func @apart
// CHECK-NOT: wgmma
// CHECK: nvvm.mma.sync
// REMARK: remark: {{.*}}it has an operand whose innermost elements lie apart
func.func @apart(%x: memref<72x64xf16>, %w: memref<64x264xf16, strided<[528, 2]>>, %y: memref<72x264xf32>) {
  linalg.matmul {glu.schedule = #glu.schedule<rows = 64, columns = 256, block_rows = 128, block_columns = 256, group = 8, depth = 64>}
    ins(%x, %w : memref<72x64xf16>, memref<64x264xf16, strided<[528, 2]>>) outs(%y : memref<72x264xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @tooWide
// CHECK-NOT: wgmma
// REMARK: remark: {{.*}}it has a tile that is neither 64 or 128 rows by 64 to 256 columns of all products together, in steps of 64, nor 8 to 56 rows, in steps of 8, by 64 or 128 columns; and 128 bytes of the sum
func.func @tooWide(%x: memref<72x64xf16>, %w: memref<64x264xf16>, %y: memref<72x264xf32>) {
  linalg.matmul {glu.schedule = #glu.schedule<rows = 64, columns = 96, block_rows = 128, block_columns = 96, group = 8, depth = 64>}
    ins(%x, %w : memref<72x64xf16>, memref<64x264xf16>) outs(%y : memref<72x264xf32>)
  return
}

// -----

// f8: 128 elements of the sum a step, in four products of 32; the two weights
// may be of either type. Their map is that of bytes.

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @f8
// CHECK-DAG: %[[BYTE:.*]] = arith.constant 0 : i64
// CHECK: llvm.call @mgpuTensorMap(%{{.*}}, %[[BYTE]],
// CHECK: nvvm.wgmma.mma_async {{.*}}<m = 64, n = 64, k = 32>{{.*}}A[<e4m3>, <one>, <row>], B[<e4m3>, <one>, <col>]
// CHECK: nvvm.wgmma.mma_async {{.*}}A[<e4m3>, <one>, <row>], B[<e5m2>, <one>, <col>]
// CHECK-COUNT-6: nvvm.wgmma.mma_async
// CHECK-NOT: nvvm.wgmma.mma_async
func.func @f8(%x: memref<64x272xf8E4M3FN>, %wg: memref<64x272xf8E4M3FN>, %wv: memref<64x272xf8E5M2>, %y: memref<64x64xbf16>) {
  glu.gated_projection silu gate(%x, %wg : memref<64x272xf8E4M3FN>, memref<64x272xf8E4M3FN>)
    value(%x, %wv : memref<64x272xf8E4M3FN>, memref<64x272xf8E5M2>)
    outs(%y : memref<64x64xbf16>) attributes {glu.schedule = #glu.schedule<rows = 64, columns = 64, block_rows = 64, block_columns = 64, group = 8, depth = 128>, indexing_maps = [#mk, #nk, #mk, #nk, #mn]}
  return
}

// -----

// Rows of 264 bytes are no multiples of 16, and columns innermost are nothing
// for f8: threads multiply.

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @f8Unaligned
// CHECK-NOT: nvvm.wgmma
// CHECK-NOT: nvvm.mma
// CHECK-LABEL: func.func @f8Columns
// CHECK-NOT: nvvm.wgmma
// CHECK-NOT: nvvm.mma
// REMARK: takes multiply-adds instead of wgmma: it has an operand whose rows are not multiples of 16 bytes apart
// REMARK: takes multiply-adds instead of wgmma: it has operands of f8 whose sum is not innermost
func.func @f8Unaligned(%x: memref<64x264xf8E4M3FN>, %w: memref<64x264xf8E4M3FN>, %y: memref<64x64xbf16>) {
  glu.gated_projection silu gate(%x, %w : memref<64x264xf8E4M3FN>, memref<64x264xf8E4M3FN>)
    value(%x, %w : memref<64x264xf8E4M3FN>, memref<64x264xf8E4M3FN>)
    outs(%y : memref<64x64xbf16>) attributes {glu.schedule = #glu.schedule<rows = 64, columns = 64, block_rows = 64, block_columns = 64, group = 8, depth = 128>, indexing_maps = [#mk, #nk, #mk, #nk, #mn]}
  return
}
func.func @f8Columns(%x: memref<64x272xf8E4M3FN>, %w: memref<272x64xf8E4M3FN>, %y: memref<64x64xbf16>) {
  glu.gated_projection silu gate(%x, %w : memref<64x272xf8E4M3FN>, memref<272x64xf8E4M3FN>)
    value(%x, %w : memref<64x272xf8E4M3FN>, memref<272x64xf8E4M3FN>)
    outs(%y : memref<64x64xbf16>) attributes {glu.schedule = #glu.schedule<rows = 64, columns = 64, block_rows = 64, block_columns = 64, group = 8, depth = 128>}
  return
}

// -----

// Few rows: the weights are A, of which each group has 64 columns, and the rows
// are columns of the instruction. What a thread has of the result is written
// transposed, and a box has as many rows.

// CHECK-LABEL: func.func @few
// CHECK: nvvm.wgmma.mma_async {{.*}}<m = 64, n = 24, k = 16>{{.*}}A[<bf16>, <one>, <col>], B[<bf16>, <one>, <col>]
// CHECK-COUNT-7: nvvm.wgmma.mma_async
// CHECK-NOT: nvvm.wgmma.mma_async
// CHECK: nvvm.stmatrix %{{.*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}} {eltType = #nvvm.ld_st_matrix_elt_type<b16>, layout = #nvvm.mma_layout<col>
// CHECK: nvvm.stmatrix %{{.*}}, %{{[^,]*}}, %{{[^,]*}} {eltType = #nvvm.ld_st_matrix_elt_type<b16>, layout = #nvvm.mma_layout<col>
// CHECK-NOT: nvvm.stmatrix
func.func @few(%x: memref<20x136xbf16>, %wg: memref<136x264xbf16>, %wv: memref<136x264xbf16>, %y: memref<20x264xbf16>) {
  glu.gated_projection silu gate(%x, %wg : memref<20x136xbf16>, memref<136x264xbf16>)
    value(%x, %wv : memref<20x136xbf16>, memref<136x264xbf16>)
    outs(%y : memref<20x264xbf16>) attributes {glu.schedule = #glu.schedule<rows = 24, columns = 64, block_rows = 24, block_columns = 128, group = 8, depth = 64>}
  return
}

// -----

// CHECK-LABEL: func.func @fewTransposed
// CHECK-NOT: wgmma
// CHECK: nvvm.mma.sync
// REMARK: it has few rows whose sum is not innermost
func.func @fewTransposed(%x: memref<136x24xbf16>, %w: memref<136x264xbf16>, %y: memref<24x264xbf16>) {
  linalg.contract indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    {glu.schedule = #glu.schedule<rows = 24, columns = 64, block_rows = 24, block_columns = 128, group = 8, depth = 64>}
    ins(%x, %w : memref<136x24xbf16>, memref<136x264xbf16>) outs(%y : memref<24x264xbf16>)
  return
}

// -----

// One tile for twenty multiprocessors, 40 steps: four blocks of a cluster take
// ten each. The first adds what the others bring, when all have arrived.

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @split
// CHECK: %[[BLOCKS:.*]] = arith.constant 4 : index
// CHECK: gpu.launch clusters({{.*}}) in ({{.*}}) blocks(%[[BLOCK:[^,]*]], {{.*}})
// CHECK: nvvm.cluster.arrive{{$}}
// CHECK: nvvm.cluster.wait{{$}}
// CHECK: %[[RANK:.*]] = arith.remui %[[BLOCK]], %{{.*}} : index
// CHECK: %[[FIRST:.*]] = arith.muli %[[RANK]], %{{.*}} : index
// CHECK: %[[LAST:.*]] = arith.minui %{{.*}}, %{{.*}} : index
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[LAST]]
// CHECK: nvvm.cp.async.bulk.tensor
// CHECK: nvvm.cluster.arrive{{$}}
// CHECK: scf.for %{{.*}} = %[[FIRST]] to %[[LAST]]
// CHECK: nvvm.wgmma.mma_async
// CHECK: arith.cmpi ne, %[[RANK]]
// CHECK: nvvm.mapa
// CHECK: llvm.store %{{.*}} : f32, !llvm.ptr<7>
// CHECK: nvvm.cluster.arrive{{$}}
// CHECK-NEXT: nvvm.cluster.wait{{$}}
// CHECK: llvm.load %{{.*}} : !llvm.ptr<3> -> f32
// CHECK: arith.addf
func.func @split(%x: memref<8x2560xbf16>, %w: memref<64x2560xbf16>, %y: memref<8x64xbf16>) {
  glu.gated_projection silu gate(%x, %w : memref<8x2560xbf16>, memref<64x2560xbf16>)
    value(%x, %w : memref<8x2560xbf16>, memref<64x2560xbf16>)
    outs(%y : memref<8x64xbf16>) attributes {glu.schedule = #glu.schedule<rows = 8, columns = 64, block_rows = 8, block_columns = 64, group = 8, depth = 64>, indexing_maps = [#mk, #nk, #mk, #nk, #mn]}
  return
}
