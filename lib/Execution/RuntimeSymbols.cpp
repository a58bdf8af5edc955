//===- RuntimeSymbols.cpp - Functions that compiled code calls ------------===//

#include "RuntimeSymbols.h"
#include "glu/Execution/SoftFloat.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
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

/// Where a failed assertion goes to, and its message; of the thread that called
/// the compiled code.
static thread_local std::jmp_buf *failureTarget = nullptr;
static thread_local std::string failureMessage;

/// In the place of `puts`: the message of a failing assertion.
static int recordMessage(const char *text) {
  failureMessage = text;
  return 0;
}

/// In the place of `abort`, after the message.
[[noreturn]] static void failAssertion() {
  if (failureTarget)
    std::longjmp(*failureTarget, 1);
  // A thread of a parallel region has nowhere to go to.
  std::fprintf(stderr, "assertion failed in a thread: %s\n",
               failureMessage.c_str());
  _exit(2);
}

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
  add("puts", recordMessage);
  add("abort", failAssertion);
}

/// The sentence in the message of a runtime check, which upstream's
/// verification spreads over lines: the operation, "^ what is wrong", and
/// "Location: loc(...)".
static std::string getSentence(llvm::StringRef message) {
  auto [before, reason] = message.split("\n^ ");
  if (reason.empty())
    return "an assertion of the program failed: " + message.str();
  auto [what, rest] = reason.split('\n');
  auto [ignored, location] = rest.split("loc(");
  location.consume_back(")");
  std::string where = location.str();
  where.erase(std::remove(where.begin(), where.end(), '"'), where.end());
  llvm::StringRef op = before.substr(before.rfind('\n') + 1);
  return "the shapes of the arguments do not fit together: " + what.str() +
         (where.empty() ? "" : ", at " + where) + ": " + op.trim().str();
}

llvm::Error glu::runCatchingAssertions(llvm::function_ref<void()> body) {
  std::jmp_buf target;
  std::jmp_buf *outer = failureTarget;
  if (setjmp(target) == 0) {
    failureTarget = &target;
    body();
    failureTarget = outer;
    return llvm::Error::success();
  }
  failureTarget = outer;
  return llvm::createStringError(getSentence(failureMessage));
}
