// RUN: glu-opt %s --glu-split-sums --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-to-cpu --split-input-file -o /dev/null

// A row at a time, in 32 lanes; those in 8; those one by one, after what there
// was before.

// CHECK-LABEL: func.func @squares
// CHECK-SAME:    %[[X:.*]]: tensor<?x128xf32>, %[[INIT:.*]]: tensor<?xf32>
// CHECK:         scf.for %[[I:.*]] = {{.*}} iter_args(%[[ALL:.*]] = %[[INIT]])
// CHECK:           tensor.extract_slice %[[X]][%[[I]], 0] [1, 128] [1, 1]
// CHECK:           tensor.extract_slice %[[ALL]][%[[I]]] [1] [1]
// CHECK:           %[[XI:.*]] = tensor.extract_slice %{{.*}} : tensor<1x128xf32> to tensor<128xf32>
// CHECK:           %[[YI:.*]] = tensor.extract_slice %{{.*}} : tensor<1xf32> to tensor<f32>
// CHECK:           %[[PARTS:.*]] = tensor.expand_shape %[[XI]] {{.*}} into tensor<4x32xf32>
// CHECK:           %[[ZERO:.*]] = arith.constant 0.0
// CHECK:           linalg.fill ins(%[[ZERO]] : f32)
// CHECK:           %[[A:.*]] = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[PARTS]] : tensor<4x32xf32>)
// CHECK:             arith.mulf
// CHECK:             arith.addf
// CHECK:           %[[AP:.*]] = tensor.expand_shape %[[A]] {{.*}} into tensor<4x8xf32>
// CHECK:           %[[B:.*]] = linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]} ins(%[[AP]] : tensor<4x8xf32>)
// CHECK:           linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%[[B]] : tensor<8xf32>) outs(%[[YI]] : tensor<f32>)
#id = affine_map<(m, k) -> (m, k)>
#row = affine_map<(m, k) -> (m)>
func.func @squares(%x: tensor<?x128xf32>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<?x128xf32>) outs(%init : tensor<?xf32>) {
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
// CHECK:         tensor.expand_shape %{{.*}} into tensor<5x32xf32>
// CHECK:         arith.constant 0xFF800000 : f32
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]}
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]}
// CHECK:         linalg.generic {{.*}} iterator_types = ["reduction"]}
func.func @greatest(%x: tensor<160xf32>, %init: tensor<f32>) -> tensor<f32> {
  %y = linalg.reduce { arith.maximumf } ins(%x : tensor<160xf32>) outs(%init : tensor<f32>) dimensions = [0]
  return %y : tensor<f32>
}

// -----

// CHECK-LABEL: func.func @products
// CHECK:         scf.for
// CHECK:           tensor.expand_shape {{.*}} into tensor<4x32xf32>
// CHECK:           tensor.expand_shape {{.*}} into tensor<4x32xf32>
func.func @products(%w: tensor<5x128xf32>, %x: tensor<128xf32>, %init: tensor<5xf32>) -> tensor<5xf32> {
  %y = linalg.matvec ins(%w, %x : tensor<5x128xf32>, tensor<128xf32>) outs(%init : tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// A dimension is kept, the sums are transposed.

// CHECK-LABEL: func.func @kept
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             tensor.expand_shape {{.*}} into tensor<4x32xbf16>
// CHECK:             linalg.generic {{.*}} outs(%{{.*}} : tensor<f32>)
func.func @kept(%x: tensor<3x5x128xbf16>, %init: tensor<5x3x1xf32>) -> tensor<5x3x1xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(k, a, b) -> (a, b, k)>, affine_map<(k, a, b) -> (b, a, 0)>],
                       iterator_types = ["reduction", "parallel", "parallel"]}
      ins(%x : tensor<3x5x128xbf16>) outs(%init : tensor<5x3x1xf32>) {
  ^bb0(%a: bf16, %s: f32):
    %wide = arith.extf %a : bf16 to f32
    %sum = arith.addf %s, %wide : f32
    linalg.yield %sum : f32
  } -> tensor<5x3x1xf32>
  return %y : tensor<5x3x1xf32>
}

// -----

// Left alone: dynamic, odd or short sums, sums of columns, of integers (which are
// LLVM's) and of f8, and what has no neutral element.

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
func.func @odd(%x: tensor<4x136xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.reduce { arith.addf } ins(%x : tensor<4x136xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  return %y : tensor<4xf32>
}
func.func @columns(%x: tensor<128x128xf32>, %init: tensor<128xf32>) -> tensor<128xf32> {
  %y = linalg.generic {indexing_maps = [#transposed, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<128x128xf32>) outs(%init : tensor<128xf32>) {
  ^bb0(%a: f32, %s: f32):
    %sum = arith.addf %s, %a : f32
    linalg.yield %sum : f32
  } -> tensor<128xf32>
  return %y : tensor<128xf32>
}
func.func @last(%x: tensor<4x128xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x128xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%a: f32, %s: f32):
    %negated = arith.negf %a : f32
    linalg.yield %negated : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @position(%x: tensor<4x128xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x128xf32>) outs(%init : tensor<4xf32>) {
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
func.func @short(%x: tensor<4x96xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.reduce { arith.addf } ins(%x : tensor<4x96xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  return %y : tensor<4xf32>
}
func.func @half_dynamic(%x: tensor<128xf32>, %y: tensor<?xf32>, %init: tensor<f32>) -> tensor<f32> {
  %r = linalg.dot ins(%x, %y : tensor<128xf32>, tensor<?xf32>) outs(%init : tensor<f32>) -> tensor<f32>
  return %r : tensor<f32>
}
func.func @integers(%x: tensor<4x128xi32>, %init: tensor<4xi32>) -> tensor<4xi32> {
  %y = linalg.reduce { arith.maxsi } ins(%x : tensor<4x128xi32>) outs(%init : tensor<4xi32>) dimensions = [1]
  return %y : tensor<4xi32>
}
func.func @f8(%x: tensor<4x128xf8E4M3FN>, %init: tensor<4xf8E4M3FN>) -> tensor<4xf8E4M3FN> {
  %y = linalg.reduce { arith.maximumf } ins(%x : tensor<4x128xf8E4M3FN>) outs(%init : tensor<4xf8E4M3FN>) dimensions = [1]
  return %y : tensor<4xf8E4M3FN>
}
func.func @diagonal(%x: tensor<4x5x128xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(a, b, k) -> (a, b, k)>, affine_map<(a, b, k) -> (a + b)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x : tensor<4x5x128xf32>) outs(%init : tensor<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %sum = arith.addf %s, %a : f32
    linalg.yield %sum : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
