//===- WidenToFloat64.cpp - glu-widen: every float type becomes f64 -------===//

#include "glu/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace glu {
#define GEN_PASS_DEF_WIDENTOFLOAT64
#include "glu/Transforms/Passes.h.inc"
} // namespace glu

using namespace mlir;

namespace {
struct WidenToFloat64 : glu::impl::WidenToFloat64Base<WidenToFloat64> {
  void runOnOperation() override;
};
} // namespace

/// `value` in double precision; exact, as no type here is wider.
static APFloat widen(APFloat value) {
  bool lossy;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  return value;
}

/// The elements of a resource of floats, as dense elements of f64; nothing if
/// its bytes are missing or are not what its type says.
static std::optional<Attribute> widenResource(DenseResourceElementsAttr attr) {
  auto type = dyn_cast<FloatType>(attr.getElementType());
  if (!type)
    return std::nullopt;
  AsmResourceBlob *blob = attr.getRawHandle().getBlob();
  bool splat;
  if (!blob || !DenseElementsAttr::isValidRawBuffer(attr.getType(),
                                                    blob->getData(), splat))
    return Attribute();
  auto dense =
      DenseElementsAttr::getFromRawBuffer(attr.getType(), blob->getData());
  return cast<DenseFPElementsAttr>(dense).mapValues(
      Float64Type::get(attr.getContext()),
      [](const APFloat &value) { return widen(value).bitcastToAPInt(); });
}

/// Operations that look at the bits of a float, or do not survive the change.
static bool dependsOnRepresentation(Operation *op) {
  if (isa<LLVM::LLVMDialect>(op->getDialect()))
    return true;
  StringRef name = op->getName().stripDialect();
  return name == "bitcast" || name == "view" || name == "reinterpret_cast" ||
         name == "scaling_extf" || name == "scaling_truncf";
}

void WidenToFloat64::runOnOperation() {
  ModuleOp module = getOperation();
  Type f64 = Float64Type::get(&getContext());
  auto isNarrow = [&](Type type) {
    auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
    return element && element != f64;
  };
  auto touchesNarrow = [&](Operation *op) {
    return llvm::any_of(op->getOperandTypes(), isNarrow) ||
           llvm::any_of(op->getResultTypes(), isNarrow);
  };
  WalkResult walk = module.walk([&](Operation *op) {
    if (dependsOnRepresentation(op) && touchesNarrow(op)) {
      op->emitError("cannot be evaluated in f64: it depends on the "
                    "representation of its operands");
      return WalkResult::interrupt();
    }
    for (Type type : op->getResultTypes())
      if (auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type)))
        if (element.getWidth() > 64) {
          op->emitError("cannot be evaluated in f64: ")
              << type << " has more digits";
          return WalkResult::interrupt();
        }
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return signalPassFailure();

  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](FloatType) -> std::optional<Type> { return f64; });
  replacer.addReplacement([&](FloatAttr attr) -> std::optional<Attribute> {
    return FloatAttr::get(f64, widen(attr.getValue()));
  });
  replacer.addReplacement(
      [&](DenseFPElementsAttr attr) -> std::optional<Attribute> {
        return attr.mapValues(f64, [](const APFloat &value) {
          return widen(value).bitcastToAPInt();
        });
      });
  bool badResource = false;
  replacer.addReplacement(
      [&](DenseResourceElementsAttr attr) -> std::optional<Attribute> {
        std::optional<Attribute> result = widenResource(attr);
        badResource |= result && !*result;
        return result && *result ? result : Attribute(attr);
      });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
  if (badResource) {
    module.emitError("cannot be evaluated in f64: a dense resource has no data "
                     "that fits its type");
    return signalPassFailure();
  }

  // Conversions from f64 to f64 are none.
  module.walk([](Operation *op) {
    if (isa<arith::ExtFOp, arith::TruncFOp>(op)) {
      op->getResult(0).replaceAllUsesWith(op->getOperand(0));
      op->erase();
    }
  });
}
