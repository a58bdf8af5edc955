//===- Options.h - The command line of glu-compile --------------*- C++ -*-===//

#ifndef GLU_TOOLS_GLUCOMPILE_OPTIONS_H
#define GLU_TOOLS_GLUCOMPILE_OPTIONS_H

#include "glu/Execution/CLibrary.h"

/// What was asked for.
struct Options {
  std::string file, output, header;
  glu::ArtifactKind kind = glu::ArtifactKind::SharedLibrary;
  glu::CLibraryOptions library;
  bool help = false;
};

/// The options in `arguments`, without the program's name; an error says which
/// one is wrong and what was expected.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments);

/// What `--help` prints.
llvm::StringRef getHelp();

#endif // GLU_TOOLS_GLUCOMPILE_OPTIONS_H
