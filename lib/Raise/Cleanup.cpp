//===- Cleanup.cpp - Erases what is no longer used ------------------------===//

#include "glu/Raise/Cleanup.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace glu;

void glu::eraseDead(RewriterBase &rewriter, ArrayRef<Value> values) {
  llvm::SetVector<Operation *> worklist;
  auto add = [&](ValueRange more) {
    for (Value value : more)
      if (Operation *def = value.getDefiningOp())
        worklist.insert(def);
  };
  add(values);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (!isOpTriviallyDead(op))
      continue;
    SmallVector<Value> operands;
    op->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (operand.getParentRegion() == op->getParentRegion() ||
            operand.getParentRegion()->isProperAncestor(op->getParentRegion()))
          operands.push_back(operand);
    });
    rewriter.eraseOp(op);
    add(operands);
  }
}
