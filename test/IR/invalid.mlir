// RUN: glu-opt %s -split-input-file -verify-diagnostics

// A diagnostic for every way to be wrong: syntax, operands, maps, shapes,
// region, attributes.

func.func @no_such_function(%x: tensor<4xf32>) {
  // expected-error @below {{expects a gating function or 'gate', got 'swiglu'; the gating functions are identity, sigmoid, tanh}}
  %y = glu.gate swiglu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_such_parameter(%x: tensor<4xf32>) {
  // expected-error @below {{the gating function swiglu_oai has no parameter 'beta'; its parameters are alpha, limit}}
  %y = glu.gate swiglu_oai<beta = 1.0> gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_parameters(%x: tensor<4xf32>) {
  // expected-error @below {{the gating function silu has no parameter 'beta'}}
  %y = glu.gate silu<beta = 1.0> gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_keyword(%x: tensor<4xf32>) {
  // expected-error @below {{expected valid keyword}}
  %y = glu.gate (%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_value(%x: tensor<4xf32>) {
  // expected-error @below {{expected 'value'}}
  %y = glu.gate silu gate(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_outs(%x: tensor<4xf32>) {
  // expected-error @below {{expected 'outs'}}
  %y = glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @fewer_types(%x: tensor<4xf32>) {
  // expected-error @below {{number of operands and types do not match: got 2 operands and 1 types}}
  %y = glu.gate silu gate(%x, %x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @named_with_extras(%x: tensor<4xf32>) {
  // expected-error @below {{a named gating function takes no extras and has one destination; write the region}}
  %y = glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) extras(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @named_of_integers(%x: tensor<4xi32>) {
  // expected-error @below {{a named gating function is between floats of one type, but g is 'i32', v is 'i32' and the result 'i32'; write the region}}
  %y = glu.gate silu gate(%x : tensor<4xi32>) value(%x : tensor<4xi32>) outs(%x : tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @named_of_two_types(%x: tensor<4xf32>, %z: tensor<4xf64>) {
  // expected-error @below {{is between floats of one type, but g is 'f32', v is 'f64' and the result 'f32'; write the region}}
  %y = glu.gate silu gate(%x : tensor<4xf32>) value(%z : tensor<4xf64>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @not_a_matmul(%x: tensor<4xf32>, %w: tensor<2x4x8xf32>, %o: tensor<4x8xf32>) {
  %y = glu.gated_projection silu gate(%x, %w : tensor<4xf32>, tensor<2x4x8xf32>) value(%o : tensor<4x8xf32>) outs(%o : tensor<4x8xf32>)
  // expected-error @below {{the operands' ranks are not those of a matmul: expects indexing_maps}}
         -> tensor<4x8xf32>
  return
}

// -----

func.func @no_region(%x: tensor<4xf32>) {
  // expected-error @below {{expected '{' to begin a region}}
  %y = glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @gate_takes_one(%x: tensor<4xf32>) {
  // expected-error @below {{expects one gate operand, got 2}}
  glu.gate silu gate(%x, %x : tensor<4xf32>, tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = []} -> tensor<4xf32>
  return
}

// -----

func.func @value_takes_one(%x: tensor<4xf32>) {
  // expected-error @below {{expects one value operand, got 2}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = []} -> tensor<4xf32>
  return
}

// -----

func.func @four_operands(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the gate branch to be (tensor), (input, weight) or (input, weight, bias), got 4 operands}}
  glu.gated_projection silu gate(%x, %w, %o, %o : tensor<8x32xf32>, tensor<32x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = []} -> tensor<8x16xf32>
  return
}

// -----

func.func @no_weight(%x: tensor<4xf32>) {
  // expected-error @below {{expects a weight in at least one branch; without, it is a glu.gate}}
  glu.gated_projection silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @unranked(%x: tensor<4xf32>, %u: tensor<*xf32>) {
  // expected-error @below {{expects the gate input to be a ranked tensor as destination 0, got 'tensor<*xf32>'}}
  glu.gate silu gate(%u : tensor<*xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = []} -> tensor<4xf32>
  return
}

// -----

func.func @unranked_destination(%u: memref<*xf32>) {
  // expected-error @below {{expects the gate input to be a memref as destination 0, got 'memref<*xf32>'}}
  glu.gate silu gate(%u : memref<*xf32>) value(%u : memref<*xf32>) outs(%u : memref<*xf32>)
  return
}

// -----

func.func @mixed(%x: tensor<4xf32>, %m: memref<4xf32>) {
  // expected-error @below {{expects the value input to be a ranked tensor as destination 0, got 'memref<4xf32>'}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%m : memref<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @mixed_destinations(%x: tensor<4xf32>, %m: memref<4xf32>) {
  // expected-error @below {{expects the destination 1 to be a ranked tensor as destination 0, got 'memref<4xf32>'}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x, %m : tensor<4xf32>, memref<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    glu.yield %g, %v : f32, f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @scalar_gate(%x: tensor<4xf32>, %s: f32) {
  // expected-error @below {{expects the gate input to be a ranked tensor as destination 0, got 'f32'}}
  glu.gate silu gate(%s : f32) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @scalar_destination(%x: tensor<4xf32>, %s: f32) {
  // expected-error @below {{operand #2 must be variadic of shaped of any type values, but got 'f32'}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%s : f32) attributes {indexing_maps = []}
  return
}

// -----

func.func @vectors(%x: tensor<4xvector<4xf32>>) {
  // expected-error @below {{expects the gate input to have elements that are floats or integers, got 'tensor<4xvector<4xf32>>'}}
  glu.gate gate(%x : tensor<4xvector<4xf32>>) value(%x : tensor<4xvector<4xf32>>) outs(%x : tensor<4xvector<4xf32>>) {
  ^bb0(%g: vector<4xf32>, %v: vector<4xf32>):
    glu.yield %g : vector<4xf32>
  } -> tensor<4xvector<4xf32>>
  return
}

// -----

func.func @result_type(%x: tensor<4xf32>) {
  // expected-error @below {{expects one result per destination, of the same type}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @no_result(%x: tensor<4xf32>) {
  // expected-error @below {{expects one result per destination, of the same type}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>)
  return
}

// -----

func.func @result_on_memrefs(%m: memref<4xf32>) {
  // expected-error @below {{expects no results when it writes to memrefs}}
  glu.gate silu gate(%m : memref<4xf32>) value(%m : memref<4xf32>) outs(%m : memref<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @maps_missing(%x: tensor<4xf32>) {
  // expected-error @below {{expects one indexing map per operand (3), got 1}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>]} -> tensor<4xf32>
  return
}

// -----

func.func @maps_are_not_maps(%x: tensor<4xf32>) {
  // expected-error @below {{requires attribute 'indexing_maps'}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = 5} -> tensor<4xf32>
  return
}

// -----

func.func @map_elements_are_not_maps(%x: tensor<4xf32>) {
  // expected-error @below {{attribute 'indexing_maps' failed to satisfy constraint: AffineMap array attribute}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [5, 5, 5]} -> tensor<4xf32>
  return
}

// -----

func.func @symbols(%x: tensor<4xf32>) {
  // expected-error @below {{expects the map of the gate input to have no symbols, got affine_map<(d0)[s0] -> (d0 + s0)>}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [affine_map<(m)[s] -> (m + s)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>]} -> tensor<4xf32>
  return
}

// -----

func.func @divides_by_zero(%x: tensor<4xf32>) {
  // expected-error @below {{expects the map of the gate input to divide by positive constants only}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [affine_map<(m) -> (m floordiv 0)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>]} -> tensor<4xf32>
  return
}

// -----

func.func @dimensions(%x: tensor<4xf32>) {
  // expected-error @below {{expects every map to have 1 dimensions, but the map of the value input is affine_map<(d0, d1) -> (d0)>}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m, n) -> (m)>, affine_map<(m) -> (m)>]} -> tensor<4xf32>
  return
}

// -----

func.func @ranks(%x: tensor<4xf32>) {
  // expected-error @below {{expects the map of the destination 0 to have as many results as the operand has dimensions (1), got affine_map<(d0) -> (d0, d0)>}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m, m)>]} -> tensor<4xf32>
  return
}

// -----

func.func @destination_map(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the map of destination 0 to be a permutation of the parallel dimensions, those of destination 0, got affine_map<(d0, d1, d2) -> (d0, d1 + 1)>}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n + 1)>]} -> tensor<8x16xf32>
  return
}

// -----

func.func @destinations_differ(%x: tensor<4x5xf32>, %z: tensor<4xf32>) {
  // expected-error @below {{expects the map of destination 1 to be a permutation of the parallel dimensions, those of destination 0, got affine_map<(d0, d1) -> (d0)>}}
  glu.gate gate(%x : tensor<4x5xf32>) value(%x : tensor<4x5xf32>) outs(%x, %z : tensor<4x5xf32>, tensor<4xf32>) attributes {indexing_maps = [affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m, n)>, affine_map<(m, n) -> (m)>]} {
  ^bb0(%g: f32, %v: f32):
    glu.yield %g, %v : f32, f32
  } -> (tensor<4x5xf32>, tensor<4xf32>)
  return
}

// -----

func.func @bias_reduced(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>, %b: tensor<32xf32>) {
  // expected-error @below {{expects the map of the gate bias to use parallel dimensions only, got affine_map<(d0, d1, d2) -> (d2)>}}
  glu.gated_projection silu gate(%x, %w, %b : tensor<8x32xf32>, tensor<32x16xf32>, tensor<32xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]} -> tensor<8x16xf32>
  return
}

// -----

func.func @tensor_reduced(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the map of the value input to use parallel dimensions only, got affine_map<(d0, d1, d2) -> (d0, d2)>}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x : tensor<8x32xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, n)>]} -> tensor<8x16xf32>
  return
}

// -----

func.func @extra_reduced(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the map of extra 0 to use parallel dimensions only, got affine_map<(d0, d1, d2) -> (d0, d2)>}}
  glu.gated_projection gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) extras(%x : tensor<8x32xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, n)>]} {
  ^bb0(%g: f32, %v: f32, %e: f32):
    glu.yield %e : f32
  } -> tensor<8x16xf32>
  return
}

// -----

func.func @unused_dimension(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{has a dimension, d3, that no projection uses}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {indexing_maps = [affine_map<(m, n, k, j) -> (m, k)>, affine_map<(m, n, k, j) -> (k, n)>, affine_map<(m, n, k, j) -> (m, k)>, affine_map<(m, n, k, j) -> (k, n)>, affine_map<(m, n, k, j) -> (m, n)>]} -> tensor<8x16xf32>
  return
}

// -----

func.func @size_unknown(%x: tensor<8xf32>, %w: tensor<5xf32>, %o: tensor<4x5xf32>) {
  // expected-error @below {{expects the reduction d2 to index the gate input or weight by itself, or its size would be unknown}}
  glu.gated_projection silu gate(%x, %w : tensor<8xf32>, tensor<5xf32>) value(%o : tensor<4x5xf32>) outs(%o : tensor<4x5xf32>) attributes {indexing_maps = [affine_map<(t, n, k) -> (t + k)>, affine_map<(t, n, k) -> (n)>, affine_map<(t, n, k) -> (t, n)>, affine_map<(t, n, k) -> (t, n)>]} -> tensor<4x5xf32>
  return
}

// -----

func.func @sizes_differ(%x: tensor<4xf32>, %z: tensor<5xf32>) {
  // expected-error @below {{expects dimension 0 of the value input to have size 4, got 5}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%z : tensor<5xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @window_too_large(%x: tensor<8xf32>, %w: tensor<4x5xf32>, %o: tensor<6x5xf32>) {
  // expected-error @below {{reads dimension 0 of the gate input from 0 to 8, but its size is 8}}
  glu.gated_projection silu gate(%x, %w : tensor<8xf32>, tensor<4x5xf32>) value(%o : tensor<6x5xf32>) outs(%o : tensor<6x5xf32>) attributes {indexing_maps = [affine_map<(t, n, k) -> (t + k)>, affine_map<(t, n, k) -> (k, n)>, affine_map<(t, n, k) -> (t, n)>, affine_map<(t, n, k) -> (t, n)>]} -> tensor<6x5xf32>
  return
}

// -----

func.func @window_before_start(%x: tensor<8xf32>, %w: tensor<4x5xf32>, %o: tensor<4x5xf32>) {
  // expected-error @below {{reads dimension 0 of the gate input from -3 to 3, but its size is 8}}
  glu.gated_projection silu gate(%x, %w : tensor<8xf32>, tensor<4x5xf32>) value(%o : tensor<4x5xf32>) outs(%o : tensor<4x5xf32>) attributes {indexing_maps = [affine_map<(t, n, k) -> (t - k)>, affine_map<(t, n, k) -> (k, n)>, affine_map<(t, n, k) -> (t, n)>, affine_map<(t, n, k) -> (t, n)>]} -> tensor<4x5xf32>
  return
}

// -----

func.func @groups_too_few(%x: tensor<8xf32>, %z: tensor<2xf32>) {
  // expected-error @below {{reads dimension 0 of the value input from 0 to 2, but its size is 2}}
  glu.gate silu gate(%x : tensor<8xf32>) value(%z : tensor<2xf32>) outs(%x : tensor<8xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m floordiv 3)>, affine_map<(m) -> (m)>]} -> tensor<8xf32>
  return
}

// -----

func.func @constant_index(%x: tensor<8xf32>, %z: tensor<2xf32>) {
  // expected-error @below {{reads dimension 0 of the value input from 2 to 2, but its size is 2}}
  glu.gate silu gate(%x : tensor<8xf32>) value(%z : tensor<2xf32>) outs(%x : tensor<8xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (2)>, affine_map<(m) -> (m)>]} -> tensor<8xf32>
  return
}

