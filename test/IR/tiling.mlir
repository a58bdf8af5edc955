// RUN: glu-opt %s -split-input-file -transform-interpreter -canonicalize -cse -verify-diagnostics | FileCheck %s

// Both parallel dimensions: rows of x, columns of the weights.

// CHECK-LABEL: func @projection
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x32xf32>, %[[WG:[^:]*]]: tensor<32x16xf32>, %[[WV:[^:]*]]: tensor<32x16xf32>, %[[B:[^:]*]]: tensor<16xf32>
//       CHECK:   scf.for %[[M:[^ ]*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[OUTER:.*]] = %{{.*}})
//       CHECK:     scf.for %[[N:[^ ]*]] = %{{.*}} iter_args(%[[OUT:.*]] = %[[OUTER]])
//   CHECK-DAG:       %[[XT:.*]] = tensor.extract_slice %[[X]][%[[M]], 0] [4, 32] [1, 1]
//   CHECK-DAG:       %[[WGT:.*]] = tensor.extract_slice %[[WG]][0, %[[N]]] [32, 8] [1, 1]
//   CHECK-DAG:       %[[WVT:.*]] = tensor.extract_slice %[[WV]][0, %[[N]]] [32, 8] [1, 1]
//   CHECK-DAG:       %[[BT:.*]] = tensor.extract_slice %[[B]][%[[N]]] [8] [1]
//   CHECK-DAG:       %[[OT:.*]] = tensor.extract_slice %[[OUT]][%[[M]], %[[N]]] [4, 8] [1, 1]
//       CHECK:       %[[Y:.*]] = glu.gated_projection silu gate(%[[XT]], %[[WGT]], %[[BT]] : {{.*}}) value(%[[XT]], %[[WVT]] : {{.*}}) outs(%[[OT]] : {{.*}}) -> tensor<4x8xf32>
//       CHECK:       tensor.insert_slice %[[Y]] into %[[OUT]][%[[M]], %[[N]]] [4, 8] [1, 1]
func.func @projection(%x: tensor<8x32xf32>, %wg: tensor<32x16xf32>, %wv: tensor<32x16xf32>, %b: tensor<16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection silu gate(%x, %wg, %b : tensor<8x32xf32>, tensor<32x16xf32>, tensor<16xf32>)
         value(%x, %wv : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [4, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Dynamic sizes, in parallel; the reduction stays whole.

// CHECK-DAG: #[[MIN:.*]] = affine_map<(d0)[s0] -> (d0 * -4 + s0, 4)>
// CHECK-LABEL: func @dynamic
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<?x?xf32>, %[[W:[^:]*]]: tensor<?x?xf32>, %[[V:[^:]*]]: tensor<?x?xf32>
//   CHECK-DAG:   %[[K:.*]] = tensor.dim %[[X]], %c1
//       CHECK:   scf.forall (%[[I:.*]]) in (%{{.*}}) shared_outs(%[[OUT:.*]] = %{{.*}})
//       CHECK:     %[[SIZE:.*]] = affine.min #[[MIN]](%[[I]])
//       CHECK:     tensor.extract_slice %[[X]][%{{.*}}, 0] [%[[SIZE]], %[[K]]] [1, 1]
//       CHECK:     %[[Y:.*]] = glu.gated_projection gelu
//       CHECK:     tensor.parallel_insert_slice %[[Y]] into %[[OUT]]
func.func @dynamic(%x: tensor<?x?xf32>, %w: tensor<?x?xf32>, %v: tensor<?x?xf32>, %o: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = glu.gated_projection gelu gate(%x, %w : tensor<?x?xf32>, tensor<?x?xf32>) value(%v : tensor<?x?xf32>) outs(%o : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A dilated, strided convolution: the window of a tile of 2 is 2 * 1 + 3 * 3 + 1.

// CHECK: #[[ROW:.*]] = affine_map<(d0) -> (d0 * 2)>
// CHECK-LABEL: func @convolution
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<21x3xf32>, %[[WG:[^:]*]]: tensor<4x3x5xf32>, %[[WV:[^:]*]]: tensor<4x3x5xf32>
//       CHECK:   scf.for %[[T:[^ ]*]] = %
//       CHECK:     %[[O:.*]] = affine.apply #[[ROW]](%[[T]])
//       CHECK:     tensor.extract_slice %[[X]][%[[O]], 0] [12, 3] [1, 1] : tensor<21x3xf32> to tensor<12x3xf32>
//       CHECK:     glu.gated_projection sigmoid gate(%{{.*}}, %[[WG]] : {{.*}}) value(%{{.*}}, %[[WV]] :
//  CHECK-SAME:     -> tensor<2x5xf32>
#x = affine_map<(t, n, k, c) -> (2 * t + 3 * k, c)>
#w = affine_map<(t, n, k, c) -> (k, c, n)>
#o = affine_map<(t, n, k, c) -> (t, n)>
func.func @convolution(%x: tensor<21x3xf32>, %wg: tensor<4x3x5xf32>, %wv: tensor<4x3x5xf32>, %o: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = glu.gated_projection sigmoid gate(%x, %wg : tensor<21x3xf32>, tensor<4x3x5xf32>) value(%x, %wv : tensor<21x3xf32>, tensor<4x3x5xf32>)
         outs(%o : tensor<4x5xf32>) attributes {indexing_maps = [#x, #w, #x, #w, #o]} -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Two results of different layout, extras of every rank, a scalar gate.

// CHECK-LABEL: func @results
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x4xf32>, %[[WG:[^:]*]]: tensor<4xf32>, %[[V:[^:]*]]: tensor<6x8xf32>, %[[E:[^:]*]]: tensor<8xf32>, %[[S:[^:]*]]: f32,
//       CHECK:   scf.for %[[M:[^ ]*]] = {{.*}} iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}})
//   CHECK-DAG:     %[[XT:.*]] = tensor.extract_slice %[[X]][%[[M]], 0] [2, 4] [1, 1]
//   CHECK-DAG:     %[[VT:.*]] = tensor.extract_slice %[[V]][0, %[[M]]] [6, 2] [1, 1]
//   CHECK-DAG:     %[[ET:.*]] = tensor.extract_slice %[[E]][%[[M]]] [2] [1]
//   CHECK-DAG:     %[[AT:.*]] = tensor.extract_slice %[[A]][%[[M]], 0] [2, 6] [1, 1]
//   CHECK-DAG:     %[[BT:.*]] = tensor.extract_slice %[[B]][0, %[[M]]] [6, 2] [1, 1]
//       CHECK:     %[[Y:.*]]:2 = glu.gated_projection gate(%[[XT]], %[[WG]] : {{.*}}) value(%[[VT]] : {{.*}}) extras(%[[ET]], %[[S]] : {{.*}}) outs(%[[AT]], %[[BT]] :
//   CHECK-DAG:     tensor.insert_slice %[[Y]]#0 into %[[A]][%[[M]], 0] [2, 6] [1, 1]
//   CHECK-DAG:     tensor.insert_slice %[[Y]]#1 into %[[B]][0, %[[M]]] [6, 2] [1, 1]
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (k)>
#nm = affine_map<(m, n, k) -> (n, m)>
#m = affine_map<(m, n, k) -> (m)>
#s = affine_map<(m, n, k) -> ()>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @results(%x: tensor<8x4xf32>, %wg: tensor<4xf32>, %v: tensor<6x8xf32>, %e: tensor<8xf32>, %s: f32, %a: tensor<8x6xf32>, %b: tensor<6x8xf32>) -> (tensor<8x6xf32>, tensor<6x8xf32>) {
  %y:2 = glu.gated_projection gate(%x, %wg : tensor<8x4xf32>, tensor<4xf32>) value(%v : tensor<6x8xf32>) extras(%e, %s : tensor<8xf32>, f32)
         outs(%a, %b : tensor<8x6xf32>, tensor<6x8xf32>) attributes {indexing_maps = [#x, #w, #nm, #m, #s, #mn, #nm]} {
  ^bb0(%g: f32, %u: f32, %c: f32, %d: f32):
    %0 = arith.mulf %g, %u : f32
    %1 = arith.mulf %c, %d : f32
    %2 = arith.addf %0, %1 : f32
    glu.yield %2, %0 : f32, f32
  } -> (tensor<8x6xf32>, tensor<6x8xf32>)
  return %y#0, %y#1 : tensor<8x6xf32>, tensor<6x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// On memrefs there are views.

// CHECK-LABEL: func @memrefs
//       CHECK:   scf.for
//       CHECK:     %[[G:.*]] = memref.subview %{{.*}}[%{{.*}}, 0] [4, 6] [1, 1]
//       CHECK:     %[[V:.*]] = memref.subview
//       CHECK:     %[[O:.*]] = memref.subview
//       CHECK:     glu.gate relu gate(%[[G]] : {{.*}}) value(%[[V]] : {{.*}}) outs(%[[O]] : {{[^)]*}}){{$}}
func.func @memrefs(%g: memref<8x6xf32>, %v: memref<8x6xf32>, %o: memref<8x6xf32>) {
  glu.gate relu gate(%g : memref<8x6xf32>) value(%v : memref<8x6xf32>) outs(%o : memref<8x6xf32>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gate"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// The gated unit is computed tile by tile inside the loop of its consumer.

// CHECK-LABEL: func @fuse_into_consumer
//       CHECK:   scf.forall (%{{.*}}, %{{.*}}) in (2, 2)
//       CHECK:     glu.gated_projection silu {{.*}} -> tensor<4x8xf32>
//       CHECK:     linalg.exp {{.*}} -> tensor<4x8xf32>
//       CHECK:   return
func.func @fuse_into_consumer(%x: tensor<8x32xf32>, %wg: tensor<32x16xf32>, %wv: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection silu gate(%x, %wg : tensor<8x32xf32>, tensor<32x16xf32>)
         value(%x, %wv : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  %z = linalg.exp ins(%y : tensor<8x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %z : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %consumer = transform.structured.match ops{["linalg.exp"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %consumer tile_sizes [4, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %fused, %new = transform.structured.fuse_into_containing_op %op into %loop : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// And a gate with the producers of its operands, greedily.

// CHECK-LABEL: func @fuse_producers
//       CHECK:   scf.for
//       CHECK:     linalg.exp {{.*}} -> tensor<2x6xf32>
//       CHECK:     glu.gate silu {{.*}} -> tensor<2x6xf32>
func.func @fuse_producers(%g: tensor<8x6xf32>, %v: tensor<8x6xf32>, %o: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %e = linalg.exp ins(%g : tensor<8x6xf32>) outs(%o : tensor<8x6xf32>) -> tensor<8x6xf32>
  %y = glu.gate silu gate(%e : tensor<8x6xf32>) value(%v : tensor<8x6xf32>) outs(%o : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %y : tensor<8x6xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gate"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %op tile_sizes [2, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
