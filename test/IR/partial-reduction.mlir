// A reduction in tiles: each adds to an accumulator per branch, and the gating
// follows after the loop.

// RUN: glu-opt %s -transform-preload-library=transform-library-paths=%S/Inputs/cut-reductions.mlir -transform-interpreter -canonicalize -cse -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir

// The same numbers, and right ones.
// RUN: for f in shared scalar_gate dynamic convolution own integers; do \
// RUN:   results="--result=%t.0.npy"; expect="--expect=%t.0.npy"; \
// RUN:   if test $f = own; then results="$results --result=%t.1.npy"; expect="$expect --expect=%t.1.npy"; fi; \
// RUN:   { glu-run %s --pipeline=general --entry=$f --verify $results && \
// RUN:     glu-run %t.mlir --pipeline=general --entry=$f --verify $expect; } > %t.txt || { echo $f; cat %t.txt; exit 1; }; \
// RUN: done

// CHECK-DAG: #[[MK:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[KN:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[MNK:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[MN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[COL:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[START:.*]] = affine_map<(d0) -> (d0 * 3)>
// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0) -> (d0 * 3 + 9)>
// CHECK-DAG: #[[READ:.*]] = affine_map<(d0, d1, d2, d3) -> (d0 * 2 + d2 * 3 + 1, d3)>

// Rows in tiles, and in each the reduction: one contraction adds to both
// accumulators, since both branches read one input. The last tile is ragged.

// CHECK-LABEL: func @shared
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x30xf32>, %[[WG:[^:]*]]: tensor<30x16xf32>, %[[WV:[^:]*]]: tensor<30x16xf32>, %[[B:[^:]*]]: tensor<16xf32>, %[[S:[^:]*]]: f32, %[[O:[^:]*]]: tensor<8x16xf32>)
//       CHECK:   scf.for %[[M:[^ ]*]] = {{.*}} iter_args(%[[ROWS:.*]] = %[[O]])
//       CHECK:     %[[XM:.*]] = tensor.extract_slice %[[X]][%[[M]], 0] [4, 30]
//       CHECK:     %[[OM:.*]] = tensor.extract_slice %[[ROWS]][%[[M]], 0] [4, 16]
//       CHECK:     %[[ZERO:.*]] = linalg.fill {{.*}} -> tensor<4x16x8xf32>
//       CHECK:     %[[SUMS:.*]]:2 = scf.for %[[K:[^ ]*]] = {{.*}} iter_args(%[[G:.*]] = %[[ZERO]], %[[V:.*]] = %[[ZERO]])
//       CHECK:       %[[SIZE:.*]] = affine.min
//   CHECK-DAG:       %[[GT:.*]] = tensor.extract_slice %[[G]][0, 0, 0] [4, 16, %[[SIZE]]]
//   CHECK-DAG:       %[[VT:.*]] = tensor.extract_slice %[[V]][0, 0, 0] [4, 16, %[[SIZE]]]
//   CHECK-DAG:       %[[XT:.*]] = tensor.extract_slice %[[XM]][0, %[[K]]] [4, %[[SIZE]]]
//   CHECK-DAG:       %[[WGT:.*]] = tensor.extract_slice %[[WG]][%[[K]], 0] [%[[SIZE]], 16]
//   CHECK-DAG:       %[[WVT:.*]] = tensor.extract_slice %[[WV]][%[[K]], 0] [%[[SIZE]], 16]
//       CHECK:       %[[P:.*]]:2 = linalg.generic {indexing_maps = [#[[MK]], #[[KN]], #[[KN]], #[[MNK]], #[[MNK]]], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[XT]], %[[WGT]], %[[WVT]] : {{.*}}) outs(%[[GT]], %[[VT]] :
//       CHECK:       %[[GI:.*]] = tensor.insert_slice %[[P]]#0 into %[[G]][0, 0, 0] [4, 16, %[[SIZE]]]
//       CHECK:       %[[VI:.*]] = tensor.insert_slice %[[P]]#1 into %[[V]][0, 0, 0] [4, 16, %[[SIZE]]]
//       CHECK:       scf.yield %[[GI]], %[[VI]]
//       CHECK:     %[[GS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]]#0 : tensor<4x16x8xf32>) {{.*}} dimensions = [2]
//       CHECK:     %[[VS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]]#1 : tensor<4x16x8xf32>) {{.*}} dimensions = [2]
//       CHECK:     glu.gate gate(%[[GS]] : tensor<4x16xf32>) value(%[[VS]] : tensor<4x16xf32>) extras(%[[B]], %[[S]] : tensor<16xf32>, f32) outs(%[[OM]] : tensor<4x16xf32>)
//  CHECK-NEXT:     ^bb0(%[[GA:.*]]: f32, %[[VA:.*]]: f32, %[[BA:.*]]: f32, %[[SA:.*]]: f32):
//       CHECK:       %[[SUM:.*]] = arith.addf %[[GA]], %[[BA]]
//       CHECK:       %[[T:.*]] = math.tanh %[[SUM]]
//       CHECK:       %[[Y:.*]] = arith.mulf %[[T]], %[[VA]]
//       CHECK:       arith.mulf %[[Y]], %[[SA]]
func.func @shared(%x: tensor<8x30xf32>, %wg: tensor<30x16xf32>, %wv: tensor<30x16xf32>, %b: tensor<16xf32>, %s: f32, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection gate(%x, %wg, %b : tensor<8x30xf32>, tensor<30x16xf32>, tensor<16xf32>)
         value(%x, %wv : tensor<8x30xf32>, tensor<30x16xf32>) extras(%s : f32) outs(%o : tensor<8x16xf32>) attributes {name = "shared"} {
  ^bb0(%g: f32, %v: f32, %e: f32):
    %t = math.tanh %g : f32
    %p = arith.mulf %t, %v : f32
    %q = arith.mulf %p, %e : f32
    glu.yield %q : f32
  } -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// A gate per row: its accumulator has other dimensions, so its contraction is
// one of its own.

// CHECK-LABEL: func @scalar_gate
//       CHECK:   %[[SUMS:.*]]:2 = scf.for {{.*}} -> (tensor<8x8xf32>, tensor<8x16x8xf32>)
//       CHECK:     linalg.generic {indexing_maps = [#[[ID]], #[[COL]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
//       CHECK:     linalg.generic {indexing_maps = [#[[MK]], #[[KN]], #[[MNK]]], iterator_types = ["parallel", "parallel", "parallel"]}
//       CHECK:   %[[GS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]]#0 : {{.*}} outs(%{{.*}} : tensor<8xf32>) dimensions = [1]
//       CHECK:   %[[VS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]]#1 : {{.*}} outs(%{{.*}} : tensor<8x16xf32>) dimensions = [2]
//       CHECK:   glu.gate sigmoid gate(%[[GS]] : tensor<8xf32>) value(%[[VS]] : {{.*}} attributes {indexing_maps = [#[[ROW]], #[[ID]], #[[ID]]]}
func.func @scalar_gate(%x: tensor<8x30xf32>, %wg: tensor<30xf32>, %wv: tensor<30x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gated_projection sigmoid gate(%x, %wg : tensor<8x30xf32>, tensor<30xf32>)
         value(%x, %wv : tensor<8x30xf32>, tensor<30x16xf32>) outs(%o : tensor<8x16xf32>)
         attributes {name = "scalar_gate", indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k)>,
           affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]} -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// Parts of the reduction in parallel: each thread has sums of its own. The
