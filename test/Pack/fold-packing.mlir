// RUN: glu-opt %s --glu-fold-packing --canonicalize | FileCheck %s

// CHECK-LABEL: @panel
// CHECK: arith.constant dense<{{\[\[\[}}0.000000e+00, 1.000000e+00], [3.000000e+00, 4.000000e+00]],
// CHECK-SAME{LITERAL}: [[2.000000e+00, 0.000000e+00], [5.000000e+00, 0.000000e+00]]]> : tensor<2x2x2xf32>
// CHECK-NEXT: return
func.func @panel() -> tensor<2x2x2xf32> {
  %w = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2x2xf32>
  %p = linalg.pack %w padding_value(%zero : f32) outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [2]
    into %e : tensor<2x3xf32> -> tensor<2x2x2xf32>
  return %p : tensor<2x2x2xf32>
}

// Two weights in one tensor of panels, one of them transposed before.

// CHECK-LABEL: @pair
// CHECK{LITERAL}: arith.constant dense<[[[[0, 1], [8, 9]], [[2, 3], [7, 6]]]]> : tensor<1x2x2x2xi16>
// CHECK-NEXT: return
func.func @pair() -> tensor<1x2x2x2xi16> {
  %g = arith.constant dense<[[0, 1], [2, 3]]> : tensor<2x2xi16>
  %t = arith.constant dense<[[8, 7], [9, 6]]> : tensor<2x2xi16>
  %e2 = tensor.empty() : tensor<2x2xi16>
  %v = linalg.transpose ins(%t : tensor<2x2xi16>) outs(%e2 : tensor<2x2xi16>) permutation = [1, 0]
  %e = tensor.empty() : tensor<1x2x2x2xi16>
  %d = tensor.extract_slice %e[0, 0, 0, 0] [1, 2, 1, 2] [1, 1, 1, 1] : tensor<1x2x2x2xi16> to tensor<1x2x2xi16>
  %pg = linalg.pack %g outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [2] into %d : tensor<2x2xi16> -> tensor<1x2x2xi16>
  %i = tensor.insert_slice %pg into %e[0, 0, 0, 0] [1, 2, 1, 2] [1, 1, 1, 1] : tensor<1x2x2xi16> into tensor<1x2x2x2xi16>
  %pv = linalg.pack %v outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [2] into %d : tensor<2x2xi16> -> tensor<1x2x2xi16>
  %j = tensor.insert_slice %pv into %i[0, 0, 1, 0] [1, 2, 1, 2] [1, 1, 1, 1] : tensor<1x2x2xi16> into tensor<1x2x2x2xi16>
  return %j : tensor<1x2x2x2xi16>
}

// CHECK-LABEL: @argument
// CHECK: linalg.pack
func.func @argument(%w: tensor<2x4xf32>) -> tensor<2x2x2xf32> {
  %e = tensor.empty() : tensor<2x2x2xf32>
  %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [2]
    into %e : tensor<2x4xf32> -> tensor<2x2x2xf32>
  return %p : tensor<2x2x2xf32>
}

// Only glu-pack's own packing is sure to be padded with zeros.

// CHECK-LABEL: @padded_with_seven
// CHECK: linalg.pack
func.func @padded_with_seven() -> tensor<2x4xf32> {
  %w = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
  %seven = arith.constant 7.0 : f32
  %e = tensor.empty() : tensor<2x4xf32>
  %p = linalg.pack %w padding_value(%seven : f32) inner_dims_pos = [0] inner_tiles = [4]
    into %e : tensor<5xf32> -> tensor<2x4xf32>
  return %p : tensor<2x4xf32>
}
