// RUN: glu-opt %s -glu-name | FileCheck %s

// What can have a name: conversions, projections, extras. The spellings of the
// functions are in the files name-*.mlir.

// One rounding, at the end: the named function in f32.
// CHECK-LABEL: @projection_rounded_at_the_end(
// CHECK: glu.gated_projection silu gate(%arg0, %arg1 :{{.*}} value(%arg0, %arg2 :
func.func @projection_rounded_at_the_end(
    %x: tensor<4x8xbf16>, %wg: tensor<8x6xbf16>, %wv: tensor<8x6xbf16>,
    %init: tensor<4x6xbf16>) -> tensor<4x6xbf16> {
  %0 = glu.gated_projection
    gate(%x, %wg : tensor<4x8xbf16>, tensor<8x6xbf16>)
    value(%x, %wv : tensor<4x8xbf16>, tensor<8x6xbf16>)
    outs(%init : tensor<4x6xbf16>) {
  ^bb0(%g: f32, %v: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %g : f32
    %e = math.exp %n : f32
    %d = arith.addf %one, %e : f32
    %s = arith.divf %one, %d : f32
    %m = arith.mulf %g, %s : f32
    %p = arith.mulf %v, %m : f32
    %y = arith.truncf %p : f32 to bf16
    glu.yield %y : bf16
  } -> tensor<4x6xbf16>
  return %0 : tensor<4x6xbf16>
}

// The activation is rounded before the product: another function.
// CHECK-LABEL: @rounded_in_the_middle(
// CHECK: glu.gated_projection gate(
// CHECK: arith.truncf
func.func @rounded_in_the_middle(
    %x: tensor<4x8xbf16>, %wg: tensor<8x6xbf16>, %wv: tensor<8x6xbf16>,
    %init: tensor<4x6xbf16>) -> tensor<4x6xbf16> {
  %0 = glu.gated_projection
    gate(%x, %wg : tensor<4x8xbf16>, tensor<8x6xbf16>)
    value(%x, %wv : tensor<4x8xbf16>, tensor<8x6xbf16>)
    outs(%init : tensor<4x6xbf16>) {
  ^bb0(%g: f32, %v: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %g : f32
    %e = math.exp %n : f32
    %d = arith.addf %one, %e : f32
    %s = arith.divf %g, %d : f32
    %r = arith.truncf %s : f32 to bf16
    %u = arith.truncf %v : f32 to bf16
    %y = arith.mulf %r, %u : bf16
    glu.yield %y : bf16
  } -> tensor<4x6xbf16>
  return %0 : tensor<4x6xbf16>
}

// There and back in a wider type changes nothing; back and there does.
// CHECK-LABEL: @widened_and_narrowed(
// CHECK: glu.gate identity gate(
// CHECK: glu.gate gate(
// CHECK: arith.truncf
func.func @widened_and_narrowed(%gate: tensor<4xf32>, %value: tensor<4xf32>,
    %init: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>)
         outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %w = arith.extf %g : f32 to f64
    %n = arith.truncf %w : f64 to f32
    %y = arith.mulf %v, %n : f32
    glu.yield %y : f32
  } -> tensor<4xf32>
  %1 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>)
         outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %n = arith.truncf %g : f32 to bf16
    %w = arith.extf %n : bf16 to f32
    %y = arith.mulf %v, %w : f32
    glu.yield %y : f32
  } -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// bf16 operands and f32 arithmetic: no named function of a glu.gate.
// CHECK-LABEL: @wide_arithmetic(
// CHECK: glu.gate gate(
func.func @wide_arithmetic(%gate: tensor<4xbf16>, %value: tensor<4xbf16>,
    %init: tensor<4xbf16>) -> tensor<4xbf16> {
  %0 = glu.gate gate(%gate : tensor<4xbf16>) value(%value : tensor<4xbf16>)
         outs(%init : tensor<4xbf16>) {
  ^bb0(%g: bf16, %v: bf16):
    %one = arith.constant 1.0 : f32
    %gw = arith.extf %g : bf16 to f32
    %vw = arith.extf %v : bf16 to f32
    %n = arith.negf %gw : f32
    %e = math.exp %n : f32
    %d = arith.addf %one, %e : f32
    %s = arith.divf %gw, %d : f32
    %p = arith.mulf %vw, %s : f32
    %y = arith.truncf %p : f32 to bf16
    glu.yield %y : bf16
  } -> tensor<4xbf16>
  return %0 : tensor<4xbf16>
}

