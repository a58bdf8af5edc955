//===- Tuner.h - Searches the schedules of a function -----------*- C++ -*-===//

#ifndef GLU_TOOLS_GLUTUNE_TUNER_H
#define GLU_TOOLS_GLUTUNE_TUNER_H

#include "Options.h"

#include "Calls/CompiledProgram.h"

#include "glu/IR/GLU.h"
#include "glu/Target/Target.h"
#include "glu/Transforms/ProjectionDims.h"

/// Searches the schedules of the operations of a function that have one, and
/// leaves the fastest on them.
class Tuner {
public:
  /// `module` is what `addChoosePasses` makes of the program; `tolerance` is
  /// the least of floats.
  Tuner(mlir::ModuleOp module, const glu::Signature &signature,
        llvm::ArrayRef<glu::Array> arguments, const Options &options,
        const glu::Target &target, double tolerance);

  /// Takes about as long as `options` say.
  llvm::Error run();

  /// The operations, in order.
  llvm::ArrayRef<mlir::Operation *> getOps() const { return ops; }

  /// What the function gives with the fastest schedules.
  llvm::ArrayRef<glu::Array> getOutputs() const { return outputs; }

  /// A run with the cost model's schedules, and with the fastest.
  double getFirstSeconds() const { return firstSeconds; }
  double getSeconds() const { return seconds; }

private:
  /// A compiled function, after a run.
  struct Entrant {
    CompiledProgram program;
    llvm::SmallVector<glu::Array> outputs;
  };
  llvm::Expected<Entrant> compile();
  /// Whether `schedule` is faster for `op`, which then keeps it.
  llvm::Expected<bool> tryOut(mlir::Operation *op, glu::ScheduleAttr schedule);
  llvm::Error tune(mlir::Operation *op);
  llvm::Expected<bool> tuneTile(mlir::Operation *op,
                                const glu::ProjectionDims &dims);
  llvm::Expected<bool> tuneBlocks(mlir::Operation *op,
                                  const glu::ProjectionDims &dims);
  double getRest() const;

  mlir::ModuleOp module;
  const glu::Signature &signature;
  llvm::ArrayRef<glu::Array> arguments;
  Options options;
  glu::Target target;
  double tolerance;
  llvm::SmallVector<mlir::Operation *> ops;
  std::optional<Entrant> best;
  llvm::SmallVector<glu::Array> outputs;
  double firstSeconds = 0, seconds = 0;
  /// What the search may take until, in seconds of the steady clock, and the
  /// part of it of the operation at hand.
  double deadline = 0, turn = 0;
};

#endif // GLU_TOOLS_GLUTUNE_TUNER_H
