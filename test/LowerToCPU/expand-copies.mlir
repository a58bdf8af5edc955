// RUN: glu-opt %s --glu-expand-copies | FileCheck %s --check-prefixes=CHECK,ALL
// RUN: glu-opt %s --glu-expand-copies=keep-dense | FileCheck %s --check-prefixes=CHECK,DENSE
// RUN: glu-opt %s --glu-expand-copies=keep-dense --lower-affine --expand-strided-metadata --finalize-memref-to-llvm | FileCheck %s --check-prefix=LLVM

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
// DENSE:         memref.copy
// ALL:           linalg.generic
func.func @rank0(%x: memref<f32, strided<[], offset: ?>>, %y: memref<f32>) {
  memref.copy %x, %y : memref<f32, strided<[], offset: ?>> to memref<f32>
  return
}

// The first rows of a larger buffer are one piece of memory, its first columns
// are not.
// CHECK-LABEL: func.func @rows
// DENSE:         memref.copy
// ALL:           linalg.generic
// CHECK:         linalg.generic
// LLVM-LABEL:  func.func @rows
// LLVM:          llvm.intr.memcpy
// LLVM:          linalg.generic
func.func @rows(%x: memref<6x8xf32>, %y: memref<5x8xf32>, %z: memref<6x7xf32>) {
  %rows = memref.subview %x[1, 0] [5, 8] [1, 1] : memref<6x8xf32> to memref<5x8xf32, strided<[8, 1], offset: 8>>
  memref.copy %rows, %y : memref<5x8xf32, strided<[8, 1], offset: 8>> to memref<5x8xf32>
  %columns = memref.subview %x[0, 0] [6, 7] [1, 1] : memref<6x8xf32> to memref<6x7xf32, strided<[8, 1]>>
  memref.copy %columns, %z : memref<6x7xf32, strided<[8, 1]>> to memref<6x7xf32>
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
