//===- glu-compile.cpp - Compiles functions to a library for C ------------===//

#include "Options.h"

#include "CommandLine/CommandLine.h"

#include "glu/Execution/ParseModule.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace glu;
using llvm::Error;

/// Does what `options` ask for.
static Error run(const Options &options, mlir::MLIRContext &context) {
  ArgumentNames names;
  auto module = parseModule(options.file, context, &names);
  if (!module)
    return module.takeError();
  auto library = CLibrary::compile(**module, names, options.library);
  if (!library)
    return library.takeError();
  if (!options.output.empty())
    if (Error error = (*library)->write(options.kind, options.output))
      return error;
  if (!options.header.empty())
    return (*library)->writeHeader(options.header);
  return Error::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  constexpr int badUse = 2;
  reportFatalErrors("glu-compile", badUse);
  auto fail = [&](Error error) {
    llvm::errs() << "glu-compile: error: " << llvm::toString(std::move(error))
                 << "\n";
    return badUse;
  };
  auto options = parseOptions(llvm::ArrayRef(argv, argc).drop_front());
  if (!options)
    return fail(options.takeError());
  if (options->help) {
    llvm::outs() << getHelp();
    return 0;
  }
  mlir::DialectRegistry registry;
  glu::registerAllDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  if (Error error = run(*options, context))
    return fail(std::move(error));
  return 0;
}
