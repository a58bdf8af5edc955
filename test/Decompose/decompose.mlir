// RUN: glu-opt %s -glu-decompose -split-input-file | FileCheck %s
// RUN: glu-opt %s -glu-decompose -split-input-file | mlir-opt -split-input-file -canonicalize -o /dev/null
// RUN: glu-opt %s -glu-decompose -split-input-file -one-shot-bufferize="bufferize-function-boundaries" -convert-linalg-to-loops -o /dev/null

// One input: one pass over it, with two accumulators.

// CHECK-DAG: #[[MK:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[KN:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[MN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[N:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func @shared_input
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[WG:[^:]*]]: tensor<32x16xf32>, %[[WV:[^:]*]]: tensor<32x16xf32>, %[[BG:[^:]*]]: tensor<16xf32>, %[[O:[^:]*]]: tensor<8x16xf32>)
//       CHECK:   %[[Z0:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<8x16xf32>)
//       CHECK:   %[[Z1:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<8x16xf32>)
//       CHECK:   %[[P:.*]]:2 = linalg.generic {indexing_maps = [#[[MK]], #[[KN]], #[[KN]], #[[MN]], #[[MN]]], iterator_types = ["parallel", "parallel", "reduction"]}
//  CHECK-SAME:     ins(%[[X]], %[[WG]], %[[WV]] : {{.*}}) outs(%[[Z0]], %[[Z1]] :
//       CHECK:   ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[C:.*]]: f32, %[[G:.*]]: f32, %[[V:.*]]: f32):
//       CHECK:     %[[GP:.*]] = arith.mulf %[[A]], %[[B]]
//       CHECK:     %[[GS:.*]] = arith.addf %[[G]], %[[GP]]
//       CHECK:     %[[VP:.*]] = arith.mulf %[[A]], %[[C]]
//       CHECK:     %[[VS:.*]] = arith.addf %[[V]], %[[VP]]
//       CHECK:     linalg.yield %[[GS]], %[[VS]]
//       CHECK:   linalg.generic {indexing_maps = [#[[ID]], #[[ID]], #[[N]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
//  CHECK-SAME:     ins(%[[P]]#0, %[[P]]#1, %[[BG]] : {{.*}}) outs(%[[O]] :
//       CHECK:   ^bb0(%[[G:.*]]: f32, %[[V:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
//       CHECK:     %[[GB:.*]] = arith.addf %[[G]], %[[B]]
//       CHECK:     %[[NEG:.*]] = arith.negf %[[GB]]
//       CHECK:     math.exp %[[NEG]]
//       CHECK:     %[[S:.*]] = arith.divf %[[GB]], %{{.*}}
//       CHECK:     %[[Y:.*]] = arith.mulf %[[S]], %[[V]]
//       CHECK:     linalg.yield %[[Y]]
//   CHECK-NOT:   glu.
func.func @shared_input(%x: tensor<8x32xf32>, %wg: tensor<32x16xf32>, %wv: tensor<32x16xf32>, %bg: tensor<16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection silu gate(%x, %wg, %bg : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>)
         value(%x, %wv : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// Two inputs: two contractions, each over its own reduction, here of two sizes.

// CHECK-LABEL: func @two_inputs
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[U:[^:]*]]: tensor<8x7xf32>, %[[WG:[^:]*]]: tensor<32x16xf32>, %[[WV:[^:]*]]: tensor<7x16xf32>, %[[BV:[^:]*]]: tensor<16xf32>
//       CHECK:   %[[G:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[X]], %[[WG]] :
//       CHECK:   %[[V:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[U]], %[[WV]] :
//       CHECK:   linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[G]], %[[V]], %[[BV]] :
//       CHECK:   ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[C:.*]]: f32, %{{.*}}: f32):
//       CHECK:     %[[S:.*]] = arith.addf %[[B]], %[[C]]
//       CHECK:     arith.mulf %[[A]], %[[S]]
func.func @two_inputs(%x: tensor<8x32xf32>, %u: tensor<8x7xf32>, %wg: tensor<32x16xf32>, %wv: tensor<7x16xf32>, %bv: tensor<16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection identity gate(%x, %wg : tensor<8x32xf32>, tensor<32x16xf32>) value(%u, %wv, %bv : tensor<8x7xf32>, tensor<7x16xf32>, tensor<16xf32>) outs(%o : tensor<8x16xf32>)
         attributes {indexing_maps = [affine_map<(m, n, k, j) -> (m, k)>, affine_map<(m, n, k, j) -> (k, n)>, affine_map<(m, n, k, j) -> (m, j)>, affine_map<(m, n, k, j) -> (j, n)>,
                                      affine_map<(m, n, k, j) -> (n)>, affine_map<(m, n, k, j) -> (m, n)>]} -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// A given tensor needs no contraction; the other accumulates in f32, the result
// is rounded once.

// CHECK-LABEL: func @given_value
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<?x?xbf16>, %[[W:[^:]*]]: tensor<?x?xbf16>, %[[V:[^:]*]]: tensor<?x?xf32>, %[[O:[^:]*]]: tensor<?x?xbf16>)
//   CHECK-DAG:   %[[M:.*]] = tensor.dim %[[X]], %{{.*}} : tensor<?x?xbf16>
//   CHECK-DAG:   %[[N:.*]] = tensor.dim %[[W]], %{{.*}} : tensor<?x?xbf16>
//       CHECK:   tensor.empty(%[[M]], %[[N]]) : tensor<?x?xf32>
//       CHECK:   %[[G:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[W]] : {{.*}}) outs({{.*}} : tensor<?x?xf32>)
//       CHECK:     %[[A:.*]] = arith.extf %{{.*}} : bf16 to f32
//       CHECK:     %[[B:.*]] = arith.extf %{{.*}} : bf16 to f32
//       CHECK:     arith.mulf %[[A]], %[[B]] : f32
//       CHECK:   linalg.generic {{.*}} ins(%[[G]], %[[V]] : {{.*}}) outs(%[[O]] : tensor<?x?xbf16>)
//       CHECK:     arith.truncf %{{.*}} : f32 to bf16
func.func @given_value(%x: tensor<?x?xbf16>, %w: tensor<?x?xbf16>, %v: tensor<?x?xf32>, %o: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %y = glu.gated_projection relu gate(%x, %w : tensor<?x?xbf16>, tensor<?x?xbf16>) value(%v : tensor<?x?xf32>) outs(%o : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %y : tensor<?x?xbf16>
}

// -----

// A scalar gate has one accumulator a row.

// CHECK-DAG: #[[M:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[N:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: func @scalar_gate
//       CHECK:   %[[G:.*]] = linalg.generic {indexing_maps = [#[[ID]], #[[N]], #[[M]]], iterator_types = ["parallel", "reduction"]} {{.*}} outs(%{{.*}} : tensor<8xf32>)
//       CHECK:   linalg.generic {indexing_maps = [#[[M]], #[[ID]], #[[ID]]], iterator_types = ["parallel", "parallel"]} ins(%[[G]],
func.func @scalar_gate(%x: tensor<8x32xf32>, %w: tensor<32xf32>, %v: tensor<8x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection sigmoid gate(%x, %w : tensor<8x32xf32>, tensor<32xf32>) value(%v : tensor<8x16xf32>) outs(%o : tensor<8x16xf32>)
         attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (m, n)>, affine_map<(m, n, k) -> (m, n)>]} -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// A batch, and a convolution whose window is two reductions.

// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 * 2 + d3 * 3, d4)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d4, d2)>
// CHECK-LABEL: func @convolution
//       CHECK:   linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[W]], #{{.*}}, #{{.*}}], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
//       CHECK:   linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel"]}
func.func @convolution(%x: tensor<2x21x3xf32>, %wg: tensor<4x3x5xf32>, %wv: tensor<4x3x5xf32>, %o: tensor<2x4x5xf32>) -> tensor<2x4x5xf32> {
  %y = glu.gated_projection tanh_sigmoid gate(%x, %wg : tensor<2x21x3xf32>, tensor<4x3x5xf32>) value(%x, %wv : tensor<2x21x3xf32>, tensor<4x3x5xf32>) outs(%o : tensor<2x4x5xf32>)
         attributes {indexing_maps = [affine_map<(b, t, n, k, c) -> (b, t * 2 + k * 3, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                                      affine_map<(b, t, n, k, c) -> (b, t * 2 + k * 3, c)>, affine_map<(b, t, n, k, c) -> (k, c, n)>,
                                      affine_map<(b, t, n, k, c) -> (b, t, n)>]} -> tensor<2x4x5xf32>
  return %y : tensor<2x4x5xf32>
}

// -----

// Integers are extended with their sign, products are exact in i32.

// CHECK-LABEL: func @integers
//       CHECK:   linalg.generic {{.*}} ins(%{{.*}} : tensor<8x32xi8>, tensor<32x16xi8>) outs(%{{.*}} : tensor<8x16xi32>)
//       CHECK:     %[[A:.*]] = arith.extsi %{{.*}} : i8 to i32
//       CHECK:     %[[B:.*]] = arith.extsi %{{.*}} : i8 to i32
//       CHECK:     %[[C:.*]] = arith.muli %[[A]], %[[B]] : i32
//       CHECK:     arith.addi %{{.*}}, %[[C]] : i32
//       CHECK:   linalg.generic
//       CHECK:     arith.addi
//       CHECK:     arith.maxsi
func.func @integers(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %b: tensor<16xi8>, %v: tensor<8x16xi32>, %o: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %y = glu.gated_projection gate(%x, %w, %b : tensor<8x32xi8>, tensor<32x16xi8>, tensor<16xi8>) value(%v : tensor<8x16xi32>) outs(%o : tensor<8x16xi32>) {
  ^bb0(%g: i32, %u: i32):
    %0 = arith.maxsi %g, %u : i32
    glu.yield %0 : i32
  } -> tensor<8x16xi32>
  return %y : tensor<8x16xi32>
}

// -----

// A projection that is also wanted itself is one more result; extras come last.

// CHECK-LABEL: func @results
//       CHECK:   %[[P:.*]]:2 = linalg.generic
//       CHECK:   %[[Y:.*]]:2 = linalg.generic {{.*}} ins(%[[P]]#0, %[[P]]#1, %{{.*}}, %{{.*}} : tensor<8x16xf32>, tensor<8x16xf32>, tensor<8xf32>, f32)
//       CHECK:     linalg.yield %{{.*}}, %{{.*}} : f32, bf16
//       CHECK:   return %[[Y]]#0, %[[Y]]#1
func.func @results(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %e: tensor<8xf32>, %s: f32, %o: tensor<8x16xf32>, %p: tensor<16x8xbf16>) -> (tensor<8x16xf32>, tensor<16x8xbf16>) {
  %y:2 = glu.gated_projection gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) extras(%e, %s : tensor<8xf32>, f32)
           outs(%o, %p : tensor<8x16xf32>, tensor<16x8xbf16>)
           attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                        affine_map<(m, n, k) -> (m)>, affine_map<(m, n, k) -> ()>, affine_map<(m, n, k) -> (m, n)>, affine_map<(m, n, k) -> (n, m)>]} {
  ^bb0(%g: f32, %v: f32, %c: f32, %d: f32):
    %0 = arith.mulf %g, %v : f32
    %1 = arith.mulf %0, %c : f32
    %2 = arith.addf %1, %d : f32
    %3 = arith.truncf %g : f32 to bf16
    glu.yield %2, %3 : f32, bf16
  } -> (tensor<8x16xf32>, tensor<16x8xbf16>)
  return %y#0, %y#1 : tensor<8x16xf32>, tensor<16x8xbf16>
}

