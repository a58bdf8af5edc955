//===- Compiler.h - From IR text to code, in plain types --------*- C++ -*-===//
//
// The border between MLIR, built without exceptions and RTTI, and Python's
// bindings, which need both. Only types of the standard library cross it.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_PYTHON_COMPILER_COMPILER_H
#define GLU_PYTHON_COMPILER_COMPILER_H

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace glu::python {

/// What to compile, and for what.
struct CompileOptions {
  std::string text;
  /// How locations in `text` are called in messages.
  std::string fileName = "<text>";
  /// The function; empty: the only public one, or @main.
  std::string entry;
  std::string targetCPU = "host";
  int64_t threads = 1;
  /// Whether @entry.pack and @entry.packed are wanted too.
  bool outlinePacking = false;
  /// Whether the caller knows the arguments, which then may have types that
  /// `Compilation::functions` has no words for.
  bool knowsArguments = false;
  /// (argument, dimension, size) of dimensions that are to become static.
  std::vector<std::tuple<unsigned, unsigned, int64_t>> dims;
  /// Whether to record stages, remarks and schedules, which takes longer than
  /// the code alone.
  bool record = false;
  /// A GPU, as `lookupGPUTarget` calls it; empty: code for the CPU.
  std::string chip = {};
  /// Whether kernels are for the emulator.
  bool emulate = false;
};

/// An argument or result: NumPy's name of the element type, whether it is a
/// number, whether a memref, and sizes, negative where dynamic.
using TypeTuple = std::tuple<std::string, bool, bool, std::vector<int64_t>>;

/// A function that the code has: its name, arguments and results.
using FunctionTuple =
    std::tuple<std::string, std::vector<TypeTuple>, std::vector<TypeTuple>>;

/// What came of it.
struct Compilation {
  /// The bytes of a shared library.
  std::string code;
  /// The entry; with `outlinePacking` also @entry.pack; @entry.check, which
  /// fails where the sizes of its arguments do not fit together, if they can.
  std::vector<FunctionTuple> functions;
  /// With `record`: the IR after each stage, in order.
  std::vector<std::pair<std::string, std::string>> stages;
  std::vector<std::string> remarks;
  /// Operation (as text) and its schedule.
  std::vector<std::pair<std::string, std::string>> schedules;
};

/// Compiles; false and a message, with MLIR's location, if that fails. Safe to
/// call from many threads.
bool compile(const CompileOptions &options, Compilation &result,
             std::string &error);

/// A gating function with a name: its parameters and their defaults.
using GatingTuple =
    std::pair<std::string, std::vector<std::pair<std::string, double>>>;

/// The dialect's table.
std::vector<GatingTuple> getGatingTable();

} // namespace glu::python

#endif // GLU_PYTHON_COMPILER_COMPILER_H
