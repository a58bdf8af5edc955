// RUN: glu-opt %s --glu-choose="target-cpu=x86-64-v3 threads=1" --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-choose="target-cpu=x86-64-v4 threads=2" --split-input-file | FileCheck %s --check-prefix=V4
// RUN: not glu-opt %s --glu-choose="target-cpu=z80" 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: glu-choose: no chip is called 'z80'; known are {{.*}}x86-64-v3

// CHECK-LABEL: @gated
// CHECK: glu.gated_projection silu
// CHECK-SAME: glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = {{[0-9]+}}, block_columns = 2752>
// V4-LABEL: @gated
// V4: glu.schedule = #glu.schedule<rows = 6, columns = 32,
func.func @gated(%x: tensor<512x1024xf32>, %g: tensor<1024x2752xf32>, %v: tensor<1024x2752xf32>) -> tensor<512x2752xf32> {
  %e = tensor.empty() : tensor<512x2752xf32>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<512x1024xf32>, tensor<1024x2752xf32>)
    value(%x, %v : tensor<512x1024xf32>, tensor<1024x2752xf32>)
    outs(%e : tensor<512x2752xf32>) -> tensor<512x2752xf32>
  return %y : tensor<512x2752xf32>
}

// -----

// A plain contraction has one accumulator: twice as wide. One set by hand stays.

// CHECK-LABEL: @plain
// CHECK: linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 16,
// CHECK: linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>
func.func @plain(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>, %o: tensor<?x64xf32>) -> (tensor<?x64xf32>, tensor<?x64xf32>) {
  %a = linalg.matmul ins(%x, %w : tensor<?x64xf32>, tensor<64x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  %b = linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 2, block_rows = 3, block_columns = 4>}
    ins(%x, %w : tensor<?x64xf32>, tensor<64x64xf32>) outs(%o : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %a, %b : tensor<?x64xf32>, tensor<?x64xf32>
}

// -----

// Not for vectors of floats: left alone.

// CHECK-LABEL: @integers
// CHECK-NOT: glu.schedule
func.func @integers(%x: tensor<8x16xi32>, %w: tensor<16x8xi32>, %o: tensor<8x8xi32>) -> tensor<8x8xi32> {
  %y = linalg.matmul ins(%x, %w : tensor<8x16xi32>, tensor<16x8xi32>) outs(%o : tensor<8x8xi32>) -> tensor<8x8xi32>
  return %y : tensor<8x8xi32>
}

// -----

// CHECK-LABEL: @pooling_is_no_contraction
// CHECK-NOT: glu.schedule
func.func @pooling_is_no_contraction(%x: tensor<1x8x8x4xf32>, %k: tensor<2x2xf32>, %o: tensor<1x7x7x4xf32>) -> tensor<1x7x7x4xf32> {
  %y = linalg.pooling_nhwc_sum ins(%x, %k : tensor<1x8x8x4xf32>, tensor<2x2xf32>) outs(%o : tensor<1x7x7x4xf32>) -> tensor<1x7x7x4xf32>
  return %y : tensor<1x7x7x4xf32>
}

// -----

// CHECK-LABEL: @max_plus_is_no_contraction
// CHECK-NOT: glu.schedule
func.func @max_plus_is_no_contraction(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%o : tensor<8x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = arith.addf %a, %b : f32
    %t = arith.maximumf %c, %s : f32
    linalg.yield %t : f32
  } -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}
