// RUN: glu-opt %s -glu-name | FileCheck %s

// Sigmoid, tanh and what is made of them, by exponentials and tanh.

// CHECK-LABEL: @sigmoid(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %t4, %v : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_value_first(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_value_first(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_over(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_over(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_mul_minus_one(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_mul_minus_one(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -1.0 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_zero_minus(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_zero_minus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 0.0 : f32
    %t1 = arith.subf %c1, %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_exp2(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_exp2(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -1.44269504 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = math.exp2 %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_one_minus(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_one_minus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.addf %t1, %c0 : f32
    %t3 = arith.divf %c0, %t2 : f32
    %t4 = arith.subf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_exp_over(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_exp_over(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %e = math.exp %g : f32
    %t2 = arith.addf %e, %c0 : f32
    %t3 = arith.divf %e, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_reciprocal_power(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_reciprocal_power(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = math.powf %t3, %c1 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_tanh(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_tanh(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.tanh %t1 : f32
    %t3 = arith.mulf %t2, %c0 : f32
    %t4 = arith.addf %t3, %c0 : f32
    %t5 = arith.mulf %t4, %v : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_tanh_div(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_tanh_div(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 2.0 : f32
    %c1 = arith.constant 1.0 : f32
    %t1 = arith.divf %g, %c0 : f32
    %t2 = math.tanh %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.divf %t3, %c0 : f32
    %t5 = arith.mulf %t4, %v : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_tanh_fma(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_tanh_fma(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.tanh %t1 : f32
    %t3 = math.fma %t2, %c0, %c0 : f32
    %t4 = arith.mulf %t3, %v : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_tanh_distributed(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_tanh_distributed(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %h = arith.mulf %v, %c0 : f32
    %t2 = arith.mulf %g, %c0 : f32
    %t3 = math.tanh %t2 : f32
    %t4 = math.fma %t3, %h, %h : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_one_over_exp(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_one_over_exp(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.divf %c0, %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The form that overflows nowhere.
// CHECK-LABEL: @sigmoid_stable(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_stable(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = math.absf %g : f32
    %t2 = arith.negf %t1 : f32
    %e = math.exp %t2 : f32
    %p4 = arith.cmpf oge, %g, %c0 : f32
    %n = arith.select %p4, %c1, %e : f32
    %t6 = arith.addf %e, %c2 : f32
    %t7 = arith.divf %n, %t6 : f32
    %t8 = arith.mulf %t7, %v : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_exp_log(
// CHECK: glu.gate sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_exp_log(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.negf %t3 : f32
    %t5 = math.exp %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %g, %t4 : f32
    %t6 = arith.mulf %t5, %v : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_over(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_over(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_value_inside(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_value_inside(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %t4, %v : f32
    %t6 = arith.mulf %g, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_product_first(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_product_first(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %v : f32
    %t2 = arith.negf %g : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %c0, %t3 : f32
    %t5 = arith.divf %t1, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// As GPUs compute it.
// CHECK-LABEL: @silu_tanh(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_tanh(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %h = arith.mulf %g, %c0 : f32
    %t2 = math.tanh %h : f32
    %t3 = math.fma %h, %t2, %h : f32
    %t4 = arith.mulf %t3, %v : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_one_minus(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_one_minus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.addf %t1, %c0 : f32
    %t3 = arith.divf %c0, %t2 : f32
    %t4 = arith.subf %c0, %t3 : f32
    %t5 = arith.mulf %g, %t4 : f32
    %t6 = arith.mulf %t5, %v : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The gate is the second branch: the branches are exchanged.
// CHECK-LABEL: @silu_swapped(
// CHECK: glu.gate silu gate(%arg1 :{{.*}} value(%arg0 :
func.func @silu_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %v : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %v, %t3 : f32
    %t5 = arith.mulf %g, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_fastmath(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_fastmath(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %k = arith.constant -1.0 : f32
    %c0 = arith.constant 1.0 : f32
    %n = arith.mulf %g, %k fastmath<fast> : f32
    %t1 = math.exp %n : f32
    %d = arith.addf %t1, %c0 : f32
    %t3 = arith.divf %g, %d : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_f16(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_f16(%gate: tensor<4xf16>, %value: tensor<4xf16>, %init: tensor<4xf16>) -> tensor<4xf16> {
  %0 = glu.gate gate(%gate : tensor<4xf16>) value(%value : tensor<4xf16>) outs(%init : tensor<4xf16>) {
  ^bb0(%g: f16, %v: f16):
    %c0 = arith.constant 1.0 : f16
    %t1 = arith.negf %g : f16
    %t2 = math.exp %t1 : f16
    %t3 = arith.addf %c0, %t2 : f16
    %t4 = arith.divf %g, %t3 : f16
    %t5 = arith.mulf %v, %t4 : f16
    glu.yield %t5 : f16
  } -> tensor<4xf16>
  return %0 : tensor<4xf16>
}

// CHECK-LABEL: @silu_f64(
// CHECK: glu.gate silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_f64(%gate: tensor<4xf64>, %value: tensor<4xf64>, %init: tensor<4xf64>) -> tensor<4xf64> {
  %0 = glu.gate gate(%gate : tensor<4xf64>) value(%value : tensor<4xf64>) outs(%init : tensor<4xf64>) {
  ^bb0(%g: f64, %v: f64):
    %c0 = arith.constant 1.0 : f64
    %t1 = arith.negf %g : f64
    %t2 = math.exp %t1 : f64
    %t3 = arith.addf %c0, %t2 : f64
    %t4 = arith.divf %c0, %t3 : f64
    %t5 = arith.mulf %g, %t4 : f64
    %t6 = arith.mulf %v, %t5 : f64
    glu.yield %t6 : f64
  } -> tensor<4xf64>
  return %0 : tensor<4xf64>
}

// CHECK-LABEL: @swish(
// CHECK: glu.gate swish<beta = 1.500000e+00> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swish(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -1.5 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swish_negated(
// CHECK: glu.gate swish<beta = 2.500000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swish_negated(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 0.25 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = arith.negf %t1 : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %c0, %t3 : f32
    %t5 = arith.divf %c0, %t4 : f32
    %t6 = arith.mulf %g, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swish_exp2(
// CHECK: glu.gate swish<beta = 1.500000e+00> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swish_exp2(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -2.16404256 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = math.exp2 %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swish_div(
// CHECK: glu.gate swish<beta = 1.000000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swish_div(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant -10.0 : f32
    %t1 = arith.divf %g, %c1 : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @quick_gelu(
// CHECK: glu.gate quick_gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @quick_gelu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 1.702 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = arith.negf %t1 : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %c0, %t3 : f32
    %t5 = arith.divf %c0, %t4 : f32
    %t6 = arith.mulf %g, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @quick_gelu_tanh(
// CHECK: glu.gate quick_gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @quick_gelu_tanh(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.851 : f32
    %c1 = arith.constant 0.5 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.tanh %t1 : f32
    %t3 = math.fma %t2, %c1, %c1 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @identity_swapped_operands(
// CHECK: glu.gate identity gate(%arg0 :{{.*}} value(%arg1 :
func.func @identity_swapped_operands(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = arith.mulf %v, %g : f32
    glu.yield %t1 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @identity_times_one(
// CHECK: glu.gate identity gate(%arg0 :{{.*}} value(%arg1 :
func.func @identity_times_one(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.mulf %v, %c0 : f32
    %t2 = arith.mulf %t1, %g : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @tanh_sigmoid_form(
// CHECK: glu.gate tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @tanh_sigmoid_form(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 2.0 : f32
    %c1 = arith.constant -2.0 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c1 : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c2 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = arith.mulf %t4, %c2 : f32
    %t6 = arith.subf %t5, %c2 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @tanh_quotient(
// CHECK: glu.gate tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @tanh_quotient(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %a = math.exp %g : f32
    %t2 = arith.negf %g : f32
    %b = math.exp %t2 : f32
    %t4 = arith.subf %a, %b : f32
    %t5 = arith.addf %a, %b : f32
    %t6 = arith.divf %t4, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @tanh_sinh(
// CHECK: glu.gate tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @tanh_sinh(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = math.sinh %g : f32
    %t2 = math.cosh %g : f32
    %t3 = arith.divf %t1, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gtu(
// CHECK: glu.gate tanh_sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @gtu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.tanh %v : f32
    %t2 = arith.negf %g : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %c0, %t3 : f32
    %t5 = arith.divf %c0, %t4 : f32
    %t6 = arith.mulf %t1, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gtu_swapped(
// CHECK: glu.gate tanh_sigmoid gate(%arg1 :{{.*}} value(%arg0 :
func.func @gtu_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.tanh %g : f32
    %t2 = arith.negf %v : f32
    %t3 = math.exp %t2 : f32
    %t4 = arith.addf %c0, %t3 : f32
    %t5 = arith.divf %c0, %t4 : f32
    %t6 = arith.mulf %t1, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
