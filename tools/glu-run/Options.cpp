//===- Options.cpp - The command line of glu-run --------------------------===//

#include "Options.h"

using namespace llvm;

StringRef getHelp() {
  return R"(glu-run: compile a function of an MLIR file in memory, run it, check it, time it

usage: glu-run FILE [options]

  FILE                MLIR text or bytecode; '-' is the standard input. Upstream
                      dialects (linalg, TOSA, tensor, ...) and the glu dialect.

What to run
  --entry=NAME        the function; default: the only public one, or 'main'
  --arg=FILE.npy      an argument; once for each, in order. A number is an array
                      of shape (). Two-byte elements of an unknown type (|V2, as
                      ml_dtypes writes them) or <u2 are bf16 where the argument is.
  --dim=A.D=SIZE      with random arguments: dimension D of argument A, where it
                      is dynamic (default 33)
  --seed=N            with random arguments: another choice of them

What to check
  --expect=FILE.npy   the result that is right; once for each, in order
  --verify            compare with the same function evaluated in float64 by the
                      general path. Arguments that are not given are random.
  --tolerance=T       the largest max|got - want| / max|want| that is right;
                      default by element type: 1e-9 f64, 1e-5 f32, 1e-2 f16,
                      4e-2 bf16, 0.1 f8E4M3FN, 0.2 f8E5M2, 0 integers; of
                      floats at least that of what the function rounds to,
                      with --verify four times the error of plain loops too
  --result=FILE.npy   write a result; once for each, in order

How fast
  --bench             time it: median and minimum of many runs, beside the peak
                      of the multiply-add units measured in the same run
  --prepack           pack the weights once, before the runs that are timed
  --threads=N         threads (default 1)
  --table=FILE        take schedules from a table that glu-tune wrote
  --target-cpu=NAME   compile for another chip than this one ('host')
  --emulate           with --target-cpu: run the code of a chip that is not here,
                      with plain arithmetic for the instructions it has alone.
                      To check its numbers; the time says nothing
  --target=NAME       'cpu' (default) or 'nvvm': kernels for an NVIDIA GPU
  --chip=NAME         with --target=nvvm: sm_70, ..., sm_90a (default sm_80).
                      With --emulate the kernels run on the CPU, thread by thread,
                      in an adverse order, and every access to memory is checked
  --scheduler-seed=N  with that: another order
  --pipeline=NAME     'cpu' (default) or 'general', the path without fusion
  --json              print one JSON object instead of text

Exit code: 0 right, 1 wrong numbers, 2 bad use; the reason is one sentence on
the standard error.

examples:
  glu-run swiglu.mlir --verify
  glu-run swiglu.mlir --verify --dim=0.0=7 --dim=0.1=64
  glu-run ffn.mlir --entry=main --arg=x.npy --arg=w.npy --expect=y.npy
  glu-run ffn.mlir --arg=x.npy --arg=w.npy --result=y.npy
  glu-run swiglu.mlir --bench --prepack --threads=2 --json
  glu-run swiglu.mlir --target=nvvm --chip=sm_90a --emulate --verify
)";
}

Expected<Options> parseOptions(ArrayRef<const char *> arguments) {
  Options options;
  CommandLine line;
  options.addTo(line);
  line.addText("--table", options.table, "a file that glu-tune wrote");
  line.addText("--chip", options.chip, "the name of a GPU, as in sm_80");
  line.add("--target", [&](StringRef value) -> StringRef {
    options.target = value.str();
    return value == "cpu" || value == "nvvm" ? "" : "'cpu' or 'nvvm'";
  });
  line.addList("--expect", options.expected, "an .npy file");
  line.addList("--result", options.results, "an .npy file");
  line.add("--pipeline", [&](StringRef value) -> StringRef {
    options.pipeline = value.str();
    return value == "cpu" || value == "general" ? "" : "'cpu' or 'general'";
  });
  line.add("--scheduler-seed", [&](StringRef value) -> StringRef {
    return value.getAsInteger(10, options.schedulerSeed) ? "a number" : "";
  });
  line.addFlag("--verify", options.verify);
  line.addFlag("--bench", options.bench);
  line.addFlag("--emulate", options.emulate);
  line.addFlag("--json", options.json);
  if (Error error = line.parse(arguments, options.file))
    return std::move(error);
  if (options.file.empty() && !options.help)
    return createStringError("no input file; see --help");
  if (options.prepack && options.pipeline == "general")
    return createStringError("--prepack: the general pipeline packs nothing");
  if (!options.table.empty() && options.pipeline == "general")
    return createStringError("--table: the general pipeline has no schedules");
  if (options.isGPU() &&
      (options.bench || options.prepack || !options.table.empty() ||
       options.pipeline == "general"))
    return createStringError("--target=nvvm takes no --bench (which knows CPUs "
                             "alone), no --prepack, no --table and no "
                             "--pipeline=general");
  return options;
}
