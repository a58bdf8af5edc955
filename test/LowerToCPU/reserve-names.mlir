// RUN: glu-opt %s --glu-reserve-names --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: func.func private @expf_0
func.func private @expf(%x: f32) -> f32 {
  return %x : f32
}
// Only declared: it is that function.
// CHECK: func.func private @sinf(f32) -> f32
func.func private @sinf(f32) -> f32
// CHECK: func.func @f
func.func @f(%x: f32) -> f32 {
  // CHECK: call @expf_0
  %0 = call @expf(%x) : (f32) -> f32
  // CHECK: call @sinf
  %1 = call @sinf(%0) : (f32) -> f32
  return %1 : f32
}

// -----

// expected-error @below {{has the name of a function of the C library, which compiled code calls; call it something else}}
func.func @malloc(%x: f32) -> f32 {
  return %x : f32
}
