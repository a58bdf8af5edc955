// RUN: glu-opt %s --glu-raise --glu-fuse | FileCheck %s

// Interleaved halves of one column each: one element has no step, whatever the
// slice says.

// CHECK-LABEL: @one_column
// CHECK-NOT: [1, 2]
// CHECK: tensor.extract_slice %arg1[0, 1] [32, 1] [1, 1]
// CHECK: glu.gated_projection
func.func @one_column(%x: tensor<5x32xf32>, %w: tensor<32x2xf32>) -> tensor<5x1xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<5x2xf32>) -> tensor<5x2xf32>
  %p = linalg.matmul ins(%x, %w : tensor<5x32xf32>, tensor<32x2xf32>) outs(%f : tensor<5x2xf32>) -> tensor<5x2xf32>
  %g = tensor.extract_slice %p[0, 0] [5, 1] [1, 2] : tensor<5x2xf32> to tensor<5x1xf32>
  %v = tensor.extract_slice %p[0, 1] [5, 1] [1, 2] : tensor<5x2xf32> to tensor<5x1xf32>
  %o = tensor.empty() : tensor<5x1xf32>
  %t = linalg.tanh ins(%g : tensor<5x1xf32>) outs(%o : tensor<5x1xf32>) -> tensor<5x1xf32>
  %y = linalg.mul ins(%t, %v : tensor<5x1xf32>, tensor<5x1xf32>) outs(%o : tensor<5x1xf32>) -> tensor<5x1xf32>
  return %y : tensor<5x1xf32>
}
