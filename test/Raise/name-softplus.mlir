// RUN: glu-opt %s -glu-name | FileCheck %s

// Softplus and mish, with thresholds and guards.

// CHECK-LABEL: @softplus_log1p(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_log1p(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = math.exp %g : f32
    %t2 = math.log1p %t1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_log(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_log(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.addf %t1, %c0 : f32
    %t3 = math.log %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_log2(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_log2(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.44269504 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant 0.693147182 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.exp2 %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = math.log2 %t3 : f32
    %t5 = arith.mulf %t4, %c2 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_minus_log_sigmoid(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_minus_log_sigmoid(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = math.exp %g : f32
    %t2 = arith.addf %t1, %c0 : f32
    %t3 = arith.divf %c0, %t2 : f32
    %t4 = math.log %t3 : f32
    %t5 = arith.negf %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_threshold(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_threshold(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 20.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.select %p1, %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_two_thresholds(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_two_thresholds(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 20.0 : f32
    %c1 = arith.constant -20.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %p2 = arith.cmpf olt, %g, %c1 : f32
    %t3 = math.exp %g : f32
    %t4 = math.exp %g : f32
    %t5 = math.log1p %t4 : f32
    %t6 = arith.select %p2, %t3, %t5 : f32
    %t7 = arith.select %p1, %g, %t6 : f32
    %t8 = arith.mulf %v, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_stable(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_stable(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = math.absf %g : f32
    %t3 = arith.negf %t2 : f32
    %t4 = math.exp %t3 : f32
    %t5 = math.log1p %t4 : f32
    %t6 = arith.addf %t1, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_stable_min(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_stable_min(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.minimumf %g, %c0 : f32
    %t3 = arith.maximumf %g, %c0 : f32
    %t4 = arith.subf %t2, %t3 : f32
    %t5 = math.exp %t4 : f32
    %t6 = math.log1p %t5 : f32
    %t7 = arith.negf %t6 : f32
    %t8 = arith.subf %t1, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// As jax.numpy.logaddexp is lowered.
// CHECK-LABEL: @softplus_nan_guard(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_nan_guard(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = math.absf %g : f32
    %t3 = arith.negf %t2 : f32
    %t4 = math.exp %t3 : f32
    %t5 = math.log1p %t4 : f32
    %s = arith.addf %t1, %t5 : f32
    %p7 = arith.cmpf une, %g, %g : f32
    %t8 = arith.addf %g, %c0 : f32
    %t9 = arith.select %p7, %t8, %s : f32
    %t10 = arith.mulf %v, %t9 : f32
    glu.yield %t10 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @softplus_onnx(
// CHECK: glu.gate softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @softplus_onnx(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 20.0 : f32
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %m = arith.select %p1, %g, %c1 : f32
    %t3 = math.absf %g : f32
    %t4 = arith.negf %t3 : f32
    %t5 = math.exp %t4 : f32
    %t6 = math.log1p %t5 : f32
    %s = arith.addf %t6, %m : f32
    %p8 = arith.cmpf ogt, %g, %c2 : f32
    %t9 = arith.select %p8, %g, %s : f32
    %t10 = arith.mulf %v, %t9 : f32
    glu.yield %t10 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_softplus(
// CHECK: glu.gate sigmoid_softplus gate(%arg0 :{{.*}} value(%arg1 :
func.func @sigmoid_softplus(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %c0, %t2 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %t5 = math.exp %v : f32
    %t6 = math.log1p %t5 : f32
    %t7 = arith.mulf %t4, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @sigmoid_softplus_swapped(
// CHECK: glu.gate sigmoid_softplus gate(%arg1 :{{.*}} value(%arg0 :
func.func @sigmoid_softplus_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 20.0 : f32
    %c1 = arith.constant 1.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.select %p1, %g, %t3 : f32
    %t5 = arith.negf %v : f32
    %t6 = math.exp %t5 : f32
    %t7 = arith.addf %t6, %c1 : f32
    %t8 = arith.divf %t4, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @mish(
// CHECK: glu.gate mish gate(%arg0 :{{.*}} value(%arg1 :
func.func @mish(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = math.exp %g : f32
    %t2 = math.log1p %t1 : f32
    %t3 = math.tanh %t2 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @mish_threshold(
// CHECK: glu.gate mish gate(%arg0 :{{.*}} value(%arg1 :
func.func @mish_threshold(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 20.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = math.log1p %t2 : f32
    %t4 = arith.select %p1, %g, %t3 : f32
    %t5 = math.tanh %t4 : f32
    %t6 = arith.mulf %g, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// tanh(log(1 + e)) is (e^2 + 2e) / (e^2 + 2e + 2).
// CHECK-LABEL: @mish_algebraic(
// CHECK: glu.gate mish gate(%arg0 :{{.*}} value(%arg1 :
func.func @mish_algebraic(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 2.0 : f32
    %e = math.exp %g : f32
    %t2 = arith.addf %e, %c0 : f32
    %n = arith.mulf %e, %t2 : f32
    %t4 = arith.addf %n, %c0 : f32
    %t5 = arith.divf %n, %t4 : f32
    %t6 = arith.mulf %g, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @mish_swapped(
// CHECK: glu.gate mish gate(%arg1 :{{.*}} value(%arg0 :
func.func @mish_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %t1 = math.exp %v : f32
    %t2 = math.log1p %t1 : f32
    %t3 = math.tanh %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    %t5 = arith.mulf %g, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
