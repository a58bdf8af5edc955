// RUN: glu-opt %s --glu-lower-packing | FileCheck %s

// CHECK-LABEL: @panel
// CHECK-NOT: linalg.pack
// CHECK: tensor.pad
// CHECK: tensor.expand_shape
// CHECK: linalg.transpose {{.*}} permutation = [1, 0, 2]
func.func @panel(%w: tensor<4x7xf32>) -> tensor<2x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x4xf32>
  %p = linalg.pack %w padding_value(%zero : f32) outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [4]
    into %e : tensor<4x7xf32> -> tensor<2x4x4xf32>
  return %p : tensor<2x4x4xf32>
}
