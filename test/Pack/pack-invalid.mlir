// RUN: glu-opt %s --glu-pack --split-input-file --verify-diagnostics

func.func @integers(%x: tensor<8x16xi32>, %w: tensor<16x8xi32>, %o: tensor<8x8xi32>) -> tensor<8x8xi32> {
  // expected-error @+1 {{has a 'glu.schedule' but cannot be packed: its sums are not in one float type}}
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8>}
    ins(%x, %w : tensor<8x16xi32>, tensor<16x8xi32>) outs(%o : tensor<8x8xi32>) -> tensor<8x8xi32>
  return %y : tensor<8x8xi32>
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
