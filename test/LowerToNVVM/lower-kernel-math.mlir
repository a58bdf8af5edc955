// RUN: glu-opt %s --pass-pipeline='builtin.module(gpu.module(glu-lower-kernel-math))' | FileCheck %s

gpu.module @kernels {
  // CHECK-LABEL: func.func @instructions
  // CHECK: llvm.call_intrinsic "llvm.sqrt"(%arg0) : (f32) -> f32
  // CHECK: llvm.call_intrinsic "llvm.fabs"
  // CHECK: llvm.call_intrinsic "llvm.fma"(%{{.*}}, %{{.*}}, %{{.*}}) : (f32, f32, f32) -> f32
  // CHECK: llvm.call_intrinsic "llvm.floor"(%arg1) : (f64) -> f64
  func.func @instructions(%x: f32, %y: f64) -> (f32, f64) {
    %s = math.sqrt %x : f32
    %a = math.absf %s : f32
    %f = math.fma %a, %x, %x : f32
    %r = math.floor %y : f64
    return %f, %r : f32, f64
  }

  // CHECK-LABEL: func.func @others
  // CHECK-NOT: math.
  // CHECK: llvm.call_intrinsic "llvm.sqrt"
  // CHECK: arith.divf
  // CHECK-NOT: math.
  // CHECK: return
  func.func @others(%x: f32) -> f32 {
    %r = math.rsqrt %x : f32
    %l = math.log %r : f32
    return %l : f32
  }

  // An instruction, if it need not be exact; else a polynomial.
  // CHECK-LABEL: func.func @powers
  // CHECK: %[[A:.*]] = llvm.call_intrinsic "llvm.exp2"(%arg0) {fastmathFlags = #llvm.fastmath<afn>} : (f32) -> f32
  // CHECK-NOT: exp2
  // CHECK: return %[[A]]
  func.func @powers(%x: f32) -> (f32, f32) {
    %a = math.exp2 %x fastmath<afn> : f32
    %b = math.exp2 %x : f32
    return %a, %b : f32, f32
  }

  // CHECK-LABEL: func.func @assertion
  // CHECK: cf.cond_br %arg0, ^[[GO:.*]], ^[[FAIL:.*]]
  // CHECK: ^[[FAIL]]:
  // CHECK-NEXT: llvm.intr.trap
  // CHECK-NEXT: cf.br ^[[GO]]
  func.func @assertion(%p: i1) {
    cf.assert %p, "no"
    return
  }
}
