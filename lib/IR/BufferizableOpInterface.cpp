//===- BufferizableOpInterface.cpp - Gated ops from tensors to memrefs ----===//
//
// Destinations are overwritten, so their contents need no copy: only the other
// operands are reads.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/ExternalModels.h"
#include "glu/IR/GLU.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace glu;

namespace {
template <typename OpTy>
struct GatedBufferization
    : DstBufferizableOpInterfaceExternalModel<GatedBufferization<OpTy>, OpTy> {
  /// Every element of a destination is written and none is read.
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }

  /// Whether at each point of the parallel dimensions the operands' element at
  /// that point, and no other, is read before one is written: then a
  /// destination may be the buffer of, say, a residual. Not so the inputs and
  /// weights of projections, whose elements later points read again.
  bool bufferizesToElementwiseAccess(Operation *op, const AnalysisState &,
                                     ArrayRef<OpOperand *> operands) const {
    auto gated = cast<GatedOpInterface>(op);
    Branch branches[] = {gated.getGateBranch(), gated.getValueBranch()};
    return llvm::all_of(operands, [&](OpOperand *operand) {
      bool isSummed = llvm::any_of(branches, [&](const Branch &branch) {
        return branch.isProjection() &&
               (operand == branch.input || operand == branch.weight);
      });
      return !isSummed &&
             gated.getMap(operand) == gated.getMap(operands.front());
    });
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto destinations = cast<DestinationStyleOpInterface>(op);
    if (destinations.hasPureBufferSemantics())
      return success();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    SmallVector<Value> operands, results;
    for (OpOperand &operand : op->getOpOperands()) {
      Value value = operand.get();
      if (isa<TensorType>(value.getType())) {
        FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
        if (failed(buffer))
          return failure();
        value = *buffer;
      }
      operands.push_back(value);
      if (destinations.isDpsInit(&operand))
        results.push_back(value);
    }
    Operation *onBuffers =
        cloneWithoutRegions(rewriter, op, /*resultTypes=*/{}, operands);
    rewriter.inlineRegionBefore(op->getRegion(0), onBuffers->getRegion(0),
                                onBuffers->getRegion(0).begin());
    replaceOpWithBufferizedValues(rewriter, op, results);
    return success();
  }
};
} // namespace

void glu::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, GLUDialect *) {
    GateOp::attachInterface<GatedBufferization<GateOp>>(*context);
    GatedProjectionOp::attachInterface<GatedBufferization<GatedProjectionOp>>(
        *context);
  });
}

void glu::registerGLUExternalModels(DialectRegistry &registry) {
  registerTilingExternalModels(registry);
  registerBufferizableOpInterfaceExternalModels(registry);
  registerIntrinsicExternalModels(registry);
}
