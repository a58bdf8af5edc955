// RUN: glu-opt %s --glu-expand-reshapes | FileCheck %s
// RUN: glu-opt %s --glu-expand-reshapes --expand-strided-metadata | FileCheck %s --check-prefix=LOWERED

// LOWERED-NOT: expand_shape

//       CHECK: affine_map<()[s0] -> (s0 * 5)>
// CHECK-LABEL: func.func @two_unknown
//  CHECK-SAME:   (%{{.*}}: memref<?x5xf32>, %[[B:.*]]: index, %[[T:.*]]: index)
//       CHECK:   %[[BASE:.*]], %{{.*}}, %{{.*}}:2, %{{.*}}:2 = memref.extract_strided_metadata
//       CHECK:   %[[S:.*]] = affine.apply #{{.*}}()[%[[T]]]
//       CHECK:   memref.reinterpret_cast %[[BASE]] to offset: [0], sizes: [%[[B]], %[[T]], 5], strides: [%[[S]], 5, 1] : memref<f32> to memref<?x?x5xf32>
func.func @two_unknown(%x: memref<?x5xf32>, %b: index, %t: index) -> memref<?x?x5xf32> {
  %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %t, 5] : memref<?x5xf32> into memref<?x?x5xf32>
  return %y : memref<?x?x5xf32>
}

// Strides and offsets that are not known stay those of the source.
// CHECK-LABEL: func.func @strided
//       CHECK:   %[[BASE:.*]], %[[O:.*]], %{{.*}}:2, %[[S:.*]]:2 = memref.extract_strided_metadata
//       CHECK:   memref.reinterpret_cast %[[BASE]] to offset: [%[[O]]], sizes: [%arg1, %arg2, 4], strides: [%{{.*}}, %[[S]]#0, %[[S]]#1]
func.func @strided(%x: memref<?x4xf32, strided<[?, ?], offset: ?>>, %b: index, %t: index) -> memref<?x?x4xf32, strided<[?, ?, ?], offset: ?>> {
  %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %t, 4] : memref<?x4xf32, strided<[?, ?], offset: ?>> into memref<?x?x4xf32, strided<[?, ?, ?], offset: ?>>
  return %y : memref<?x?x4xf32, strided<[?, ?, ?], offset: ?>>
}

// Upstream takes these.
// CHECK-LABEL: func.func @one_unknown
//       CHECK:   memref.expand_shape
func.func @one_unknown(%x: memref<?x5xf32>, %b: index) -> memref<?x3x5xf32> {
  %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, 3, 5] : memref<?x5xf32> into memref<?x3x5xf32>
  return %y : memref<?x3x5xf32>
}
