//===- ReserveNames.cpp - glu-reserve-names: the C library's --------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/TargetParser/Triple.h"

namespace glu {
#define GEN_PASS_DEF_RESERVENAMES
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct ReserveNames : glu::impl::ReserveNamesBase<ReserveNames> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    const llvm::TargetLibraryInfoImpl library(
        llvm::Triple("x86_64-unknown-linux-gnu"));
    SymbolTable symbols(module);
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      llvm::LibFunc known;
      if (function.isExternal() ||
          !library.getLibFunc(function.getName(), known))
        continue;
      if (function.isPublic()) {
        function.emitError("has the name of a function of the C library, which "
                           "compiled code calls; call it something else");
        return signalPassFailure();
      }
      if (failed(symbols.renameToUnique(function, {}))) {
        function.emitError("has the name of a function of the C library, and "
                           "uses that are not known");
        return signalPassFailure();
      }
    }
  }
};
} // namespace
