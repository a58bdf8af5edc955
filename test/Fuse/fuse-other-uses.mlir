// RUN: glu-opt %s --glu-fuse --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-fuse --split-input-file -o /dev/null \
// RUN:   --remark-format=emitRemark --remarks-filter=glu 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

// No projection is computed twice.

// Needed besides the unit, before and after it: one more result.
// CHECK-LABEL: func @also_returned
//   CHECK-NOT:   linalg.matmul
//       CHECK:   %[[Y:.*]]:2 = glu.gated_projection gate(%arg0, %arg1
//       CHECK:     glu.yield %{{.*}}, %{{.*}} : f32, f32
//       CHECK:   %[[N:.*]] = arith.negf %[[Y]]#1
//       CHECK:   return %[[Y]]#0, %[[Y]]#1, %[[N]]
func.func @also_returned(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %n = arith.negf %g : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y, %g, %n : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// An extra is computed from the gate: the gate stays, the value is absorbed.
// CHECK-LABEL: func @circular
//       CHECK:   %[[G:.*]] = linalg.matmul ins(%arg0, %arg1
//   CHECK-NOT:   linalg.matmul
//       CHECK:   glu.gated_projection gate(%[[G]] : {{.*}}) value(%arg0, %arg2 :
func.func @circular(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %c0 = arith.constant 0 : index
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %s = tensor.extract %g[%c0, %c0] : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %y = glu.gate gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) extras(%s : f32) outs(%e : tensor<4x6xf32>)
      attributes {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> ()>, affine_map<(m, n) -> (m, n)>]} {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %q = arith.mulf %p, %c : f32
    glu.yield %q : f32
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Half of a projection cannot give all of it.
// CHECK-LABEL: func @packed_returned
//       CHECK:   linalg.matmul
// CHECK-COUNT-2: tensor.extract_slice
//       CHECK:   glu.gate silu
func.func @packed_returned(%x: tensor<4x8xf32>, %w: tensor<8x12xf32>) -> (tensor<4x6xf32>, tensor<4x12xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4x12xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x12xf32>) outs(%zero : tensor<4x12xf32>) -> tensor<4x12xf32>
  %g = tensor.extract_slice %p[0, 0] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %v = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not fused: the projection is also used elsewhere
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y, %p : tensor<4x6xf32>, tensor<4x12xf32>
}

// -----

// Nothing to absorb.
// CHECK-LABEL: func @no_projection
//       CHECK:   glu.gate silu
func.func @no_projection(%g: tensor<4x6xf32>, %v: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %e = tensor.empty() : tensor<4x6xf32>
  // REMARK: :[[#@LINE+1]]:{{.*}}not fused: no branch is a contraction or convolution
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Outside the loop it is computed once; inside it would be each time.
// CHECK-LABEL: func @loop_invariant
//       CHECK:   linalg.matmul
//       CHECK:   scf.for
//   CHECK-NOT:   linalg.matmul
//       CHECK:     glu.gate silu
func.func @loop_invariant(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>, %v: tensor<4x6xf32>, %n: index) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %v) -> tensor<4x6xf32> {
    %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%a : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
    scf.yield %y : tensor<4x6xf32>
  }
  return %r : tensor<4x6xf32>
}

// -----

// A batch of one goes, and comes back for the other use: with a size that is
// known before the fused operation.
// CHECK-LABEL: func @unknown_size_of_other_use
//       CHECK:   %[[N0:.*]] = tensor.dim %arg2
//       CHECK:   %[[N1:.*]] = tensor.dim %arg2
//       CHECK:   %[[Y:.*]]:2 = glu.gated_projection
//   CHECK-DAG:   tensor.expand_shape %[[Y]]#0 {{\[}}[0, 1], [2]] output_shape [1, 7, %[[N0]]]
//   CHECK-DAG:   tensor.expand_shape %[[Y]]#1 {{\[}}[0, 1], [2]] output_shape [1, 7, %[[N1]]]
func.func @unknown_size_of_other_use(%x: tensor<1x7x5xf32>, %wg: tensor<1x5x?xf32>, %wv: tensor<1x5x?xf32>) -> (tensor<1x7x?xf32>, tensor<1x7x?xf32>) {
  %c2 = arith.constant 2 : index
  %n = tensor.dim %wv, %c2 : tensor<1x5x?xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty(%n) : tensor<1x7x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<1x7x?xf32>) -> tensor<1x7x?xf32>
  %g = linalg.batch_matmul ins(%x, %wg : tensor<1x7x5xf32>, tensor<1x5x?xf32>) outs(%init : tensor<1x7x?xf32>) -> tensor<1x7x?xf32>
  %v = linalg.batch_matmul ins(%x, %wv : tensor<1x7x5xf32>, tensor<1x5x?xf32>) outs(%init : tensor<1x7x?xf32>) -> tensor<1x7x?xf32>
  %c = linalg.exp ins(%v : tensor<1x7x?xf32>) outs(%e : tensor<1x7x?xf32>) -> tensor<1x7x?xf32>
  %late = tensor.empty(%n) : tensor<1x7x?xf32>
  %y = glu.gate silu gate(%g : tensor<1x7x?xf32>) value(%v : tensor<1x7x?xf32>) outs(%late : tensor<1x7x?xf32>) -> tensor<1x7x?xf32>
  return %y, %c : tensor<1x7x?xf32>, tensor<1x7x?xf32>
}
