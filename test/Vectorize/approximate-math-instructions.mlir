// RUN: glu-opt %s --glu-approximate-math=instructions=true --split-input-file | FileCheck %s

// What is rounded to 16 bits afterwards uses exp2 and division as they are.

// CHECK-LABEL: @rounded
// CHECK: %[[POWER:.*]] = math.exp2 %{{.*}} fastmath<afn> : f32
// CHECK: %[[D:.*]] = math.fma %{{.*}}, %[[POWER]], %{{.*}}
// CHECK: arith.divf %{{.*}}, %[[D]] fastmath<afn> : f32
func.func @rounded(%x: f32, %v: f32) -> bf16 {
  %one = arith.constant 1.0 : f32
  %n = arith.negf %x : f32
  %e = math.exp %n : f32
  %d = arith.addf %e, %one : f32
  %s = arith.divf %x, %d : f32
  %y = arith.mulf %s, %v : f32
  %r = arith.truncf %y : f32 to bf16
  return %r : bf16
}

// -----

// CHECK-LABEL: @narrow
// CHECK: %[[X:.*]] = arith.extf %{{.*}} : vector<2xf16> to vector<2xf32>
// CHECK: %[[P:.*]] = arith.mulf %[[X]]
// CHECK: math.exp2 %[[P]] fastmath<afn> : vector<2xf32>
func.func @narrow(%x: vector<2xf16>) -> vector<2xf16> {
  %e = math.exp %x : vector<2xf16>
  return %e : vector<2xf16>
}

// -----

// Results that stay f32, or are a difference in which the error grows, do not.

// CHECK-LABEL: @wide
// CHECK-NOT: afn
// CHECK: return
func.func @wide(%x: f32) -> (f32, bf16) {
  %e = math.exp %x : f32
  %r = arith.truncf %e : f32 to bf16
  return %e, %r : f32, bf16
}

// CHECK-LABEL: @cancelled
// CHECK-NOT: afn
// CHECK: return
func.func @cancelled(%x: f32, %y: f32) -> f16 {
  %e = math.exp %x : f32
  %d = arith.subf %e, %y : f32
  %r = arith.truncf %d : f32 to f16
  return %r : f16
}

// CHECK-LABEL: @stored
// CHECK-NOT: afn
// CHECK: return
func.func @stored(%x: f32, %m: memref<f32>) {
  %e = math.exp %x : f32
  memref.store %e, %m[] : memref<f32>
  return
}

// -----

// Nor do products with themselves, which have the error twice each time. Each
// value is looked at once, however many ways lead to it.

// CHECK-LABEL: @squares
// CHECK-NOT: afn
// CHECK: return
func.func @squares(%x: f32) -> f16 {
  %s0 = math.exp %x : f32
  %s1 = arith.mulf %s0, %s0 : f32
  %s2 = arith.mulf %s1, %s1 : f32
  %s3 = arith.mulf %s2, %s2 : f32
  %s4 = arith.mulf %s3, %s3 : f32
  %s5 = arith.mulf %s4, %s4 : f32
  %s6 = arith.mulf %s5, %s5 : f32
  %s7 = arith.mulf %s6, %s6 : f32
  %s8 = arith.mulf %s7, %s7 : f32
  %s9 = arith.mulf %s8, %s8 : f32
  %s10 = arith.mulf %s9, %s9 : f32
  %s11 = arith.mulf %s10, %s10 : f32
  %s12 = arith.mulf %s11, %s11 : f32
  %s13 = arith.mulf %s12, %s12 : f32
  %s14 = arith.mulf %s13, %s13 : f32
  %s15 = arith.mulf %s14, %s14 : f32
  %s16 = arith.mulf %s15, %s15 : f32
  %s17 = arith.mulf %s16, %s16 : f32
  %s18 = arith.mulf %s17, %s17 : f32
  %s19 = arith.mulf %s18, %s18 : f32
  %s20 = arith.mulf %s19, %s19 : f32
  %s21 = arith.mulf %s20, %s20 : f32
  %s22 = arith.mulf %s21, %s21 : f32
  %s23 = arith.mulf %s22, %s22 : f32
  %s24 = arith.mulf %s23, %s23 : f32
  %s25 = arith.mulf %s24, %s24 : f32
  %s26 = arith.mulf %s25, %s25 : f32
  %s27 = arith.mulf %s26, %s26 : f32
  %s28 = arith.mulf %s27, %s27 : f32
  %s29 = arith.mulf %s28, %s28 : f32
  %s30 = arith.mulf %s29, %s29 : f32
  %s31 = arith.mulf %s30, %s30 : f32
  %s32 = arith.mulf %s31, %s31 : f32
  %s33 = arith.mulf %s32, %s32 : f32
  %s34 = arith.mulf %s33, %s33 : f32
  %s35 = arith.mulf %s34, %s34 : f32
  %s36 = arith.mulf %s35, %s35 : f32
  %s37 = arith.mulf %s36, %s36 : f32
  %s38 = arith.mulf %s37, %s37 : f32
  %s39 = arith.mulf %s38, %s38 : f32
  %s40 = arith.mulf %s39, %s39 : f32
  %r = arith.truncf %s40 : f32 to f16
  return %r : f16
}
