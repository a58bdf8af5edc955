//===- glu-opt.cpp - Runs the project's and upstream's passes on IR -------===//

#include "CommandLine/CommandLine.h"

#include "glu/Pipelines/Pipelines.h"
#include "glu/Transforms/Passes.h"

#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

/// The first lines of --help.
static constexpr char overview[] =
    R"(Gated linear units in MLIR: finds them, fuses them, compiles them

glu-opt reads IR from a file or the standard input, runs the passes named on the
command line in their order, and prints the result. Beside the passes below that
begin with glu- it has all those of mlir-opt.

  glu-opt ffn.mlir --glu-raise --glu-fuse        what is there, as one operation
  glu-opt ffn.mlir --glu-raise --glu-fuse --glu-decompose     and back to linalg
  glu-opt ffn.mlir --glu-to-cpu="target-cpu=x86-64-v4 threads=1"       all of it
  glu-opt ffn.mlir --glu-raise --remarks -o /dev/null    what was found, or why not
  glu-opt ffn.mlir --glu-to-cpu --mlir-print-ir-after-change       stage by stage

--remarks is short for --remark-format=emitRemark --remarks-filter=.*
)";

int main(int argc, char **argv) {
  // The short spelling of what upstream's option parser wants in two parts.
  llvm::SmallVector<char *> arguments;
  static char format[] = "--remark-format=emitRemark";
  static char filter[] = "--remarks-filter=.*";
  for (char *argument : llvm::ArrayRef(argv, argc)) {
    llvm::StringRef text(argument);
    if (text == "-remarks" || text == "--remarks")
      arguments.append({format, filter});
    else
      arguments.push_back(argument);
  }

  reportFatalErrors("glu-opt", /*exitCode=*/1);
  mlir::registerAllPasses();
  glu::registerGLUPasses();
  glu::registerPipelines();

  mlir::DialectRegistry registry;
  glu::registerAllDialects(registry);

  return mlir::asMainReturnCode(mlir::MlirOptMain(
      arguments.size(), arguments.data(), overview, registry));
}
