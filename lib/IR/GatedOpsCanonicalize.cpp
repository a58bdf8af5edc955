//===- GatedOpsCanonicalize.cpp - Operands that need not be ---------------===//
//
// Canonicalisation of gated operations: what is constant, doubled or unused
// among operands and results goes. Views are in GatedOpsFoldViews.cpp.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsCanonicalize.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace glu;

/// The scalar that every element of `value` is: that of a fill or a splat.
static Value getSplatScalar(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    if (fill.getNumResults() == 1 &&
        fill.value().getType() == getElementTypeOrSelf(value))
      return fill.value();
  if (auto splat = value.getDefiningOp<tensor::SplatOp>())
    return splat.getInput();
  return {};
}

/// The constant that every element of `value` is, or null.
static TypedAttr getSplatConstant(Value value) {
  if (Value scalar = getSplatScalar(value))
    value = scalar;
  Attribute constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return {};
  if (auto elements = dyn_cast<DenseElementsAttr>(constant))
    return elements.isSplat() ? elements.getSplatValue<TypedAttr>()
                              : TypedAttr();
  return dyn_cast<TypedAttr>(constant);
}

namespace {
/// A bias of zeros goes. That is exact for either zero: a sum that starts at
/// +0 is never -0 when rounded to nearest, and only for -0 is x + 0 not x.
struct DropZeroBias : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    for (Branch branch : {op.getGateBranch(), op.getValueBranch()}) {
      if (!branch.bias)
        continue;
      TypedAttr constant = getSplatConstant(branch.bias->get());
      if (!constant || !(matchPattern(constant, m_Zero()) ||
                         matchPattern(constant, m_AnyZeroFloat())))
        continue;
      rewriter.modifyOpInPlace(
          op, [&] { op.eraseInput(branch.bias->getOperandNumber()); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no bias is constant zero");
  }
};

/// Extras that the region does not use go; so do the second of two equal ones
/// and one that is the gate or value itself.
struct DropExtra : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    unsigned first = op.getExtraOperands().getBeginOperandIndex();
    for (unsigned i = 0; i < op.getExtraOperands().size(); ++i) {
      BlockArgument argument = op.getExtraArgument(i);
      if (!argument.use_empty()) {
        Value same = findSame(op, first + i);
        if (!same)
          continue;
        rewriter.replaceAllUsesWith(argument, same);
      }
      rewriter.modifyOpInPlace(op, [&] { op.eraseInput(first + i); });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "every extra is used and unique");
  }

private:
  /// The argument of an earlier operand with the same elements.
  static Value findSame(GatedOpInterface op, unsigned number) {
    OpOperand &extra = op->getOpOperand(number);
    auto isSame = [&](OpOperand &other) {
      return other.get() == extra.get() &&
             op.getMap(&other) == op.getMap(&extra);
    };
    Branch branches[] = {op.getGateBranch(), op.getValueBranch()};
    for (auto [i, branch] : llvm::enumerate(branches))
      if (!branch.isProjection() && isSame(*branch.input))
        return op.getGatingBlock()->getArgument(i);
    unsigned first = op.getExtraOperands().getBeginOperandIndex();
    for (unsigned i = first; i < number; ++i)
      if (isSame(op->getOpOperand(i)))
        return op.getExtraArgument(i - first);
    return {};
  }
};

/// An extra that has one value everywhere becomes a constant in the region, or
/// a scalar.
struct SimplifySplatExtra : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    unsigned first = op.getExtraOperands().getBeginOperandIndex();
    for (unsigned i = 0; i < op.getExtraOperands().size(); ++i) {
      OpOperand &extra = op->getOpOperand(first + i);
      BlockArgument argument = op.getExtraArgument(i);
      TypedAttr constant = getSplatConstant(extra.get());
      if (constant && constant.getType() == argument.getType()) {
        OpBuilder::InsertionGuard guard(rewriter);
        rewriter.setInsertionPointToStart(op.getGatingBlock());
        Value inside =
            arith::ConstantOp::create(rewriter, op.getLoc(), constant);
        rewriter.replaceAllUsesWith(argument, inside);
        rewriter.modifyOpInPlace(op, [&] { op.eraseInput(first + i); });
        return success();
      }
      if (Value scalar = getSplatScalar(extra.get())) {
        rewriter.modifyOpInPlace(op, [&] {
          extra.set(scalar);
          op.setMap(&extra, AffineMap::get(op.getMap(&extra).getNumDims(), 0,
                                           op.getContext()));
        });
        return success();
      }
    }
    return rewriter.notifyMatchFailure(op, "no extra is a splat");
  }
};

