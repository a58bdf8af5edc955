// RUN: glu-opt %s -one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" -canonicalize -cse -canonicalize -split-input-file | FileCheck %s

// What a destination holds is not read, so that an empty one costs no copy.

// CHECK-LABEL: func @destination_is_not_read
//  CHECK-SAME:   (%[[X:[^:]*]]: memref<8x32xf32>, %[[WG:[^:]*]]: memref<32x16xf32>, %[[WV:[^:]*]]: memref<32x16xf32>)
//   CHECK-NOT:   memref.copy
//       CHECK:   %[[O:.*]] = memref.alloc() {{.*}} : memref<8x16xf32>
//   CHECK-NOT:   memref.copy
//       CHECK:   glu.gated_projection silu gate(%[[X]], %[[WG]] : memref<8x32xf32>, memref<32x16xf32>) value(%[[X]], %[[WV]] : memref<8x32xf32>, memref<32x16xf32>) outs(%[[O]] : memref<8x16xf32>){{$}}
//   CHECK-NOT:   memref.copy
//       CHECK:   return %[[O]]
func.func @destination_is_not_read(%x: tensor<8x32xf32>, %wg: tensor<32x16xf32>, %wv: tensor<32x16xf32>) -> tensor<8x16xf32> {
  %o = tensor.empty() : tensor<8x16xf32>
  %y = glu.gated_projection silu gate(%x, %wg : tensor<8x32xf32>, tensor<32x16xf32>)
         value(%x, %wv : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// A slice of a loop-carried tensor is written where it lies.

// CHECK-LABEL: func @in_place
//  CHECK-SAME:   %[[G:[^:]*]]: memref<8x16xf32>, %[[O:[^:]*]]: memref<8x16xf32>
//   CHECK-NOT:   memref.alloc
//   CHECK-NOT:   memref.copy
//       CHECK:   scf.for
//       CHECK:     %[[V:.*]] = memref.subview %[[O]]
//       CHECK:     glu.gate silu {{.*}} outs(%[[V]] :
//   CHECK-NOT:   memref.alloc
//   CHECK-NOT:   memref.copy
//       CHECK:   return
func.func @in_place(%g: tensor<8x16xf32>, %o: tensor<8x16xf32> {bufferization.writable = true}) -> tensor<8x16xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  %r = scf.for %i = %c0 to %c8 step %c2 iter_args(%out = %o) -> tensor<8x16xf32> {
    %gs = tensor.extract_slice %g[%i, 0] [2, 16] [1, 1] : tensor<8x16xf32> to tensor<2x16xf32>
    %os = tensor.extract_slice %out[%i, 0] [2, 16] [1, 1] : tensor<8x16xf32> to tensor<2x16xf32>
    %y = glu.gate silu gate(%gs : tensor<2x16xf32>) value(%gs : tensor<2x16xf32>) outs(%os : tensor<2x16xf32>) -> tensor<2x16xf32>
    %n = tensor.insert_slice %y into %out[%i, 0] [2, 16] [1, 1] : tensor<2x16xf32> into tensor<8x16xf32>
    scf.yield %n : tensor<8x16xf32>
  }
  return %r : tensor<8x16xf32>
}

// -----

// A gating may overwrite what it gates: element by element it reads first.

// CHECK-LABEL: func @overwrites_gate
//  CHECK-SAME:   (%[[G:[^:]*]]: memref<8x16xf32>, %[[V:[^:]*]]: memref<8x16xf32>)
//   CHECK-NOT:   memref.alloc
//       CHECK:   glu.gate silu gate(%[[G]] : {{.*}}) value(%[[V]] : {{.*}}) outs(%[[G]] : memref<8x16xf32>){{$}}
func.func @overwrites_gate(%g: tensor<8x16xf32>, %v: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %y = glu.gate silu gate(%g : tensor<8x16xf32>) value(%v : tensor<8x16xf32>) outs(%g : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

// Not so if it reads other elements than the one it writes.

// CHECK-LABEL: func @transposed_gate
//  CHECK-SAME:   (%[[G:[^:]*]]: memref<8x8xf32>, %[[V:[^:]*]]: memref<8x8xf32>)
//       CHECK:   %[[O:.*]] = memref.alloc()
//       CHECK:   glu.gate silu gate(%[[G]] : {{.*}}) value(%[[V]] : {{.*}}) outs(%[[O]] :
func.func @transposed_gate(%g: tensor<8x8xf32>, %v: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = glu.gate silu gate(%g : tensor<8x8xf32>) value(%v : tensor<8x8xf32>) outs(%g : tensor<8x8xf32>)
         attributes {indexing_maps = [affine_map<(m, n) -> (n, m)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>]} -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// A projection may overwrite the residual that it adds ...

// CHECK-LABEL: func @overwrites_residual
//  CHECK-SAME:   (%[[X:[^:]*]]: memref<8x8xf32>, %[[W:[^:]*]]: memref<8x8xf32>, %[[R:[^:]*]]: memref<8x8xf32>)
//   CHECK-NOT:   memref.alloc
//       CHECK:   glu.gated_projection {{.*}} extras(%[[R]] : {{.*}}) outs(%[[R]] :
func.func @overwrites_residual(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>, %r: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = glu.gated_projection gate(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>) value(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>)
         extras(%r : tensor<8x8xf32>) outs(%r : tensor<8x8xf32>) {
  ^bb0(%g: f32, %v: f32, %e: f32):
    %0 = arith.mulf %g, %v : f32
    %1 = arith.addf %0, %e : f32
    glu.yield %1 : f32
  } -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// ... but not its input, which later sums read again.

// CHECK-LABEL: func @input
//  CHECK-SAME:   (%[[X:[^:]*]]: memref<8x8xf32>, %[[W:[^:]*]]: memref<8x8xf32>)
//       CHECK:   %[[O:.*]] = memref.alloc()
//       CHECK:   glu.gated_projection {{.*}} outs(%[[O]] :
func.func @input(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>)
         value(%x, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%x : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

// The residual is used again: its contents are kept elsewhere.

// CHECK-LABEL: func @used_again
//  CHECK-SAME:   (%[[G:[^:]*]]: memref<8xf32>, %[[V:[^:]*]]: memref<8xf32>)
//       CHECK:   %[[O:.*]] = memref.alloc()
//       CHECK:   glu.gate silu {{.*}} outs(%[[O]] :
//       CHECK:   return %[[O]], %[[G]]
func.func @used_again(%g: tensor<8xf32>, %v: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %y = glu.gate silu gate(%g : tensor<8xf32>) value(%v : tensor<8xf32>) outs(%g : tensor<8xf32>) -> tensor<8xf32>
  return %y, %g : tensor<8xf32>, tensor<8xf32>
}
