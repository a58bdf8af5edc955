//===- Options.cpp - The command line of glu-compile ----------------------===//

#include "Options.h"

#include "CommandLine/CommandLine.h"

#include "llvm/Support/Path.h"

using namespace glu;
using namespace llvm;

StringRef getHelp() {
  return R"(glu-compile: compile functions of an MLIR file to a library for C

usage: glu-compile FILE -o OUTPUT [--header=FILE.h] [options]

  FILE                MLIR text or bytecode; '-' is the standard input. Upstream
                      dialects (linalg, TOSA, tensor, ...) and the glu dialect.

What to make
  -o FILE             a shared library (.so), an object (.o), assembly (.s) or
                      LLVM IR (.ll); '-' is the standard output
  --emit=KIND         so, o, s or ll, whatever the file is called
  --header=FILE.h     a C header: what each function takes, with shapes

What to compile
  --entry=NAME        a function; once for each. Default: all public ones.
  --entry=NAME:CNAME  the same, called CNAME in C
  --prepack           also functions that pack the weights once, NAME_pack, that
                      tell how many bytes that takes, NAME_packed_bytes, and
                      that use packed weights, NAME_packed

What for
  --target-cpu=A,B    chips: 'host' (default), x86-64-v2, x86-64-v3, x86-64-v4,
                      znver4, sapphirerapids, ... With several the library has
                      code for each and takes the best that the chip it is
                      loaded on can run.
  --threads=N         threads that a call uses (default 1; 0: as many as OpenMP
                      says). More than one needs libomp.so.5 where it runs.

In C a function has plain pointers: its arguments in order, then where the
results go, then the sizes that are not fixed. The library needs neither LLVM
nor MLIR, and nothing of this program.

Exit code: 0, or 2 for bad use; the reason is one sentence on the standard
error.

examples:
  glu-compile ffn.mlir -o libffn.so --header=ffn.h
  cc app.c -L. -lffn -o app
  glu-compile ffn.mlir -o libffn.so --header=ffn.h --prepack \
      --target-cpu=x86-64-v3,x86-64-v4 --threads=4
  glu-compile model.mlir --entry=main:ffn -o ffn.o --header=ffn.h
  glu-compile ffn.mlir --target-cpu=znver4 --emit=s -o - | less
)";
}

/// Parses "f" or "f:name".
static CLibraryOptions::Entry parseEntry(StringRef text) {
  auto [function, name] = text.split(':');
  return {function.str(), (text.contains(':') ? name : function).str()};
}

static std::optional<ArtifactKind> parseKind(StringRef extension) {
  if (extension == "so")
    return ArtifactKind::SharedLibrary;
  if (extension == "o")
    return ArtifactKind::Object;
  if (extension == "s")
    return ArtifactKind::Assembly;
  if (extension == "ll")
    return ArtifactKind::LLVMIR;
  return std::nullopt;
}

Expected<Options> parseOptions(ArrayRef<const char *> arguments) {
  Options options;
  std::optional<ArtifactKind> kind;
  CommandLine line;
  line.addText("-o", options.output, "a file");
  line.addText("--header", options.header, "a file");
  line.add("--emit", [&](StringRef value) -> StringRef {
    kind = parseKind(value);
    return kind ? "" : "so, o, s or ll";
  });
  line.add("--entry", [&](StringRef value) -> StringRef {
    options.library.entries.push_back(parseEntry(value));
    const CLibraryOptions::Entry &entry = options.library.entries.back();
    return entry.function.empty() || entry.name.empty()
               ? "the name of a function, or FUNCTION:NAME"
               : "";
  });
  line.add("--target-cpu", [&](StringRef value) -> StringRef {
    SmallVector<StringRef> names;
    value.split(names, ',');
    options.library.targets.assign(names.begin(), names.end());
    return is_contained(names, "") ? "names of chips, separated by commas" : "";
  });
  line.add("--threads", [&](StringRef value) -> StringRef {
    return value.getAsInteger(10, options.library.threads) ||
                   options.library.threads < 0 || options.library.threads > 1024
               ? "a number between 0 and 1024"
               : "";
  });
  line.addFlag("--prepack", options.library.prepack);
  line.addFlag("--help", options.help);
  line.addFlag("-h", options.help);
  if (Error error = line.parse(arguments, options.file))
    return std::move(error);
  if (options.help)
    return options;
  if (options.file.empty())
    return createStringError("no input file; see --help");
  if (options.output.empty() && options.header.empty())
    return createStringError("nothing to make; expected -o FILE or "
                             "--header=FILE");
  if (!kind && !options.output.empty()) {
    StringRef extension = sys::path::extension(options.output);
    kind = parseKind(extension.drop_front(extension.empty() ? 0 : 1));
    if (!kind)
      return createStringError("cannot tell what to make of '" +
                               options.output +
                               "': expected .so, .o, .s or .ll, or --emit");
  }
  options.kind = kind.value_or(ArtifactKind::SharedLibrary);
  if (options.output == "-" && options.kind == ArtifactKind::SharedLibrary)
    return createStringError("a shared library cannot be written to the "
                             "standard output");
  return options;
}