// -----

func.func @index_overflows(%x: tensor<8xf32>, %z: tensor<2xf32>) {
  // expected-error @below {{reads dimension 0 of the value input from -9223372036854775808 to 9223372036854775807, but its size is 2}}
  glu.gate silu gate(%x : tensor<8xf32>) value(%z : tensor<2xf32>) outs(%x : tensor<8xf32>) attributes {indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m * 9223372036854775807)>, affine_map<(m) -> (m)>]} -> tensor<8xf32>
  return
}

// -----

func.func @no_terminator(%x: tensor<4xf32>) {
  // expected-error @below {{expects a non-empty block}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
  } -> tensor<4xf32>
  return
}

// -----

func.func @no_block(%x: tensor<4xf32>) {
  // expected-error @below {{region #0 ('gating') failed to verify constraint: region with 1 blocks}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  
  } -> tensor<4xf32>
  return
}

// -----

func.func @two_blocks(%x: tensor<4xf32>) {
  // expected-error @below {{expects region #0 to have 0 or 1 blocks}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    cf.br ^bb1
  ^bb1:
    glu.yield %g : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @wrong_terminator(%x: tensor<4xf32>) {
  // expected-error @below {{expects its region to end with a glu.yield}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    func.return
  } -> tensor<4xf32>
  return
}

