//===- X86Features.h - Where cpuid tells of an extension --------*- C++ -*-===//
//
// For code that asks the chip it runs on. Uses neither MLIR nor LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_TARGET_X86FEATURES_H
#define GLU_TARGET_X86FEATURES_H

#include <cstdint>
#include <string_view>
#include <vector>

namespace glu {

/// An instruction set extension of x86-64: the bit of `cpuid` that says that
/// the chip has it, and the registers that the system must save for it.
struct X86Feature {
  /// LLVM's name.
  std::string_view name;
  /// What `cpuid` is asked, eax and ecx.
  uint32_t leaf, subleaf;
  /// Where it answers: 0 to 3 for eax, ebx, ecx, edx, and the bit.
  unsigned reg, bit;
  /// The bits of XCR0 that must be set too; 0 if none.
  uint32_t state;
};

/// The extensions that LLVM uses for code that does not ask for them by name,
/// beyond what every x86-64 has.
const std::vector<X86Feature> &getX86Features();

/// The extension of that name, or null.
const X86Feature *lookupX86Feature(std::string_view name);

} // namespace glu

#endif // GLU_TARGET_X86FEATURES_H
