// RUN: glu-opt %s --glu-fold-undefined-sizes | FileCheck %s
// RUN: sed 's/constant 7/constant -1/' %s | glu-opt --glu-fold-undefined-sizes | FileCheck %s
// RUN: sed 's/constant 7/constant -1/' %s | glu-opt --glu-general -o /dev/null
// RUN: sed 's/constant 7/constant -1/' %s | glu-opt --glu-to-cpu -o /dev/null

// Dimensions that there are not, of memrefs and of tensors.
// CHECK-LABEL: func @sizes
//       CHECK:   %[[A:.*]] = arith.constant 0 : index
//       CHECK:   %[[B:.*]] = arith.constant 0 : index
//       CHECK:   return %[[A]], %[[B]]
func.func @sizes(%x: memref<?x?xf32>, %y: tensor<?xf32>) -> (index, index) {
  %far = arith.constant 7 : index
  %a = memref.dim %x, %far : memref<?x?xf32>
  %b = tensor.dim %y, %far : tensor<?xf32>
  return %a, %b : index, index
}

// Those that there are, may be, and of a rank that is not known, stay.
// CHECK-LABEL: func @kept
//       CHECK:   %[[A:.*]] = memref.dim %arg0, %c1
//       CHECK:   %[[B:.*]] = memref.dim %arg0, %arg2
//       CHECK:   %[[C:.*]] = memref.dim %arg1, %c1
//       CHECK:   return %[[A]], %[[B]], %[[C]]
func.func @kept(%x: memref<?x?xf32>, %y: memref<*xf32>, %i: index) -> (index, index, index) {
  %one = arith.constant 1 : index
  %a = memref.dim %x, %one : memref<?x?xf32>
  %b = memref.dim %x, %i : memref<?x?xf32>
  %c = memref.dim %y, %one : memref<*xf32>
  return %a, %b, %c : index, index, index
}
