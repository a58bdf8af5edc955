// What LLVM does not return from is a sentence, not a crash.

// RUN: not glu-opt %s --glu-to-nvvm 2>&1 | FileCheck %s
// CHECK: glu-opt: error: LLVM: Cannot select: intrinsic %llvm.nvvm.fence.proxy.alias
// CHECK-NOT: Stack dump

gpu.module @m {
  llvm.func @k() attributes {gpu.kernel, nvvm.kernel} {
    nvvm.fence.proxy {kind = #nvvm.proxy_kind<alias>}
    llvm.return
  }
}
