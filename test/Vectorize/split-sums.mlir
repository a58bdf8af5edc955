// RUN: glu-opt %s --glu-split-sums --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-to-cpu --split-input-file -o /dev/null

// A row at a time, in 32 lanes; those in 8; those one by one, after what there
// was before.

// CHECK-LABEL: func.func @squares
// CHECK-SAME:    %[[X:.*]]: tensor<?x64xf32>, %[[INIT:.*]]: tensor<?xf32>
// CHECK:         scf.for %[[I:.*]] = {{.*}} iter_args(%[[ALL:.*]] = %[[INIT]])
// CHECK:           %[[XI:.*]] = tensor.extract_slice %[[X]][%[[I]], 0] [1, 64] [1, 1]
// CHECK:           %[[YI:.*]] = tensor.extract_slice %[[ALL]][%[[I]]] [1] [1]
// CHECK:           %[[PARTS:.*]] = tensor.expand_shape %[[XI]] {{.*}} into tensor<1x2x32xf32>
// CHECK:           %[[ZERO:.*]] = arith.constant 0.0
// CHECK:           linalg.fill ins(%[[ZERO]] : f32)
// CHECK:           %[[A:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[PARTS]] : tensor<1x2x32xf32>)
// CHECK:             arith.mulf
// CHECK:             arith.addf
// CHECK:           %[[AP:.*]] = tensor.expand_shape %[[A]] {{.*}} into tensor<1x4x8xf32>
// CHECK:           %[[B:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "parallel"]} ins(%[[AP]] : tensor<1x4x8xf32>)
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[B]] : tensor<1x8xf32>) outs(%[[YI]] : tensor<1xf32>)
#id = affine_map<(m, k) -> (m, k)>
#row = affine_map<(m, k) -> (m)>
func.func @squares(%x: tensor<?x64xf32>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x64xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%a: f32, %s: f32):
    %square = arith.mulf %a, %a : f32
    %sum = arith.addf %s, %square : f32
    linalg.yield %sum : f32
  } -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// The greatest of a vector: parts begin with what is least.

// CHECK-LABEL: func.func @greatest
// CHECK-NOT:     scf.for
// CHECK:         tensor.expand_shape %{{.*}} into tensor<3x32xf32>
// CHECK:         arith.constant 0xFF800000 : f32
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]}
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]}
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction"]}
func.func @greatest(%x: tensor<96xf32>, %init: tensor<f32>) -> tensor<f32> {
  %y = linalg.reduce { arith.maximumf } ins(%x : tensor<96xf32>) outs(%init : tensor<f32>) dimensions = [0]
  return %y : tensor<f32>
}

// -----

// CHECK-LABEL: func.func @products
// CHECK:         scf.for
// CHECK:           tensor.expand_shape {{.*}} into tensor<1x2x32xf32>
// CHECK:           tensor.expand_shape {{.*}} into tensor<2x32xf32>
func.func @products(%w: tensor<5x64xf32>, %x: tensor<64xf32>, %init: tensor<5xf32>) -> tensor<5xf32> {
  %y = linalg.matvec ins(%w, %x : tensor<5x64xf32>, tensor<64xf32>) outs(%init : tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// Left alone: dynamic or odd sums, sums of columns, and what has no neutral
// element.

// CHECK-LABEL: func.func @dynamic
// CHECK-NOT:     scf.for
// CHECK-NOT:     expand_shape
#id = affine_map<(m, k) -> (m, k)>
#transposed = affine_map<(m, k) -> (k, m)>
#row = affine_map<(m, k) -> (m)>
func.func @dynamic(%x: tensor<?xf32>, %init: tensor<f32>) -> tensor<f32> {
  %y = linalg.reduce { arith.addf } ins(%x : tensor<?xf32>) outs(%init : tensor<f32>) dimensions = [0]
  return %y : tensor<f32>
}
func.func @odd(%x: tensor<4x40xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.reduce { arith.addf } ins(%x : tensor<4x40xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  return %y : tensor<4xf32>
}
func.func @columns(%x: tensor<64x64xf32>, %init: tensor<64xf32>) -> tensor<64xf32> {
  %y = linalg.generic {indexing_maps = [#transposed, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<64x64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%a: f32, %s: f32):
    %sum = arith.addf %s, %a : f32
    linalg.yield %sum : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}
func.func @last(%x: tensor<4x64xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x64xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %negated = arith.negf %a : f32
    linalg.yield %negated : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @position(%x: tensor<4x64xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x64xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %k = linalg.index 1 : index
    %i = arith.index_cast %k : index to i32
    %f = arith.sitofp %i : i32 to f32
    %p = arith.mulf %f, %a : f32
    %sum = arith.addf %s, %p : f32
    linalg.yield %sum : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
