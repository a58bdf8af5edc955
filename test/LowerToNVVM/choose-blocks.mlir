// RUN: glu-opt %s --glu-choose-blocks=chip=sm_75 | FileCheck %s --check-prefixes=CHECK,OLD
// RUN: glu-opt %s --glu-choose-blocks=chip=sm_90 | FileCheck %s --check-prefixes=CHECK,NEW
// RUN: glu-opt %s --glu-choose-blocks=chip=sm_90a | FileCheck %s --check-prefixes=CHECK,HOPPER
// RUN: glu-opt %s --glu-choose-blocks=chip=sm_90a --remark-format=emitRemark --remarks-filter=glu -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: not glu-opt %s --glu-choose-blocks=chip=sm_1 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: glu-choose-blocks: no chip is called 'sm_1'; known are sm_70, {{.*}}sm_90a

// Sums of f32 are those of threads on every chip.
// REMARK: a tile: 16.78 MFLOP, 768 KB read, 16 KB written, 65536 cycles of products, 512 of special functions; a block: 256 threads, 12.75 KB of shared memory, 2 on a multiprocessor; all: 344 tiles in 2 waves, at least 108.3 us of computing and 9.038 us of memory
// CHECK-LABEL: @f32
// CHECK: #glu.schedule<rows = 4, columns = 4, block_rows = 64, block_columns = 64, depth = 16>
func.func @f32(%x: tensor<512x1024xf32>, %w: tensor<1024x2752xf32>, %y: tensor<512x2752xf32>) -> tensor<512x2752xf32> {
  %r = glu.gated_projection silu gate(%x, %w : tensor<512x1024xf32>, tensor<1024x2752xf32>)
         value(%x, %w : tensor<512x1024xf32>, tensor<1024x2752xf32>)
         outs(%y : tensor<512x2752xf32>) -> tensor<512x2752xf32>
  return %r : tensor<512x2752xf32>
}

// A matmul has room for more columns.
// CHECK-LABEL: @matmul
// CHECK: #glu.schedule<rows = 4, columns = 8, block_rows = 64, block_columns = 128, depth = 16>
func.func @matmul(%x: tensor<512x1024xf32>, %w: tensor<1024x2752xf32>, %y: tensor<512x2752xf32>) -> tensor<512x2752xf32> {
  %r = linalg.matmul ins(%x, %w : tensor<512x1024xf32>, tensor<1024x2752xf32>)
         outs(%y : tensor<512x2752xf32>) -> tensor<512x2752xf32>
  return %r : tensor<512x2752xf32>
}

// Few rows: a flat block.
// CHECK-LABEL: @row
// CHECK: #glu.schedule<rows = 1, columns = 1, block_rows = 1, block_columns = 128, depth = 16>
func.func @row(%x: tensor<1x1024xf32>, %w: tensor<1024x2752xf32>, %y: tensor<1x2752xf32>) -> tensor<1x2752xf32> {
  %r = linalg.matmul ins(%x, %w : tensor<1x1024xf32>, tensor<1024x2752xf32>)
         outs(%y : tensor<1x2752xf32>) -> tensor<1x2752xf32>
  return %r : tensor<1x2752xf32>
}

// bf16: matrix products where the chip has them.
// REMARK: no estimate: a size is known only when the kernel runs
// CHECK-LABEL: @bf16
// OLD: #glu.schedule<rows = 4, columns = 4, block_rows = 64, block_columns = 64, depth = 16>
// NEW: #glu.schedule<rows = 32, columns = 32, block_rows = 128, block_columns = 64, group = 2, depth = 32>
// HOPPER: #glu.schedule<rows = 64, columns = 128, block_rows = 128, block_columns = 128, group = 8, depth = 64>
func.func @bf16(%x: tensor<?x1024xbf16>, %w: tensor<1024x2752xbf16>, %y: tensor<?x2752xbf16>) -> tensor<?x2752xbf16> {
  %r = glu.gated_projection silu gate(%x, %w : tensor<?x1024xbf16>, tensor<1024x2752xbf16>)
         value(%x, %w : tensor<?x1024xbf16>, tensor<1024x2752xbf16>)
         outs(%y : tensor<?x2752xbf16>) -> tensor<?x2752xbf16>
  return %r : tensor<?x2752xbf16>
}

