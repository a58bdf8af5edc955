//===- Dispatcher.cpp - From arrays to plans ------------------------------===//

#include "Dispatcher.h"

#include <nanobind/stl/shared_ptr.h>

#include <cstring>

using namespace glu::python;

Dispatcher::Dispatcher(nb::object planner, std::vector<std::string> names)
    : planner(std::move(planner)), names(std::move(names)) {}

bool Dispatcher::Key::operator==(const Key &other) const {
  if (hash != other.hash || layouts != other.layouts)
    return false;
  int equal =
      PyObject_RichCompareBool(options.ptr(), other.options.ptr(), Py_EQ);
  PyErr_Clear(); // What cannot be compared is not equal.
  return equal == 1;
}

/// Everything about the array that a plan depends on.
static void append(std::string &key, const ArrayView &view) {
  char head[] = {char(1 + view.rank), char(view.type), char(view.library),
                 char(view.readOnly)};
  key.append(head, sizeof(head));
  key.append(reinterpret_cast<const char *>(view.sizes),
             view.rank * sizeof(int64_t));
  key.append(reinterpret_cast<const char *>(view.strides),
             view.rank * sizeof(int64_t));
}

static nb::object describe(const ArrayView &view) {
  if (!view.owner.is_valid())
    return nb::none();
  return nb::make_tuple(getName(view.type), makeTuple(view.sizes, view.rank),
                        makeTuple(view.strides, view.rank),
                        getName(view.library), view.readOnly);
}

nb::object Dispatcher::call(nb::tuple options, nb::tuple arrays) {
  size_t count = names.size();
  if (arrays.size() != count)
    throw nb::type_error("as many arrays as names are expected");
  constexpr size_t maxArrays = Plan::maxArrays;
  if (count > maxArrays)
    throw std::length_error("too many arrays");
  ArrayView views[maxArrays];
  Key key;
  key.layouts.reserve(256);
  for (size_t i = 0; i < count; ++i) {
    nb::handle array = PyTuple_GET_ITEM(arrays.ptr(), Py_ssize_t(i));
    if (array.is_none()) {
      key.layouts.push_back(0);
      continue;
    }
    views[i] = ArrayView::get(array, names[i].c_str());
    append(key.layouts, views[i]);
  }
  Py_hash_t hash = PyObject_Hash(options.ptr());
  if (hash == -1)
    nb::raise_python_error();
  key.hash = size_t(hash) ^ std::hash<std::string>()(key.layouts);
  key.options = std::move(options);

  std::shared_ptr<Plan> plan;
  auto found = plans.find(key);
  if (found != plans.end()) {
    plan = found->second;
  } else {
    nb::object layouts = nb::steal(PyTuple_New(Py_ssize_t(count)));
    for (size_t i = 0; i < count; ++i)
      PyTuple_SET_ITEM(layouts.ptr(), Py_ssize_t(i),
                       describe(views[i]).release().ptr());
    plan = nb::cast<std::shared_ptr<Plan>>(planner(key.options, layouts));
    if (plans.size() >= maxPlans)
      plans.clear();
    plans.emplace(std::move(key), plan);
  }
  nb::handle out = PyTuple_GET_ITEM(arrays.ptr(), Py_ssize_t(count) - 1);
  return plan->run(views, int(count), out, names);
}
