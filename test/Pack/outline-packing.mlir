// RUN: glu-opt %s --glu-pack --canonicalize --cse --glu-outline-packing --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK: linalg.pack
// CHECK-LABEL: func.func @f.pack(
// CHECK-SAME: %arg0: tensor<6x32xf32>, %[[W:.+]]: tensor<32x8xf32>) -> tensor<1x32x8xf32> {
// CHECK: %[[P:.+]] = linalg.pack %[[W]]
// CHECK-NEXT: return %[[P]]
// CHECK-LABEL: func.func @f.packed(
// CHECK-SAME: %arg0: tensor<6x32xf32>, %arg1: tensor<32x8xf32>, %[[P:.+]]: tensor<1x32x8xf32>) -> tensor<6x8xf32>
// CHECK-NOT: linalg.pack
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[P]]
func.func @f(%x: tensor<6x32xf32>, %w: tensor<32x8xf32>) -> tensor<6x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<6x8xf32>
  %a = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %w : tensor<6x32xf32>, tensor<32x8xf32>) outs(%zero : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %a : tensor<6x8xf32>
}

// -----

// A weight that is computed by another contraction is packed at every call.

// CHECK-LABEL: func.func @computed.pack
// CHECK-SAME: -> tensor<1x8x8xf32>
// CHECK-LABEL: func.func @computed.packed
// CHECK: linalg.pack
func.func @computed(%x: tensor<6x8xf32>, %w: tensor<8x8xf32>) -> tensor<6x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<8x8xf32>
  %zero6 = arith.constant dense<0.0> : tensor<6x8xf32>
  %a = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%w, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%zero : tensor<8x8xf32>) -> tensor<8x8xf32>
  %b = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %a : tensor<6x8xf32>, tensor<8x8xf32>) outs(%zero6 : tensor<6x8xf32>) -> tensor<6x8xf32>
  return %b : tensor<6x8xf32>
}

// -----

// expected-error @+1 {{cannot outline the packing of 'g': there is a symbol 'g.pack' already}}
func.func @g(%x: tensor<6x32xf32>) {
  return
}
func.func private @g.pack()
