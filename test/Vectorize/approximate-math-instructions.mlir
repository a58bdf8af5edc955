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