// -----

// On memrefs the accumulators are freed again.

// CHECK-LABEL: func @memrefs
//       CHECK:   %[[G:.*]] = memref.alloc(%{{.*}}) : memref<?x16xf32>
//       CHECK:   linalg.fill {{.*}} outs(%[[G]] :
//       CHECK:   %[[V:.*]] = memref.alloc(%{{.*}}) : memref<?x16xf32>
//       CHECK:   linalg.fill {{.*}} outs(%[[V]] :
//       CHECK:   linalg.generic {{.*}} outs(%[[G]], %[[V]] :
//       CHECK:   linalg.generic {{.*}} ins(%[[G]], %[[V]] :
//   CHECK-DAG:   memref.dealloc %[[G]]
//   CHECK-DAG:   memref.dealloc %[[V]]
//   CHECK-NOT:   memref.alloc
//       CHECK:   return
func.func @memrefs(%x: memref<?x32xf32>, %w: memref<32x16xf32>, %o: memref<?x16xf32>) {
  glu.gated_projection silu gate(%x, %w : memref<?x32xf32>, memref<32x16xf32>) value(%x, %w : memref<?x32xf32>, memref<32x16xf32>) outs(%o : memref<?x16xf32>)
  return
}

// -----

// A gate is elementwise, whatever its maps.

// CHECK-LABEL: func @gate
//   CHECK-NOT:   linalg.fill
//       CHECK:   linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%{{.*}}, %{{.*}} : tensor<16x8xf16>, tensor<8xf16>) outs(%{{.*}} : tensor<8x16xf16>)
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @gate(%g: tensor<16x8xf16>, %v: tensor<8xf16>, %o: tensor<8x16xf16>) -> tensor<8x16xf16> {
  %y = glu.gate gelu_tanh gate(%g : tensor<16x8xf16>) value(%v : tensor<8xf16>) outs(%o : tensor<8x16xf16>)
         attributes {indexing_maps = [affine_map<(m, n) -> (n, m)>, affine_map<(m, n) -> (m)>, affine_map<(m, n) -> (m, n)>]} -> tensor<8x16xf16>
  return %y : tensor<8x16xf16>
}