// -----

func.func @argument_missing(%x: tensor<4xf32>) {
  // expected-error @below {{expects a region with 2 arguments (g, v and one per extra), got 1}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32):
    glu.yield %g : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @argument_tensor(%x: tensor<4xf32>) {
  // expected-error @below {{expects the region's gate argument to be a float or a signless integer, got 'tensor<f32>'}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: tensor<f32>, %v: f32):
    glu.yield %v : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @argument_index(%x: tensor<4xindex>) {
  // expected-error @below {{expects the region's gate argument to be a float or a signless integer, got 'index'}}
  glu.gate gate(%x : tensor<4xindex>) value(%x : tensor<4xindex>) outs(%x : tensor<4xindex>) {
  ^bb0(%g: index, %v: index):
    glu.yield %v : index
  } -> tensor<4xindex>
  return
}

// -----

func.func @argument_of_tensor(%x: tensor<4xf32>) {
  // expected-error @below {{expects the region's gate argument to have the type of the tensor's elements, 'f32', got 'f64'}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f64, %v: f32):
    glu.yield %v : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @narrow_accumulator(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the value input to have elements of the type of the region's value argument, 'bf16', or narrower ones of its kind, got 'f32'}}
  glu.gated_projection gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) {
  ^bb0(%g: f32, %v: bf16):
    glu.yield %g : f32
  } -> tensor<8x16xf32>
  return
}

// -----

func.func @other_accumulator(%x: tensor<8x32xf16>, %w: tensor<32x16xf16>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the gate input to have elements of the type of the region's gate argument, 'bf16', or narrower ones of its kind, got 'f16'}}
  glu.gated_projection gate(%x, %w : tensor<8x32xf16>, tensor<32x16xf16>) value(%x, %w : tensor<8x32xf16>, tensor<32x16xf16>) outs(%o : tensor<8x16xf32>) {
  ^bb0(%g: bf16, %v: bf16):
    %y = arith.extf %g : bf16 to f32
    glu.yield %y : f32
  } -> tensor<8x16xf32>
  return
}

// -----

func.func @other_kind(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects the gate input to have elements of the type of the region's gate argument, 'f32', or narrower ones of its kind, got 'i8'}}
  glu.gated_projection gate(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>) value(%x, %w : tensor<8x32xi8>, tensor<32x16xi8>) outs(%o : tensor<8x16xf32>) {
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  } -> tensor<8x16xf32>
  return
}

// -----

func.func @unsigned(%x: tensor<8x32xui8>, %w: tensor<32x16xui8>, %o: tensor<8x16xi32>) {
  // expected-error @below {{expects the gate input to have elements of the type of the region's gate argument, 'i32', or narrower ones of its kind, got 'ui8'}}
  glu.gated_projection gate(%x, %w : tensor<8x32xui8>, tensor<32x16xui8>) value(%x, %w : tensor<8x32xui8>, tensor<32x16xui8>) outs(%o : tensor<8x16xi32>) {
  ^bb0(%g: i32, %v: i32):
    glu.yield %g : i32
  } -> tensor<8x16xi32>
  return
}

// -----

func.func @argument_of_extra(%x: tensor<4xf32>) {
  // expected-error @below {{expects region argument 2 to have the type of extra 0, 'f32', got 'f64'}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) extras(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32, %e: f64):
    glu.yield %g : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @yields_none(%x: tensor<4xf32>) {
  // expected-error @below {{expects the region to yield one value per destination (1), got 0}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    glu.yield
  } -> tensor<4xf32>
  return
}

// -----

func.func @yields_other_type(%x: tensor<4xf32>) {
  // expected-error @below {{expects yielded value 0 to have the element type of destination 0, 'f32', got 'f64'}}
  glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %y = arith.extf %g : f32 to f64
    glu.yield %y : f64
  } -> tensor<4xf32>
  return
}

// -----

func.func @effects(%x: tensor<4xf32>) {
  %y = glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    // expected-error @below {{'vector.print' op has effects, which a gating function must not have}}
    vector.print %g : f32
    glu.yield %g : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @from_above(%x: tensor<4xf32>, %s: f32) {
  // expected-note @below {{required by region isolation constraints}}
  %y = glu.gate gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    // expected-error @below {{using value defined outside the region}}
    glu.yield %s : f32
  } -> tensor<4xf32>
  return
}

// -----

func.func @yield_elsewhere(%s: f32) {
  // expected-error @below {{expects parent op to be one of 'glu.gate, glu.gated_projection'}}
  glu.yield %s : f32
}

// -----

// The generic form.

func.func @no_destination(%x: tensor<4xf32>) {
  // expected-error @below {{expects at least one destination}}
  "glu.gate"(%x, %x, %x) <{indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], operandSegmentSizes = array<i32: 1, 2, 0, 0>}> ({
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  }) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_gate(%x: tensor<4xf32>) {
  // expected-error @below {{expects one gate operand, got 0}}
  "glu.gate"(%x, %x, %x) <{indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], operandSegmentSizes = array<i32: 0, 2, 0, 1>}> ({
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  }) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @segments(%x: tensor<4xf32>) {
  // expected-error @below {{operand count (3) does not match with the total size (4) specified in attribute 'operandSegmentSizes'}}
  "glu.gate"(%x, %x, %x) <{indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], operandSegmentSizes = array<i32: 1, 1, 1, 1>}> ({
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  }) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @negative_segments(%x: tensor<4xf32>) {
  // expected-error @below {{'operandSegmentSizes' attribute cannot have negative elements}}
  "glu.gate"(%x, %x, %x) <{indexing_maps = [affine_map<(m) -> (m)>, affine_map<(m) -> (m)>, affine_map<(m) -> (m)>], operandSegmentSizes = array<i32: -1, 2, 1, 1>}> ({
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  }) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_maps(%x: tensor<4xf32>) {
  // expected-error @below {{requires attribute 'indexing_maps'}}
  "glu.gate"(%x, %x, %x) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>}> ({
  ^bb0(%g: f32, %v: f32):
    glu.yield %g : f32
  }) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @no_operands() {
  // expected-error @below {{requires one region}}
  "glu.gate"() : () -> ()
  return
}

// -----

func.func @unknown_attribute(%x: tensor<4xf32>) {
  // expected-error @below {{has the attribute 'glu.speed', which the glu dialect does not know}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {glu.speed = 1} -> tensor<4xf32>
  return
}

// -----

func.func @packed_without_schedule(%x: tensor<4xf32>) {
  // expected-error @below {{expects 'glu.packed' to be a unit attribute beside a 'glu.schedule'}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {glu.packed} -> tensor<4xf32>
  return
}

// -----

func.func @schedule_is_no_schedule(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects 'glu.schedule' to be a #glu.schedule}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = 1} -> tensor<8x16xf32>
  return
}

// -----

func.func @schedule_elsewhere(%x: tensor<4xf32>) {
  // expected-error @below {{takes no 'glu.schedule': it belongs on glu.gated_projection and on linalg contractions}}
  glu.gate silu gate(%x : tensor<4xf32>) value(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 8>} -> tensor<4xf32>
  return
}

// -----

func.func @no_tile(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects a register tile of at least 1 x 1, got 0 x 8}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 0, columns = 8, block_rows = 96, block_columns = 16>} -> tensor<8x16xf32>
  return
}

