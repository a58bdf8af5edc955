//===- NormalizeInput.cpp - Calls and TOSA out of the way -----------------===//

#include "RaiseSink.h"
#include "glu/Transforms/Passes.h"

#include "mlir/Conversion/TosaToArith/TosaToArith.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Conversion/TosaToTensor/TosaToTensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace glu;

/// Whether a private function with a body is called.
static bool hasInlinableCall(Operation *module) {
  SymbolTableCollection symbols;
  return module
      ->walk([&](func::CallOp call) {
        auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(
            call, call.getCalleeAttr());
        return callee && callee.isPrivate() && !callee.isExternal()
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

static bool isTosa(Operation *op) {
  return op->getName().getDialectNamespace() == "tosa";
}

static bool hasTosa(Operation *op) {
  return op
      ->walk([](Operation *nested) {
        return isTosa(nested) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Lowers a copy of `function`, which takes its place if all went well.
static void
lowerTosa(func::FuncOp function,
          llvm::function_ref<LogicalResult(OpPassManager &, Operation *)> run) {
  OpPassManager pipeline(func::FuncOp::getOperationName());
  pipeline.addPass(tosa::createTosaToLinalgNamed());
  pipeline.addPass(tosa::createTosaToLinalg());
  pipeline.addPass(createTosaToTensorPass());
  TosaToArithPassOptions options;
  options.includeApplyRescale = true;
  pipeline.addPass(createTosaToArithPass(options));
  pipeline.addPass(createExpandZeroPoints());

  auto copy = cast<func::FuncOp>(OpBuilder(function).clone(*function));
  // What cannot be lowered stays as it is, without an error.
  ScopedDiagnosticHandler silence(function.getContext(),
                                  [](Diagnostic &) { return success(); });
  if (failed(run(pipeline, copy))) {
    copy->erase();
    return;
  }
  function.getBody().takeBody(copy.getBody());
  copy->erase();
  // Shapes that only the lowered operations used.
  SmallVector<Operation *> dead;
  function->walk([&](Operation *op) {
    if (isTosa(op) && op->use_empty() && isMemoryEffectFree(op))
      dead.push_back(op);
  });
  for (Operation *op : dead)
    op->erase();
}

LogicalResult glu::normalizeInput(
    Operation *module,
    llvm::function_ref<LogicalResult(OpPassManager &, Operation *)> run) {
  if (hasInlinableCall(module)) {
    OpPassManager pipeline(module->getName());
    pipeline.addPass(createInlinerPass({}, [](OpPassManager &) {}));
    if (failed(run(pipeline, module)))
      return failure();
  }
  SmallVector<func::FuncOp> functions;
  module->walk([&](func::FuncOp function) {
    if (hasTosa(function))
      functions.push_back(function);
  });
  for (func::FuncOp function : functions)
    lowerTosa(function, run);
  OpPassManager pipeline(module->getName());
  pipeline.addPass(createFoldUndefinedSizes());
  if (failed(run(pipeline, module)))
    return failure();
  module->walk([](func::FuncOp function) { sinkReshapes(function); });
  return success();
}
