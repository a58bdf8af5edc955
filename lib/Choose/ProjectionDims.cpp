//===- ProjectionDims.cpp - The dimensions of projections -----------------===//

#include "glu/Transforms/ProjectionDims.h"
#include "glu/IR/GLU.h"
#include "glu/IR/IndexingMaps.h"
#include "glu/Raise/Projection.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace glu;

/// The type in which a sum that the IR keeps in `type` is computed. Sums of
/// integers wrap around where the IR says.
static Type getSumType(Type type) {
  if (isa<FloatType>(type))
    return getDefaultAccumulatorType(type);
  return type.isSignlessInteger(32) ? type : Type();
}

/// Inputs, weights and sums of a gated unit.
static void collect(GatedProjectionOp op,
                    SmallVectorImpl<Contraction> &contractions) {
  GatedOpInterface gated = op;
  Branch branches[] = {gated.getGateBranch(), gated.getValueBranch()};
  Type types[] = {gated.getGateType(), gated.getValueType()};
  for (auto [branch, type] : llvm::zip_equal(branches, types))
    if (branch.isProjection())
      contractions.push_back({branch.input, branch.weight, getSumType(type)});
}

/// The same of a linalg contraction or convolution. What stands on the left is
/// the input, unless the columns of the result are its. The interfaces look at
/// the indices and hardly at the body, which must add products to be packed.
static void collect(linalg::LinalgOp op,
                    SmallVectorImpl<Contraction> &contractions) {
  bool convolves = linalg::isaConvolutionOpInterface(op);
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      (!convolves && !linalg::isaContractionOpInterface(op)) ||
      !matchProjection(op->getResult(0)))
    return;
  OpOperand *left = op.getDpsInputOperand(0), *right = op.getDpsInputOperand(1);
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (!convolves && out.getNumResults()) {
    auto last = dyn_cast<AffineDimExpr>(out.getResults().back());
    if (last &&
        !op.getMatchingIndexingMap(right).isFunctionOfDim(last.getPosition()))
      std::swap(left, right);
  }
  Type type = getElementTypeOrSelf(op.getDpsInits()[0]);
  contractions.push_back({left, right, getSumType(type)});
}

/// Whether a dimension is one index by itself, and part of no other.
static bool isIndexedPlainly(AffineMap map, unsigned dim) {
  return llvm::count_if(
             map.getResults(),
             [&](AffineExpr expr) { return expr.isFunctionOfDim(dim); }) == 1 &&
         map.getResultPosition(getAffineDimExpr(dim, map.getContext()));
}

bool glu::isFloat8(Type type) {
  return isa<Float8E4M3FNType, Float8E5M2Type>(type);
}

bool glu::isAlongSum(AffineMap map, ArrayRef<unsigned> sums) {
  return map.getNumResults() && llvm::any_of(sums, [&](unsigned dim) {
           return map.getResults().back().isFunctionOfDim(dim);
         });
}

