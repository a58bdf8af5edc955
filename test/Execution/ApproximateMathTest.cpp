//===- ApproximateMathTest.cpp - glu-approximate-math against float64 -----===//
//
// Compiles each function for the host and compares it with float64 over f32:
//
//   approximate-math-test [--stride=N] [--bench] [name...]
//
// Every N-th bit pattern (default 1009; 1 is all of f32, minutes a function),
// all infinities, zeros and the ends of the number ranges, and all of bf16 and
// f16. Exits with 1 if a function is less exact than the pass promises.
//
//===----------------------------------------------------------------------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Target/LLVMIR/Export.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <cmath>

using namespace mlir;

//===----------------------------------------------------------------------===//
// The functions
//===----------------------------------------------------------------------===//

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
/// x sigmoid(z), with its limit where x is -inf.
static double swish(double x, double z) {
  if (std::isinf(x))
    return x > 0 ? x : -0.0;
  return x / (1 + std::exp(-z));
}
static double gelu(double x) {
  if (std::isinf(x))
    return x > 0 ? x : -0.0;
  return 0.5 * x * std::erfc(-x * 0.70710678118654752440);
}
static double geluTanh(double x) {
  return swish(x, 2 * 0.79788456080286535588 * (x + 0.044715 * x * x * x));
}
static double softplus(double x) {
  return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::fabs(x)));
}

namespace {
struct Function {
  const char *name;
  /// Computes %y from %x; T is the type, constants stand as <1.0>.
  const char *body;
  double (*reference)(double);
  /// The promise of the pass, in ULP of f32.
  double bound;
};
} // namespace

static const Function functions[] = {
    {"exp", "%y = math.exp %x : T", [](double x) { return std::exp(x); }, 2},
    {"exp2", "%y = math.exp2 %x : T", [](double x) { return std::exp2(x); }, 2},
    {"expm1", "%y = math.expm1 %x : T", [](double x) { return std::expm1(x); },
     2},
    {"exp_minus_one", "%e = math.exp %x : T\n %y = arith.subf %e, <1.0> : T",
     [](double x) { return std::expm1(x); }, 2},
    {"log", "%y = math.log %x : T", [](double x) { return std::log(x); }, 2},
    {"log1p", "%y = math.log1p %x : T", [](double x) { return std::log1p(x); },
     2},
    {"softplus", "%e = math.exp %x : T\n %y = math.log1p %e : T", softplus, 3},
    {"tanh", "%y = math.tanh %x : T", [](double x) { return std::tanh(x); }, 4},
    {"erf", "%y = math.erf %x : T", [](double x) { return std::erf(x); }, 4},
    {"erfc", "%y = math.erfc %x : T", [](double x) { return std::erfc(x); }, 5},
    {"sigmoid",
     "%n = arith.negf %x : T\n %e = math.exp %n : T\n"
     "%d = arith.addf %e, <1.0> : T\n %y = arith.divf <1.0>, %d : T",
     sigmoid, 4},
    {"sigmoid_scaled",
     "%n = arith.mulf %x, <-1.702> : T\n %e = math.exp %n : T\n"
     "%d = arith.addf <1.0>, %e : T\n %y = arith.divf <1.0>, %d : T",
     [](double x) { return sigmoid(1.702 * x); }, 4},
    {"silu",
     "%n = arith.negf %x : T\n %e = math.exp %n : T\n"
     "%d = arith.addf %e, <1.0> : T\n %y = arith.divf %x, %d : T",
     [](double x) { return swish(x, x); }, 4},
    {"quick_gelu",
     "%n = arith.mulf %x, <1.702> : T\n %m = arith.negf %n : T\n"
     "%e = math.exp %m : T\n %d = arith.addf %e, <1.0> : T\n"
     "%s = arith.divf <1.0>, %d : T\n %y = arith.mulf %x, %s : T",
     [](double x) { return swish(x, 1.702 * x); }, 4},
    {"gelu",
     "%s = arith.mulf %x, <0.70710678> : T\n %f = math.erf %s : T\n"
     "%p = arith.addf %f, <1.0> : T\n %h = arith.mulf %x, <0.5> : T\n"
     "%y = arith.mulf %h, %p : T",
     gelu, 4},
    {"gelu_tanh",
     "%q = arith.mulf %x, %x : T\n %c = arith.mulf %q, %x : T\n"
     "%k = arith.mulf %c, <0.044715> : T\n %i = arith.addf %x, %k : T\n"
     "%u = arith.mulf %i, <0.79788456> : T\n %t = math.tanh %u : T\n"
     "%p = arith.addf %t, <1.0> : T\n %h = arith.mulf %x, <0.5> : T\n"
     "%y = arith.mulf %h, %p : T",
     geluTanh, 4},
};

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

/// Elements a call works on.
static constexpr int64_t blockSize = 2048;

