// RUN: glu-opt %s --glu-choose-blocks --split-input-file --verify-diagnostics

// A schedule by hand is for what a kernel takes.

#s = #glu.schedule<rows = 1, columns = 64, block_rows = 1, block_columns = 64>
func.func @elementwise(%x: tensor<64xf32>) -> tensor<64xf32> {
  // expected-error @below {{has a 'glu.schedule' but no kernel: it is not a contraction}}
  %y = linalg.exp {glu.schedule = #s} ins(%x : tensor<64xf32>) outs(%x : tensor<64xf32>) -> tensor<64xf32>
  return %y : tensor<64xf32>
}

// -----

#s = #glu.schedule<rows = 1, columns = 64, block_rows = 1, block_columns = 64>
func.func @sums_of_sums(%a: tensor<8x16xf32>, %b: tensor<16x64xf32>, %c: tensor<8x64xf32>) -> tensor<8x64xf32> {
  // expected-error @below {{has a 'glu.schedule' but no kernel: it is not a contraction}}
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"], glu.schedule = #s}
      ins(%a, %b : tensor<8x16xf32>, tensor<16x64xf32>) outs(%c : tensor<8x64xf32>) {
  ^bb0(%x: f32, %w: f32, %s: f32):
    %p = arith.addf %x, %w : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<8x64xf32>
  return %y : tensor<8x64xf32>
}

// -----

func.func @another_f8(%x: tensor<64x64xf8E3M4>, %w: tensor<64x64xf8E3M4>, %y: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{no kernel: its elements are not f64, f32, f16, bf16, f8E4M3FN, f8E5M2, i32, i16 or i8}}
  %r = linalg.matmul {glu.schedule = #glu.schedule<rows = 4, columns = 4, block_rows = 64, block_columns = 64, depth = 16>}
    ins(%x, %w : tensor<64x64xf8E3M4>, tensor<64x64xf8E3M4>) outs(%y : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %r : tensor<64x64xf32>
}
