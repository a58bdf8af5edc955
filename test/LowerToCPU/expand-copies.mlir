// RUN: glu-opt %s --glu-expand-copies | FileCheck %s

// CHECK-LABEL: func.func @strided
// CHECK:         linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
// CHECK-SAME:      ins(%{{.*}} : memref<?x4xf32, strided<[8, 1]>>) outs(%{{.*}} : memref<?x4xf32>)
// CHECK-NEXT:    ^bb0(%[[IN:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:      linalg.yield %[[IN]] : f32
// CHECK-NOT:     memref.copy
func.func @strided(%x: memref<?x4xf32, strided<[8, 1]>>, %y: memref<?x4xf32>) {
  memref.copy %x, %y : memref<?x4xf32, strided<[8, 1]>> to memref<?x4xf32>
  return
}

// CHECK-LABEL: func.func @rank0
// CHECK:         linalg.generic
func.func @rank0(%x: memref<f32, strided<[], offset: ?>>, %y: memref<f32>) {
  memref.copy %x, %y : memref<f32, strided<[], offset: ?>> to memref<f32>
  return
}

// Whole buffers are a memcpy; of an unranked one nothing is known.
// CHECK-LABEL: func.func @kept
// CHECK-COUNT-2: memref.copy
func.func @kept(%x: memref<4xf32>, %y: memref<4xf32>, %u: memref<*xf32>) {
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  memref.copy %u, %y : memref<*xf32> to memref<4xf32>
  return
}