/// A function `@name_element` from a block of `element` to another.
static std::string makeFunction(const Function &function,
                                llvm::StringRef element) {
  std::string type = "vector<8x" + element.str() + ">";
  std::string memref =
      "memref<" + std::to_string(blockSize) + "x" + element.str() + ">";
  std::string constants, body;
  for (llvm::StringRef rest = function.body; !rest.empty();) {
    if (rest.consume_front("<")) {
      auto [number, tail] = rest.split('>');
      std::string name = "%c" + std::to_string(constants.size());
      constants += name + " = arith.constant dense<" + number.str() +
                   "> : " + type + "\n";
      body += name;
      rest = tail;
    } else if (rest.consume_front("T")) {
      body += type;
    } else {
      body += rest.front();
      rest = rest.drop_front();
    }
  }
  return "func.func @" + std::string(function.name) + "_" + element.str() +
         "(%src: " + memref + ", %dst: " + memref + ") {\n" + constants +
         "%zero = arith.constant 0 : index\n%step = arith.constant 8 : index\n"
         "%size = arith.constant " +
         std::to_string(blockSize) +
         " : index\nscf.for %index = %zero to %size step %step {\n"
         "%x = vector.load %src[%index] : " +
         memref + ", " + type + "\n" + body +
         "\nvector.store %y, %dst[%index] : " + memref + ", " + type +
         "\n}\nreturn\n}\n";
}

static constexpr const char *lowering =
    "convert-scf-to-cf,convert-vector-to-llvm,convert-math-to-llvm,"
    "arith-expand{include-bf16=1},convert-arith-to-llvm,"
    "convert-func-to-llvm{use-bare-ptr-memref-call-conv=1},"
    "finalize-memref-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts";

/// The module as code of the host, or null after a message.
static std::unique_ptr<llvm::orc::LLJIT>
compile(MLIRContext &context, llvm::StringRef source, bool useInstructions) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context);
  if (!module)
    return nullptr;
  PassManager approximate(&context);
  approximate.addPass(glu::createApproximateMath({useInstructions}));
  if (failed(approximate.run(*module)))
    return nullptr;
  WalkResult left = module->walk([&](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
        isa<math::FmaOp, math::AbsFOp, math::CopySignOp>(op) ||
        (useInstructions && isa<math::Exp2Op>(op)))
      return WalkResult::advance();
    op->emitError("is left, which would be a call of libm");
    return WalkResult::interrupt();
  });
  PassManager passes(&context);
  if (left.wasInterrupted() || failed(parsePassPipeline(lowering, passes)) ||
      failed(passes.run(*module)))
    return nullptr;

  auto llvmContext = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> llvmModule =
      translateModuleToLLVMIR(*module, *llvmContext);
  auto target = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!llvmModule || !target)
    return nullptr;
  target->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  auto machine = llvm::cantFail(target->createTargetMachine());
  llvmModule->setDataLayout(machine->createDataLayout());
  llvmModule->setTargetTriple(machine->getTargetTriple());
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(machine.get());
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(*llvmModule, modules);

  auto jit = llvm::cantFail(
      llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(*target).create());
  llvm::cantFail(jit->addIRModule(llvm::orc::ThreadSafeModule(
      std::move(llvmModule), std::move(llvmContext))));
  return jit;
}

template <typename T>
using Code = void (*)(const T *, T *);

template <typename T>
static Code<T> lookup(llvm::orc::LLJIT &jit, const Function &function,
                      llvm::StringRef element) {
  std::string name = std::string(function.name) + "_" + element.str();
  return llvm::cantFail(jit.lookup(name)).toPtr<void(const T *, T *)>();
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

namespace {
/// The format of a small float.
struct Format {
  int minExponent, maxExponent, fractionBits;
};
struct Worst {
  double ulp = 0, x = 0, got = 0, expected = 0;
};
} // namespace

/// The error of `got` in units in the last place of `expected`. NaN for NaN and
/// the same sign are asked for; what is rounded to infinity lies one unit above
/// the greatest number.
static double errorInULP(double got, double expected, const Format &format) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(expected))
    return std::isnan(got) ? 0 : wrong;
  if (std::isnan(got) || std::signbit(got) != std::signbit(expected))
    return wrong;
  double end = std::ldexp(1.0, format.maxExponent + 1);
  got = std::fmin(std::fabs(got), end);
  expected = std::fmin(std::fabs(expected), end);
  int exponent = expected == 0 ? format.minExponent : std::ilogb(expected);
  exponent =
      std::min(std::max(exponent, format.minExponent), format.maxExponent);
  return std::fabs(got - expected) /
         std::ldexp(1.0, exponent - format.fractionBits);
}

static constexpr Format f32Format = {-126, 127, 23};

