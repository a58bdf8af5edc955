//===- Registers.h - How many registers threads may use ---------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_REGISTERS_H
#define GLU_LIB_EMULATOR_REGISTERS_H

#include <cstdint>
#include <vector>

namespace glu {

struct FunctionVisitor;

/// What warps of a block have given back, in registers of a thread, and who
/// waits for some.
struct RegisterPool {
  uint32_t free = 0;
  std::vector<uint32_t> waiting;
};

void visitRegisterFunctions(const FunctionVisitor &add);

} // namespace glu

#endif // GLU_LIB_EMULATOR_REGISTERS_H
