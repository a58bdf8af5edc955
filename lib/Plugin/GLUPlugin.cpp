//===- GLUPlugin.cpp - The project in stock tools -------------------------===//
//
// What MLIR's tools look for in a library that is given to them with
// --load-dialect-plugin or --load-pass-plugin.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/GLU.h"
#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

/// Everything that our passes make, with the interfaces that they rely on: not
/// every tool has all of it. What a tool has already is not registered twice.
static void registerDialects(DialectRegistry *registry) {
  // A program with the project linked in; two copies of a dialect are fatal.
  if (!registry->getDialectAllocator(glu::GLUDialect::getDialectNamespace()))
    glu::registerAllDialects(*registry);
}

static void registerPasses() {
  if (PassInfo::lookup("glu-raise"))
    return;
  glu::registerGLUPasses();
  glu::registerPipelines();
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "GLU", GLU_VERSION, registerDialects};
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "GLU", GLU_VERSION, registerPasses};
}
