// RUN: glu-opt %s --pass-pipeline='builtin.module(gpu.module(glu-check-kernels))' --verify-diagnostics

gpu.module @kernels {
  llvm.func @__nv_exp(f64) -> f64
  llvm.func @helper(%x: f64) -> f64 {
    llvm.return %x : f64
  }
  llvm.func @k(%x: f64) -> f64 {
    %h = llvm.call @helper(%x) : (f64) -> f64
    // expected-error @below {{'exp' of 'f64' has no code for GPUs}}
    %e = llvm.call @__nv_exp(%h) : (f64) -> f64
    llvm.return %e : f64
  }
}

gpu.module @outside {
  llvm.mlir.global constant @table(1 : i32) : i32
  llvm.func @clock() -> i32
  llvm.func @k() -> i32 {
    // expected-error @below {{'clock' has no code for GPUs}}
    %t = llvm.call @clock() : () -> i32
    llvm.return %t : i32
  }
  // expected-error @below {{is in no kernel}}
  %t = nvvm.read.ptx.sreg.clock : i32
}