// -----

func.func @large_tile(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects a register tile of at most 1024 elements, got 65 x 64}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 65, columns = 64, block_rows = 65, block_columns = 64>} -> tensor<8x16xf32>
  return
}

// -----

func.func @amx_on_a_matmul(%x: tensor<8x32xbf16>, %w: tensor<32x16xbf16>, %o: tensor<8x16xf32>) -> tensor<8x16xf32> {
  // expected-error @below {{expects 'glu.amx' to be a unit attribute of a linalg.generic}}
  %y = linalg.matmul {glu.amx} ins(%x, %w : tensor<8x32xbf16>, tensor<32x16xbf16>) outs(%o : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %y : tensor<8x16xf32>
}

// -----

func.func @schedule_of_three(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects group to be 1, 2, 4 or 8, got 3}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 16, group = 3>} -> tensor<8x16xf32>
  return
}

// -----

func.func @odd_depth(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects depth to be 1 or a multiple of group (2), got 3}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 16, group = 2, depth = 3>} -> tensor<8x16xf32>
  return
}

// -----

func.func @huge_tile(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects a register tile of at most 1024 elements}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 1099511627776, columns = 1099511627776, block_rows = 1, block_columns = 1>} -> tensor<8x16xf32>
  return
}

// -----

func.func @block_rows(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects block_rows to be a multiple of rows (6), got 95}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 95, block_columns = 16>} -> tensor<8x16xf32>
  return
}

