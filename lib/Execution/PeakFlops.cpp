//===- PeakFlops.cpp - What the chip can do at most -----------------------===//
//
// A loop of independent multiply-adds that never leave the registers, compiled
// for each vector width that x86 chips have; the widest one of this machine
// runs.
//
//===----------------------------------------------------------------------===//

#include "glu/Execution/PeakFlops.h"
#include "glu/Target/Target.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace glu;

namespace {
/// A loop of `steps` rounds; returns the floating-point operations of a round.
using Kernel = int64_t (*)(int64_t steps);
} // namespace

#if defined(__x86_64__)
#define GLU_REGISTER "+v"
#define GLU_REGISTER_SSE "+x"
#else
#define GLU_REGISTER "+w"
#define GLU_REGISTER_SSE "+w"
#endif

// The accumulators are independent, enough of them to hide the latency of the
// multiply-adds, and few enough to stay in registers. The empty assembly keeps
// the compiler from folding the loop and from vectorising it in another way.
#define GLU_PEAK_KERNEL(NAME, TARGET, SCALAR, BYTES, COUNT, CONSTRAINT)        \
  TARGET static int64_t NAME(int64_t steps) {                                  \
    typedef SCALAR Vector __attribute__((vector_size(BYTES)));                 \
    Vector sums[COUNT], a = {}, b = {};                                        \
    for (Vector &sum : sums)                                                   \
      sum = Vector{};                                                          \
    __asm__ volatile("" : CONSTRAINT(a), CONSTRAINT(b));                       \
    for (int64_t step = 0; step < steps; ++step) {                             \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < COUNT; ++i)       \
          sums[i] = __builtin_elementwise_fma(a, b, sums[i]);                  \
      _Pragma(                                                                 \
          "clang loop unroll(full)") for (int i = 0; i < COUNT;                \
                                          ++i) __asm__ volatile("" :           \
                                                                CONSTRAINT(    \
                                                                    sums[i])); \
    }                                                                          \
    return 2 * COUNT * (BYTES / sizeof(SCALAR));                               \
  }

#if defined(__x86_64__)
GLU_PEAK_KERNEL(peak512f32, __attribute__((target("avx512f"))), float, 64, 24,
                GLU_REGISTER)
GLU_PEAK_KERNEL(peak512f64, __attribute__((target("avx512f"))), double, 64, 24,
                GLU_REGISTER)
GLU_PEAK_KERNEL(peak256f32, __attribute__((target("avx2,fma"))), float, 32, 12,
                GLU_REGISTER_SSE)
GLU_PEAK_KERNEL(peak256f64, __attribute__((target("avx2,fma"))), double, 32, 12,
                GLU_REGISTER_SSE)

// Before FMA: a multiplication and an addition, on both of which a chip can
// work at a time.
#define GLU_PEAK_KERNEL_SSE(NAME, SCALAR)                                      \
  static int64_t NAME(int64_t steps) {                                         \
    typedef SCALAR Vector __attribute__((vector_size(16)));                    \
    Vector sums[12], a = {}, b = {};                                           \
    for (Vector &sum : sums)                                                   \
      sum = Vector{};                                                          \
    for (int64_t step = 0; step < steps; ++step)                               \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < 12; ++i) {        \
        __asm__ volatile("" : "+x"(a), "+x"(b), "+x"(sums[i]));                \
        sums[i] += a * b;                                                      \
      }                                                                        \
    return 2 * 12 * (16 / sizeof(SCALAR));                                     \
  }
GLU_PEAK_KERNEL_SSE(peak128f32, float)
GLU_PEAK_KERNEL_SSE(peak128f64, double)
#else
GLU_PEAK_KERNEL(peak128f32, , float, 16, 24, GLU_REGISTER)
GLU_PEAK_KERNEL(peak128f64, , double, 16, 24, GLU_REGISTER)
#endif

static Kernel chooseKernel(bool isDouble) {
#if defined(__x86_64__)
  Target host = probeHost();
  if (host.has(FeatureAVX512))
    return isDouble ? peak512f64 : peak512f32;
  if (host.has(FeatureAVX2 | FeatureFMA))
    return isDouble ? peak256f64 : peak256f32;
#endif
  return isDouble ? peak128f64 : peak128f32;
}

double glu::measurePeakGFlops(ElementType type, unsigned threads) {
  using Clock = std::chrono::steady_clock;
  Kernel kernel = chooseKernel(type == ElementType::Float64);
  constexpr int64_t steps = 1 << 18;
  constexpr int runs = 12;
  double best = 0;
  for (int run = 0; run < runs; ++run) {
    // All threads start together; the time is that of the slowest.
    std::atomic<unsigned> waiting{threads};
    std::vector<Clock::time_point> starts(threads), ends(threads);
    std::atomic<int64_t> operations{0};
    auto work = [&](unsigned thread) {
      --waiting;
      while (waiting > 0)
        std::this_thread::yield();
      starts[thread] = Clock::now();
      int64_t perStep = kernel(steps);
      ends[thread] = Clock::now();
      operations += perStep * steps;
    };
    std::vector<std::thread> others;
    for (unsigned thread = 1; thread < threads; ++thread)
      others.emplace_back(work, thread);
    work(0);
    for (std::thread &other : others)
      other.join();
    std::chrono::duration<double> seconds =
        *llvm::max_element(ends) - *llvm::min_element(starts);
    best = std::max(best, double(operations) / seconds.count() * 1e-9);
  }
  return best;
}
