//===- EmulatorPasses.td - Passes of lib/Emulator ----------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_EMULATORPASSES_TD
#define GLU_TRANSFORMS_EMULATORPASSES_TD

include "mlir/Pass/PassBase.td"

def EmulateKernels : Pass<"glu-emulate-kernels", "::mlir::ModuleOp"> {
  let summary = "Kernels as code of the host that calls the emulator";
  let description = [{
    What `-glu-to-nvvm` makes PTX of, kernels in the LLVM and NVVM dialects,
    becomes functions of the host: each instruction of NVVM is a call of the
    emulator, each load and store is preceded by one that checks it, and shared
    memory is the emulator's. Launches call it too. An instruction that the
    emulator does not know is an error that names it.

    Upstream's lowering of the host's code turns some instructions of kernels to
    text. So this runs before it, when it leaves of kernels what launches refer
    to, and once more behind it, for the launches.

    Before:

    ```mlir
    gpu.module @m {
      llvm.func @k(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
        %t = nvvm.read.ptx.sreg.tid.x : i32
        nvvm.barrier0
        llvm.store %t, %p : i32, !llvm.ptr
    ```

    After:

    ```mlir
    llvm.func internal @m.k(%p: !llvm.ptr) {
      %t = llvm.call @glu_emulate_special(%c0) : (i32) -> i32
      llvm.call @glu_emulate_barrier(%c0, %c-1) : (i32, i32) -> ()
      llvm.call @glu_emulate_access(%p, %c4, %c4, %c1, %site) : (...) -> ()
      llvm.store %t, %p : i32, !llvm.ptr
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // GLU_TRANSFORMS_EMULATORPASSES_TD