// -----

func.func @no_block_rows(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects block_rows to be a multiple of rows (6), got 0}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 0, block_columns = 16>} -> tensor<8x16xf32>
  return
}

// -----

func.func @block_columns(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects block_columns to be a multiple of columns (8), got 4}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 96, block_columns = 4>} -> tensor<8x16xf32>
  return
}

// -----

func.func @schedule_of_no_panel(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects panels to divide block_columns / columns (2), got 0}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 16, panels = 0>} -> tensor<8x16xf32>
  return
}

// -----

func.func @schedule_of_odd_panels(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects panels to divide block_columns / columns (3), got 2}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 24, panels = 2>} -> tensor<8x16xf32>
  return
}

// -----

func.func @schedule_of_many_panels(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %o: tensor<8x16xf32>) {
  // expected-error @below {{expects panels of a register tile to have at most 1024 elements, got 32 of 8 x 8}}
  glu.gated_projection silu gate(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) value(%x, %w : tensor<8x32xf32>, tensor<32x16xf32>) outs(%o : tensor<8x16xf32>) attributes {glu.schedule = #glu.schedule<rows = 8, columns = 8, block_rows = 8, block_columns = 256, panels = 32>} -> tensor<8x16xf32>
  return
}

// -----

// A dimension twice: what no single value of it reaches is no error, what one does is.
func.func @dimension_twice(%x: tensor<3x32xf32>, %y: tensor<2x32xf32>, %w: tensor<32x16xf32>, %o: tensor<13x16xf32>) -> tensor<13x16xf32> {
  // expected-error @below {{reads dimension 0 of the gate input from 0 to 3, but its size is 3}}
  %r = glu.gated_projection identity gate(%x, %w : tensor<3x32xf32>, tensor<32x16xf32>) value(%y, %w : tensor<2x32xf32>, tensor<32x16xf32>)
    outs(%o : tensor<13x16xf32>) attributes {indexing_maps = [
      affine_map<(m, n, k) -> (m mod 2 + m mod 3, k)>, affine_map<(m, n, k) -> (k, n)>,
      affine_map<(m, n, k) -> (m mod 2, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]} -> tensor<13x16xf32>
  return %r : tensor<13x16xf32>
}

// -----

// Too many values to try: its bounds.
func.func @dimension_twice_of_many(%g: tensor<4xf32>, %o: tensor<1000000xf32>) -> tensor<1000000xf32> {
  // expected-error @below {{reads dimension 0 of the gate input from -1 to 4, but its size is 4}}
  %r = glu.gate silu gate(%g : tensor<4xf32>) value(%o : tensor<1000000xf32>) outs(%o : tensor<1000000xf32>)
    attributes {indexing_maps = [affine_map<(i) -> (i mod 3 + i mod 4 - 1)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>]} -> tensor<1000000xf32>
  return %r : tensor<1000000xf32>
}