// f8: matrix products where the sum is innermost, as they want it.
// CHECK-LABEL: @f8
// OLD-COUNT-2: #glu.schedule<rows = 4, columns = 4, block_rows = 64, block_columns = 64, depth = 16>
// HOPPER: #glu.schedule<rows = 40, columns = 64, block_rows = 40, block_columns = 64, group = 8, depth = 128>
// HOPPER: #glu.schedule<rows = 4, columns = 4, block_rows = 64, block_columns = 64, depth = 16>
#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @f8(%x: tensor<33x1024xf8E4M3FN>, %w: tensor<2752x1024xf8E5M2>, %u: tensor<1024x2752xf8E5M2>, %y: tensor<33x2752xbf16>) -> (tensor<33x2752xbf16>, tensor<33x2752xbf16>) {
  %r = glu.gated_projection silu gate(%x, %w : tensor<33x1024xf8E4M3FN>, tensor<2752x1024xf8E5M2>)
         value(%x, %w : tensor<33x1024xf8E4M3FN>, tensor<2752x1024xf8E5M2>)
         outs(%y : tensor<33x2752xbf16>) attributes {indexing_maps = [#mk, #nk, #mk, #nk, #mn]} -> tensor<33x2752xbf16>
  %s = glu.gated_projection silu gate(%x, %u : tensor<33x1024xf8E4M3FN>, tensor<1024x2752xf8E5M2>)
         value(%x, %u : tensor<33x1024xf8E4M3FN>, tensor<1024x2752xf8E5M2>)
         outs(%y : tensor<33x2752xbf16>) -> tensor<33x2752xbf16>
  return %r, %s : tensor<33x2752xbf16>, tensor<33x2752xbf16>
}

// One accumulator has twice the columns; of few rows, warps have 16, and groups
// of four warps 64 columns.
// CHECK-LABEL: @down
// HOPPER: #glu.schedule<rows = 64, columns = 256, block_rows = 128, block_columns = 256, group = 8, depth = 64>
// NEW: #glu.schedule<rows = 16, columns = 32, block_rows = 16, block_columns = 128, group = 2, depth = 32>
// HOPPER: #glu.schedule<rows = 8, columns = 64, block_rows = 8, block_columns = 64, group = 8, depth = 64>
func.func @down(%x: tensor<?x1024xbf16>, %w: tensor<1024x2752xbf16>, %y: tensor<?x2752xf32>,
                %few: tensor<8x1024xbf16>, %z: tensor<8x2752xf32>) -> (tensor<?x2752xf32>, tensor<8x2752xf32>) {
  %r = linalg.matmul ins(%x, %w : tensor<?x1024xbf16>, tensor<1024x2752xbf16>)
         outs(%y : tensor<?x2752xf32>) -> tensor<?x2752xf32>
  %s = linalg.matmul ins(%few, %w : tensor<8x1024xbf16>, tensor<1024x2752xbf16>)
         outs(%z : tensor<8x2752xf32>) -> tensor<8x2752xf32>
  return %r, %s : tensor<?x2752xf32>, tensor<8x2752xf32>
}

// What is written by hand stays.
// CHECK-LABEL: @byHand
// CHECK: #glu.schedule<rows = 2, columns = 2, block_rows = 16, block_columns = 32, depth = 4>
func.func @byHand(%x: tensor<512x1024xf32>, %w: tensor<1024x2752xf32>, %y: tensor<512x2752xf32>) -> tensor<512x2752xf32> {
  %r = linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 2, block_rows = 16, block_columns = 32, depth = 4>}
         ins(%x, %w : tensor<512x1024xf32>, tensor<1024x2752xf32>)
         outs(%y : tensor<512x2752xf32>) -> tensor<512x2752xf32>
  return %r : tensor<512x2752xf32>
}
