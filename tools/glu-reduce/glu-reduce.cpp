//===- glu-reduce.cpp - Makes IR small that shows a fault -----------------===//

#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "llvm/Support/raw_ostream.h"

int main(int argc, char **argv) {
  mlir::registerAllPasses();
  glu::registerGLUPasses();
  glu::registerPipelines();

  mlir::DialectRegistry registry;
  glu::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  if (succeeded(mlir::mlirReduceMain(argc, argv, context)))
    return 0;
  // Upstream is silent about an input that is not interesting.
  llvm::errs() << "glu-reduce: nothing reduced: if no error is above, the test "
                  "did not exit with 1 for the input\n";
  return 1;
}
