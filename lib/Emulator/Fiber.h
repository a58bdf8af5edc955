//===- Fiber.h - A thread that is switched to by hand -----------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_FIBER_H
#define GLU_LIB_EMULATOR_FIBER_H

#include <cstddef>
#include <vector>

namespace glu {

/// A stack and where on it to go on.
struct Fiber {
  void *stackPointer = nullptr;
};

/// Leaves `from` and goes on with `to`.
void switchFiber(Fiber &from, Fiber &to);

/// Stacks of fibers, each above a page that nobody may touch. They are used
/// again by the next block.
class FiberStacks {
public:
  FiberStacks() = default;
  FiberStacks(const FiberStacks &) = delete;
  ~FiberStacks();

  /// A fiber on stack `number` that starts with `function(argument)`, which
  /// must not return.
  Fiber start(size_t number, void (*function)(void *), void *argument);
  /// Whether the bytes lie on stack `number`.
  bool contains(size_t number, const void *pointer, size_t bytes) const;

private:
  static constexpr size_t stackBytes = 256 << 10, guardBytes = 4096;
  std::vector<char *> stacks;
};

/// Stacks outlive launches: a kernel of few instructions should not pay for the
/// pages of 1024 of them.
FiberStacks &getFiberStacks();

} // namespace glu

#endif // GLU_LIB_EMULATOR_FIBER_H
