//===- Module.cpp - glu._compiler: makes compiled code --------------------===//

#include "Compiler.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>

namespace nb = nanobind;
using namespace nanobind::literals;
using namespace glu::python;

NB_MODULE(_compiler, module) {
  module.doc() = "Compiles IR to kernels: MLIR and LLVM are in here.";
  module.attr("llvm_version") = GLU_LLVM_VERSION;

  nb::class_<Compilation>(module, "Compilation", "What came of a compilation.")
      .def_prop_ro("code",
                   [](const Compilation &self) {
                     return nb::bytes(self.code.data(), self.code.size());
                   })
      .def_ro("functions", &Compilation::functions)
      .def_ro("stages", &Compilation::stages)
      .def_ro("remarks", &Compilation::remarks)
      .def_ro("schedules", &Compilation::schedules);

  module.def(
      "compile",
      [](std::string text, std::string fileName, std::string entry,
         std::string targetCPU, int64_t threads, bool outlinePacking,
         bool knowsArguments,
         std::vector<std::tuple<unsigned, unsigned, int64_t>> dims, bool record,
         std::string chip, bool emulate) {
        CompileOptions options{std::move(text),  std::move(fileName),
                               std::move(entry), std::move(targetCPU),
                               threads,          outlinePacking,
                               knowsArguments,   std::move(dims),
                               record,           std::move(chip),
                               emulate};
        Compilation result;
        std::string error;
        bool done;
        {
          nb::gil_scoped_release release;
          done = compile(options, result, error);
        }
        if (!done)
          throw std::runtime_error(error);
        return result;
      },
      "text"_a, "file_name"_a = "<text>", "entry"_a = "",
      "target_cpu"_a = "host", "threads"_a = 1, "outline_packing"_a = false,
      "knows_arguments"_a = false,
      "dims"_a = std::vector<std::tuple<unsigned, unsigned, int64_t>>(),
      "record"_a = false, "chip"_a = "", "emulate"_a = false,
      "Compiles a function of IR text; RuntimeError holds MLIR's diagnostics.");

  module.def("gating_table", &getGatingTable,
             "The named gating functions and their parameters' defaults.");
}
