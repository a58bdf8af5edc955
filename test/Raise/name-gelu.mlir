// RUN: glu-opt %s -glu-name | FileCheck %s

// GELU by erf, erfc and tanh.

// CHECK-LABEL: @gelu_erf(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_erf(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.707106769 : f32
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

// CHECK-LABEL: @gelu_div(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_div(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 1.41421354 : f32
    %c1 = arith.constant 1.0 : f32
    %c2 = arith.constant 0.5 : f32
    %t1 = arith.divf %g, %c0 : f32
    %t2 = math.erf %t1 : f32
    %t3 = arith.addf %t2, %c1 : f32
    %t4 = arith.mulf %t3, %c2 : f32
    %t5 = arith.mulf %g, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_erfc(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_erfc(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.707106769 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.negf %g : f32
    %t3 = arith.mulf %t2, %c1 : f32
    %t4 = math.erfc %t3 : f32
    %t5 = arith.mulf %t1, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_erfc_negative_constant(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_erfc_negative_constant(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant -1.41421354 : f32
    %c1 = arith.constant 2.0 : f32
    %t1 = arith.divf %g, %c0 : f32
    %t2 = math.erfc %t1 : f32
    %t3 = arith.mulf %g, %t2 : f32
    %t4 = arith.divf %t3, %c1 : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_sqrt(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_sqrt(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 2.0 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.sqrt %c1 : f32
    %t3 = arith.divf %g, %t2 : f32
    %t4 = math.erf %t3 : f32
    %t5 = arith.addf %t4, %c2 : f32
    %t6 = arith.mulf %t1, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_rsqrt(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_rsqrt(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 2.0 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.rsqrt %c1 : f32
    %t3 = arith.mulf %g, %t2 : f32
    %t4 = math.erf %t3 : f32
    %t5 = arith.addf %t4, %c2 : f32
    %t6 = arith.mulf %t1, %t5 : f32
    %t7 = arith.mulf %v, %t6 : f32
    glu.yield %t7 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_distributed(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_distributed(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.707106769 : f32
    %h = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = math.erf %t2 : f32
    %t4 = math.fma %h, %t3, %h : f32
    %t5 = arith.mulf %v, %t4 : f32
    glu.yield %t5 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_upper_tail(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_upper_tail(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.707106769 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = math.erfc %t2 : f32
    %t4 = arith.mulf %t1, %t3 : f32
    %t5 = arith.subf %g, %t4 : f32
    %t6 = arith.mulf %v, %t5 : f32
    glu.yield %t6 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Constants as bf16 has them.
// CHECK-LABEL: @gelu_bf16(
// CHECK: glu.gate gelu gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_bf16(%gate: tensor<4xbf16>, %value: tensor<4xbf16>, %init: tensor<4xbf16>) -> tensor<4xbf16> {
  %0 = glu.gate gate(%gate : tensor<4xbf16>) value(%value : tensor<4xbf16>) outs(%init : tensor<4xbf16>) {
  ^bb0(%g: bf16, %v: bf16):
    %c0 = arith.constant 1.4140625 : bf16
    %c1 = arith.constant 1.0 : bf16
    %c2 = arith.constant 0.5 : bf16
    %t1 = arith.divf %g, %c0 : bf16
    %t2 = math.erf %t1 : bf16
    %t3 = arith.addf %t2, %c1 : bf16
    %t4 = arith.mulf %t3, %c2 : bf16
    %t5 = arith.mulf %g, %t4 : bf16
    %t6 = arith.mulf %v, %t5 : bf16
    glu.yield %t6 : bf16
  } -> tensor<4xbf16>
  return %0 : tensor<4xbf16>
}

// CHECK-LABEL: @gelu_tanh_powf(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_powf(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.797884583 : f32
    %c2 = arith.constant 0.044715 : f32
    %c3 = arith.constant 3.0 : f32
    %c4 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.powf %g, %c3 : f32
    %t3 = arith.mulf %c2, %t2 : f32
    %t4 = arith.addf %g, %t3 : f32
    %t5 = arith.mulf %c1, %t4 : f32
    %t6 = math.tanh %t5 : f32
    %t7 = arith.addf %t6, %c4 : f32
    %t8 = arith.mulf %t1, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_fpowi(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_fpowi(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.797884583 : f32
    %c1 = arith.constant 0.044715 : f32
    %c2 = arith.constant 3 : i64
    %c3 = arith.constant 1.0 : f32
    %c4 = arith.constant 0.5 : f32
    %t1 = math.fpowi %g, %c2 : f32, i64
    %t2 = arith.mulf %c1, %t1 : f32
    %t3 = arith.addf %g, %t2 : f32
    %t4 = arith.mulf %c0, %t3 : f32
    %t5 = math.tanh %t4 : f32
    %t6 = arith.addf %t5, %c3 : f32
    %t7 = arith.mulf %t6, %c4 : f32
    %t8 = arith.mulf %g, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_products(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_products(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.797884583 : f32
    %c2 = arith.constant 0.044715 : f32
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

// CHECK-LABEL: @gelu_tanh_horner(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_horner(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.797884583 : f32
    %c2 = arith.constant 0.044715 : f32
    %c3 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %c1 : f32
    %t3 = arith.mulf %g, %g : f32
    %t4 = math.fma %t3, %c2, %c3 : f32
    %t5 = arith.mulf %t2, %t4 : f32
    %t6 = math.tanh %t5 : f32
    %t7 = arith.addf %t6, %c3 : f32
    %t8 = arith.mulf %t1, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_folded(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_folded(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 0.0356774069 : f32
    %c2 = arith.constant 0.797884583 : f32
    %c3 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = arith.mulf %g, %g : f32
    %t3 = math.fma %t2, %c1, %c2 : f32
    %t4 = arith.mulf %g, %t3 : f32
    %t5 = math.tanh %t4 : f32
    %t6 = arith.addf %t5, %c3 : f32
    %t7 = arith.mulf %t1, %t6 : f32
    %t8 = arith.mulf %v, %t7 : f32
    glu.yield %t8 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_sigmoid(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_sigmoid(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant -1.59576917 : f32
    %c1 = arith.constant 0.044715 : f32
    %c2 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %g : f32
    %t2 = arith.mulf %g, %t1 : f32
    %t3 = arith.mulf %c1, %t2 : f32
    %t4 = arith.addf %g, %t3 : f32
    %t5 = arith.mulf %c0, %t4 : f32
    %t6 = math.exp %t5 : f32
    %t7 = arith.addf %t6, %c2 : f32
    %t8 = arith.divf %g, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_f64_constants(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_f64_constants(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 0.5 : f32
    %c1 = arith.constant 3 : i64
    %c2 = arith.constant 4.471500e-02 : f64
    %c3 = arith.constant 0.79788456080286541 : f64
    %c4 = arith.constant 1.0 : f32
    %t1 = arith.mulf %g, %c0 : f32
    %t2 = math.fpowi %g, %c1 : f32, i64
    %t3 = arith.truncf %c2 : f64 to f32
    %t4 = arith.mulf %t2, %t3 : f32
    %t5 = arith.addf %g, %t4 : f32
    %t6 = arith.truncf %c3 : f64 to f32
    %t7 = arith.mulf %t5, %t6 : f32
    %t8 = math.tanh %t7 : f32
    %t9 = arith.addf %t8, %c4 : f32
    %t10 = arith.mulf %t1, %t9 : f32
    %t11 = arith.mulf %v, %t10 : f32
    glu.yield %t11 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// torch-mlir's constant is not sqrt(2/pi).
// CHECK-LABEL: @gelu_tanh_torch(
// CHECK: glu.gate gelu_tanh<scale = 7.977240e-01> gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_torch(%gate: tensor<4xf32>, %value: tensor<4xf32>, %init: tensor<4xf32>) -> tensor<4xf32> {
  %0 = glu.gate gate(%gate : tensor<4xf32>) value(%value : tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%g: f32, %v: f32):
    %c0 = arith.constant 3 : i64
    %c1 = arith.constant 4.471500e-02 : f32
    %c2 = arith.constant 7.977240e-01 : f32
    %c3 = arith.constant 1.0 : f32
    %c4 = arith.constant 0.5 : f32
    %t1 = math.fpowi %g, %c0 : f32, i64
    %t2 = arith.mulf %t1, %c1 : f32
    %t3 = arith.addf %g, %t2 : f32
    %t4 = arith.mulf %t3, %c2 : f32
    %t5 = math.tanh %t4 : f32
    %t6 = arith.addf %t5, %c3 : f32
    %t7 = arith.mulf %t6, %c4 : f32
    %t8 = arith.mulf %g, %t7 : f32
    %t9 = arith.mulf %v, %t8 : f32
    glu.yield %t9 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @gelu_tanh_bf16(
// CHECK: glu.gate gelu_tanh gate(%arg0 :{{.*}} value(%arg1 :
func.func @gelu_tanh_bf16(%gate: tensor<4xbf16>, %value: tensor<4xbf16>, %init: tensor<4xbf16>) -> tensor<4xbf16> {
  %0 = glu.gate gate(%gate : tensor<4xbf16>) value(%value : tensor<4xbf16>) outs(%init : tensor<4xbf16>) {
  ^bb0(%g: bf16, %v: bf16):
    %c0 = arith.constant 3 : i64
    %c1 = arith.constant 4.467770e-02 : bf16
    %c2 = arith.constant 7.968750e-01 : bf16
    %c3 = arith.constant 1.0 : bf16
    %c4 = arith.constant 0.5 : bf16
    %t1 = math.fpowi %g, %c0 : bf16, i64
    %t2 = arith.mulf %t1, %c1 : bf16
    %t3 = arith.addf %g, %t2 : bf16
    %t4 = arith.mulf %t3, %c2 : bf16
    %t5 = math.tanh %t4 : bf16
    %t6 = arith.addf %t5, %c3 : bf16
    %t7 = arith.mulf %t6, %c4 : bf16
    %t8 = arith.mulf %g, %t7 : bf16
    %t9 = arith.mulf %v, %t8 : bf16
    glu.yield %t9 : bf16
  } -> tensor<4xbf16>
  return %0 : tensor<4xbf16>
}
