//===- RuntimeLibraries.cpp - What compiled code may call -----------------===//
//
// The lists are those of the C standard, as far as LLVM or a pass of ours may
// call a function: not what happens to be in the libraries of this machine.
//
//===----------------------------------------------------------------------===//

#include "RuntimeLibraries.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"

using namespace glu;
using llvm::createStringError;
using llvm::StringRef;

static constexpr StringRef cFunctions[] = {
    "abort",  "aligned_alloc", "free",   "madvise", "malloc", "memcmp",
    "memcpy", "memmove",       "memset", "puts",    "write"};

/// For doubles; those for floats end in f.
static constexpr StringRef mathFunctions[] = {
    "acos",     "acosh", "asin",  "asinh", "atan",      "atan2", "atanh",
    "cbrt",     "ceil",  "cos",   "cosh",  "erf",       "erfc",  "exp",
    "exp10",    "exp2",  "fabs",  "floor", "fma",       "fmax",  "fmin",
    "fmod",     "expm1", "log",   "log10", "log1p",     "log2",  "nearbyint",
    "pow",      "ldexp", "rint",  "round", "roundeven", "sin",   "sinh",
    "copysign", "sqrt",  "tan",   "tanh",  "trunc",     "frexp", "tgamma",
    "sincos",   "modf",  "hypot", "lgamma"};

/// Adds `name` to the library that has it.
static bool add(StringRef name, RuntimeLibraries &libraries) {
  if (name.starts_with("__kmpc_") || name.starts_with("omp_")) {
    libraries.openmp.insert(name.str());
    return true;
  }
  if (llvm::is_contained(cFunctions, name)) {
    libraries.c.insert(name.str());
    return true;
  }
  StringRef stem = name;
  if (llvm::is_contained(mathFunctions, name) ||
      (stem.consume_back("f") && llvm::is_contained(mathFunctions, stem))) {
    libraries.math.insert(name.str());
    return true;
  }
  return false;
}

bool glu::isRuntimeFunction(StringRef name) {
  RuntimeLibraries ignored;
  return add(name, ignored);
}

llvm::Expected<RuntimeLibraries>
glu::findRuntimeLibraries(llvm::ArrayRef<StringRef> objects) {
  llvm::StringSet<> defined;
  std::set<std::string> undefined;
  for (StringRef bytes : objects) {
    auto object = llvm::object::ObjectFile::createELFObjectFile(
        llvm::MemoryBufferRef(bytes, "object"));
    if (!object)
      return createStringError("cannot link what is not an ELF object: " +
                               llvm::toString(object.takeError()));
    for (const llvm::object::SymbolRef &symbol : (*object)->symbols()) {
      llvm::Expected<uint32_t> flags = symbol.getFlags();
      if (!flags)
        return flags.takeError();
      llvm::Expected<StringRef> name = symbol.getName();
      if (!name)
        return name.takeError();
      if (*flags & llvm::object::SymbolRef::SF_Undefined)
        undefined.insert(name->str());
      else if (*flags & llvm::object::SymbolRef::SF_Global)
        defined.insert(*name);
    }
  }
  RuntimeLibraries libraries;
  for (StringRef name : undefined) {
    if (name.empty() || defined.contains(name) ||
        name == "_GLOBAL_OFFSET_TABLE_" || add(name, libraries))
      continue;
    if (name.starts_with("__"))
      return createStringError(
          "the code needs '" + name +
          "' of a compiler's runtime library, for a type that the target has "
          "no instructions for; choose another target or a wider type");
    name.consume_front("_mlir_ciface_");
    return createStringError("function '" + name +
                             "' is called and has no body, and neither libc, "
                             "libm nor libomp has one");
  }
  return libraries;
}
