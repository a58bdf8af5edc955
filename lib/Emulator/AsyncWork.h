//===- AsyncWork.h - What goes on beside the threads ------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_ASYNCWORK_H
#define GLU_LIB_EMULATOR_ASYNCWORK_H

#include <functional>
#include <random>
#include <vector>

namespace glu {

/// Steps of copies and products that nobody waits for: they are done at once,
/// some time later, or when nothing else can go on, by lot.
class AsyncWork {
public:
  explicit AsyncWork(std::mt19937_64 &random) : random(random) {}

  /// Draws how eager the units are from here on.
  void reset();
  void start(std::function<void()> step);
  /// Before a thread goes on.
  void doSome();
  /// When none can; false if there is nothing to do.
  bool doOne();

private:
  void doStep(std::vector<std::function<void()>> &steps, size_t number);

  enum Pace { Early, Late, Mixed };
  Pace pace = Mixed;
  std::mt19937_64 &random;
  std::vector<std::function<void()>> soon, late;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_ASYNCWORK_H
