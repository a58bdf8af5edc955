//===- ArtifactTest.cpp - Objects and libraries, and calls of them --------===//

#include "glu/Execution/Artifact.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <dlfcn.h>

using namespace glu;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

struct Artifact : testing::Test {
  Artifact() : context(mlir::MLIRContext::Threading::DISABLED) {
    mlir::DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
  }

  /// The module in `text`, lowered.
  mlir::OwningOpRef<mlir::ModuleOp> lower(llvm::StringRef text,
                                          const ArtifactOptions &options = {}) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    if (module)
      error = llvm::toString(lowerForArtifact(*module, options));
    return module;
  }

  /// A path that nothing is at yet; removed at the end.
  std::string getPath() {
    llvm::SmallString<64> path;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("glu-test", "so", path));
    paths.push_back(path.str().str());
    return paths.back();
  }
  ~Artifact() override {
    for (const std::string &path : paths)
      llvm::sys::fs::remove(path);
  }

  mlir::MLIRContext context;
  std::string error;
  std::vector<std::string> paths;
};

} // namespace

template <typename T>
static std::string messageOf(llvm::Expected<T> value) {
  return value ? "" : llvm::toString(value.takeError());
}

namespace {

TEST_F(Artifact, LibraryIsCalled) {
  auto module = lower(R"mlir(
    func.func @scale(%x: tensor<?x2xf32>, %s: f32) -> tensor<?x2xf32> {
      %c0 = arith.constant 0 : index
      %n = tensor.dim %x, %c0 : tensor<?x2xf32>
      %0 = tensor.splat %s[%n] : tensor<?x2xf32>
      %1 = arith.mulf %x, %0 : tensor<?x2xf32>
      return %1 : tensor<?x2xf32>
    }
    func.func @half(%x: f64) -> f64 {
      %c = arith.constant 0.5 : f64
      %0 = arith.mulf %x, %c : f64
      return %0 : f64
    })mlir");
  ASSERT_EQ(error, "");
  auto object = emitObject(*module);
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  std::string path = getPath();
  ASSERT_EQ(llvm::toString(linkSharedLibrary(llvm::StringRef(*object), path)),
            "");
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  using Function = const char *(*)(void *const *);
  auto scale = reinterpret_cast<Function>(dlsym(library, "glu_call_scale"));
  auto half = reinterpret_cast<Function>(dlsym(library, "glu_call_half"));
  ASSERT_TRUE(scale && half);
  // Nothing else can be seen.
  EXPECT_FALSE(dlsym(library, "glu.scale"));
  EXPECT_FALSE(dlsym(library, "_mlir_ciface_glu.scale"));

  float x[] = {1, 2, 3, 4, 5, 6}, s = 10;
  struct {
    float *allocated, *aligned;
    int64_t offset, sizes[2], strides[2];
  } in = {x, x, 0, {3, 2}, {2, 1}}, out = {};
  void *arguments[] = {&out, &in, &s};
  EXPECT_EQ(scale(arguments), nullptr);
  EXPECT_EQ(out.sizes[0], 3);
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(out.aligned[out.offset + i], 10 * (i + 1.0f));
  EXPECT_EQ(x[5], 6); // Arguments stay.
  free(out.allocated);

  double argument = 3, result = 0;
  void *halfArguments[] = {&result, &argument};
  EXPECT_EQ(half(halfArguments), nullptr);
  EXPECT_EQ(result, 1.5);
  dlclose(library);
}

// In any thread, and with what runs after the loop.
TEST_F(Artifact, FailuresReturn) {
  ArtifactOptions options;
  options.threads = 2;
  auto module = lower(R"mlir(
    func.func private @check(%n: index) {
      %c90 = arith.constant 90 : index
      %ok = arith.cmpi slt, %n, %c90 : index
      cf.assert %ok, "below ninety"
      return
    }
    func.func @f(%n: index, %done: memref<i64>) -> index {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %one = arith.constant 1 : i64
      scf.parallel (%i) = (%c0) to (%n) step (%c1) {
        func.call @check(%i) : (index) -> ()
      }
      memref.store %one, %done[] : memref<i64>
      return %n : index
    })mlir",
                      options);
  ASSERT_EQ(error, "");
  auto object = emitObject(*module, options);
  ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
  std::string path = getPath();
  ASSERT_EQ(llvm::toString(linkSharedLibrary(llvm::StringRef(*object), path)),
            "");
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  auto f = reinterpret_cast<const char *(*)(void *const *)>(
      dlsym(library, "glu_call_f"));
  int64_t result = 0, n = 90, done = 0;
  struct {
    int64_t *allocated, *aligned, offset;
  } memref = {&done, &done, 0};
  void *arguments[] = {&result, &n, &memref};
  EXPECT_EQ(f(arguments), nullptr);
  EXPECT_EQ(result, 90);
  EXPECT_EQ(done, 1);
  done = 0;
  for (n = 91; n < 1000; n += 101) {
    EXPECT_STREQ(f(arguments),
                 "an assertion of the program failed: below ninety");
    EXPECT_EQ(done, 0);
  }
  dlclose(library);
}

