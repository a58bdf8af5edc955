// RUN: glu-opt %s --glu-tile --split-input-file --verify-diagnostics

func.func @not_packed(%x: tensor<8x16xf32>, %w: tensor<16x8xf32>, %o: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // expected-error @+1 {{is marked 'glu.packed' but has not the loops that glu-pack makes}}
  %y = linalg.matmul {glu.packed, glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 8>}
    ins(%x, %w : tensor<8x16xf32>, tensor<16x8xf32>) outs(%o : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}
