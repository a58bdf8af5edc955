//===- X86Features.cpp - Where cpuid tells of an extension ----------------===//
//
// From the vendors' manuals: Intel's "Software Developer's Manual", volume 2,
// CPUID; AMD's "Programmer's Manual", volume 3, appendix E.
//
//===----------------------------------------------------------------------===//

#include "glu/Target/X86Features.h"

using namespace glu;

const std::vector<X86Feature> &glu::getX86Features() {
  enum Register : unsigned { eax, ebx, ecx, edx };
  // Bits of XCR0: SSE and AVX registers; AVX-512's three; tiles' two.
  constexpr uint32_t ymm = 0x6, zmm = 0xe6, tiles = 0x60000;
  constexpr uint32_t amd = 0x80000001;
  static const std::vector<X86Feature> features = {
      {"sse3", 1, 0, ecx, 0, 0},
      {"pclmul", 1, 0, ecx, 1, 0},
      {"ssse3", 1, 0, ecx, 9, 0},
      {"fma", 1, 0, ecx, 12, ymm},
      {"cx16", 1, 0, ecx, 13, 0},
      {"sse4.1", 1, 0, ecx, 19, 0},
      {"sse4.2", 1, 0, ecx, 20, 0},
      {"movbe", 1, 0, ecx, 22, 0},
      {"popcnt", 1, 0, ecx, 23, 0},
      {"aes", 1, 0, ecx, 25, 0},
      {"avx", 1, 0, ecx, 28, ymm},
      {"f16c", 1, 0, ecx, 29, ymm},
      {"bmi", 7, 0, ebx, 3, 0},
      {"avx2", 7, 0, ebx, 5, ymm},
      {"bmi2", 7, 0, ebx, 8, 0},
      {"avx512f", 7, 0, ebx, 16, zmm},
      {"avx512dq", 7, 0, ebx, 17, zmm},
      {"adx", 7, 0, ebx, 19, 0},
      {"avx512ifma", 7, 0, ebx, 21, zmm},
      {"avx512cd", 7, 0, ebx, 28, zmm},
      {"avx512bw", 7, 0, ebx, 30, zmm},
      {"avx512vl", 7, 0, ebx, 31, zmm},
      {"avx512vbmi", 7, 0, ecx, 1, zmm},
      {"avx512vbmi2", 7, 0, ecx, 6, zmm},
      {"gfni", 7, 0, ecx, 8, 0},
      {"vaes", 7, 0, ecx, 9, ymm},
      {"vpclmulqdq", 7, 0, ecx, 10, ymm},
      {"avx512vnni", 7, 0, ecx, 11, zmm},
      {"avx512bitalg", 7, 0, ecx, 12, zmm},
      {"avx512vpopcntdq", 7, 0, ecx, 14, zmm},
      {"avx512vp2intersect", 7, 0, edx, 8, zmm},
      {"amx-bf16", 7, 0, edx, 22, tiles},
      {"avx512fp16", 7, 0, edx, 23, zmm},
      {"amx-tile", 7, 0, edx, 24, tiles},
      {"amx-int8", 7, 0, edx, 25, tiles},
      {"avxvnni", 7, 1, eax, 4, ymm},
      {"avx512bf16", 7, 1, eax, 5, zmm},
      {"amx-fp16", 7, 1, eax, 21, tiles},
      {"lzcnt", amd, 0, ecx, 5, 0},
      {"sse4a", amd, 0, ecx, 6, 0},
      {"xop", amd, 0, ecx, 11, ymm},
      {"fma4", amd, 0, ecx, 16, ymm},
      {"tbm", amd, 0, ecx, 21, 0},
  };
  return features;
}

const X86Feature *glu::lookupX86Feature(std::string_view name) {
  for (const X86Feature &feature : getX86Features())
    if (feature.name == name)
      return &feature;
  return nullptr;
}
