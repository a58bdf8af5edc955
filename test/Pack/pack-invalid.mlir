// RUN: glu-opt %s --glu-pack --split-input-file --verify-diagnostics

func.func @integers(%x: tensor<8x16xi64>, %w: tensor<16x8xi64>, %o: tensor<8x8xi64>) -> tensor<8x8xi64> {
  // expected-error @+1 {{has a 'glu.schedule' but cannot be packed: its sums are not in one type, a float or i32}}
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8>}
    ins(%x, %w : tensor<8x16xi64>, tensor<16x8xi64>) outs(%o : tensor<8x8xi64>) -> tensor<8x8xi64>
  return %y : tensor<8x8xi64>
}

// -----

func.func @buffers(%x: memref<8x16xf32>, %w: memref<16x8xf32>, %o: memref<8x8xf32>) {
  // expected-error @+1 {{cannot be packed: it is not on tensors}}
  linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8>}
    ins(%x, %w : memref<8x16xf32>, memref<16x8xf32>) outs(%o : memref<8x8xf32>)
  return
}

// -----

func.func @elementwise(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{cannot be packed: it is not a contraction}}
  %y = linalg.exp {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8>}
    ins(%x : tensor<8xf32>) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @one_row(%x: tensor<16xf32>, %w: tensor<16x8xf32>, %o: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{expects a 'glu.schedule' with rows = 1, since it has a single row}}
  %y = linalg.vecmat {glu.schedule = #glu.schedule<rows = 2, columns = 8, block_rows = 2, block_columns = 8>}
    ins(%x, %w : tensor<16xf32>, tensor<16x8xf32>) outs(%o : tensor<8xf32>) -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @no_group(%x: tensor<9xbf16>, %w: tensor<3x8xbf16>, %o: tensor<7x8xf32>) -> tensor<7x8xf32> {
  // expected-error @+1 {{expects a 'glu.schedule' with group = 1, since no reduction is an index of the input by itself}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<9xbf16>, tensor<3x8xbf16>) value(%x, %w : tensor<9xbf16>, tensor<3x8xbf16>)
    outs(%o : tensor<7x8xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8, group = 2>,
      indexing_maps = [affine_map<(t, n, k) -> (t + k)>, affine_map<(t, n, k) -> (k, n)>, affine_map<(t, n, k) -> (t + k)>, affine_map<(t, n, k) -> (k, n)>, affine_map<(t, n, k) -> (t, n)>]} -> tensor<7x8xf32>
  return %y : tensor<7x8xf32>
}
