//===- Options.cpp - The command line of glu-tune -------------------------===//

#include "Options.h"

using namespace llvm;

StringRef getHelp() {
  return R"(glu-tune: measure schedules of a function's projections, keep the fastest

usage: glu-tune FILE [options]

  FILE                MLIR text or bytecode; '-' is the standard input.

For each projection of the function, register tiles and cache blocks near to the
cost model's choice are compiled and run beside the fastest so far, in turns. The
result of each is compared with that of the cost model's choice, the winner's with
the same function evaluated in float64 by the general path.

What is made
  -o FILE             the IR, projections fused, with the fastest schedules as
                      attributes, which glu-choose keeps; default: standard output
  --table=FILE        a table of schedules, for --table of glu-run and for
                      --glu-choose=table=FILE; one that exists is added to

What is measured
  --entry=NAME        the function; default: the only public one, or 'main'
  --arg=FILE.npy      an argument; once for each, in order; random without
  --dim=A.D=SIZE      dimension D of argument A, where it is dynamic (default 33)
  --seed=N            another choice of random arguments
  --prepack           pack the weights once, before the runs that are timed
  --threads=N         threads (default 1)
  --target-cpu=NAME   compile for another chip than this one ('host')
  --tolerance=T       the largest max|got - want| / max|want| that is right;
                      default by element type, as of glu-run
  --budget=SECONDS    how long to search (default 30)
  --skip-reference    do not evaluate in float64, which takes long where there is
                      much to compute and is no part of the budget

Progress is shown on the standard error.

Exit code: 0 done, 1 wrong numbers, 2 bad use; the reason is one sentence on the
standard error.

examples:
  glu-tune ffn.mlir --prepack -o tuned.mlir
  glu-tune ffn.mlir --prepack --threads=2 --table=schedules.json -o /dev/null
  glu-run ffn.mlir --bench --prepack --threads=2 --table=schedules.json
)";
}

Expected<Options> parseOptions(ArrayRef<const char *> arguments) {
  Options options;
  CommandLine line;
  options.addTo(line);
  line.addText("-o", options.output, "a file");
  line.addText("--table", options.table, "a file");
  line.add("--budget", [&](StringRef value) -> StringRef {
    double seconds;
    if (value.getAsDouble(seconds) || !(seconds >= 0 && seconds <= 1e6))
      return "a number of seconds";
    options.budgetSeconds = seconds;
    return "";
  });
  line.addFlag("--skip-reference", options.skipReference);
  if (Error error = line.parse(arguments, options.file))
    return std::move(error);
  if (options.file.empty() && !options.help)
    return createStringError("no input file; see --help");
  return options;
}
