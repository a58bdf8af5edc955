// RUN: glu-opt %s -split-input-file -transform-interpreter -verify-diagnostics

// The gating function is not linear: a part of a sum is of no use to it.

func.func @reduction(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  // expected-error @below {{cannot be tiled along d2, a reduction: the gating function needs the whole sums}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>)
         value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [0, 0, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Weights that read the input backwards, or scales that 32 columns share: a
// tile's slice would need another map.

#x = affine_map<(t, n, k) -> (t - k + 3)>
#w = affine_map<(t, n, k) -> (k, n)>
#o = affine_map<(t, n, k) -> (t, n)>
func.func @backwards(%x: tensor<8xf32>, %w: tensor<4x5xf32>, %o: tensor<5x5xf32>) -> tensor<5x5xf32> {
  // expected-error @below {{tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  // expected-error @below {{cannot be tiled along d0: operand 0 is not indexed by it in growing, linear order}}
  %y = glu.gated_projection silu gate(%x, %w : tensor<8xf32>, tensor<4x5xf32>) value(%x, %w : tensor<8xf32>, tensor<4x5xf32>)
         outs(%o : tensor<5x5xf32>) attributes {indexing_maps = [#x, #w, #x, #w, #o]} -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["glu.gated_projection"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %op tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