// given branch goes to the gating as it is; bf16 is summed in f32.

// CHECK-LABEL: func @dynamic
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<?x?xbf16>, %[[W:[^:]*]]: tensor<?x?xbf16>, %[[V:[^:]*]]: tensor<?x?xf32>
//       CHECK:   %[[SUMS:.*]] = scf.forall (%[[I:.*]]) in (4) shared_outs(%[[G:.*]] = %{{.*}}) -> (tensor<?x?x4xf32>)
//       CHECK:     %[[GT:.*]] = tensor.extract_slice %[[G]][0, 0, %[[I]]] [%{{.*}}, %{{.*}}, 1] [1, 1, 1] : tensor<?x?x4xf32> to tensor<?x?xf32>
//       CHECK:     %[[P:.*]] = linalg.generic {indexing_maps = [#[[MK]], #[[KN]], #[[MN]]], iterator_types = ["parallel", "parallel", "reduction"]} {{.*}} outs(%[[GT]] : tensor<?x?xf32>)
//       CHECK:       arith.extf
//       CHECK:     tensor.parallel_insert_slice %[[P]] into %[[G]][0, 0, %[[I]]] [%{{.*}}, %{{.*}}, 1]
//       CHECK:   %[[GS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]] :
//       CHECK:   glu.gate silu gate(%[[GS]] : tensor<?x?xf32>) value(%[[V]] : tensor<?x?xf32>)
func.func @dynamic(%x: tensor<?x?xbf16>, %wg: tensor<?x?xbf16>, %v: tensor<?x?xf32>, %o: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = glu.gated_projection silu gate(%x, %wg : tensor<?x?xbf16>, tensor<?x?xbf16>) value(%v : tensor<?x?xf32>) outs(%o : tensor<?x?xf32>) attributes {name = "dynamic"} -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// The window of a dilated, strided convolution is cut, and its channels: a tile
// of size taps of six rows reads 2 * 5 + 3 * (size - 1) + 1 + 1 rows.

// CHECK-LABEL: func @convolution
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<21x3xf32>,
//       CHECK:   %[[SUMS:.*]]:2 = scf.for %[[K:[^ ]*]] = {{.*}} -> (tensor<6x5x3x2xf32>, tensor<6x5x3x2xf32>)
//       CHECK:     scf.for %[[C:[^ ]*]] =
//   CHECK-DAG:       %[[OFFSET:.*]] = affine.apply #[[START]](%[[K]])
//   CHECK-DAG:       %[[ROWS:.*]] = affine.apply #[[WINDOW]](%{{.*}})
//       CHECK:       %[[XT:.*]] = tensor.extract_slice %[[X]][%[[OFFSET]], %[[C]]] [%[[ROWS]], %{{.*}}] [1, 1]
//       CHECK:       linalg.generic {indexing_maps = [#[[READ]],
//       CHECK:   linalg.reduce {{.*}} dimensions = [2, 3]
//       CHECK:   linalg.reduce {{.*}} dimensions = [2, 3]
//       CHECK:   glu.gate gate
func.func @convolution(%x: tensor<21x3xf32>, %wg: tensor<4x3x5xf32>, %wv: tensor<4x3x5xf32>, %bv: tensor<5xf32>, %o: tensor<6x5xf32>) -> tensor<6x5xf32> {
  %y = glu.gated_projection sigmoid gate(%x, %wg : tensor<21x3xf32>, tensor<4x3x5xf32>) value(%x, %wv, %bv : tensor<21x3xf32>, tensor<4x3x5xf32>, tensor<5xf32>)
         outs(%o : tensor<6x5xf32>) attributes {name = "convolution", indexing_maps = [
          affine_map<(t, n, k, c) -> (2 * t + 3 * k + 1, c)>, affine_map<(t, n, k, c) -> (k, c, n)>,
          affine_map<(t, n, k, c) -> (2 * t + 3 * k + 1, c)>, affine_map<(t, n, k, c) -> (k, c, n)>,
          affine_map<(t, n, k, c) -> (n)>, affine_map<(t, n, k, c) -> (t, n)>]} -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}

// Each branch has a reduction of its own. Only the value's is cut: the gate is
// summed once, after the loop.

// CHECK-LABEL: func @own
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8x7xf32>, %[[WG:[^:]*]]: tensor<7x16xf32>,
//       CHECK:   %[[SUMS:.*]] = scf.for {{.*}} -> (tensor<8x16x8xf32>)
//       CHECK:     linalg.generic
//   CHECK-NOT:     linalg.generic
//       CHECK:   }
//       CHECK:   %[[GS:.*]] = linalg.generic {indexing_maps = [#[[MK]], #[[KN]], #[[MN]]], iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[X]], %[[WG]] :
//       CHECK:   %[[VS:.*]] = linalg.reduce { arith.addf } ins(%[[SUMS]] :
//       CHECK:   glu.gate gate(%[[GS]] : tensor<8x16xf32>) value(%[[VS]] : tensor<8x16xf32>) outs(%{{.*}}, %{{.*}} : tensor<8x16xf32>, tensor<16x8xf32>)
func.func @own(%x: tensor<8x7xf32>, %wg: tensor<7x16xf32>, %z: tensor<8x30xf32>, %wv: tensor<30x16xf32>, %o: tensor<8x16xf32>, %o2: tensor<16x8xf32>) -> (tensor<8x16xf32>, tensor<16x8xf32>) {
  %y:2 = glu.gated_projection gate(%x, %wg : tensor<8x7xf32>, tensor<7x16xf32>)
         value(%z, %wv : tensor<8x30xf32>, tensor<30x16xf32>) outs(%o, %o2 : tensor<8x16xf32>, tensor<16x8xf32>)
         attributes {name = "own", indexing_maps = [affine_map<(m, n, k, l) -> (m, l)>, affine_map<(m, n, k, l) -> (l, n)>,
           affine_map<(m, n, k, l) -> (m, k)>, affine_map<(m, n, k, l) -> (k, n)>, affine_map<(m, n, k, l) -> (m, n)>, affine_map<(m, n, k, l) -> (n, m)>]} {
  ^bb0(%g: f32, %v: f32):
    %t = math.tanh %g : f32
    %p = arith.mulf %t, %v : f32
    glu.yield %p, %t : f32, f32
  } -> (tensor<8x16xf32>, tensor<16x8xf32>)
  return %y#0, %y#1 : tensor<8x16xf32>, tensor<16x8xf32>
}

// Integers are widened before they are multiplied, the bias before it is added.

// CHECK-LABEL: func @integers
//       CHECK:   scf.for {{.*}} -> (tensor<3x5x4xi32>, tensor<3x5x4xi32>)
//       CHECK:     arith.muli %{{.*}} : i32
//       CHECK:   linalg.reduce { arith.addi {{.*}} ins(%{{.*}} : tensor<3x5x4xi32>)
//       CHECK:   glu.gate
//       CHECK:     %[[B:.*]] = arith.extsi %{{.*}} : i8 to i32
//       CHECK:     arith.addi %{{.*}}, %[[B]] : i32
func.func @integers(%x: tensor<3x10xi8>, %wg: tensor<10x5xi8>, %wv: tensor<10x5xi8>, %b: tensor<5xi8>, %o: tensor<3x5xi32>) -> tensor<3x5xi32> {
  %y = glu.gated_projection gate(%x, %wg, %b : tensor<3x10xi8>, tensor<10x5xi8>, tensor<5xi8>)
         value(%x, %wv : tensor<3x10xi8>, tensor<10x5xi8>) outs(%o : tensor<3x5xi32>) attributes {name = "integers"} {
  ^bb0(%g: i32, %v: i32):
    %p = arith.muli %g, %v : i32
    glu.yield %p : i32
  } -> tensor<3x5xi32>
  return %y : tensor<3x5xi32>
}
