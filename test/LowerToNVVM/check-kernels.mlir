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
