//===- Fingerprint.cpp - Which machine compiled code is for ---------------===//

#include "Fingerprint.h"

#include <cstdint>
#include <cstdio>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#endif

static void append(std::string &text, uint64_t number) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%llx.", (unsigned long long)(number));
  text += digits;
}

std::string glu::python::getMachineFingerprint() {
  std::string text;
#if defined(__x86_64__)
  unsigned a, b, c, d;
  // Family, model and stepping; the features, but not the number of the core
  // that this happens to run on (in EBX of leaf 1).
  if (__get_cpuid(1, &a, &b, &c, &d)) {
    append(text, a);
    append(text, c);
    append(text, d);
    constexpr unsigned systemSavesRegisters = 1u << 27;
    if (c & systemSavesRegisters) {
      unsigned low, high;
      __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
      append(text, low);
    }
  }
  for (unsigned leaf : {0u, 1u})
    if (__get_cpuid_count(7, leaf, &a, &b, &c, &d))
      for (unsigned part : {a, b, c, d})
        append(text, part);
#elif defined(__linux__)
  append(text, getauxval(AT_HWCAP));
  append(text, getauxval(AT_HWCAP2));
#endif
  return text;
}