// The branches are exchanged with all their operands and maps.
// CHECK-LABEL: @swapped_projection(
// CHECK: glu.gated_projection relu
// CHECK-SAME: gate(%arg1, %arg3 : tensor<4x9xf32>, tensor<6x9xf32>)
// CHECK-SAME: value(%arg0, %arg2, %arg4 : tensor<4x8xf32>, tensor<8x6xf32>, tensor<6xf32>)
// CHECK-SAME: indexing_maps = [#[[X:.*]], #[[WT:.*]], #{{.*}}, #{{.*}}, #{{.*}}, #{{.*}}]
func.func @swapped_projection(
    %x: tensor<4x8xf32>, %z: tensor<4x9xf32>, %wg: tensor<8x6xf32>,
    %wv: tensor<6x9xf32>, %b: tensor<6xf32>, %init: tensor<4x6xf32>)
    -> tensor<4x6xf32> {
  %0 = glu.gated_projection
    gate(%x, %wg, %b : tensor<4x8xf32>, tensor<8x6xf32>, tensor<6xf32>)
    value(%z, %wv : tensor<4x9xf32>, tensor<6x9xf32>)
    outs(%init : tensor<4x6xf32>)
    attributes {indexing_maps = [affine_map<(m, n, k, l) -> (m, k)>,
                                 affine_map<(m, n, k, l) -> (k, n)>,
                                 affine_map<(m, n, k, l) -> (n)>,
                                 affine_map<(m, n, k, l) -> (m, l)>,
                                 affine_map<(m, n, k, l) -> (n, l)>,
                                 affine_map<(m, n, k, l) -> (m, n)>]} {
  ^bb0(%g: f32, %v: f32):
    %zero = arith.constant 0.0 : f32
    %c = arith.cmpf ugt, %v, %zero : f32
    %r = arith.select %c, %v, %zero : f32
    %y = arith.mulf %r, %g : f32
    glu.yield %y : f32
  } -> tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}

// Memrefs, and no results.
// CHECK-LABEL: @memrefs(
// CHECK: glu.gate silu gate(%arg0 : memref<4xf32>) value(%arg1 : memref<4xf32>) outs(%arg2 : memref<4xf32>){{$}}
func.func @memrefs(%gate: memref<4xf32>, %value: memref<4xf32>,
                   %out: memref<4xf32>) {
  glu.gate gate(%gate : memref<4xf32>) value(%value : memref<4xf32>)
    outs(%out : memref<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %g : f32
    %e = math.exp %n : f32
    %d = arith.addf %one, %e : f32
    %p = arith.mulf %g, %v : f32
    %y = arith.divf %p, %d : f32
    glu.yield %y : f32
  }
  return
}

// Extras and second results have no name; integers neither.
// CHECK-LABEL: @extras_and_results(
// CHECK-COUNT-3: glu.gate gate(
func.func @extras_and_results(
    %gate: tensor<4xf32>, %value: tensor<4xf32>, %mask: tensor<4xf32>,
    %i: tensor<4xi32>, %init: tensor<4xf32>, %iinit: tensor<4xi32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi32>) {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>)
         extras(%mask : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32, %m: f32):
    %y = arith.mulf %g, %v : f32
    glu.yield %y : f32
  } -> tensor<4xf32>
  %1:2 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>)
           outs(%init, %init : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %y = arith.mulf %g, %v : f32
    glu.yield %y, %g : f32, f32
  } -> (tensor<4xf32>, tensor<4xf32>)
  %2 = glu.gate gate(%i : tensor<4xi32>) value(%i : tensor<4xi32>)
         outs(%iinit : tensor<4xi32>) {
  ^bb0(%g: i32, %v: i32):
    %y = arith.muli %g, %v : i32
    glu.yield %y : i32
  } -> tensor<4xi32>
  return %0, %1#0, %1#1, %2
    : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi32>
}

// Types that doubles do not hold, and constants that are no numbers.
// CHECK-LABEL: @odd_types(
// CHECK-COUNT-2: glu.gate gate(
func.func @odd_types(%q: tensor<4xf128>, %a: tensor<4xf32>,
    %qinit: tensor<4xf128>, %ainit: tensor<4xf32>)
    -> (tensor<4xf128>, tensor<4xf32>) {
  %0 = glu.gate gate(%q : tensor<4xf128>) value(%q : tensor<4xf128>)
         outs(%qinit : tensor<4xf128>) {
  ^bb0(%g: f128, %v: f128):
    %c = arith.constant 3.0 : f128
    %p = arith.mulf %g, %c : f128
    %y = arith.mulf %p, %v : f128
    glu.yield %y : f128
  } -> tensor<4xf128>
  %1 = glu.gate gate(%a : tensor<4xf32>) value(%a : tensor<4xf32>)
         outs(%ainit : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %nan = arith.constant 0x7FC00000 : f32
    %p = arith.mulf %g, %nan : f32
    %y = arith.mulf %p, %v : f32
    glu.yield %y : f32
  } -> tensor<4xf32>
  return %0, %1 : tensor<4xf128>, tensor<4xf32>
}
