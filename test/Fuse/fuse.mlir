// RUN: glu-opt %s --glu-fuse --split-input-file | FileCheck %s

// Both branches, and the input that they share.
// CHECK-LABEL: func @matmuls
//   CHECK-NOT:   linalg
//       CHECK:   glu.gated_projection silu gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2 : {{.*}})
//   CHECK-NOT:   indexing_maps
func.func @matmuls(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}
