//===- RuntimeSymbols.cpp - Functions that compiled code calls ------------===//

#include "RuntimeSymbols.h"
#include "glu/Execution/SoftFloat.h"

#include <cstdio>
#include <cstring>
#include <unistd.h>

using namespace glu;

// The calling convention of two-byte floats is that of the types themselves;
// only their bits are touched here.
using Half = _Float16;
using BFloat = __bf16;

template <typename To>
static To fromBits(uint16_t bits) {
  To value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

template <typename From>
static uint16_t toBits(From value) {
  uint16_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

static float extendHalf(Half value) { return fromHalf(toBits(value)); }
static Half truncateToHalf(float value) {
  return fromBits<Half>(toHalf(value));
}
static Half truncateDoubleToHalf(double value) {
  return fromBits<Half>(toHalf(value));
}
static BFloat truncateToBFloat(float value) {
  return fromBits<BFloat>(toBFloat(value));
}
static BFloat truncateDoubleToBFloat(double value) {
  return fromBits<BFloat>(toBFloat(value));
}

/// In the place of `puts` and `abort`: what `glu-return-failures` left, and
/// what the program calls itself.
static int printError(const char *text) {
  return std::fprintf(stderr, "%s\n", text);
}
[[noreturn]] static void endProcess() { _exit(2); }

static thread_local int64_t flopCount = 0;

static void countFlops(int64_t flops) { flopCount += flops; }

FlopCount::FlopCount() { flopCount = 0; }

int64_t FlopCount::get() const { return flopCount; }

void glu::forEachRuntimeSymbol(
    llvm::function_ref<void(llvm::StringRef, void *)> function) {
  auto add = [&](llvm::StringRef name, auto *address) {
    function(name, reinterpret_cast<void *>(address));
  };
  add("__extendhfsf2", extendHalf);
  add("__truncsfhf2", truncateToHalf);
  add("__truncdfhf2", truncateDoubleToHalf);
  add("__truncsfbf2", truncateToBFloat);
  add("__truncdfbf2", truncateDoubleToBFloat);
  add("_mlir_ciface_glu_count_flops", countFlops);
  add("puts", printError);
  add("abort", endProcess);
}
