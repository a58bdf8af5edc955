// RUN: glu-opt %s --glu-fix-cluster-sizes | FileCheck %s

module attributes {gpu.container_module} {
  // CHECK-LABEL: func.func @f
  // CHECK: gpu.launch_func @m::@same blocks in
  // CHECK: gpu.launch_func @m::@same blocks in
  // CHECK: gpu.launch_func @m::@other clusters in (%{{.*}}, %{{.*}}, %{{.*}}) blocks in
  // CHECK: gpu.launch_func @m::@other blocks in
  // CHECK: gpu.launch_func @m::@late clusters in (%arg0, %{{.*}}, %{{.*}}) blocks in
  func.func @f(%n: index) {
    %one = arith.constant 1 : index
    %two = arith.constant 2 : index
    gpu.launch_func @m::@same clusters in (%two, %one, %one) blocks in (%two, %one, %one) threads in (%one, %one, %one)
    gpu.launch_func @m::@same clusters in (%two, %one, %one) blocks in (%n, %one, %one) threads in (%one, %one, %one)
    gpu.launch_func @m::@other clusters in (%two, %one, %one) blocks in (%two, %one, %one) threads in (%one, %one, %one)
    gpu.launch_func @m::@other blocks in (%n, %one, %one) threads in (%one, %one, %one)
    gpu.launch_func @m::@late clusters in (%n, %one, %one) blocks in (%n, %one, %one) threads in (%one, %one, %one)
    return
  }
  gpu.module @m {
    // CHECK: llvm.func @same() attributes {gpu.kernel, nvvm.cluster_dim = array<i32: 2, 1, 1>, nvvm.kernel}
    llvm.func @same() attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
    // CHECK: llvm.func @other() attributes {gpu.kernel, nvvm.kernel}
    llvm.func @other() attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
    // CHECK: llvm.func @late() attributes {gpu.kernel, nvvm.kernel}
    llvm.func @late() attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
}
