// Results of public functions become arguments, and are computed there.

// RUN: glu-opt %s --split-input-file --glu-results-to-destinations --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @one(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<?x8xf32> {bufferization.writable = false}, %[[S:[a-z0-9]+]]: f32,
// CHECK-SAME:    %[[OUT:[a-z0-9]+]]: memref<?x8xf32>) {
// CHECK:         %[[Y:.*]] = arith.addf %[[X]], %[[X]]
// CHECK-NEXT:    bufferization.materialize_in_destination %[[Y]] in restrict writable %[[OUT]]
// CHECK-NEXT:    return{{$}}
func.func @one(%x: tensor<?x8xf32>, %s: f32) -> tensor<?x8xf32> {
  %y = arith.addf %x, %x : tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// Other results stay, and the order is kept.
// CHECK-LABEL: func.func @several(
// CHECK-SAME:    %[[A:[a-z0-9]+]]: memref<2xf32>, %[[B:[a-z0-9]+]]: memref<3xi8>) -> f32 {
// CHECK-DAG:     materialize_in_destination {{.*}} %[[A]] : (tensor<2xf32>
// CHECK-DAG:     materialize_in_destination {{.*}} %[[B]] : (tensor<3xi8>
// CHECK:         return %{{.*}} : f32
func.func @several(%x: tensor<2xf32>, %s: f32, %y: tensor<3xi8>)
    -> (tensor<2xf32>, f32, tensor<3xi8>) {
  return %x, %s, %y : tensor<2xf32>, f32, tensor<3xi8>
}

// Reshapes at the end are done to the destination, at the beginning; sizes
// follow from it.
// CHECK-LABEL: func.func @reshapes(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<?x6x4x16xf32> {{.*}}, %[[OUT:[a-z0-9]+]]: memref<2x?x64xf32>)
// CHECK-NEXT:    %[[COLLAPSED:.*]] = memref.collapse_shape %[[OUT]] {{\[}}[0, 1], [2]]
// CHECK:         %[[D:.*]] = memref.dim %[[COLLAPSED]], %{{.*}}
// CHECK:         %[[N:.*]] = arith.divui %[[D]], %c6
// CHECK:         %[[PLACE:.*]] = memref.expand_shape %[[COLLAPSED]] {{\[}}[0, 1], [2, 3]] output_shape [%[[N]], 6, 4, 16]
// CHECK:         bufferization.materialize_in_destination %[[X]] in restrict writable %[[PLACE]]
func.func @reshapes(%x: tensor<?x6x4x16xf32>, %n: index) -> tensor<2x?x64xf32> {
  %0 = tensor.collapse_shape %x [[0, 1], [2, 3]]
    : tensor<?x6x4x16xf32> into tensor<?x64xf32>
  %1 = tensor.expand_shape %0 [[0, 1], [2]] output_shape [2, %n, 64]
    : tensor<?x64xf32> into tensor<2x?x64xf32>
  return %1 : tensor<2x?x64xf32>
}

// Two unknown sizes cannot be told from their product.
// CHECK-LABEL: func.func @unknown(
// CHECK-SAME:    %{{.*}}: tensor<?x?xf32> {{.*}}, %[[OUT:[a-z0-9]+]]: memref<?xf32>)
// CHECK:         %[[Y:.*]] = tensor.collapse_shape
// CHECK:         bufferization.materialize_in_destination %[[Y]] in restrict writable %[[OUT]]
func.func @unknown(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  return %0 : tensor<?xf32>
}

// What gives a result its shape alone becomes an empty tensor; what is read
// stays.
// CHECK-LABEL: func.func @shape(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: tensor<?xf32>
// CHECK:         %[[N:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         %[[E:.*]] = tensor.empty(%[[N]])
// CHECK:         linalg.exp ins(%[[X]] : tensor<?xf32>) outs(%[[E]] : tensor<?xf32>)
func.func @shape(%x: tensor<?xf32>) -> tensor<?xf32> {
  %y = linalg.exp ins(%x : tensor<?xf32>) outs(%x : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
// CHECK-LABEL: func.func @read(
// CHECK-SAME:    %{{.*}}, %[[X:[a-z0-9]+]]: tensor<4x4xf32>
// CHECK:         linalg.matmul {{.*}} outs(%[[X]] : tensor<4x4xf32>)
func.func @read(%a: tensor<4x4xf32>, %x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %y = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>)
         outs(%x : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// Functions of this module, and what others have, stay.
// CHECK: func.func private @inner(tensor<2xf32>) -> tensor<2xf32>
// CHECK: func.func private @mine(%{{.*}}: tensor<2xf32>) -> tensor<2xf32>
// CHECK: func.func @nothing(%{{.*}}: memref<2xf32>) {
func.func private @inner(tensor<2xf32>) -> tensor<2xf32>
func.func private @mine(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @nothing(%x: memref<2xf32>) { return }

// -----

// expected-error @below {{cannot write its results to arguments: it is used in this module, expected a function that only others call}}
func.func @called(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @caller(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = call @called(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// expected-error @below {{result 1 has no place to go to: expected a ranked tensor without an encoding, got 'tensor<*xf32>'}}
func.func @unranked(%x: tensor<*xf32>, %s: f32) -> (f32, tensor<*xf32>) {
  return %s, %x : f32, tensor<*xf32>
}

// -----

#sparse = #sparse_tensor.encoding<{ map = (d0) -> (d0 : compressed) }>
// expected-error @below {{result 0 has no place to go to: expected a ranked tensor without an encoding}}
func.func @sparse(%x: tensor<4xf32, #sparse>) -> tensor<4xf32, #sparse> {
  return %x : tensor<4xf32, #sparse>
}
