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

// -----

// One bias of both branches, as the initial value of the sums.
// CHECK-LABEL: func @shared_bias
//       CHECK:   glu.gated_projection silu gate(%arg0, %arg1, %arg3 : {{.*}}) value(%arg0, %arg2, %arg3 : {{.*}})
//   CHECK-NOT:   extras
func.func @shared_bias(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>, %b: tensor<6xf32>) -> tensor<4x6xf32> {
  %e = tensor.empty() : tensor<4x6xf32>
  %i = linalg.broadcast ins(%b : tensor<6xf32>) outs(%e : tensor<4x6xf32>) dimensions = [0]
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%i : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%i : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A narrow one, widened.
// CHECK-LABEL: func @shared_narrow_bias
//       CHECK:   glu.gated_projection silu gate(%arg0, %arg1, %arg3 : {{.*}}) value(%arg0, %arg2, %arg3 : {{.*}})
//   CHECK-NOT:   extras
func.func @shared_narrow_bias(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>, %b: tensor<6xbf16>) -> tensor<4x6xf32> {
  %e = tensor.empty() : tensor<4x6xf32>
  %i = linalg.generic {indexing_maps = [affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
      ins(%b : tensor<6xbf16>) outs(%e : tensor<4x6xf32>) {
  ^bb0(%a: bf16, %o: f32):
    %0 = arith.extf %a : bf16 to f32
    linalg.yield %0 : f32
  } -> tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%i : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%i : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// One that the function also uses by itself stays an extra.
// CHECK-LABEL: func @bias_and_factor
//       CHECK:   glu.gated_projection gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2 : {{.*}}) extras(%arg3 : tensor<6xf32>)
func.func @bias_and_factor(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>, %b: tensor<6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) extras(%b : tensor<6xf32>) outs(%e : tensor<4x6xf32>)
      attributes {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>]} {
  ^bb0(%a: f32, %c: f32, %s: f32):
    %0 = arith.addf %a, %s : f32
    %1 = math.tanh %0 : f32
    %2 = arith.mulf %1, %c : f32
    %3 = arith.mulf %2, %s : f32
    glu.yield %3 : f32
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Maps that are not linear: the gate stays, and is right.
// CHECK-LABEL: func @not_linear
//       CHECK:   glu.gate
func.func @not_linear(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %v: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<8x6xf32>
  %g = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<8x6xf32>) outs(%e : tensor<8x6xf32>)
      attributes {indexing_maps = [affine_map<(m, n) -> (m mod 4, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>]} -> tensor<8x6xf32>
  return %y : tensor<8x6xf32>
}
