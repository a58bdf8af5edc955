// RUN: glu-opt %s --glu-pack --canonicalize --cse --split-input-file | FileCheck %s

// Two elements of the sum side by side, weights behind them; the input stays as
// it is, in bf16.

// CHECK-DAG: #[[X:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d2, d4, d5)>
// CHECK-DAG: #[[G:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d4, 0, d3, d5)>
// CHECK-DAG: #[[V:.+]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d4, 1, d3, d5)>
// CHECK-LABEL: @pair
// CHECK-DAG: linalg.pack %arg1 outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [8, 2] {{.*}} -> tensor<2x16x8x2xbf16>
// CHECK-DAG: linalg.pack %arg2 outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [8, 2]
// CHECK: %[[P:.+]] = tensor.insert_slice {{.*}}[0, 0, 1, 0, 0] [2, 16, 1, 8, 2]
// CHECK: %[[XP:.+]] = tensor.expand_shape %arg0 {{\[\[}}0, 1], [2, 3]] output_shape [2, 6, 16, 2] : tensor<12x32xbf16>
// CHECK: glu.gated_projection silu gate(%[[XP]], %[[P]] : {{.*}}) value(%[[XP]], %[[P]] :
// CHECK-SAME: indexing_maps = [#[[X]], #[[G]], #[[X]], #[[V]], #{{.+}}]
func.func @pair(%x: tensor<12x32xbf16>, %g: tensor<32x16xbf16>, %v: tensor<32x16xbf16>) -> tensor<12x16xbf16> {
  %e = tensor.empty() : tensor<12x16xbf16>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<12x32xbf16>, tensor<32x16xbf16>)
    value(%x, %v : tensor<12x32xbf16>, tensor<32x16xbf16>)
    outs(%e : tensor<12x16xbf16>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 16, group = 2>} -> tensor<12x16xbf16>
  return %y : tensor<12x16xbf16>
}

// -----

// The sum is padded to steps of the inner loop.

// CHECK-LABEL: @steps
// CHECK: %[[P:.+]] = tensor.pad %arg1 low[0, 0] high[12, 0]
// CHECK: linalg.pack %[[P]] {{.*}}outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [8, 2] {{.*}} -> tensor<1x16x8x2xbf16>
// CHECK: tensor.pad %arg0 low[0, 0] high[0, 12]
func.func @steps(%x: tensor<6x20xbf16>, %w: tensor<20x8xbf16>, %o: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8, group = 2, depth = 32>}
    ins(%x, %w : tensor<6x20xbf16>, tensor<20x8xbf16>) outs(%o : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}

// -----

// A sum that is no whole number of groups ends in zeros on both sides.

// CHECK-LABEL: @odd
// CHECK-DAG: tensor.pad %arg0 low[0, 0] high[0, 3]
// CHECK-DAG: linalg.pack %arg1 padding_value({{.*}}) outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [8, 4] {{.*}} -> tensor<1x3x8x4xbf16>
// CHECK: linalg.generic {{.*}} ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]
func.func @odd(%x: tensor<6x9xbf16>, %w: tensor<9x8xbf16>, %o: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8, group = 4>}
    ins(%x, %w : tensor<6x9xbf16>, tensor<9x8xbf16>) outs(%o : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}

// -----

// Bytes in pairs are for products of 16 bits: the input becomes such numbers,
// weights stay as small as they are.

// CHECK-LABEL: @bytes_in_pairs
// CHECK: linalg.pack %arg1 {{.*}}inner_tiles = [8, 2] {{.*}} : tensor<32x8xi8> -> tensor<1x16x8x2xi8>
// CHECK: arith.extsi %{{.+}} : i8 to i16
// CHECK: ins(%{{.+}}, %{{.+}} : tensor<1x6x16x2xi16>, tensor<1x16x8x2xi8>)
func.func @bytes_in_pairs(%x: tensor<6x32xi8>, %w: tensor<32x8xi8>, %o: tensor<6x8xi32>) -> tensor<6x8xi32> {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8, group = 2>}
    ins(%x, %w : tensor<6x32xi8>, tensor<32x8xi8>) outs(%o : tensor<6x8xi32>) -> tensor<6x8xi32>
  return %y : tensor<6x8xi32>
}