/// Results that nobody uses go, unless it is the only one; of results that hold
/// the same elements the first is used.
struct DropResult : GatedPattern {
  using GatedPattern::GatedPattern;
  LogicalResult rewriteGated(GatedOpInterface op,
                             PatternRewriter &rewriter) const override {
    if (op->getNumResults() < 2)
      return rewriter.notifyMatchFailure(op, "has no two results");
    auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
    Operation *yield = op.getGatingBlock()->getTerminator();
    bool changed = false;
    for (OpResult result : op->getResults()) {
      unsigned number = result.getResultNumber();
      for (OpResult earlier : op->getResults().take_front(number))
        if (!result.use_empty() && earlier.getType() == result.getType() &&
            yield->getOperand(earlier.getResultNumber()) ==
                yield->getOperand(number) &&
            op.getMap(destinations.getTiedOpOperand(earlier)) ==
                op.getMap(destinations.getTiedOpOperand(result))) {
          rewriter.replaceAllUsesWith(result, earlier);
          changed = true;
        }
    }
    SmallVector<unsigned> kept;
    for (OpResult result : op->getResults())
      if (!result.use_empty())
        kept.push_back(result.getResultNumber());
    if (kept.empty())
      return rewriter.notifyMatchFailure(op, "is dead as a whole");
    if (kept.size() == op->getNumResults())
      return success(changed);
    keepResults(op, kept, rewriter);
    return success();
  }

private:
  static void keepResults(GatedOpInterface op, ArrayRef<unsigned> kept,
                          PatternRewriter &rewriter) {
    auto destinations = cast<DestinationStyleOpInterface>(op.getOperation());
    unsigned numInputs = destinations.getNumDpsInputs();
    SmallVector<Value> operands(op->getOperands().take_front(numInputs));
    SmallVector<AffineMap> maps =
        cast<IndexingMapOpInterface>(op.getOperation()).getIndexingMapsArray();
    SmallVector<AffineMap> keptMaps(maps.begin(), maps.begin() + numInputs);
    SmallVector<Type> types;
    SmallVector<Value> yielded;
    Operation *yield = op.getGatingBlock()->getTerminator();
    for (unsigned number : kept) {
      operands.push_back(destinations.getDpsInits()[number]);
      keptMaps.push_back(maps[numInputs + number]);
      types.push_back(op->getResult(number).getType());
      yielded.push_back(yield->getOperand(number));
    }
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperands(yielded); });

    OperationState state(op.getLoc(), op->getName(), operands, types,
                         op->getDiscardableAttrDictionary().getValue());
    state.addAttribute("indexing_maps",
                       rewriter.getAffineMapArrayAttr(keptMaps));
    Branch gate = op.getGateBranch(), value = op.getValueBranch();
    auto getSize = [](Branch branch) {
      return branch.bias ? 3 : branch.weight ? 2 : 1;
    };
    state.addAttribute(
        "operandSegmentSizes",
        rewriter.getDenseI32ArrayAttr({getSize(gate), getSize(value),
                                       int32_t(op.getExtraOperands().size()),
                                       int32_t(kept.size())}));
    Region *region = state.addRegion();
    rewriter.inlineRegionBefore(op->getRegion(0), *region, region->begin());
    Operation *replacement = rewriter.create(state);
    for (auto [i, number] : llvm::enumerate(kept))
      rewriter.replaceAllUsesWith(op->getResult(number),
                                  replacement->getResult(i));
    rewriter.eraseOp(op);
  }
};
} // namespace

void glu::addOperandPatterns(RewritePatternSet &patterns, StringRef name) {
  patterns.add<DropZeroBias, DropExtra, SimplifySplatExtra, DropResult>(
      patterns.getContext(), name);
}

static void addPatterns(RewritePatternSet &patterns, StringRef name) {
  addOperandPatterns(patterns, name);
  addViewPatterns(patterns, name);
}

void GateOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *) {
  addPatterns(patterns, getOperationName());
}

void GatedProjectionOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                    MLIRContext *) {
  addPatterns(patterns, getOperationName());
}
