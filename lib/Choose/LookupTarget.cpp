//===- LookupTarget.cpp - The chip that a pass is for ---------------------===//

#include "glu/Transforms/LookupTarget.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace glu;

static LogicalResult emitUnknown(Operation *op, StringRef pass, StringRef name,
                                 StringRef known) {
  return emitError(op->getLoc())
         << pass << ": no chip is called '" << name << "'; known are " << known;
}

FailureOr<Target> glu::lookupTarget(Operation *op, StringRef pass,
                                    StringRef name) {
  if (std::optional<Target> target = lookupTarget(name))
    return *target;
  return emitUnknown(op, pass, name, getTargetNames());
}

FailureOr<GPUTarget> glu::lookupGPUTarget(Operation *op, StringRef pass,
                                          StringRef name) {
  if (std::optional<GPUTarget> target = lookupGPUTarget(name))
    return *target;
  return emitUnknown(op, pass, name, getGPUTargetNames());
}
