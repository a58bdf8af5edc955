//===- NarrowFloatsTest.cpp - glu-expand-narrow-floats against APFloat ----===//

#include "glu/Execution/Executable.h"
#include "glu/Pipelines/Pipelines.h"

#include "mlir/Parser/Parser.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/FormatVariadic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

using namespace glu;
using llvm::APFloat;
using llvm::APInt;

namespace {
struct NarrowType {
  const char *name;
  const llvm::fltSemantics &semantics;
};

class NarrowFloats : public testing::TestWithParam<NarrowType> {
protected:
  NarrowFloats() : width(APFloat::semanticsSizeInBits(GetParam().semantics)) {
    mlir::DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
  }

  /// Applies `body`, which turns %x of type `from` into %y of type `to`, to
  /// each element, by code without instructions for narrow types.
  Array map(const std::string &from, const std::string &to,
            const std::string &body, Array input);

  APFloat decode(uint64_t bits) const {
    return APFloat(GetParam().semantics, APInt(width, bits));
  }
  std::string integer() const { return "i" + std::to_string(width); }

  unsigned width;
  mlir::MLIRContext context;
};
} // namespace

Array NarrowFloats::map(const std::string &from, const std::string &to,
                        const std::string &body, Array input) {
  std::string text = llvm::formatv(R"(
    #id = affine_map<(i) -> (i)>
    func.func @f(%a: tensor<?x{0}>, %e: tensor<?x{1}>) -> tensor<?x{1}> {{
      %r = linalg.generic {{indexing_maps = [#id, #id],
                           iterator_types = ["parallel"]}
          ins(%a : tensor<?x{0}>) outs(%e : tensor<?x{1}>) {{
        ^bb0(%x: {0}, %old: {1}):
          {2}
          linalg.yield %y : {1}
      } -> tensor<?x{1}>
      return %r : tensor<?x{1}>
    })",
                                   from, to, body);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      text, mlir::ParserConfig(&context));
  EXPECT_TRUE(module) << text;
  auto entry = llvm::cantFail(findEntry(*module, "f"));
  Signature signature = llvm::cantFail(getSignature(entry));
  llvm::SmallVector<Array> arguments;
  arguments.push_back(std::move(input));
  arguments.emplace_back(signature.results[0].element, arguments[0].getShape());
  auto executable = llvm::cantFail(
      Executable::create(*module, [](mlir::OpPassManager &manager) {
        addBufferizationPasses(manager);
        addLowerToLLVMPasses(manager, /*parallel=*/false,
                             /*nativeHalf=*/false);
      }));
  auto call = llvm::cantFail(executable->prepare(signature, arguments));
  llvm::cantFail(call->run());
  return std::move(llvm::cantFail(call->getResults())[0]);
}

static ElementType integerType(unsigned width) {
  return width == 8 ? ElementType::Int8 : ElementType::Int16;
}

TEST_P(NarrowFloats, ExtendEveryValue) {
  int64_t count = int64_t(1) << width;
  Array input(integerType(width), {count});
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(input.getData() + i * (width / 8), &i, width / 8);
  std::string type = GetParam().name;
  Array output = map(integer(), "f32",
                     "%n = arith.bitcast %x : " + integer() + " to " + type +
                         "\n%y = arith.extf %n : " + type + " to f32",
                     std::move(input));
  for (int64_t i = 0; i < count; ++i) {
    APFloat want = decode(i);
    double got = output.get(i);
    if (want.isNaN()) {
      ASSERT_TRUE(std::isnan(got)) << i;
      continue;
    }
    ASSERT_EQ(got, want.convertToDouble()) << i;
    ASSERT_EQ(std::signbit(got), want.isNegative()) << i;
  }
}

TEST_P(NarrowFloats, TruncateRoundsToNearestEven) {
  std::vector<float> values = {0.0f, -0.0f,  INFINITY, -INFINITY, NAN,
                               -NAN, 1e-45f, -1e-45f,  3e38f,     -3e38f};
  for (int64_t i = 0; i + 1 < int64_t(1) << (width - 1); ++i) {
    APFloat low = decode(i), high = decode(i + 1);
    if (!low.isFinite())
      continue;
    // Beyond the largest value it goes on as if there were another one.
    float from = float(low.convertToDouble());
    float to = high.isFinite() ? float(high.convertToDouble()) : from * 1.5f;
    for (float t : {0.0f, 0.25f, 0.5f, 0.75f}) {
      float value = from + t * (to - from);
      for (float near : {value, std::nextafterf(value, 0.0f),
                         std::nextafterf(value, INFINITY)}) {
        values.push_back(near);
        values.push_back(-near);
      }
    }
  }
  std::mt19937 random(7);
  for (int i = 0; i < 100000; ++i)
    values.push_back(llvm::bit_cast<float>(uint32_t(random())));

  Array input(ElementType::Float32, {int64_t(values.size())});
  std::memcpy(input.getData(), values.data(), values.size() * sizeof(float));
  std::string type = GetParam().name;
  Array output =
      map("f32", integer(),
          "%n = arith.truncf %x : f32 to " + type +
              "\n%y = arith.bitcast %n : " + type + " to " + integer(),
          std::move(input));
  for (size_t i = 0; i < values.size(); ++i) {
    APFloat want(values[i]);
    bool lossy;
    want.convert(GetParam().semantics, APFloat::rmNearestTiesToEven, &lossy);
    uint64_t got = 0;
    std::memcpy(&got, output.getData() + i * (width / 8), width / 8);
    if (want.isNaN())
      ASSERT_TRUE(decode(got).isNaN()) << values[i] << " gives " << got;
    else
      ASSERT_EQ(got, want.bitcastToAPInt().getZExtValue()) << values[i];
  }
}

INSTANTIATE_TEST_SUITE_P(
    Types, NarrowFloats,
    testing::Values(NarrowType{"f8E5M2", APFloat::Float8E5M2()},
                    NarrowType{"f8E4M3", APFloat::Float8E4M3()},
                    NarrowType{"f8E4M3FN", APFloat::Float8E4M3FN()},
                    NarrowType{"f8E5M2FNUZ", APFloat::Float8E5M2FNUZ()},
                    NarrowType{"f8E4M3FNUZ", APFloat::Float8E4M3FNUZ()},
                    NarrowType{"f8E4M3B11FNUZ", APFloat::Float8E4M3B11FNUZ()},
                    NarrowType{"f8E3M4", APFloat::Float8E3M4()},
                    NarrowType{"f16", APFloat::IEEEhalf()},
                    NarrowType{"bf16", APFloat::BFloat()}),
    [](const auto &info) { return std::string(info.param.name); });
