//===- CheckKernels.cpp - glu-check-kernels: nothing from outside ---------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace glu {
#define GEN_PASS_DEF_CHECKKERNELS
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

/// The name of a function of libdevice without what libdevice adds to it:
/// "exp" of "__nv_exp", "pow" of "__nv_powf".
static StringRef getPlainName(StringRef name) {
  name.consume_front("__nv_");
  return name;
}

namespace {
struct CheckKernels : glu::impl::CheckKernelsBase<CheckKernels> {
  void runOnOperation() override {
    bool failed = false;
    getOperation().walk([&](LLVM::CallOp call) {
      std::optional<StringRef> callee = call.getCallee();
      auto function =
          callee ? getOperation().lookupSymbol<LLVM::LLVMFuncOp>(*callee)
                 : LLVM::LLVMFuncOp();
      if (!function || !function.isExternal() ||
          function.getName().starts_with("llvm."))
        return;
      InFlightDiagnostic error = call.emitError("'")
                                 << getPlainName(function.getName()) << "'";
      if (call.getNumOperands())
        error << " of " << call.getOperand(0).getType();
      error << " has no code for GPUs";
      failed = true;
    });
    // LLVM's translation would crash.
    for (Operation &op : *getOperation().getBody())
      if (!isa<SymbolOpInterface, LLVM::GlobalCtorsOp, LLVM::GlobalDtorsOp,
               LLVM::LinkerOptionsOp, LLVM::ModuleFlagsOp>(op)) {
        op.emitOpError("is in no kernel");
        failed = true;
      }
    if (failed)
      signalPassFailure();
  }
};
} // namespace
