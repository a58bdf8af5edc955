//===- Fiber.cpp - A thread that is switched to by hand -------------------===//
//
// POSIX's swapcontext asks the system twice for each switch; a kernel makes
// millions.
//
//===----------------------------------------------------------------------===//

#include "Fiber.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>

using namespace glu;

// glu_switch_fiber(void **from, void *to): saves what a function must preserve
// on the stack, and loads it from the other one. A new fiber's stack holds its
// function and argument where these registers are loaded from; glu_enter_fiber
// calls it.
#if defined(__x86_64__)
asm(R"(
.text
.hidden glu_switch_fiber
.globl glu_switch_fiber
.type glu_switch_fiber, @function
glu_switch_fiber:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size glu_switch_fiber, .-glu_switch_fiber
.hidden glu_enter_fiber
.globl glu_enter_fiber
.type glu_enter_fiber, @function
glu_enter_fiber:
  movq %r12, %rdi
  callq *%rbx
  ud2
.size glu_enter_fiber, .-glu_enter_fiber
)");
// r15, r14, r13, r12 = argument, rbx = function, rbp, return address, and what
// makes the stack a multiple of 16 at the call.
enum { savedWords = 9, argumentWord = 3, functionWord = 4, returnWord = 6 };
#elif defined(__aarch64__)
asm(R"(
.text
.hidden glu_switch_fiber
.globl glu_switch_fiber
.type glu_switch_fiber, @function
glu_switch_fiber:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size glu_switch_fiber, .-glu_switch_fiber
.hidden glu_enter_fiber
.globl glu_enter_fiber
.type glu_enter_fiber, @function
glu_enter_fiber:
  mov x0, x19
  blr x20
  brk #1
.size glu_enter_fiber, .-glu_enter_fiber
)");
// x19 = argument, x20 = function, ..., x30 = return address.
enum { savedWords = 20, argumentWord = 0, functionWord = 1, returnWord = 11 };
#else
#error "the emulator has no switch between fibers for this instruction set"
#endif

// AddressSanitizer's, where it is: frames that were left for good stay
// poisoned.
// NOLINTBEGIN(readability-identifier-naming): names of C and of assembly.
extern "C" __attribute__((weak)) void
__asan_unpoison_memory_region(const volatile void *address, size_t size);

extern "C" void glu_switch_fiber(void **from, void *to);
extern "C" void glu_enter_fiber();
// NOLINTEND(readability-identifier-naming)

void glu::switchFiber(Fiber &from, Fiber &to) {
  glu_switch_fiber(&from.stackPointer, to.stackPointer);
}

FiberStacks::~FiberStacks() {
  for (char *stack : stacks)
    munmap(stack, guardBytes + stackBytes);
}

Fiber FiberStacks::start(size_t number, void (*function)(void *),
                         void *argument) {
  while (stacks.size() <= number) {
    void *stack = mmap(nullptr, guardBytes + stackBytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) {
      std::perror("emulator: no memory for stacks");
      std::abort();
    }
    mprotect(stack, guardBytes, PROT_NONE);
    stacks.push_back(static_cast<char *>(stack));
  }
  // Mapped anew it is as if nobody had been there; asking for that in words
  // does nothing where poisoning by users is off, as LLVM's allocators want it.
  if (__asan_unpoison_memory_region)
    mmap(stacks[number] + guardBytes, stackBytes, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  char *top = stacks[number] + guardBytes + stackBytes;
  auto **words = reinterpret_cast<void **>(top) - savedWords;
  for (size_t i = 0; i < savedWords; ++i)
    words[i] = nullptr;
  words[argumentWord] = argument;
  words[functionWord] = reinterpret_cast<void *>(function);
  words[returnWord] = reinterpret_cast<void *>(glu_enter_fiber);
  return {words};
}

bool FiberStacks::contains(size_t number, const void *pointer,
                           size_t bytes) const {
  const char *begin = stacks[number] + guardBytes;
  auto *address = static_cast<const char *>(pointer);
  return address >= begin && address + bytes <= begin + stackBytes;
}

FiberStacks &glu::getFiberStacks() {
  static FiberStacks stacks;
  return stacks;
}
