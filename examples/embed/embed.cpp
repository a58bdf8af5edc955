//===- embed.cpp - A program that brings the compiler along ---------------===//
//
// Builds the IR of y = f(x Wg) * (x Wv) with the C++ builders, for the gating
// function named on the command line, compiles it for this machine, calls it
// on arrays of its own and checks the numbers.
//
//===----------------------------------------------------------------------===//

#include "glu/Execution/Program.h"
#include "glu/IR/GLU.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Verifier.h"

#include <cmath>
#include <cstdio>
#include <vector>

using namespace mlir;

constexpr int64_t rows = 7, inner = 40, columns = 24;

/// func.func @unit(%x, %wg, %wv) -> tensor<7x24xf32>: one gated projection.
static OwningOpRef<ModuleOp> build(MLIRContext &context, StringRef gating) {
  context
      .loadDialect<func::FuncDialect, tensor::TensorDialect, glu::GLUDialect>();
  OpBuilder builder(&context);
  Location loc = builder.getUnknownLoc();
  Type f32 = builder.getF32Type();
  auto x = RankedTensorType::get({rows, inner}, f32);
  auto w = RankedTensorType::get({inner, columns}, f32);
  auto y = RankedTensorType::get({rows, columns}, f32);

  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  auto function = func::FuncOp::create(builder, loc, "unit",
                                       builder.getFunctionType({x, w, w}, {y}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  Value destination = tensor::EmptyOp::create(builder, loc, y.getShape(), f32);
  auto unit = glu::GatedProjectionOp::create(
      builder, loc, /*gate=*/{body->getArgument(0), body->getArgument(1)},
      /*value=*/{body->getArgument(0), body->getArgument(2)}, destination,
      glu::NamedGating::get(gating));
  func::ReturnOp::create(builder, loc, unit.getResults());
  return module;
}

/// f(g) in double precision, for the functions that this example checks.
static double evaluate(StringRef gating, double g) {
  if (gating == "relu")
    return g > 0 ? g : 0;
  if (gating == "gelu")
    return g * std::erfc(-g / std::sqrt(2.0)) / 2;
  return g / (1 + std::exp(-g)); // silu
}

static int fail(llvm::Twine message) {
  std::fprintf(stderr, "embed: error: %s\n", message.str().c_str());
  return 2;
}

int main(int argc, char **argv) {
  std::string gating = argc > 1 ? argv[1] : "silu";
  if (gating != "silu" && gating != "relu" && gating != "gelu")
    return fail("usage: embed [silu|relu|gelu]");

  DialectRegistry registry;
  glu::registerAllDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = build(context, gating);
  if (failed(verify(*module)))
    return 2;
  module->print(llvm::outs());
  llvm::outs().flush();

  auto program = glu::Program::compile(*module, "threads=1");
  if (!program)
    return fail(llvm::toString(program.takeError()));
  auto function = (*program)->lookup("unit");
  if (!function)
    return fail(llvm::toString(function.takeError()));

  // Weights of both branches in one array, row by row: gate, then value. The
  // strides say so.
  std::vector<float> x(rows * inner), w(inner * 2 * columns), y(rows * columns);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = float(std::sin(double(i)));
  for (size_t i = 0; i < w.size(); ++i)
    w[i] = float(std::cos(0.7 * double(i)));
  int64_t xShape[] = {rows, inner}, wShape[] = {inner, columns},
          yShape[] = {rows, columns}, wStrides[] = {2 * columns, 1};
  constexpr auto f32 = glu::ElementType::Float32;
  if (llvm::Error error = (*program)->call(
          **function,
          {glu::ArrayView(f32, x.data(), xShape),
           glu::ArrayView(f32, w.data(), wShape, wStrides),
           glu::ArrayView(f32, w.data() + columns, wShape, wStrides)},
          {glu::ArrayView(f32, y.data(), yShape)}))
    return fail(llvm::toString(std::move(error)));

  double worst = 0, largest = 0;
  for (int64_t m = 0; m < rows; ++m)
    for (int64_t n = 0; n < columns; ++n) {
      double g = 0, v = 0;
      for (int64_t k = 0; k < inner; ++k) {
        g += double(x[m * inner + k]) * w[k * 2 * columns + n];
        v += double(x[m * inner + k]) * w[k * 2 * columns + columns + n];
      }
      double expected = evaluate(gating, g) * v;
      worst = std::max(worst, std::fabs(y[m * columns + n] - expected));
      largest = std::max(largest, std::fabs(expected));
    }
  bool isRight = worst <= 1e-5 * largest;
  std::printf("%s: largest value %.3f, largest error %.1e: %s\n",
              gating.c_str(), largest, worst, isRight ? "right" : "wrong");
  return isRight ? 0 : 1;
}
