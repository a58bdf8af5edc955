// RUN: glu-opt %s -glu-name | FileCheck %s

// ReLU, its squares, leaks and exponential tail.

// CHECK-LABEL: @relu_ogt(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_ogt(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_ugt(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_ugt(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_oge(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_oge(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf oge, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_uge(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_uge(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf uge, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_olt(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_olt(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf olt, %g, %c0 : f32
    %t2 = arith.select %p1, %c1, %g : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_ult(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_ult(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ult, %g, %c0 : f32
    %t2 = arith.select %p1, %c1, %g : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_ole(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_ole(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ole, %g, %c0 : f32
    %t2 = arith.select %p1, %c1, %g : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_ule(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_ule(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ule, %g, %c0 : f32
    %t2 = arith.select %p1, %c1, %g : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_zero_first(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_zero_first(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf olt, %c0, %g : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.mulf %t2, %v : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_max(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_max(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %c0, %g : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_maxnum(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_maxnum(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maxnumf %c0, %g : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_min(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_min(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = arith.minimumf %t1, %c0 : f32
    %t3 = arith.negf %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_abs(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_abs(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %t1 = math.absf %g : f32
    %t2 = arith.addf %g, %t1 : f32
    %t3 = arith.mulf %t2, %c0 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_mask(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_mask(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.uitofp %p1 : i1 to f32
    %t3 = arith.mulf %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// tosa.clamp without an upper bound.
// CHECK-LABEL: @relu_tosa_clamp(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_tosa_clamp(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 3.40282347E+38 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.minimumf %t1, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_clampf(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_clampf(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 3.40282347E+38 : f32
    %t1 = math.clampf %g to [%c0, %c1] : f32
    %t2 = arith.mulf %v, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_infinity(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_infinity(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0x7F800000 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.minimumf %t1, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_nan_guard(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_nan_guard(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %p1 = arith.cmpf uno, %g, %g : f32
    %t2 = arith.maximumf %g, %c0 : f32
    %t3 = arith.select %p1, %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_select_products(
// CHECK: glu.gate relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_select_products(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.mulf %g, %v : f32
    %t3 = arith.select %p1, %t2, %c1 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_swapped(
// CHECK: glu.gate relu gate(%arg1 :{{.*}} value(%arg0 :
func.func @relu_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %v, %c0 : f32
    %t2 = arith.mulf %g, %t1 : f32
    glu.yield %t2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @drelu(
// CHECK: glu.gate drelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @drelu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = arith.maximumf %v, %c0 : f32
    %t4 = arith.mulf %t2, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @drelu_and(
// CHECK: glu.gate drelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @drelu_and(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %p2 = arith.cmpf ogt, %v, %c0 : f32
    %p3 = arith.andi %p1, %p2 : i1
    %t4 = arith.mulf %g, %v : f32
    %t5 = arith.select %p3, %t4, %c1 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_squared_pow(
// CHECK: glu.gate relu_squared gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_squared_pow(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 2.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = math.powf %t1, %c1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_squared_fpowi(
// CHECK: glu.gate relu_squared gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_squared_fpowi(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 2 : i64
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %t3 = math.fpowi %t2, %c2 : f32, i64
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_squared_product(
// CHECK: glu.gate relu_squared gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_squared_product(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %r = arith.maximumf %g, %c0 : f32
    %t2 = arith.mulf %r, %v : f32
    %t3 = arith.mulf %r, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_squared_half(
// CHECK: glu.gate relu_squared gate(%arg0 :{{.*}} value(%arg1 :
func.func @relu_squared_half(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = arith.mulf %g, %t1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @leaky_relu(
// CHECK: glu.gate leaky_relu gate(%arg0 :{{.*}} value(%arg1 :
func.func @leaky_relu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.01 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = arith.select %p1, %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @leaky_relu_max(
// CHECK: glu.gate leaky_relu<slope = 2.000000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @leaky_relu_max(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.2 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.maximumf %g, %t1 : f32
    %t3 = arith.mulf %v, %t2 : f32
    glu.yield %t3 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// As torch writes it.
// CHECK-LABEL: @leaky_relu_sum(
// CHECK: glu.gate leaky_relu<slope = 2.000000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @leaky_relu_sum(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 2.000000e-01 : f64
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %p3 = arith.cmpf olt, %g, %c0 : f32
    %t4 = arith.select %p3, %g, %c1 : f32
    %t5 = arith.truncf %c2 : f64 to f32
    %t6 = arith.mulf %t4, %t5 : f32
    %t7 = arith.addf %t2, %t6 : f32
    %t8 = arith.mulf %v, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @leaky_relu_div(
// CHECK: glu.gate leaky_relu<slope = 2.500000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @leaky_relu_div(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 4.0 : f32
    %p1 = arith.cmpf oge, %g, %c0 : f32
    %t2 = arith.divf %g, %c1 : f32
    %t3 = arith.select %p1, %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @elu_expm1(
// CHECK: glu.gate elu gate(%arg0 :{{.*}} value(%arg1 :
func.func @elu_expm1(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = math.expm1 %g : f32
    %t3 = arith.select %p1, %g, %t2 : f32
    %t4 = arith.mulf %v, %t3 : f32
    glu.yield %t4 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @elu_exp(
// CHECK: glu.gate elu gate(%arg0 :{{.*}} value(%arg1 :
func.func @elu_exp(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 1.0 : f32
    %p1 = arith.cmpf ogt, %g, %c0 : f32
    %t2 = arith.select %p1, %g, %c1 : f32
    %p3 = arith.cmpf olt, %g, %c0 : f32
    %t4 = arith.select %p3, %g, %c1 : f32
    %t5 = math.exp %t4 : f32
    %t6 = arith.subf %t5, %c2 : f32
    %t7 = arith.addf %t2, %t6 : f32
    %t8 = arith.mulf %v, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @elu_alpha(
// CHECK: glu.gate elu<alpha = 5.000000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @elu_alpha(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant 0.5 : f32
    %p1 = arith.cmpf ule, %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = arith.subf %t2, %c1 : f32
    %t4 = arith.mulf %t3, %c2 : f32
    %t5 = arith.select %p1, %t4, %g : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @elu_min(
// CHECK: glu.gate elu gate(%arg0 :{{.*}} value(%arg1 :
func.func @elu_min(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.0 : f32
    %c1 = arith.constant 1.0 : f32
    %t1 = arith.maximumf %g, %c0 : f32
    %t2 = math.exp %g : f32
    %t3 = arith.subf %t2, %c1 : f32
    %t4 = arith.minimumf %c0, %t3 : f32
    %t5 = arith.addf %t1, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