TEST_F(Artifact, ChecksOfSizes) {
  auto emit = [&](llvm::StringRef text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    auto object = emitChecks(*module, "f");
    EXPECT_TRUE(bool(object)) << llvm::toString(object.takeError());
    return *object;
  };
  // Nothing can fail.
  EXPECT_EQ(emit(R"mlir(
    func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
      %0 = arith.addf %x, %x : tensor<?xf32>
      return %0 : tensor<?xf32>
    })mlir"),
            "");
  std::string object = emit(R"mlir(
    func.func @f(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
      %0 = linalg.add ins(%x, %y : tensor<?xf32>, tensor<?xf32>)
                      outs(%x : tensor<?xf32>) -> tensor<?xf32>
      return %0 : tensor<?xf32>
    })mlir");
  std::string path = getPath();
  ASSERT_EQ(llvm::toString(linkSharedLibrary(llvm::StringRef(object), path)),
            "");
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  auto check = reinterpret_cast<const char *(*)(void *const *)>(
      dlsym(library, "glu_call_f.check"));
  ASSERT_TRUE(check);
  // It does not look at elements.
  struct {
    float *allocated = nullptr, *aligned = nullptr;
    int64_t offset = 0, size = 4, stride = 1;
  } x, y;
  void *arguments[] = {&x, &y};
  EXPECT_EQ(check(arguments), nullptr);
  y.size = 3;
  ASSERT_TRUE(check(arguments));
  EXPECT_THAT(check(arguments),
              HasSubstr("the shapes of the arguments do not fit together"));
  dlclose(library);
}

TEST_F(Artifact, LibrariesOnlyIfUsed) {
  auto needs = [&](llvm::StringRef text, int64_t threads) {
    ArtifactOptions options;
    options.threads = threads;
    auto module = lower(text, options);
    EXPECT_EQ(error, "");
    auto object = emitObject(*module, options);
    EXPECT_TRUE(bool(object));
    std::string path = getPath();
    EXPECT_EQ(llvm::toString(linkSharedLibrary(llvm::StringRef(*object), path)),
              "");
    return llvm::cantFail(
               llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(path)))
        ->getBuffer()
        .str();
  };
  std::string plain =
      needs("func.func @f(%x: f32) -> f32 { return %x : f32 }", 1);
  EXPECT_THAT(plain, Not(HasSubstr("libm.so")));
  EXPECT_THAT(plain, Not(HasSubstr("libomp.so")));
  std::string math = needs(R"mlir(func.func @f(%x: f32) -> f32 {
      %0 = math.sinh %x : f32
      return %0 : f32
    })mlir",
                           1);
  EXPECT_THAT(math, HasSubstr("libm.so.6"));
  std::string threads = needs(R"mlir(
    func.func @f(%x: tensor<512x64xf32>, %w: tensor<64x512xf32>)
        -> tensor<512x512xf32> {
      %c = arith.constant 0.0 : f32
      %0 = tensor.empty() : tensor<512x512xf32>
      %1 = linalg.fill ins(%c : f32) outs(%0 : tensor<512x512xf32>)
        -> tensor<512x512xf32>
      %2 = linalg.matmul ins(%x, %w : tensor<512x64xf32>, tensor<64x512xf32>)
        outs(%1 : tensor<512x512xf32>) -> tensor<512x512xf32>
      return %2 : tensor<512x512xf32>
    })mlir",
                              2);
  EXPECT_THAT(threads, HasSubstr("libomp.so.5"));
}

