//===- Module.cpp - glu._runtime: runs compiled code ----------------------===//
//
// Knows nothing of the compiler: arrays in, code from bytes, calls.
//
//===----------------------------------------------------------------------===//

#include "Dispatcher.h"
#include "Fingerprint.h"
#include "Function.h"
#include "XLAHandler.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

using namespace glu::python;
using namespace nanobind::literals;

/// (element type, is a number, is a memref, sizes), as Python gives it.
using TypeTuple = std::tuple<std::string, bool, bool, std::vector<int64_t>>;

static std::vector<ValueType> getTypes(const std::vector<TypeTuple> &tuples) {
  std::vector<ValueType> types;
  for (const auto &[element, isScalar, isMemRef, sizes] : tuples)
    types.push_back({getDType(element), isScalar, isMemRef, sizes});
  return types;
}

/// (source, sizes, strides) of each argument, as Python gives them.
using Arguments =
    std::vector<std::tuple<int, std::vector<int64_t>, std::vector<int64_t>>>;

static Call makeCall(const Kernel &kernel, const Arguments &arguments) {
  Call call(kernel);
  for (const auto &[source, sizes, strides] : arguments)
    call.addArgument(source, sizes, strides);
  return call;
}

/// (element type, sizes) of each buffer, as Python gives them.
using Buffers = std::vector<std::tuple<std::string, std::vector<int64_t>>>;

static XLACall makeXLACall(const Kernel &kernel, const Arguments &arguments,
                           const Buffers &tuples) {
  std::vector<XLABuffer> buffers;
  for (const auto &[type, sizes] : tuples)
    buffers.push_back({getDType(type), sizes});
  return {makeCall(kernel, arguments), std::move(buffers)};
}

/// `make(kernel, options)` in Python.
static XLACall callMaker(nb::handle make, const XLACallText &text) {
  nb::gil_scoped_acquire acquire;
  try {
    nb::object made = make(text.kernel, text.options);
    auto [kernel, arguments, buffers] =
        nb::cast<std::tuple<Kernel, Arguments, Buffers>>(made);
    return makeXLACall(kernel, arguments, buffers);
  } catch (nb::python_error &error) {
    // Its own text needs Python's lock.
    throw std::runtime_error(nb::str(error.value()).c_str());
  } catch (nb::cast_error &) {
    throw std::invalid_argument("its options are none of a kernel");
  }
}

NB_MODULE(_runtime, module) {
  // Plans are kept by modules, which Python does not tidy up at its end.
  nb::set_leak_warnings(false);
  module.doc() = "Runs compiled kernels on arrays; needs no compiler.";

  nb::class_<Library>(module, "Library", "Compiled code in this process.")
      .def_static(
          "load",
          [](nb::bytes bytes) {
            return Library::load({bytes.c_str(), bytes.size()});
          },
          "bytes"_a,
          "Loads the bytes of a shared library. They are trusted: check them "
          "first.");

  nb::class_<Kernel>(module, "Kernel", "A function of a library.")
      .def(nb::init<std::shared_ptr<Library>, const std::string &>(),
           "library"_a, "name"_a);

  nb::class_<GPU>(module, "GPU", "Loaded code that launches kernels.")
      .def(nb::init<std::shared_ptr<Library>, bool>(), "library"_a,
           "is_emulated"_a)
      .def("load", &GPU::load, nb::call_guard<nb::gil_scoped_release>(),
           "Loads the kernels; RuntimeError if there is no GPU.");

  nb::class_<Plan>(module, "Plan",
                   "A kernel for arrays of certain types, sizes and strides.")
      .def(
          "__init__",
          [](Plan *self, const Kernel &kernel, const Arguments &arguments,
             nb::object allocate, nb::object finish) {
            new (self) Plan(makeCall(kernel, arguments), std::move(allocate),
                            std::move(finish));
          },
          "kernel"_a, "arguments"_a, "allocate"_a, "finish"_a.none());

  nb::class_<Dispatcher>(module, "Dispatcher",
                         "Remembers plans by options and layouts.")
      .def(nb::init<nb::object, std::vector<std::string>>(), "planner"_a,
           "names"_a)
      .def("__call__", &Dispatcher::call, "options"_a, "arrays"_a)
      .def("__len__", &Dispatcher::size)
      .def("clear", &Dispatcher::clear);

  nb::class_<Function>(module, "Function",
                       "A compiled function with checked arguments.")
      .def(
          "__init__",
          [](Function *self, const Kernel &kernel,
             const std::vector<TypeTuple> &arguments,
             const std::vector<TypeTuple> &results, std::optional<Kernel> check,
             std::shared_ptr<GPU> gpu) {
            new (self) Function(kernel, getTypes(arguments), getTypes(results),
                                std::move(check), std::move(gpu));
          },
          "kernel"_a, "arguments"_a, "results"_a, "check"_a.none() = nb::none(),
          "gpu"_a.none() = nb::none())
      .def("__call__", &Function::call, "arguments"_a, "stream"_a = 0);

  module.def(
      "layout",
      [](nb::handle array, const std::string &name) {
        ArrayView view = ArrayView::get(array, name.c_str());
        return nb::make_tuple(getName(view.type),
                              makeTuple(view.sizes, view.rank),
                              makeTuple(view.strides, view.rank),
                              getName(view.library), view.readOnly);
      },
      "array"_a, "name"_a = "array",
      "The element type, sizes, strides (in elements), library and whether it "
      "is read-only.");
  module.def(
      "cuda_capsule",
      [](nb::object owner, uint64_t address, const std::string &type,
         std::vector<int64_t> sizes, std::vector<int64_t> strides) {
        return makeCUDACapsule(std::move(owner), address, getDType(type),
                               std::move(sizes), std::move(strides));
      },
      "owner"_a, "address"_a, "type"_a, "sizes"_a, "strides"_a,
      "A DLPack capsule of memory of a CUDA GPU.");
  module.def("synchronize_cuda", &GPU::synchronize, "stream"_a,
             nb::call_guard<nb::gil_scoped_release>(),
             "Waits for what is in a stream of CUDA's.");
  module.def("machine", &getMachineFingerprint,
             "A text that is the same on machines that run the same code.");

  module.def(
      "xla_handler",
      [](nb::object make) {
        // For the life of the process, as the programs that call it.
        setXLACallMaker([make = make.release()](const XLACallText &text) {
          return callMaker(make, text);
        });
        return nb::capsule(getXLAHandler());
      },
      "make"_a,
      "The function for XLA's custom calls of kernels. `make(kernel, "
      "options)`, "
      "with those attributes of a call, gives (Kernel, arguments, buffers) for "
      "calls that this process does not know.");
  module.def(
      "add_xla_call",
      [](const std::string &key, const Kernel &kernel,
         const Arguments &arguments, const Buffers &buffers) {
        addXLACall(key, makeXLACall(kernel, arguments, buffers));
      },
      "key"_a, "kernel"_a, "arguments"_a, "buffers"_a,
      "Keeps the call of a kernel that XLA's programs know by `key`, and that "
      "is "
      "for `buffers`: (element type, sizes) of each input and of the result.");
}
