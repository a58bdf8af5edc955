// RUN: glu-opt %s --glu-expand-narrow-floats | FileCheck %s
// RUN: glu-opt %s --glu-expand-narrow-floats=half | FileCheck %s --check-prefix=HALF
// test/Unit/NarrowFloatsTest.cpp has the numbers.

// CHECK-LABEL: func @extend
// CHECK-SAME: (%[[X:.*]]: f8E5M2)
func.func @extend(%x: f8E5M2) -> f32 {
  // CHECK: %[[CODE:.*]] = arith.bitcast %[[X]] : f8E5M2 to i8
  // CHECK: %[[BITS:.*]] = arith.extui %[[CODE]] : i8 to i32
  // CHECK: arith.mulf {{.*}} : f32
  // CHECK-NOT: arith.extf
  %y = arith.extf %x : f8E5M2 to f32
  return %y : f32
}

// CHECK-LABEL: func @truncate_vector
func.func @truncate_vector(%x: vector<4xf64>) -> vector<4xf8E4M3FN> {
  // By way of f32.
  // CHECK: arith.truncf %{{.*}} : vector<4xf64> to vector<4xf32>
  // CHECK-NOT: arith.truncf
  // CHECK: arith.trunci %{{.*}} : vector<4xi32> to vector<4xi8>
  // CHECK: arith.bitcast %{{.*}} : vector<4xi8> to vector<4xf8E4M3FN>
  %y = arith.truncf %x : vector<4xf64> to vector<4xf8E4M3FN>
  return %y : vector<4xf8E4M3FN>
}

// CHECK-LABEL: func @between_narrow_types
func.func @between_narrow_types(%x: f8E4M3FN) -> bf16 {
  // CHECK-NOT: arith.extf
  // CHECK: arith.truncf %{{.*}} : f32 to bf16
  %y = arith.extf %x : f8E4M3FN to bf16
  return %y : bf16
}

// CHECK-LABEL: func @half
// HALF-LABEL: func @half
func.func @half(%x: f16) -> f32 {
  // CHECK: arith.extf
  // HALF-NOT: arith.extf
  %y = arith.extf %x : f16 to f32
  return %y : f32
}

// What sets its own rounding stays.
// CHECK-LABEL: func @toward_zero
func.func @toward_zero(%x: f32) -> f8E5M2 {
  // CHECK: arith.truncf %{{.*}} toward_zero : f32 to f8E5M2
  %y = arith.truncf %x toward_zero : f32 to f8E5M2
  return %y : f8E5M2
}