TEST_F(Artifact, OtherChips) {
  constexpr const char *text = R"mlir(
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
      %0 = arith.addf %x, %x : tensor<8xf32>
      return %0 : tensor<8xf32>
    })mlir";
  for (llvm::StringRef cpu : {"sapphirerapids", "znver5", "neoverse-v2"}) {
    ArtifactOptions options;
    options.targetCPU = cpu.str();
    auto module = lower(text, options);
    ASSERT_EQ(error, "");
    auto ir = emitLLVMIR(*module, options);
    ASSERT_TRUE(bool(ir)) << llvm::toString(ir.takeError());
    EXPECT_THAT(*ir, HasSubstr("\"target-cpu\"=\"" + cpu.str() + "\""));
    EXPECT_THAT(*ir, ContainsRegex("define [a-z ]*ptr @glu_call_f\\(ptr"));
    auto assembly = emitAssembly(*module, options);
    ASSERT_TRUE(bool(assembly)) << llvm::toString(assembly.takeError());
    EXPECT_THAT(*assembly, HasSubstr("glu_call_f:"));
    auto object = emitObject(*module, options);
    ASSERT_TRUE(bool(object)) << llvm::toString(object.takeError());
    EXPECT_EQ(
        llvm::toString(linkSharedLibrary(llvm::StringRef(*object), getPath())),
        "");
  }
}

/// Kernels compute with bf16 on chips that have no instructions for it.
TEST_F(Artifact, EmulatedKernelsOfNarrowFloats) {
  ArtifactOptions options;
  options.targetCPU = "x86-64-v3";
  options.chip = "sm_70";
  options.emulate = true;
  auto module = lower(R"mlir(
func.func @f(%x: tensor<33x39xbf16>, %w: tensor<71x39xbf16>, %b: tensor<71xbf16>,
             %y: tensor<33x71xf32>) -> tensor<33x71xf32> {
  %r = glu.gated_projection silu gate(%x, %w, %b : tensor<33x39xbf16>, tensor<71x39xbf16>, tensor<71xbf16>)
         value(%x, %w : tensor<33x39xbf16>, tensor<71x39xbf16>) outs(%y : tensor<33x71xf32>)
         attributes {indexing_maps = [
           affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n)>,
           affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]}
         -> tensor<33x71xf32>
  return %r : tensor<33x71xf32>
})mlir",
                      options);
  ASSERT_EQ(error, "");
  auto object = emitObject(*module, options);
  ASSERT_TRUE(static_cast<bool>(object));
  EXPECT_EQ(
      llvm::toString(linkSharedLibrary(llvm::StringRef(*object), getPath())),
      "");
}

TEST_F(Artifact, Errors) {
  constexpr const char *text =
      "func.func @f(%x: f32) -> f32 { return %x : f32 }";
  ArtifactOptions options;
  options.targetCPU = "z80";
  lower(text, options);
  EXPECT_THAT(error, HasSubstr("unknown target 'z80'"));
  options = {};
  options.entry = "g";
  lower(text, options);
  EXPECT_THAT(error, HasSubstr("no public function 'g'"));
  lower("func.func private @f()");
  EXPECT_THAT(error, HasSubstr("there is no public function"));

  auto module = lower(R"mlir(
    func.func private @elsewhere(f32) -> f32
    func.func @f(%x: f32) -> f32 {
      %0 = call @elsewhere(%x) : (f32) -> f32
      return %0 : f32
    })mlir");
  ASSERT_EQ(error, "");
  EXPECT_THAT(messageOf(emitObject(*module)),
              HasSubstr("function 'elsewhere' is called and has no body"));

  auto raw = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_NE(messageOf(emitObject(*raw)), "");
  EXPECT_THAT(llvm::toString(linkSharedLibrary(llvm::StringRef("no"), "x.so")),
              HasSubstr("not an ELF object"));
  EXPECT_THAT(llvm::toString(linkSharedLibrary({}, "x.so")),
              HasSubstr("there is no object"));

  module = lower(text);
  auto object = emitObject(*module);
  ASSERT_TRUE(bool(object));
  EXPECT_THAT(llvm::toString(linkSharedLibrary(llvm::StringRef(*object),
                                               "/no/such/folder/x.so")),
              HasSubstr("/no/such/folder/x.so"));
  // The linker runs again after an error.
  EXPECT_EQ(
      llvm::toString(linkSharedLibrary(llvm::StringRef(*object), getPath())),
      "");
}

} // namespace
