//===- glu-opt.cpp - Runs the project's and upstream's passes on IR -------===//

#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::registerAllPasses();
  glu::registerGLUPasses();
  glu::registerPipelines();

  mlir::DialectRegistry registry;
  glu::registerAllDialects(registry);

  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Gated linear units: raise, fuse, lower\n", registry));
}
