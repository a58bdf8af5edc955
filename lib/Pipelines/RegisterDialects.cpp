//===- RegisterDialects.cpp - What a context must know --------------------===//

#include "glu/IR/ExternalModels.h"
#include "glu/IR/GLU.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/TransformOps/GLUTransformOps.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"

void glu::registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllToLLVMIRTranslations(registry);
  registry.insert<GLUDialect>();
  registerGLUExternalModels(registry);
  registerTransformDialectExtension(registry);
}
