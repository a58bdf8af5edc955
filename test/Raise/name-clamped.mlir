// RUN: glu-opt %s -glu-name | FileCheck %s

// Clamped functions: hard sigmoids and clamped SwiGLU.

// CHECK-LABEL: @hard_sigmoid(
// CHECK: glu.gate hard_sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_sigmoid(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 0.0 : f32
    %c3 = arith.constant 6.0 : f32
    %c4 = arith.constant 6.0 : f32
    %a = arith.addf %g, %c0 : f32
    %p2 = arith.cmpf ult, %a, %c1 : f32
    %b = arith.select %p2, %c2, %a : f32
    %p4 = arith.cmpf ugt, %b, %c3 : f32
    %c = arith.select %p4, %c4, %b : f32
    %t6 = arith.divf %c, %c3 : f32
    %t7 = arith.mulf %t6, %v : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_sigmoid_unit(
// CHECK: glu.gate hard_sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_sigmoid_unit(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.166666672 : f32
    %c1 = arith.constant 0.5 : f32
    %c2 = arith.constant 1.0 : f32
    %c3 = arith.constant 0.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.addf %t1, %c1 : f32
    %t3 = arith.minimumf %t2, %c2 : f32
    %t4 = arith.maximumf %t3, %c3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_sigmoid_min_max(
// CHECK: glu.gate hard_sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_sigmoid_min_max(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant 6.0 : f32
    %c2 = arith.constant 0.0 : f32
    %c3 = arith.constant 0.166666672 : f32
    %t1 = arith.addf %g, %c0 : f32
    %t2 = arith.minimumf %t1, %c1 : f32
    %t3 = arith.maximumf %t2, %c2 : f32
    %t4 = arith.mulf %t3, %c3 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_sigmoid_select(
// CHECK: glu.gate hard_sigmoid gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_sigmoid_select(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant -3.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 3.0 : f32
    %c3 = arith.constant 1.0 : f32
    %c4 = arith.constant 6.0 : f32
    %c5 = arith.constant 0.5 : f32
    %p1 = arith.cmpf ole, %g, %c0 : f32
    %p2 = arith.cmpf oge, %g, %c2 : f32
    %t3 = arith.divf %g, %c4 : f32
    %t4 = arith.addf %t3, %c5 : f32
    %t5 = arith.select %p2, %c3, %t4 : f32
    %t6 = arith.select %p1, %c1, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_swish(
// CHECK: glu.gate hard_swish gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_swish(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 6.0 : f32
    %c3 = arith.constant 6.0 : f32
    %t1 = arith.addf %g, %c0 : f32
    %a = arith.maximumf %t1, %c1 : f32
    %p3 = arith.cmpf olt, %a, %c2 : f32
    %b = arith.select %p3, %a, %c3 : f32
    %t5 = arith.divf %b, %c2 : f32
    %t6 = arith.mulf %g, %t5 : f32
    %t7 = arith.mulf %t6, %v : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @hard_swish_product_first(
// CHECK: glu.gate hard_swish gate(%arg0 :{{.*}} value(%arg1 :
func.func @hard_swish_product_first(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant 0.0 : f32
    %c2 = arith.constant 6.0 : f32
    %t1 = arith.addf %g, %c0 : f32
    %t2 = math.clampf %t1 to [%c1, %c2] : f32
    %t3 = arith.mulf %g, %t2 : f32
    %t4 = arith.divf %t3, %c2 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @clamped_silu(
// CHECK: glu.gate clamped_silu gate(%arg0 :{{.*}} value(%arg1 :
func.func @clamped_silu(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 10.0 : f32
    %c1 = arith.constant -10.0 : f32
    %c2 = arith.constant 1.0 : f32
    %a = arith.minimumf %g, %c0 : f32
    %t2 = arith.maximumf %v, %c1 : f32
    %b = arith.minimumf %t2, %c0 : f32
    %t4 = arith.negf %a : f32
    %t5 = math.exp %t4 : f32
    %t6 = arith.addf %t5, %c2 : f32
    %t7 = arith.divf %a, %t6 : f32
    %t8 = arith.mulf %t7, %b : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @clamped_silu_limit(
// CHECK: glu.gate clamped_silu<limit = 2.500000e+00> gate(%arg0 :{{.*}} value(%arg1 :
func.func @clamped_silu_limit(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 2.5 : f32
    %c1 = arith.constant -2.5 : f32
    %c2 = arith.constant 1.0 : f32
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %a = arith.select %p1, %c0, %g : f32
    %p3 = arith.cmpf ult, %v, %c1 : f32
    %b = arith.select %p3, %c1, %v : f32
    %p5 = arith.cmpf ugt, %b, %c0 : f32
    %c = arith.select %p5, %c0, %b : f32
    %t7 = arith.negf %a : f32
    %t8 = math.exp %t7 : f32
    %t9 = arith.addf %t8, %c2 : f32
    %t10 = arith.divf %c2, %t9 : f32
    %t11 = arith.mulf %a, %t10 : f32
    %t12 = arith.mulf %t11, %c : f32
    glu.yield %t12 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_clamped(
// CHECK: glu.gate silu_clamped gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_clamped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 7.0 : f32
    %c2 = arith.constant -7.0 : f32
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %a = arith.divf %g, %t3 : f32
    %t5 = arith.minimumf %a, %c1 : f32
    %t6 = arith.minimumf %v, %c1 : f32
    %t7 = arith.maximumf %t6, %c2 : f32
    %t8 = arith.mulf %t5, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @silu_clamped_torch(
// CHECK: glu.gate silu_clamped<limit = 5.000000e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @silu_clamped_torch(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 0.5 : f32
    %c2 = arith.constant -0.5 : f64
    %c3 = arith.constant -0.5 : f32
    %c4 = arith.constant 0.5 : f64
    %t1 = arith.negf %g : f32
    %t2 = math.exp %t1 : f32
    %t3 = arith.addf %t2, %c0 : f32
    %t4 = arith.divf %c0, %t3 : f32
    %a = arith.mulf %g, %t4 : f32
    %p6 = arith.cmpf ugt, %a, %c1 : f32
    %b = arith.select %p6, %c1, %a : f32
    %t8 = arith.truncf %c2 : f64 to f32
    %p9 = arith.cmpf ult, %v, %t8 : f32
    %c = arith.select %p9, %c3, %v : f32
    %t11 = arith.truncf %c4 : f64 to f32
    %p12 = arith.cmpf ugt, %c, %t11 : f32
    %d = arith.select %p12, %c1, %c : f32
    %t14 = arith.mulf %b, %d : f32
    glu.yield %t14 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swiglu_oai(
// CHECK: glu.gate swiglu_oai gate(%arg0 :{{.*}} value(%arg1 :
func.func @swiglu_oai(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 7.0 : f32
    %c1 = arith.constant -7.0 : f32
    %c2 = arith.constant 1.0 : f32
    %c3 = arith.constant 1.702 : f32
    %a = arith.minimumf %g, %c0 : f32
    %b = math.clampf %v to [%c1, %c0] : f32
    %t3 = arith.mulf %a, %c3 : f32
    %t4 = arith.negf %t3 : f32
    %t5 = math.exp %t4 : f32
    %t6 = arith.addf %t5, %c2 : f32
    %t7 = arith.divf %c2, %t6 : f32
    %t8 = arith.mulf %a, %t7 : f32
    %t9 = arith.addf %b, %c2 : f32
    %t10 = arith.mulf %t8, %t9 : f32
    glu.yield %t10 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swiglu_oai_torch(
// CHECK: glu.gate swiglu_oai<limit = 1.000000e+00> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swiglu_oai_torch(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.0 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant -1.0 : f32
    %c3 = arith.constant -1.0 : f32
    %c4 = arith.constant 1.702000e+00 : f64
    %p1 = arith.cmpf ugt, %g, %c0 : f32
    %a = arith.select %p1, %c1, %g : f32
    %p3 = arith.cmpf ult, %v, %c2 : f32
    %b = arith.select %p3, %c3, %v : f32
    %p5 = arith.cmpf ugt, %b, %c0 : f32
    %c = arith.select %p5, %c1, %b : f32
    %t7 = arith.truncf %c4 : f64 to f32
    %t8 = arith.mulf %a, %t7 : f32
    %t9 = arith.negf %t8 : f32
    %t10 = math.exp %t9 : f32
    %t11 = arith.addf %t10, %c0 : f32
    %s = arith.divf %c0, %t11 : f32
    %t13 = arith.addf %c, %c0 : f32
    %t14 = arith.mulf %a, %s : f32
    %t15 = arith.mulf %t13, %t14 : f32
    glu.yield %t15 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swiglu_oai_distributed(
// CHECK: glu.gate swiglu_oai<alpha = 2.000000e+00, limit = 3.000000e+00> gate(%arg0 :{{.*}} value(%arg1 :
func.func @swiglu_oai_distributed(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3.0 : f32
    %c1 = arith.constant -3.0 : f32
    %c2 = arith.constant -2.0 : f32
    %c3 = arith.constant 1.0 : f32
    %a = arith.minimumf %g, %c0 : f32
    %b = math.clampf %v to [%c1, %c0] : f32
    %t3 = arith.mulf %a, %c2 : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c3 : f32
    %s = arith.divf %a, %t5 : f32
    %t7 = math.fma %s, %b, %s : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @swiglu_oai_swapped(
// CHECK: glu.gate swiglu_oai gate(%arg1 :{{.*}} value(%arg0 :
func.func @swiglu_oai_swapped(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 7.0 : f32
    %c1 = arith.constant -7.0 : f32
    %c2 = arith.constant -1.702 : f32
    %c3 = arith.constant 1.0 : f32
    %a = arith.minimumf %v, %c0 : f32
    %b = math.clampf %g to [%c1, %c0] : f32
    %t3 = arith.mulf %a, %c2 : f32
    %t4 = math.exp %t3 : f32
    %t5 = arith.addf %t4, %c3 : f32
    %t6 = arith.divf %a, %t5 : f32
    %t7 = arith.addf %b, %c3 : f32
    %t8 = arith.mulf %t6, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
