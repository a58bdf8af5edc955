// RUN: glu-opt %s --glu-expand-aggregates | FileCheck %s

// CHECK-LABEL: func.func @softmax
// CHECK-NOT:     linalg.softmax
// CHECK:         arith.maxnumf
// CHECK:         math.exp
// CHECK:         arith.addf
// CHECK:         arith.divf
func.func @softmax(%x: tensor<3x8xf32>) -> tensor<3x8xf32> {
  %e = tensor.empty() : tensor<3x8xf32>
  %r = linalg.softmax dimension(1) ins(%x : tensor<3x8xf32>) outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
  return %r : tensor<3x8xf32>
}

// CHECK-LABEL: func.func @pack_unpack
// CHECK-NOT:     linalg.pack
// CHECK-NOT:     linalg.unpack
// CHECK:         linalg.transpose
// CHECK:         linalg.transpose
func.func @pack_unpack(%x: tensor<16x8xf32>, %y: tensor<16x8xf32>) -> tensor<16x8xf32> {
  %e = tensor.empty() : tensor<2x2x8x4xf32>
  %p = linalg.pack %x inner_dims_pos = [0, 1] inner_tiles = [8, 4] into %e : tensor<16x8xf32> -> tensor<2x2x8x4xf32>
  %r = linalg.unpack %p inner_dims_pos = [0, 1] inner_tiles = [8, 4] into %y : tensor<2x2x8x4xf32> -> tensor<16x8xf32>
  return %r : tensor<16x8xf32>
}

// Operations of the glu dialect have their own pass; memrefs stay.
// CHECK-LABEL: func.func @kept
// CHECK:         glu.gate
// CHECK:         linalg.softmax
func.func @kept(%g: tensor<4xf32>, %v: tensor<4xf32>, %x: memref<3x8xf32>) -> tensor<4xf32> {
  %y = glu.gate silu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%g : tensor<4xf32>) -> tensor<4xf32>
  linalg.softmax dimension(1) ins(%x : memref<3x8xf32>) outs(%x : memref<3x8xf32>)
  return %y : tensor<4xf32>
}
