// RUN: glu-opt %s --glu-raise --split-input-file | FileCheck %s

// Named operations.
// CHECK-LABEL: func @named
//       CHECK:   %[[G:.*]] = linalg.matmul ins(%arg0, %arg1
//       CHECK:   %[[V:.*]] = linalg.matmul ins(%arg0, %arg2
//       CHECK:   glu.gate tanh gate(%[[G]] : tensor<4x6xf32>) value(%[[V]] : tensor<4x6xf32>)
//   CHECK-NOT:   linalg.tanh
func.func @named(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x6xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%f : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%f : tensor<4x6xf32>) -> tensor<4x6xf32>
  %t = linalg.tanh ins(%g : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = linalg.mul ins(%t, %v : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Halves of one projection are two branches; the slices become views of it.
// Rounding to bf16 on the way stays in the function.
// CHECK-LABEL: func @packed_with_rounding
//       CHECK:   %[[P:.*]] = linalg.matmul
//   CHECK-DAG:   %[[G:.*]] = tensor.extract_slice %[[P]][0, 6] [4, 6] [1, 1]
//   CHECK-DAG:   %[[V:.*]] = tensor.extract_slice %[[P]][0, 0] [4, 6] [1, 1]
//       CHECK:   glu.gate gate(%[[G]] : tensor<4x6xf32>) value(%[[V]] : tensor<4x6xf32>)
//       CHECK:   ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
//   CHECK-DAG:     %[[RB:.*]] = arith.truncf %[[B]] : f32 to bf16
//   CHECK-DAG:     %[[RA:.*]] = arith.truncf %[[A]] : f32 to bf16
//       CHECK:     math.tanh {{.*}} : bf16
//       CHECK:     glu.yield {{.*}} : bf16
func.func @packed_with_rounding(%x: tensor<4x8xf32>, %w: tensor<8x12xf32>) -> tensor<4x6xbf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x12xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x12xf32>) -> tensor<4x12xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x12xf32>) outs(%f : tensor<4x12xf32>) -> tensor<4x12xf32>
  %r = arith.truncf %p : tensor<4x12xf32> to tensor<4x12xbf16>
  %v = tensor.extract_slice %r[0, 0] [4, 6] [1, 1] : tensor<4x12xbf16> to tensor<4x6xbf16>
  %g = tensor.extract_slice %r[0, 6] [4, 6] [1, 1] : tensor<4x12xbf16> to tensor<4x6xbf16>
  %t = math.tanh %g : tensor<4x6xbf16>
  %y = arith.mulf %v, %t : tensor<4x6xbf16>
  return %y : tensor<4x6xbf16>
}

// -----

// A private helper is inlined.
// CHECK-LABEL: func @helper_caller
//       CHECK:   glu.gate sigmoid
//   CHECK-NOT:   func private
func.func private @sigmoid(%a: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %one = arith.constant dense<1.0> : tensor<4x6xf32>
  %n = arith.negf %a : tensor<4x6xf32>
  %x = math.exp %n : tensor<4x6xf32>
  %d = arith.addf %x, %one : tensor<4x6xf32>
  %s = arith.divf %one, %d : tensor<4x6xf32>
  return %s : tensor<4x6xf32>
}
func.func @helper_caller(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %s = call @sigmoid(%g) : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = arith.mulf %s, %v : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}
