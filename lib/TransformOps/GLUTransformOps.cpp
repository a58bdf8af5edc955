//===- GLUTransformOps.cpp - Gated units in schedules ---------------------===//

#include "glu/TransformOps/GLUTransformOps.h"
#include "glu/Fuse/Fuse.h"
#include "glu/Raise/Raise.h"
#include "glu/Transforms/ProjectionDims.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace glu;

#define GET_OP_CLASSES
#include "glu/TransformOps/GLUTransformOps.cpp.inc"

//===----------------------------------------------------------------------===//
// transform.glu.raise
//===----------------------------------------------------------------------===//

DiagnosedSilenceableFailure
RaiseTransformOp::apply(transform::TransformRewriter &rewriter,
                        transform::TransformResults &results,
                        transform::TransformState &state) {
  auto targets = llvm::to_vector(state.getPayloadOps(getTarget()));
  SmallVector<Operation *> gates;
  for (Operation *target : targets) {
    if (target->isAncestor(*this)) {
      results.set(getOperation()->getOpResult(0), {});
      return emitSilenceableError()
             << "cannot change what holds the transformation itself; match a "
                "function";
    }
    raiseGatedUnits(rewriter, target);
    target->walk([&](GateOp gate) { gates.push_back(gate); });
  }
  results.set(getOperation()->getOpResult(0), gates);
  return DiagnosedSilenceableFailure::success();
}

void RaiseTransformOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// transform.glu.fuse
//===----------------------------------------------------------------------===//

DiagnosedSilenceableFailure
FuseTransformOp::applyToOne(transform::TransformRewriter &rewriter,
                            Operation *target,
                            transform::ApplyToEachResultList &results,
                            transform::TransformState &state) {
  auto gate = dyn_cast<GateOp>(target);
  if (!gate)
    return emitSilenceableError()
           << "expects a glu.gate, got '" << target->getName() << "'";
  simplifyDims(rewriter, gate->getParentOp());
  StringRef reason;
  FailureOr<GatedProjectionOp> fused = fuse(rewriter, gate, reason);
  if (failed(fused)) {
    auto diagnostic = emitSilenceableError() << "not fused: " << reason;
    diagnostic.attachNote(gate.getLoc()) << "the glu.gate";
    return diagnostic;
  }
  results.push_back(*fused);
  return DiagnosedSilenceableFailure::success();
}

void FuseTransformOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// transform.glu.set_schedule
//===----------------------------------------------------------------------===//

DiagnosedSilenceableFailure
SetScheduleTransformOp::applyToOne(transform::TransformRewriter &rewriter,
                                   Operation *target,
                                   transform::ApplyToEachResultList &results,
                                   transform::TransformState &state) {
  std::string why;
  if (target->hasAttr("glu.packed"))
    why = "it is packed already";
  else if (!isa<GatedProjectionOp, linalg::LinalgOp>(target))
    why = "it is neither a glu.gated_projection nor an operation of linalg";
  else if (succeeded(ProjectionDims::get(target, why))) {
    rewriter.modifyOpInPlace(
        target, [&] { target->setAttr("glu.schedule", getSchedule()); });
    return DiagnosedSilenceableFailure::success();
  }
  auto diagnostic = emitSilenceableError()
                    << "an operation takes no schedule: " << why;
  diagnostic.attachNote(target->getLoc()) << "the operation";
  return diagnostic;
}

void SetScheduleTransformOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getTargetMutable(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// Registration
//===----------------------------------------------------------------------===//

namespace {
class Extension : public transform::TransformDialectExtension<Extension> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Extension)

  void init() {
    declareDependentDialect<GLUDialect>();
    // What raising and fusing make.
    declareGeneratedDialect<affine::AffineDialect>();
    declareGeneratedDialect<arith::ArithDialect>();
    declareGeneratedDialect<index::IndexDialect>();
    declareGeneratedDialect<linalg::LinalgDialect>();
    declareGeneratedDialect<math::MathDialect>();
    declareGeneratedDialect<scf::SCFDialect>();
    declareGeneratedDialect<tensor::TensorDialect>();
    registerTransformOps<
#define GET_OP_LIST
#include "glu/TransformOps/GLUTransformOps.cpp.inc"
        >();
  }
};
} // namespace

void glu::registerTransformDialectExtension(DialectRegistry &registry) {
  registry.addExtensions<Extension>();
}
