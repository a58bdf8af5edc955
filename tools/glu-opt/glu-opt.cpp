//===- glu-opt.cpp - Runs the project's and upstream's passes on IR -------===//

#include "glu/IR/ExternalModels.h"
#include "glu/IR/GLU.h"
#include "glu/Transforms/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::registerAllPasses();
  glu::registerGLUPasses();

  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<glu::GLUDialect>();
  glu::registerGLUExternalModels(registry);

  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Gated linear units: raise, fuse, lower\n", registry));
}
