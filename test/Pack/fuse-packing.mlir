// RUN: glu-opt %s --glu-fuse-packing --canonicalize --cse -allow-unregistered-dialect | FileCheck %s
// RUN: glu-opt %s --glu-fuse-packing="max-repetitions=3" --canonicalize --cse -allow-unregistered-dialect | FileCheck %s --check-prefix=THREE

// A task has a buffer for a panel, and packs each before the rows use it.
// CHECK-LABEL: @task
// CHECK-NOT: linalg.pack
// CHECK: scf.forall (%[[FIRST:.*]]) = (0) to (4) step (2)
// CHECK: %[[BUFFER:.*]] = tensor.empty() : tensor<1x32x16xf32>
// CHECK: scf.for %[[J:.*]] = %c0 to %c2
// CHECK: %[[N:.*]] = affine.apply #[[SUM:.*]]()[%[[FIRST]], %[[J]]]
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %arg0[%[[N]], 0] [16, 32] [1, 1] : tensor<64x32xf32> to tensor<16x32xf32>
// CHECK: %[[PANEL:.*]] = linalg.pack %[[ROWS]] {{.*}}inner_dims_pos = [0] inner_tiles = [16] into %[[BUFFER]] : tensor<16x32xf32> -> tensor<1x32x16xf32>
// CHECK: scf.for
// CHECK-NEXT: "use"(%[[PANEL]])
func.func @task(%w: tensor<64x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c7 = arith.constant 7 : index
  %e = tensor.empty() : tensor<4x32x16xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
  scf.forall (%i) = (0) to (4) step (2) {
    %block = tensor.extract_slice %p[%i, 0, 0] [2, 32, 16] [1, 1, 1] : tensor<4x32x16xf32> to tensor<2x32x16xf32>
    scf.for %j = %c0 to %c2 step %c1 {
      scf.for %row = %c0 to %c7 step %c1 {
        %panel = tensor.extract_slice %block[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<2x32x16xf32> to tensor<1x32x16xf32>
        "use"(%panel) : (tensor<1x32x16xf32>) -> ()
      }
    }
  }
  return
}

// Without threads there is one task, whose buffer is made before its loop. What
// the last panel has not is padding. Halves have a place each.
// CHECK-LABEL: @halves
// CHECK: %[[BUFFER:.*]] = tensor.empty() : tensor<1x32x2x16xf32>
// CHECK: scf.for %[[J:.*]] = %c0 to %c3
// CHECK: %[[N:.*]] = affine.apply #{{.*}}()[%[[J]]]
// CHECK: %[[SIZE:.*]] = affine.min #{{.*}}()[%[[J]]]
// CHECK: %[[WG:.*]] = tensor.extract_slice %arg0[%[[N]], 0] [%[[SIZE]], 32] [1, 1]
// CHECK: %[[GATE:.*]] = tensor.extract_slice %[[BUFFER]][0, 0, 0, 0] [1, 32, 1, 16]
// CHECK: linalg.pack %[[WG]] padding_value(%{{.*}}) {{.*}}inner_dims_pos = [0] inner_tiles = [16] into %[[GATE]] : tensor<?x32xf32> -> tensor<1x32x16xf32>
// CHECK: %[[WV:.*]] = tensor.extract_slice %arg1[%[[N]], 0] [%[[SIZE]], 32] [1, 1]
// CHECK: %[[VALUE:.*]] = tensor.extract_slice %{{.*}}[0, 0, 1, 0] [1, 32, 1, 16]
// CHECK: linalg.pack %[[WV]] {{.*}} into %[[VALUE]]
// CHECK: %[[PANEL:.*]] = tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 1, 0]
// CHECK: "use"(%[[PANEL]])
func.func @halves(%wg: tensor<40x32xf32>, %wv: tensor<40x32xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x32x2x16xf32>
  %eg = tensor.extract_slice %e[0, 0, 0, 0] [3, 32, 1, 16] [1, 1, 1, 1] : tensor<3x32x2x16xf32> to tensor<3x32x16xf32>
  %pg = linalg.pack %wg padding_value(%zero : f32) inner_dims_pos = [0] inner_tiles = [16] into %eg : tensor<40x32xf32> -> tensor<3x32x16xf32>
  %g = tensor.insert_slice %pg into %e[0, 0, 0, 0] [3, 32, 1, 16] [1, 1, 1, 1] : tensor<3x32x16xf32> into tensor<3x32x2x16xf32>
  %ev = tensor.extract_slice %g[0, 0, 1, 0] [3, 32, 1, 16] [1, 1, 1, 1] : tensor<3x32x2x16xf32> to tensor<3x32x16xf32>
  %pv = linalg.pack %wv padding_value(%zero : f32) inner_dims_pos = [0] inner_tiles = [16] into %ev : tensor<40x32xf32> -> tensor<3x32x16xf32>
  %p = tensor.insert_slice %pv into %g[0, 0, 1, 0] [3, 32, 1, 16] [1, 1, 1, 1] : tensor<3x32x16xf32> into tensor<3x32x2x16xf32>
  scf.for %j = %c0 to %c3 step %c1 {
    %panel = tensor.extract_slice %p[%j, 0, 0, 0] [1, 32, 2, 16] [1, 1, 1, 1] : tensor<3x32x2x16xf32> to tensor<1x32x2x16xf32>
    "use"(%panel) : (tensor<1x32x2x16xf32>) -> ()
  }
  return
}

// Where columns lie beside each other, some panels are packed at a time: as many
// as are half a kilobyte of a row. The last are fewer.
// CHECK-LABEL: @rows
// CHECK: scf.forall (%[[I:.*]]) = (0) to (64) step (20)
// CHECK: %[[BUFFER:.*]] = tensor.empty() : tensor<8x32x16xf32>
// CHECK: scf.for %[[FIRST:.*]] = %c0 to %c20 step %c8
// CHECK: %[[COUNT:.*]] = affine.min #{{.*}}()[%[[FIRST]]]
// CHECK: %[[END:.*]] = arith.addi %[[FIRST]], %[[COUNT]]
// CHECK: %[[N:.*]] = affine.apply #{{.*}}()[%[[I]], %[[FIRST]]]
// CHECK: %[[SIZE:.*]] = affine.apply #{{.*}}()[%[[COUNT]]]
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %arg0[0, %[[N]]] [32, %[[SIZE]]] [1, 1]
// CHECK: %[[PART:.*]] = tensor.extract_slice %[[BUFFER]][0, 0, 0] [%[[COUNT]], 32, 16] [1, 1, 1]
// CHECK: linalg.pack %[[ROWS]] {{.*}} into %[[PART]] : tensor<32x?xf32> -> tensor<?x32x16xf32>
// CHECK: %[[PANELS:.*]] = tensor.insert_slice
// CHECK: scf.for %[[J:.*]] = %[[FIRST]] to %[[END]] step %c1
// CHECK: %[[K:.*]] = affine.apply #{{.*}}()[%[[J]], %[[FIRST]]]
// CHECK: %[[PANEL:.*]] = tensor.extract_slice %[[PANELS]][%[[K]], 0, 0] [1, 32, 16] [1, 1, 1]
// CHECK: scf.for
// CHECK: "use"(%[[PANEL]])
func.func @rows(%w: tensor<32x1024xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : index
  %c20 = arith.constant 20 : index
  %e = tensor.empty() : tensor<64x32x16xf32>
  %p = linalg.pack %w outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<32x1024xf32> -> tensor<64x32x16xf32>
  scf.forall (%i) = (0) to (64) step (20) {
    %block = tensor.extract_slice %p[%i, 0, 0] [20, 32, 16] [1, 1, 1] : tensor<64x32x16xf32> to tensor<20x32x16xf32>
    scf.for %j = %c0 to %c20 step %c1 {
      scf.for %row = %c0 to %c7 step %c1 {
        %panel = tensor.extract_slice %block[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<20x32x16xf32> to tensor<1x32x16xf32>
        "use"(%panel) : (tensor<1x32x16xf32>) -> ()
      }
    }
  }
  return
}

// A panel of an expert.
// CHECK-LABEL: @experts
// CHECK: scf.forall (%[[E:.*]], %[[J:.*]]) in (3, 2)
// CHECK: %[[N:.*]] = affine.apply #{{.*}}()[%[[J]]]
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %arg0[%[[E]], %[[N]], 0] [1, 16, 8] [1, 1, 1]
// CHECK: linalg.pack %[[ROWS]] {{.*}} : tensor<1x16x8xf32> -> tensor<1x1x8x16xf32>
func.func @experts(%w: tensor<3x32x8xf32>) {
  %e = tensor.empty() : tensor<3x2x8x16xf32>
  %p = linalg.pack %w inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<3x32x8xf32> -> tensor<3x2x8x16xf32>
  scf.forall (%i, %j) in (3, 2) {
    %panel = tensor.extract_slice %p[%i, %j, 0, 0] [1, 1, 8, 16] [1, 1, 1, 1] : tensor<3x2x8x16xf32> to tensor<1x1x8x16xf32>
    "use"(%panel) : (tensor<1x1x8x16xf32>) -> ()
  }
  return
}

// Three blocks of rows would pack each panel: it is done once for all.
// CHECK-LABEL: @many_rows
// CHECK: linalg.pack %arg0 {{.*}} : tensor<64x32xf32> -> tensor<4x32x16xf32>
// CHECK: scf.forall
// CHECK-NOT: linalg.pack
// THREE-LABEL: @many_rows
// THREE-NOT: linalg.pack
// THREE: scf.forall
// THREE: linalg.pack
func.func @many_rows(%w: tensor<64x32xf32>) {
  %e = tensor.empty() : tensor<4x32x16xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
  scf.forall (%row, %j) in (3, 4) {
    %panel = tensor.extract_slice %p[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<4x32x16xf32> to tensor<1x32x16xf32>
    "use"(%row, %panel) : (index, tensor<1x32x16xf32>) -> ()
  }
  return
}

// An unknown number counts as one.
// CHECK-LABEL: @unknown_rows
// CHECK-NOT: linalg.pack
// CHECK: scf.forall
// CHECK: linalg.pack
func.func @unknown_rows(%w: tensor<64x32xf32>, %rows: index) {
  %e = tensor.empty() : tensor<4x32x16xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
  scf.forall (%row, %j) in (%rows, 4) {
    %panel = tensor.extract_slice %p[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<4x32x16xf32> to tensor<1x32x16xf32>
    "use"(%row, %panel) : (index, tensor<1x32x16xf32>) -> ()
  }
  return
}

// Something else wants the whole.
// CHECK-LABEL: @returned
// CHECK: linalg.pack %arg0
// CHECK: scf.forall
// CHECK-NOT: linalg.pack
func.func @returned(%w: tensor<64x32xf32>) -> tensor<4x32x16xf32> {
  %e = tensor.empty() : tensor<4x32x16xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
  scf.forall (%j) in (4) {
    %panel = tensor.extract_slice %p[%j, 0, 0] [1, 32, 16] [1, 1, 1] : tensor<4x32x16xf32> to tensor<1x32x16xf32>
    "use"(%panel) : (tensor<1x32x16xf32>) -> ()
  }
  return %p : tensor<4x32x16xf32>
}

// Part of the sum is no panel.
// CHECK-LABEL: @part
// CHECK: linalg.pack %arg0
// CHECK: scf.forall
// CHECK-NOT: linalg.pack
func.func @part(%w: tensor<64x32xf32>) {
  %e = tensor.empty() : tensor<4x32x16xf32>
  %p = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<64x32xf32> -> tensor<4x32x16xf32>
  scf.forall (%j) in (4) {
    %panel = tensor.extract_slice %p[%j, 0, 0] [1, 16, 16] [1, 1, 1] : tensor<4x32x16xf32> to tensor<1x16x16xf32>
    "use"(%panel) : (tensor<1x16x16xf32>) -> ()
  }
  return
}
