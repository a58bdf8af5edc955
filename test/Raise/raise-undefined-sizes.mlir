// RUN: glu-opt %s --glu-raise | FileCheck %s
// RUN: glu-opt %s --glu-to-cpu -o /dev/null

// The size of a dimension that a tensor has not is undefined: zero.

// CHECK-LABEL: func @past_the_end
//       CHECK:   %[[M:.*]] = tensor.dim %arg0
//  CHECK-NEXT:   %[[ZERO:.*]] = arith.constant 0 : index
//  CHECK-NEXT:   tensor.empty(%[[M]], %[[ZERO]]) : tensor<?x?xf32>
//   CHECK-NOT:   tensor.dim %arg1
func.func @past_the_end(%x: tensor<?x8xf32>, %w: tensor<8x?xf32>, %n: index, %o: index) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %far = arith.constant 9223372036854775807 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x8xf32>
  %nn = tensor.dim %w, %far : tensor<8x?xf32>
  %e = tensor.empty(%m, %nn) : tensor<?x?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %p = linalg.matmul ins(%x, %w : tensor<?x8xf32>, tensor<8x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  %g = tensor.extract_slice %p[0, 0] [%m, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  %v = tensor.extract_slice %p[0, %o] [%m, %n] [1, 1] : tensor<?x?xf32> to tensor<?x?xf32>
  %t = math.tanh %g : tensor<?x?xf32>
  %y = arith.mulf %t, %v : tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
