// RUN: glu-opt %s -glu-name | FileCheck %s

// Functions that look like a named one.

// CHECK-LABEL: @two_over(
// CHECK: glu.gate gate(
func.func @two_over(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 2.0 : f32
    %c1 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @one_point_five(
// CHECK: glu.gate gate(
func.func @one_point_five(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 1.5 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @almost_one(
// CHECK: glu.gate gate(
func.func @almost_one(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 1.000002 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// silu(-g), negated.
// CHECK-LABEL: @exp_plus(
// CHECK: glu.gate gate(
func.func @exp_plus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.addf %t1, %c0 : f32
    %t3 = arith.divf %c0, %t2 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_at_one(
// CHECK: glu.gate gate(
func.func @relu_at_one(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_just_above_zero(
// CHECK: glu.gate gate(
func.func @relu_just_above_zero(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0e-7 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_min_for_max(
// CHECK: glu.gate gate(
func.func @relu_min_for_max(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.minimumf %g, %c0 : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_wrong_arm(
// CHECK: glu.gate gate(
func.func @relu_wrong_arm(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.select %p1, %c1, %g : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_shifted_threshold(
// CHECK: glu.gate gate(
func.func @relu_shifted_threshold(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.01 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Another value at one point.
// CHECK-LABEL: @relu_equal_is_one(
// CHECK: glu.gate gate(
func.func @relu_equal_is_one(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 1.0 : f32
    %p1 = arith.cmpf oeq, %g, %c0 : f32
    %t2 = arith.maximumf %g, %c0 : f32
    %t3 = arith.select %p1, %c1, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_mask_only(
// CHECK: glu.gate gate(
func.func @relu_mask_only(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.uitofp %p1 : i1 to f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_clamped(
// CHECK: glu.gate gate(
func.func @relu_clamped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 1000000.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.minimumf %t1, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The largest f16, but the type is f32.
// CHECK-LABEL: @relu_clamped_f16_max(
// CHECK: glu.gate gate(
func.func @relu_clamped_f16_max(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 65504.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.minimumf %t1, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_or(
// CHECK: glu.gate gate(
func.func @relu_or(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %p2 = arith.cmpf ogt, %v, %c0 : f32
    %p3 = arith.ori %p1, %p2 : i1
    %t4 = arith.mulf %g, %v : f32
    %t5 = arith.select %p3, %t4, %c1 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_cubed(
// CHECK: glu.gate gate(
func.func @relu_cubed(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 3 : i64
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = math.fpowi %t1, %c1 : f32, i64
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @zero_over_zero_plus(
// CHECK: glu.gate gate(
func.func @zero_over_zero_plus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.addf %t4, %v : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_of_product(
// CHECK: glu.gate gate(
func.func @silu_of_product(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %p = arith.mulf %g, %v : f32
    %t2 = arith.negf %p : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c0 : f32
    %t5 = arith.divf %p, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_added(
// CHECK: glu.gate gate(
func.func @silu_added(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.addf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_no_value(
// CHECK: glu.gate gate(
func.func @silu_no_value(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %g, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_value_twice(
// CHECK: glu.gate gate(
func.func @silu_value_twice(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.mulf %v, %v : f32
    %t2 = arith.negf %g : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c0 : f32
    %t5 = arith.divf %g, %t4 : f32
    %t6 = arith.mulf %t1, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_plus_epsilon(
// CHECK: glu.gate gate(
func.func @silu_plus_epsilon(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 1.0e-9 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    %t6 = arith.addf %t5, %c1 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @floor_of_silu(
// CHECK: glu.gate gate(
func.func @floor_of_silu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = math.floor %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_of_negative(
// CHECK: glu.gate gate(
func.func @silu_of_negative(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %g : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %t1, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// silu(g / 2) is no swish.
// CHECK-LABEL: @silu_scaled_gate(
// CHECK: glu.gate gate(
func.func @silu_scaled_gate(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 1.0 : f32
    %a = arith.mulf %g, %c0 : f32
    %t2 = arith.negf %a : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c1 : f32
    %t5 = arith.divf %a, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// NaN at zero.
// CHECK-LABEL: @silu_pole(
// CHECK: glu.gate gate(
func.func @silu_pole(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %g : f32
    %t2 = arith.negf %g : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c0 : f32
    %t5 = arith.mulf %g, %t4 : f32
    %t6 = arith.divf %t1, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_sum(
// CHECK: glu.gate gate(
func.func @sigmoid_sum(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.addf %g, %v : f32
    %t2 = arith.negf %t1 : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c0 : f32
    %t5 = arith.divf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// sigmoid(2 g).
// CHECK-LABEL: @tanh_half(
// CHECK: glu.gate gate(
func.func @tanh_half(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %t1 = math.tanh %g : f32
    %t2 = arith.mulf %t1, %c0 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_wrong_constant(
// CHECK: glu.gate gate(
func.func @gelu_wrong_constant(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.7071 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = math.erf %t2 : f32
    %t4 = arith.addf %t3, %c2 : f32
    %t5 = arith.mulf %t1, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_no_half(
// CHECK: glu.gate gate(
func.func @gelu_no_half(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.707106769 : f32
    %c1 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.erf %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_minus(
// CHECK: glu.gate gate(
func.func @gelu_minus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant 0.707106769 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %c2 : f32
    %t3 = math.erf %t2 : f32
    %t4 = arith.subf %c1, %t3 : f32
    %t5 = arith.mulf %t1, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_wrong_cubic(
// CHECK: glu.gate gate(
func.func @gelu_tanh_wrong_cubic(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.797884583 : f32
    %c2 = arith.constant 0.0447 : f32
    %c3 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %g : f32
    %t3 = arith.mulf %g, %t2 : f32
    %t4 = arith.mulf %c2, %t3 : f32
    %t5 = arith.addf %g, %t4 : f32
    %t6 = arith.mulf %c1, %t5 : f32
    %t7 = math.tanh %t6 : f32
    %t8 = arith.addf %t7, %c3 : f32
    %t9 = arith.mulf %t1, %t8 : f32
    %t10 = arith.mulf %v, %t9 : f32
    glu.yield %t10 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_square(
// CHECK: glu.gate gate(
func.func @gelu_tanh_square(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.797884583 : f32
    %c2 = arith.constant 0.044715 : f32
    %c3 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %g : f32
    %t3 = arith.mulf %c2, %t2 : f32
    %t4 = arith.addf %g, %t3 : f32
    %t5 = arith.mulf %c1, %t4 : f32
    %t6 = math.tanh %t5 : f32
    %t7 = arith.addf %t6, %c3 : f32
    %t8 = arith.mulf %t1, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_sigmoid_keras(
// CHECK: glu.gate gate(
func.func @hard_sigmoid_keras(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.2 : f32
    %c1 = arith.constant 0.5 : f32
    %c2 = arith.constant 0.0 : f32
    %c3 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.addf %t1, %c1 : f32
    %t3 = math.clampf %t2 to [%c2, %c3] : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_swish_unclamped(
// CHECK: glu.gate gate(
func.func @hard_swish_unclamped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 6.0 : f32
    %t1 = arith.addf %g, %c0 : f32
    %t2 = arith.maximumf %t1, %c1 : f32
    %t3 = arith.divf %t2, %c2 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_low_threshold(
// CHECK: glu.gate gate(
func.func @softplus_low_threshold(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 5.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.select %p1, %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The pieces differ at 20, by more than an f64 rounds.
// CHECK-LABEL: @softplus_threshold_f64(
// CHECK: glu.gate gate(
func.func @softplus_threshold_f64(%gate: tensor<4xf64>, %value: tensor<4xf64>, %init: tensor<4xf64>) -> tensor<4xf64> {
  %0 = glu.gate gate(%gate : tensor<4xf64>) value(%value : tensor<4xf64>) outs(%init : tensor<4xf64>) {
  ^bb0(%g: f64, %v: f64):
    %c0 = arith.constant 20.0 : f64
    %p1 = arith.cmpf ogt, %g, %c0 : f64
    %t2 = math.exp %g : f64
    %t3 = math.log1p %t2 : f64
    %t4 = arith.select %p1, %g, %t3 : f64
    %t5 = arith.mulf %v, %t4 : f64
    glu.yield %t5 : f64
  } -> tensor<4xf64>
  return %0 : tensor<4xf64>
}

// CHECK-LABEL: @softplus_of_negative(
// CHECK: glu.gate gate(
func.func @softplus_of_negative(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// What is neglected above 20 is made large again.
// CHECK-LABEL: @softplus_amplified(
// CHECK: glu.gate gate(
func.func @softplus_amplified(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 20.0 : f32
    %c1 = arith.constant 1.0e+9 : f32
    %c2 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = math.log1p %t2 : f32
    %s = arith.select %p1, %t3, %g : f32
    %t5 = math.exp %g : f32
    %t6 = math.log1p %t5 : f32
    %d = arith.subf %t6, %g : f32
    %t8 = math.exp %g : f32
    %t9 = math.log1p %t8 : f32
    %p10 = arith.cmpf ogt, %g, %c0 : f32
    %t11 = arith.mulf %d, %c1 : f32
    %t12 = arith.select %p10, %t11, %c2 : f32
    %t13 = arith.addf %t9, %t12 : f32
    %t14 = arith.mulf %v, %t13 : f32
    glu.yield %t14 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @clamp_max_for_min(
// CHECK: glu.gate gate(
func.func @clamp_max_for_min(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 10.0 : f32
    %c1 = arith.constant -10.0 : f32
    %c2 = arith.constant 1.0 : f32
    %a = arith.maximumf %g, %c0 : f32
    %b = math.clampf %v to [%c1, %c0] : f32
    %t3 = arith.negf %a : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c2 : f32
    %t6 = arith.divf %a, %t5 : f32
    %t7 = arith.mulf %t6, %b : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @clamp_gate_below_too(
// CHECK: glu.gate gate(
func.func @clamp_gate_below_too(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant -10.0 : f32
    %c1 = arith.constant 10.0 : f32
    %c2 = arith.constant 1.0 : f32
    %a = math.clampf %g to [%c0, %c1] : f32
    %b = math.clampf %v to [%c0, %c1] : f32
    %t3 = arith.negf %a : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c2 : f32
    %t6 = arith.divf %a, %t5 : f32
    %t7 = arith.mulf %t6, %b : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @clamp_unequal_limits(
// CHECK: glu.gate gate(
func.func @clamp_unequal_limits(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 10.0 : f32
    %c1 = arith.constant -10.0 : f32
    %c2 = arith.constant 9.0 : f32
    %c3 = arith.constant 1.0 : f32
    %a = arith.minimumf %g, %c0 : f32
    %b = math.clampf %v to [%c1, %c2] : f32
    %t3 = arith.negf %a : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c3 : f32
    %t6 = arith.divf %a, %t5 : f32
    %t7 = arith.mulf %t6, %b : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @oai_plus_two(
// CHECK: glu.gate gate(
func.func @oai_plus_two(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 7.0 : f32
    %c1 = arith.constant -7.0 : f32
    %c2 = arith.constant -1.702 : f32
    %c3 = arith.constant 1.0 : f32
    %c4 = arith.constant 2.0 : f32
    %a = arith.minimumf %g, %c0 : f32
    %b = math.clampf %v to [%c1, %c0] : f32
    %t3 = arith.mulf %a, %c2 : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c3 : f32
    %t6 = arith.divf %a, %t5 : f32
    %t7 = arith.addf %b, %c4 : f32
    %t8 = arith.mulf %t6, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @oai_unclamped_value(
// CHECK: glu.gate gate(
func.func @oai_unclamped_value(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 7.0 : f32
    %c1 = arith.constant -1.702 : f32
    %c2 = arith.constant 1.0 : f32
    %a = arith.minimumf %g, %c0 : f32
    %t2 = arith.mulf %a, %c1 : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %t3, %c2 : f32
    %t5 = arith.divf %a, %t4 : f32
    %t6 = arith.addf %v, %c2 : f32
    %t7 = arith.mulf %t5, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @elu_discontinuous(
// CHECK: glu.gate gate(
func.func @elu_discontinuous(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = arith.select %p1, %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @leaky_both_slopes(
// CHECK: glu.gate gate(
func.func @leaky_both_slopes(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.5 : f32
    %c2 = arith.constant 0.01 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = arith.mulf %g, %c2 : f32
    %t4 = arith.select %p1, %t2, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @power_of_variable(
// CHECK: glu.gate gate(
func.func @power_of_variable(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = math.powf %g, %v : f32
    glu.yield %t1 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
