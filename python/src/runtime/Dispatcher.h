//===- Dispatcher.h - From arrays to plans ----------------------*- C++ -*-===//

#ifndef GLU_PYTHON_RUNTIME_DISPATCHER_H
#define GLU_PYTHON_RUNTIME_DISPATCHER_H

#include "Plan.h"

#include <unordered_map>

namespace glu::python {

/// Remembers which plan belongs to which options and layouts.
class Dispatcher {
public:
  /// `names` are those of the arrays of a call, in order, for messages; the
  /// last one is where the result goes. `planner(options, layouts)` makes the
  /// plan for a call that is not known yet: a layout is None or a tuple (dtype,
  /// sizes, strides, library, read-only).
  Dispatcher(nb::object planner, std::vector<std::string> names);

  /// Runs the plan for `options` (hashable) on `arrays`, of which some may be
  /// None; gives the result.
  nb::object call(nb::tuple options, nb::tuple arrays);

  /// Forgets all plans.
  void clear() { plans.clear(); }
  size_t size() const { return plans.size(); }

private:
  struct Key {
    nb::object options;
    std::string layouts; ///< Types, sizes and strides, as bytes.
    size_t hash;
    bool operator==(const Key &other) const;
  };
  struct Hash {
    size_t operator()(const Key &key) const { return key.hash; }
  };
  /// A caller with ever new sizes must not fill the memory.
  static constexpr size_t maxPlans = 4096;

  nb::object planner;
  std::vector<std::string> names;
  std::unordered_map<Key, std::shared_ptr<Plan>, Hash> plans;
};

} // namespace glu::python

#endif // GLU_PYTHON_RUNTIME_DISPATCHER_H
