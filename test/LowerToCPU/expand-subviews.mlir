// RUN: glu-opt %s --glu-expand-subviews | FileCheck %s

// CHECK-LABEL: func @steps
//  CHECK-SAME:   (%[[X:.*]]: memref<1x3x1x1xf32>)
//       CHECK:   %[[S:.*]] = memref.subview %[[X]][0, 0, 0, 0] [1, 2, 1, 1] [1, 2, 1, 1] : memref<1x3x1x1xf32> to memref<1x2x1x1xf32, strided<[3, 2, 1, 1]>>
//       CHECK:   %[[C:.*]] = memref.collapse_shape %[[S]] {{\[\[}}0], [1], [2, 3]] : {{.*}} into memref<1x2x1xf32, strided<[3, 2, 1]>>
//       CHECK:   return %[[C]]
func.func @steps(%x: memref<1x3x1x1xf32>) -> memref<1x2x1xf32, strided<[3, 2, 1]>> {
  %y = memref.subview %x[0, 0, 0, 0] [1, 2, 1, 1] [1, 2, 1, 1] : memref<1x3x1x1xf32> to memref<1x2x1xf32, strided<[3, 2, 1]>>
  return %y : memref<1x2x1xf32, strided<[3, 2, 1]>>
}

// CHECK-LABEL: func @leading
//       CHECK:   memref.collapse_shape %{{.*}} {{\[\[}}0, 1]] : {{.*}} into memref<2xf32, strided<[?], offset: ?>>
func.func @leading(%x: memref<1x?xf32>, %i: index, %s: index) -> memref<2xf32, strided<[?], offset: ?>> {
  %y = memref.subview %x[0, %i] [1, 2] [1, %s] : memref<1x?xf32> to memref<2xf32, strided<[?], offset: ?>>
  return %y : memref<2xf32, strided<[?], offset: ?>>
}

// Without steps, or without dropped dimensions, nothing is to be done.
// CHECK-LABEL: func @plain
//   CHECK-NOT:   memref.collapse_shape
func.func @plain(%x: memref<1x4xf32>) -> (memref<2xf32, strided<[1]>>, memref<1x2xf32, strided<[4, 2]>>) {
  %y = memref.subview %x[0, 0] [1, 2] [1, 1] : memref<1x4xf32> to memref<2xf32, strided<[1]>>
  %z = memref.subview %x[0, 0] [1, 2] [1, 2] : memref<1x4xf32> to memref<1x2xf32, strided<[4, 2]>>
  return %y, %z : memref<2xf32, strided<[1]>>, memref<1x2xf32, strided<[4, 2]>>
}

// By the strides, the first dimension could be the one that goes.
// CHECK-LABEL: func @kept_unit
//       CHECK:   %[[S:.*]] = memref.subview
//       CHECK:   memref.collapse_shape %[[S]] {{\[\[}}0], [1], [2, 3]]
func.func @kept_unit(%x: memref<1x5x2x?xf32>, %k: index) -> memref<1x5x?xf32, strided<[?, ?, 1], offset: ?>> {
  %y = memref.subview %x[0, 0, 1, 0] [1, 5, 1, %k] [1, 1, 1, 1] : memref<1x5x2x?xf32> to memref<1x5x?xf32, strided<[?, ?, 1], offset: ?>>
  return %y : memref<1x5x?xf32, strided<[?, ?, 1], offset: ?>>
}
