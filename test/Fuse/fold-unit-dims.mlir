// RUN: glu-opt %s -glu-fold-unit-dims -canonicalize -cse -split-input-file | FileCheck %s

// A batch of one goes from every operand; the biases had none.

// CHECK-LABEL: func @batch_of_one
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<1x?x32xf32>, %[[W:[^:]*]]: tensor<1x32x16xf32>, %[[B:[^:]*]]: tensor<16xf32>, %[[O:[^:]*]]: tensor<1x?x16xf32>
//   CHECK-DAG:   %[[XC:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0, 1], [2]] : tensor<1x?x32xf32> into tensor<?x32xf32>
//   CHECK-DAG:   %[[WC:.*]] = tensor.collapse_shape %[[W]] {{\[}}[0, 1], [2]] : tensor<1x32x16xf32> into tensor<32x16xf32>
//   CHECK-DAG:   %[[OC:.*]] = tensor.collapse_shape %[[O]] {{\[}}[0, 1], [2]] : tensor<1x?x16xf32> into tensor<?x16xf32>
//       CHECK:   %[[Y:.*]] = glu.gated_projection silu gate(%[[XC]], %[[WC]], %[[B]] : {{.*}}) value(%[[XC]], %[[WC]] : {{.*}}) outs(%[[OC]] : tensor<?x16xf32>) -> tensor<?x16xf32>
//       CHECK:   tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]]
func.func @batch_of_one(%x: tensor<1x?x32xf32>, %w: tensor<1x32x16xf32>, %b: tensor<16xf32>, %o: tensor<1x?x16xf32>) -> tensor<1x?x16xf32> {
  %y = glu.gated_projection silu gate(%x, %w, %b : tensor<1x?x32xf32>, tensor<1x32x16xf32>, tensor<16xf32>) value(%x, %w : tensor<1x?x32xf32>, tensor<1x32x16xf32>) outs(%o : tensor<1x?x16xf32>) -> tensor<1x?x16xf32>
  return %y : tensor<1x?x16xf32>
}

// -----

// A batch of the input alone is one of two row dimensions.

// CHECK-LABEL: func @rows_of_one_batch
//       CHECK:   glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<8x32xf32>, tensor<32x16xf32>) {{.*}} -> tensor<8x16xf32>
func.func @rows_of_one_batch(%x: tensor<1x8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<1x8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<1x8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
  return %y : tensor<1x8x16xf32>
}

// -----

// One row, one column, one product: still a matmul.

// CHECK-LABEL: func @matmul_of_one
//  CHECK-NEXT:   glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<1x1xf32>, tensor<1x1xf32>) {{.*}} -> tensor<1x1xf32>
//  CHECK-NEXT:   return
func.func @matmul_of_one(%x: tensor<1x1xf32>, %w: tensor<1x1xf32>, %o: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<1x1xf32>, tensor<1x1xf32>) value(%x, %w : tensor<1x1xf32>, tensor<1x1xf32>) outs(%o : tensor<1x1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// -----

// A convolution with a window of one is a matmul.

// CHECK-LABEL: func @window_of_one
//       CHECK:   glu.gated_projection silu gate(%{{.*}}, %{{.*}} : tensor<8x3xf32>, tensor<3x5xf32>) value({{.*}} outs(%{{.*}} : tensor<8x5xf32>) -> tensor<8x5xf32>
#x = affine_map<(t, n, k, c) -> (t + k, c)>
#w = affine_map<(t, n, k, c) -> (k, c, n)>
#o = affine_map<(t, n, k, c) -> (t, n)>
func.func @window_of_one(%x: tensor<8x3xf32>, %w: tensor<1x3x5xf32>, %o: tensor<8x5xf32>) -> tensor<8x5xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x3xf32>, tensor<1x3x5xf32>) value(%x, %w : tensor<8x3xf32>, tensor<1x3x5xf32>) outs(%o : tensor<8x5xf32>)
         attributes {indexing_maps = [#x, #w, #x, #w, #o]} -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}

// -----

// On memrefs by rank-reducing views.

// CHECK-LABEL: func @unit_dims_of_memrefs
//   CHECK-DAG:   %[[G:.*]] = memref.subview %{{.*}}[0, 0, 0] [8, 1, 4] [1, 1, 1] : memref<8x1x4xf32> to memref<8x4xf32
//   CHECK-DAG:   %[[O:.*]] = memref.subview %{{.*}}[0, 0, 0] [8, 1, 4] [1, 1, 1] : memref<8x1x4xf32> to memref<8x4xf32
//       CHECK:   glu.gate silu gate(%[[G]] : {{.*}}) value(%[[G]] : {{.*}}) outs(%[[O]] :
func.func @unit_dims_of_memrefs(%g: memref<8x1x4xf32>, %o: memref<8x1x4xf32>) {
  glu.gate silu gate(%g : memref<8x1x4xf32>) value(%g : memref<8x1x4xf32>) outs(%o : memref<8x1x4xf32>)
  return
}

// -----

// A size that only another operand knows is not asserted here.

// CHECK-LABEL: func @dynamic_unit
//  CHECK-NEXT:   glu.gate silu gate(%{{.*}} : tensor<?x4xf32>) value(%{{.*}} : tensor<1x4xf32>) outs
func.func @dynamic_unit(%g: tensor<?x4xf32>, %v: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %y = glu.gate silu gate(%g : tensor<?x4xf32>) value(%v : tensor<1x4xf32>) outs(%v : tensor<1x4xf32>) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}
