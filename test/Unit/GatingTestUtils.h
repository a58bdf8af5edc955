//===- GatingTestUtils.h - Gating functions in unit tests -------*- C++ -*-===//
//
// Regions as text or by name, and their values in double precision, by an
// interpreter that shares nothing with what is tested.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TEST_UNIT_GATINGTESTUTILS_H
#define GLU_TEST_UNIT_GATINGTESTUTILS_H

#include "glu/IR/GLU.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <cmath>

namespace glu {

/// A context with the dialects that gating functions are written in.
inline mlir::MLIRContext *getTestContext() {
  static auto *context = [] {
    mlir::DialectRegistry registry;
    registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                    mlir::math::MathDialect, GLUDialect>();
    auto *context = new mlir::MLIRContext(registry);
    context->loadAllAvailableDialects();
    return context;
  }();
  return context;
}

/// The body of a function (g, v) -> y of f32, from the text of its operations.
struct TestFunction {
  explicit TestFunction(llvm::StringRef body) {
    std::string text = "func.func @f(%g: f32, %v: f32) -> f32 {\n" +
                       body.str() + "\nreturn %y : f32 }";
    module = mlir::parseSourceString<mlir::ModuleOp>(text, getTestContext());
  }
  explicit TestFunction(const NamedGating &gating) {
    mlir::OpBuilder builder(getTestContext());
    module = mlir::ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToStart(module->getBody());
    mlir::Type type = builder.getF32Type();
    auto function = mlir::func::FuncOp::create(
        builder, builder.getUnknownLoc(), "f",
        builder.getFunctionType({type, type}, {type}));
    mlir::Block *block = function.addEntryBlock();
    builder.setInsertionPointToStart(block);
    mlir::Value result =
        buildNamedGating(builder, builder.getUnknownLoc(), gating,
                         block->getArgument(0), block->getArgument(1), type);
    mlir::func::ReturnOp::create(builder, builder.getUnknownLoc(), result);
  }
  mlir::Block &getBlock() {
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    return function.getBody().front();
  }

  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// The value of the block at (g, v) in double precision; truth values are 0 and
/// 1. `overflows` is set where an operation overflows, which a division by zero
/// does not. Operations that the tests do not use are fatal.
inline double interpret(mlir::Block &block, double g, double v,
                        bool *overflows = nullptr) {
  using namespace mlir;
  llvm::DenseMap<Value, double> values;
  values[block.getArgument(0)] = g;
  values[block.getArgument(1)] = v;
  for (Operation &op : block.without_terminator()) {
    auto x = [&](unsigned i) { return values.at(op.getOperand(i)); };
    double y;
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
        y = number.getValueAsDouble();
      else
        y = cast<IntegerAttr>(constant.getValue()).getInt();
    } else if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
      y = arith::applyCmpPredicate(compare.getPredicate(), APFloat(x(0)),
                                   APFloat(x(1)));
    } else {
      llvm::StringRef name = op.getName().stripDialect();
      if (name == "addf")
        y = x(0) + x(1);
      else if (name == "subf")
        y = x(0) - x(1);
      else if (name == "mulf")
        y = x(0) * x(1);
      else if (name == "divf")
        y = x(0) / x(1);
      else if (name == "negf")
        y = -x(0);
      else if (name == "maximumf" || name == "maxnumf")
        y = std::max(x(0), x(1));
      else if (name == "minimumf" || name == "minnumf")
        y = std::min(x(0), x(1));
      else if (name == "select")
        y = x(0) != 0 ? x(1) : x(2);
      else if (name == "exp")
        y = std::exp(x(0));
      else if (name == "exp2")
        y = std::exp2(x(0));
      else if (name == "expm1")
        y = std::expm1(x(0));
      else if (name == "log")
        y = std::log(x(0));
      else if (name == "log1p")
        y = std::log1p(x(0));
      else if (name == "tanh")
        y = std::tanh(x(0));
      else if (name == "erf")
        y = std::erf(x(0));
      else if (name == "erfc")
        y = std::erfc(x(0));
      else if (name == "absf")
        y = std::abs(x(0));
      else if (name == "powf" || name == "fpowi")
        y = std::pow(x(0), x(1));
      else if (name == "fma")
        y = x(0) * x(1) + x(2);
      else
        llvm::report_fatal_error("the test interpreter lacks " + name);
    }
    values[op.getResult(0)] = y;
    if (overflows && std::isinf(y) && op.getName().stripDialect() != "divf")
      *overflows = true;
  }
  return values.at(block.getTerminator()->getOperand(0));
}

} // namespace glu

#endif // GLU_TEST_UNIT_GATINGTESTUTILS_H