FailureOr<ProjectionDims> ProjectionDims::get(Operation *op, std::string &why,
                                              bool takesFloat8) {
  auto fail = [&](const llvm::Twine &reason) -> FailureOr<ProjectionDims> {
    why = reason.str();
    return failure();
  };
  auto destinations = dyn_cast<DestinationStyleOpInterface>(op);
  if (!destinations || !destinations.hasPureTensorSemantics())
    return fail("it is not on tensors");
  ProjectionDims dims;
  if (auto gated = dyn_cast<GatedProjectionOp>(op))
    collect(gated, dims.contractions);
  else if (auto contraction = dyn_cast<linalg::LinalgOp>(op))
    collect(contraction, dims.contractions);
  if (dims.contractions.empty())
    return fail("it is not a contraction");
  for (Contraction &c : dims.contractions) {
    if (!c.accumulator || c.accumulator != dims.contractions[0].accumulator)
      return fail("its sums are not in one type, a float or i32");
    for (OpOperand *operand : {c.input, c.weight}) {
      Type element = getElementTypeOrSelf(operand->get());
      bool isInteger = element.isSignlessInteger(8) ||
                       element.isSignlessInteger(16) ||
                       element.isSignlessInteger(32);
      if (!isInteger && !(takesFloat8 && isFloat8(element)) &&
          !isa<Float64Type, Float32Type, Float16Type, BFloat16Type>(element))
        return fail("its elements are not f64, f32, f16, bf16, " +
                    llvm::Twine(takesFloat8 ? "f8E4M3FN, f8E5M2, " : "") +
                    "i32, i16 or i8");
    }
  }

  auto indexing = cast<IndexingMapOpInterface>(op);
  auto getMap = [&](OpOperand *o) {
    return indexing.getMatchingIndexingMap(o);
  };
  for (OpOperand &operand : op->getOpOperands())
    if (!llvm::all_of(getMap(&operand).getResults(), growsLinearly))
      return fail("an operand is not indexed in growing, linear order");
  dims.sizes = indexing.getStaticLoopRanges();
  if (llvm::is_contained(dims.sizes, 0))
    return fail("a dimension is empty");
  unsigned numDims = dims.sizes.size();
  llvm::SmallBitVector parallel(numDims), inInput(numDims), inWeight(numDims);
  llvm::SmallBitVector inAllInputs(numDims, true), inAllWeights(numDims, true);
  AffineMap out = getMap(destinations.getDpsInitOperand(0));
  for (unsigned d = 0; d < numDims; ++d) {
    parallel[d] = out.isFunctionOfDim(d);
    for (Contraction &c : dims.contractions) {
      bool input = getMap(c.input).isFunctionOfDim(d);
      bool weight = getMap(c.weight).isFunctionOfDim(d);
      if (input)
        inInput.set(d);
      if (weight)
        inWeight.set(d);
      inAllInputs[d] = inAllInputs[d] && input;
      inAllWeights[d] = inAllWeights[d] && weight;
    }
    if (!parallel[d])
      dims.reductions.push_back(d);
  }
  for (Contraction &c : dims.contractions) {
    if (!getMap(c.weight).isProjectedPermutation())
      return fail("its weight is not indexed by plain dimensions");
    for (unsigned d : dims.reductions)
      if (!getMap(c.weight).isFunctionOfDim(d) ||
          !getMap(c.input).isFunctionOfDim(d))
        return fail("it sums over a dimension that input and weight do not "
                    "share");
  }

  // The innermost columns, so that rows of the result are contiguous; of the
  // rows, the longest dimension, the innermost of equals.
  std::optional<unsigned> column;
  for (AffineExpr expr : out.getResults()) {
    unsigned d = cast<AffineDimExpr>(expr).getPosition();
    if (inAllWeights[d] && !inInput[d])
      column = d;
    if (!inAllInputs[d] || inWeight[d])
      continue;
    auto getLength = [&](unsigned dim) {
      return ShapedType::isDynamic(dims.sizes[dim])
                 ? std::numeric_limits<int64_t>::max()
                 : dims.sizes[dim];
    };
    if (!dims.row || getLength(d) >= getLength(*dims.row))
      dims.row = d;
  }
  if (!column)
    return fail("no dimension of the result is the weight's alone");
  dims.column = *column;
  for (unsigned d = 0; d < numDims; ++d)
    if (parallel[d] && d != dims.column && (!dims.row || d != *dims.row))
      dims.outer.push_back(d);
  for (unsigned d : dims.reductions) {
    bool plain = llvm::all_of(dims.contractions, [&](const Contraction &c) {
      return isIndexedPlainly(getMap(c.input), d);
    });
    if (plain)
      dims.grouped = d;
  }
  // A convolution's window is few steps, for which a loop is not worth it.
  if (dims.grouped) {
    llvm::erase(dims.reductions, *dims.grouped);
    dims.reductions.push_back(*dims.grouped);
  }
  return dims;
}

std::optional<DotElement> ProjectionDims::getDotElement() const {
  Type element = getElementTypeOrSelf(contractions[0].input->get());
  for (const Contraction &c : contractions)
    for (OpOperand *operand : {c.input, c.weight})
      if (getElementTypeOrSelf(operand->get()) != element)
        return std::nullopt;
  Type sum = contractions[0].accumulator;
  if (element.isBF16() && sum.isF32())
    return DotElement::BFloat16;
  if (element.isInteger(8) && sum.isInteger(32))
    return DotElement::Int8;
  if (element.isInteger(16) && sum.isInteger(32))
    return DotElement::Int16;
  return std::nullopt;
}
