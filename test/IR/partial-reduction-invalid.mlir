// RUN: glu-opt %s -split-input-file -transform-interpreter -verify-diagnostics

// Weights that read the input backwards: a tile's slice would need another map.

#x = affine_map<(t, n, k) -> (t - k + 3)>
#w = affine_map<(t, n, k) -> (k, n)>
#o = affine_map<(t, n, k) -> (t, n)>
func.func @backwards(%x: tensor<8xf32>, %w: tensor<4x5xf32>, %o: tensor<5x5xf32>) -> tensor<5x5xf32> {
  // expected-error @below {{cannot be cut along reductions: operand 0 is not indexed in growing, linear order}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<8xf32>, tensor<4x5xf32>) value(%x, %w : tensor<8xf32>, tensor<4x5xf32>)
         outs(%o : tensor<5x5xf32>) attributes {indexing_maps = [#x, #w, #x, #w, #o]} -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to tile using partial reduction}}
    %0:5 = transform.structured.tile_reduction_using_for %op by tile_sizes = [0, 0, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// The gate would be summed again for every tile of the value's own reduction.

#gx = affine_map<(m, n, k, l) -> (m, l)>
#gw = affine_map<(m, n, k, l) -> (l, n)>
#vx = affine_map<(m, n, k, l) -> (m, k)>
#vw = affine_map<(m, n, k, l) -> (k, n)>
#o = affine_map<(m, n, k, l) -> (m, n)>
func.func @both(%x: tensor<8x7xf32>, %wg: tensor<7x16xf32>, %z: tensor<8x30xf32>, %wv: tensor<30x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{cannot be cut along d2 and other dimensions at once: a branch sums over the others, but not over d2}}
  %y = glu.gated_projection silu gate(%x, %wg : tensor<8x7xf32>, tensor<7x16xf32>) value(%z, %wv : tensor<8x30xf32>, tensor<30x16xf32>)
         outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [#gx, #gw, #vx, #vw, #o]} -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to tile using partial reduction}}
    %0:5 = transform.structured.tile_reduction_using_for %op by tile_sizes = [0, 0, 8, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @none(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{expects a reduction to cut}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>)
         value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to tile using partial reduction}}
    %0:5 = transform.structured.tile_reduction_using_for %op reduction_dims = [2] by tile_sizes = [0, 0, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @buffers(%x: memref<8x32xf32>, %w: memref<32x16xf32>, %o: memref<8x16xf32>) {
  // expected-error @below {{expects tensors where a reduction is cut}}
  glu.gated_projection silu gate(%x, %w : memref<8x32xf32>, memref<32x16xf32>)
    value(%x, %w : memref<8x32xf32>, memref<32x16xf32>) outs(%o : memref<8x16xf32>)
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to tile using partial reduction}}
    %0:5 = transform.structured.tile_reduction_using_for %op by tile_sizes = [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Upstream cuts parallel dimensions by themselves, before.

func.func @parallel_too(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{tiling parallel dimensions is not supported with partial reduction tiling strategies}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>)
         value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to tile using partial reduction}}
    %0:5 = transform.structured.tile_reduction_using_for %op by tile_sizes = [4, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}