static Worst checkF32(const Function &function, Code<float> code,
                      uint64_t stride) {
  static constexpr uint32_t special[] = {
      0x00000000, 0x00000001, 0x007fffff, 0x00800000, 0x33800000,
      0x3f800000, 0x41200000, 0x42b17218, 0x42cff1b5, 0x7f7fffff,
      0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff};
  Worst worst;
  alignas(64) static float x[blockSize], y[blockSize];
  auto checkBlock = [&] {
    code(x, y);
    for (int64_t i = 0; i < blockSize; ++i) {
      double expected = function.reference(x[i]);
      double error = errorInULP(y[i], expected, f32Format);
      if (error > worst.ulp)
        worst = {error, x[i], y[i], expected};
    }
  };
  for (int64_t i = 0; i < blockSize; ++i) {
    uint32_t bits = special[i / 2 % std::size(special)] ^ (i % 2 << 31);
    x[i] = llvm::bit_cast<float>(bits);
  }
  checkBlock();
  for (uint64_t bits = 0; bits < uint64_t(1) << 32;) {
    for (int64_t i = 0; i < blockSize; ++i, bits += stride)
      x[i] = llvm::bit_cast<float>(static_cast<uint32_t>(bits));
    checkBlock();
  }
  return worst;
}

/// All of a 16-bit type. One rounding from an f32 that is off by a few units.
static Worst checkHalf(const Function &function, Code<uint16_t> code,
                       const llvm::fltSemantics &semantics,
                       const Format &format) {
  auto toDouble = [&](uint16_t bits) {
    return llvm::APFloat(semantics, llvm::APInt(16, bits)).convertToDouble();
  };
  Worst worst;
  alignas(64) static uint16_t x[blockSize], y[blockSize];
  for (uint32_t bits = 0; bits < 0x10000;) {
    for (int64_t i = 0; i < blockSize; ++i)
      x[i] = static_cast<uint16_t>(bits++);
    code(x, y);
    for (int64_t i = 0; i < blockSize; ++i) {
      double expected = function.reference(toDouble(x[i]));
      double error = errorInULP(toDouble(y[i]), expected, format);
      if (error > worst.ulp)
        worst = {error, toDouble(x[i]), toDouble(y[i]), expected};
    }
  }
  return worst;
}

static double nanosecondsPerElement(Code<float> code) {
  alignas(64) static float x[blockSize], y[blockSize];
  for (int64_t i = 0; i < blockSize; ++i)
    x[i] = 16.0f * static_cast<float>((i * 797) % blockSize) / blockSize - 8;
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int run = 0; run < 50; ++run) {
    auto start = Clock::now();
    for (int i = 0; i < 50; ++i)
      code(x, y);
    std::chrono::duration<double, std::nano> time = Clock::now() - start;
    best = std::min(best, time.count() / 50 / blockSize);
  }
  return best;
}

//===----------------------------------------------------------------------===//

int main(int argc, char **argv) {
  uint64_t stride = 1009;
  bool bench = false, useInstructions = false;
  llvm::SmallVector<llvm::StringRef> names;
  for (llvm::StringRef argument : llvm::ArrayRef(argv + 1, argc - 1)) {
    if (argument == "--bench") {
      bench = true;
    } else if (argument == "--instructions") {
      useInstructions = true;
    } else if (argument.consume_front("--stride=")) {
      if (argument.getAsInteger(10, stride) || stride == 0) {
        llvm::errs() << "--stride wants a positive number\n";
        return 2;
      }
    } else {
      names.push_back(argument);
    }
  }

  for (llvm::StringRef name : names)
    if (llvm::none_of(functions,
                      [&](const Function &f) { return name == f.name; })) {
      llvm::errs() << "no function " << name << "\n";
      return 2;
    }

  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  registerAllPasses();
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllToLLVMIRTranslations(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();

  std::string source;
  for (const Function &function : functions)
    for (const char *element : {"f32", "bf16", "f16"})
      source += makeFunction(function, element);
  auto jit = compile(context, source, useInstructions);
  if (!jit)
    return 2;

  bool failed = false;
  auto report = [&](const Function &function, const char *type,
                    const Worst &worst, double bound) {
    bool bad = !(worst.ulp <= bound);
    failed |= bad;
    printf("%-15s %-5s %8.4f ULP at %a (bound %g)%s", function.name, type,
           worst.ulp, worst.x, bound, bad ? " FAILED" : "");
    if (bad)
      printf(": %a, expected %a", worst.got, worst.expected);
  };
  for (const Function &function : functions) {
    if (!names.empty() && !llvm::is_contained(names, function.name))
      continue;
    auto f32 = lookup<float>(*jit, function, "f32");
    report(function, "f32", checkF32(function, f32, stride), function.bound);
    if (bench)
      printf("  %.3f ns", nanosecondsPerElement(f32));
    printf("\n");
    report(function, "bf16",
           checkHalf(function, lookup<uint16_t>(*jit, function, "bf16"),
                     llvm::APFloat::BFloat(), {-126, 127, 7}),
           useInstructions ? 0.508 : 0.5001);
    printf("\n");
    report(function, "f16",
           checkHalf(function, lookup<uint16_t>(*jit, function, "f16"),
                     llvm::APFloat::IEEEhalf(), {-14, 15, 10}),
           useInstructions ? 0.5625 : 0.501);
    printf("\n");
    fflush(stdout);
  }
  return failed;
}
