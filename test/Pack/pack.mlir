// RUN: glu-opt %s --glu-pack --canonicalize --cse --split-input-file | FileCheck %s

// Gate and value side by side in one panel; weights stored out x in.

// CHECK-DAG: #[[XM:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4)>
// CHECK-DAG: #[[G:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d4, 0, d3)>
// CHECK-DAG: #[[V:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d4, 1, d3)>
// CHECK-DAG: #[[Y:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d3)>
// CHECK-LABEL: @pair
// CHECK-DAG: linalg.pack %arg1 outer_dims_perm = [0, 1] inner_dims_pos = [0] inner_tiles = [8]
// CHECK-DAG: linalg.pack %arg2 outer_dims_perm = [0, 1] inner_dims_pos = [0] inner_tiles = [8]
// CHECK: %[[P:.+]] = tensor.insert_slice {{.*}}[0, 0, 1, 0] [2, 32, 1, 8]
// CHECK: %[[X:.+]] = tensor.expand_shape %arg0 {{\[\[}}0, 1], [2]] output_shape [2, 6, 32]
// CHECK: glu.gated_projection silu gate(%[[X]], %[[P]] : {{.*}}) value(%[[X]], %[[P]] :
// CHECK-SAME: glu.packed
// CHECK-SAME: indexing_maps = [#[[XM]], #[[G]], #[[XM]], #[[V]], #[[Y]]]
// CHECK: tensor.collapse_shape {{.*}} : tensor<2x6x2x8xf32> into tensor<12x16xf32>
func.func @pair(%x: tensor<12x32xf32>, %g: tensor<16x32xf32>, %v: tensor<16x32xf32>) -> tensor<12x16xf32> {
  %e = tensor.empty() : tensor<12x16xf32>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<12x32xf32>, tensor<16x32xf32>)
    value(%x, %v : tensor<12x32xf32>, tensor<16x32xf32>)
    outs(%e : tensor<12x16xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 16>,
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, n)>]} -> tensor<12x16xf32>
  return %y : tensor<12x16xf32>
}

// -----

// Ragged rows and columns are padded and cut off again; so are bias and extra.

// CHECK-LABEL: @ragged
// CHECK-DAG: tensor.pad %arg0 low[0, 0] high[5, 0]
// CHECK-DAG: linalg.pack %arg1 padding_value
// CHECK-DAG: tensor.pad %arg3 low[0] high[3]
// CHECK-DAG: tensor.pad %arg4 low[0] high[5]
// CHECK: glu.gated_projection
// CHECK: tensor.extract_slice {{.*}}[0, 0] [7, 13] [1, 1] : tensor<12x16xf32>
func.func @ragged(%x: tensor<7x32xf32>, %g: tensor<32x13xf32>, %v: tensor<32x13xf32>, %b: tensor<13xf32>, %s: tensor<7xf32>) -> tensor<7x13xf32> {
  %e = tensor.empty() : tensor<7x13xf32>
  %y = glu.gated_projection
    gate(%x, %g, %b : tensor<7x32xf32>, tensor<32x13xf32>, tensor<13xf32>)
    value(%x, %v : tensor<7x32xf32>, tensor<32x13xf32>)
    extras(%s : tensor<7xf32>)
    outs(%e : tensor<7x13xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 16>,
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n)>,
                       affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m)>,
                       affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%a: f32, %c: f32, %d: f32):
    %p = arith.mulf %a, %c : f32
    %q = arith.mulf %p, %d : f32
    glu.yield %q : f32
  } -> tensor<7x13xf32>
  return %y : tensor<7x13xf32>
}

// -----

// Narrow inputs are widened once; g and v are summed in f32 and rounded in the
// region if the IR kept them in bf16.

// CHECK-LABEL: @bf16_sums
// CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<6x32xbf16>)
// CHECK: arith.extf
// CHECK: glu.gated_projection gate({{.*}} : tensor<1x6x32xf32>, tensor<1x32x2x8xbf16>)
// CHECK: ^bb0(%[[G:.+]]: f32, %[[V:.+]]: f32):
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: arith.mulf {{.*}} : bf16
func.func @bf16_sums(%x: tensor<6x32xbf16>, %g: tensor<32x8xbf16>, %v: tensor<32x8xbf16>) -> tensor<6x8xbf16> {
  %e = tensor.empty() : tensor<6x8xbf16>
  %y = glu.gated_projection identity in bf16
    gate(%x, %g : tensor<6x32xbf16>, tensor<32x8xbf16>)
    value(%x, %v : tensor<6x32xbf16>, tensor<32x8xbf16>)
    outs(%e : tensor<6x8xbf16>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>} -> tensor<6x8xbf16>
  return %y : tensor<6x8xbf16>
}

// -----

// A convolution reads its input in place, by maps.

// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 4 + d3 + d5 * 2, d6)>
// CHECK-LABEL: @conv
// CHECK: glu.gated_projection sigmoid gate(%arg0,
func.func @conv(%x: tensor<2x12x3xf32>, %g: tensor<3x3x8xf32>, %v: tensor<3x3x8xf32>) -> tensor<2x8x8xf32> {
  %e = tensor.empty() : tensor<2x8x8xf32>
  %y = glu.gated_projection sigmoid
    gate(%x, %g : tensor<2x12x3xf32>, tensor<3x3x8xf32>)
    value(%x, %v : tensor<2x12x3xf32>, tensor<3x3x8xf32>)
    outs(%e : tensor<2x8x8xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 4, columns = 8, block_rows = 8, block_columns = 8>,
      indexing_maps = [affine_map<(b, t, n, k, c) -> (b, t + 2 * k, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                       affine_map<(b, t, n, k, c) -> (b, t + 2 * k, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                       affine_map<(b, t, n, k, c) -> (b, t, n)>]} -> tensor<2x8x8xf32>
  return %y : tensor<2x8x8xf32>
}

// -----

// A plain matmul: packed too, from zeros or from what the destination holds.

// CHECK-LABEL: @matmul
// CHECK: linalg.fill
// CHECK: linalg.generic {{.*}} attrs = {{.*}}glu.packed
// CHECK-NOT: linalg.fill
// CHECK: tensor.expand_shape %arg2
// CHECK: linalg.generic {{.*}} attrs = {{.*}}glu.packed
func.func @matmul(%x: tensor<6x32xf32>, %w: tensor<32x8xf32>, %o: tensor<6x8xf32>) -> (tensor<6x8xf32>, tensor<6x8xf32>) {
  %zero = arith.constant dense<0.0> : tensor<6x8xf32>
  %a = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %w : tensor<6x32xf32>, tensor<32x8xf32>) outs(%zero : tensor<6x8xf32>) -> tensor<6x8xf32>
  %b = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %w : tensor<6x32xf32>, tensor<32x8xf32>) outs(%o : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %a, %b : tensor<6x8xf32>, tensor<6x8xf32>
}

// -----

// A transposed weight is packed straight from where it lies.

// CHECK-LABEL: @transposed
// CHECK-NOT: linalg.transpose
// CHECK: linalg.pack %arg1 outer_dims_perm = [0, 1] inner_dims_pos = [0] inner_tiles = [8]
func.func @transposed(%x: tensor<6x32xf32>, %w: tensor<8x32xf32>, %o: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %e = tensor.empty() : tensor<32x8xf32>
  %t = linalg.transpose ins(%w : tensor<8x32xf32>) outs(%e : tensor<32x8xf32>) permutation = [1, 0]
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %t : tensor<6x32xf32>, tensor<32x8xf32>) outs(%o : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}

// -----

// Channels first, many rows and columns: the input is transposed, so that the
// channels lie beside each other, and they are the inner sum, of weights too.

// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 4 + d3 + d5, d6)>
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d2, d5, d6, 0, d4)>
// CHECK-LABEL: @channels_first
// CHECK: linalg.pack %arg1 outer_dims_perm = [0, 2, 1]
// CHECK: %[[X:.*]] = linalg.transpose ins(%arg0 : tensor<2x12x19xf32>) outs(%{{.*}}) permutation = [0, 2, 1]
// CHECK: glu.gated_projection sigmoid gate(%[[X]],
func.func @channels_first(%x: tensor<2x12x19xf32>, %g: tensor<128x12x4xf32>, %v: tensor<128x12x4xf32>) -> tensor<2x128x16xf32> {
  %e = tensor.empty() : tensor<2x128x16xf32>
  %y = glu.gated_projection sigmoid
    gate(%x, %g : tensor<2x12x19xf32>, tensor<128x12x4xf32>)
    value(%x, %v : tensor<2x12x19xf32>, tensor<128x12x4xf32>)
    outs(%e : tensor<2x128x16xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 4, columns = 8, block_rows = 16, block_columns = 8>,
      indexing_maps = [affine_map<(b, t, n, c, k) -> (b, c, t + k)>, affine_map<(b, t, n, c, k) -> (n, c, k)>,
                       affine_map<(b, t, n, c, k) -> (b, c, t + k)>, affine_map<(b, t, n, c, k) -> (n, c, k)>,
                       affine_map<(b, t, n, c, k) -> (b, n, t)>]} -> tensor<2x128x16xf32>
  return %y : tensor<2x128x16xf32>
}

// -----

// With few rows, or few columns, the input is read as it lies.

// CHECK-LABEL: @few
// CHECK-NOT: linalg.transpose
func.func @few(%x: tensor<32x15xf32>, %w: tensor<32x128xf32>, %o: tensor<15x128xf32>,
               %a: tensor<32x16xf32>, %b: tensor<32x127xf32>, %p: tensor<16x127xf32>) -> (tensor<15x128xf32>, tensor<16x127xf32>) {
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    {glu.schedule = #glu.schedule<rows = 5, columns = 8, block_rows = 15, block_columns = 8>}
    ins(%x, %w : tensor<32x15xf32>, tensor<32x128xf32>) outs(%o : tensor<15x128xf32>) -> tensor<15x128xf32>
  %z = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    {glu.schedule = #glu.schedule<rows = 4, columns = 8, block_rows = 16, block_columns = 8>}
    ins(%a, %b : tensor<32x16xf32>, tensor<32x127xf32>) outs(%p : tensor<16x127xf32>) -> tensor<16x127xf32>
  return %y, %z : tensor<15x128xf32>, tensor<16x127xf32>
}
