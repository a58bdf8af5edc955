//===- Functions.h - What rewritten kernels call ----------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_FUNCTIONS_H
#define GLU_LIB_EMULATOR_FUNCTIONS_H

namespace glu {

/// Takes functions by name, as forEachEmulatorFunction's caller does.
struct FunctionVisitor {
  void (*visit)(const char *name, void *address, void *data);
  void *data;

  template <typename Function>
  void operator()(const char *name, Function *address) const {
    visit(name, reinterpret_cast<void *>(address), data);
  }
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_FUNCTIONS_H
