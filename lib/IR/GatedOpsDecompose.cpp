//===- GatedOpsDecompose.cpp - Gated operations as linalg -----------------===//
//
// The meaning of the operations: contractions into zeroed accumulators, then
// one elementwise generic.
//
//===----------------------------------------------------------------------===//

#include "GatedOpsDecompose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace glu;

AffineMap glu::getAccumulatorMap(GatedOpInterface op, Branch branch) {
  SmallVector<AffineExpr> dims;
  AffineMap input = op.getMap(branch.input), weight = op.getMap(branch.weight);
  for (unsigned dim : op.getParallelDims())
    if (input.isFunctionOfDim(dim) || weight.isFunctionOfDim(dim))
      dims.push_back(getAffineDimExpr(dim, op.getContext()));
  return AffineMap::get(input.getNumDims(), 0, dims, op.getContext());
}

bool glu::sharesContraction(GatedOpInterface op) {
  Branch gate = op.getGateBranch(), value = op.getValueBranch();
  if (!gate.isProjection() || !value.isProjection())
    return false;
  AffineMap input = op.getMap(gate.input);
  return gate.input->get() == value.input->get() &&
         input == op.getMap(value.input) &&
         getAccumulatorMap(op, gate) == getAccumulatorMap(op, value) &&
         getUnusedDimsBitVector({op.getMap(gate.weight), input}) ==
             getUnusedDimsBitVector({op.getMap(value.weight), input});
}

Value glu::createZeroTensor(OpBuilder &builder, Location loc,
                            ArrayRef<OpFoldResult> sizes, Type element) {
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

/// The sum of two scalars, floats or integers.
static Value createAdd(OpBuilder &builder, Location loc, Value lhs, Value rhs) {
  if (isa<FloatType>(lhs.getType()))
    return arith::AddFOp::create(builder, loc, lhs, rhs);
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value glu::createMulAdd(OpBuilder &builder, Location loc, Value lhs, Value rhs,
                        Value sum) {
  Value product = isa<FloatType>(sum.getType())
                      ? Value(arith::MulFOp::create(builder, loc, lhs, rhs))
                      : Value(arith::MulIOp::create(builder, loc, lhs, rhs));
  return createAdd(builder, loc, sum, product);
}

Value glu::addBias(OpBuilder &builder, Location loc, Value sum, Value bias) {
  return createAdd(builder, loc, sum,
                   convertScalar(builder, loc, bias, sum.getType()));
}

linalg::GenericOp glu::createContraction(OpBuilder &builder, Location loc,
                                         ValueRange inputs,
                                         ValueRange accumulators,
                                         SmallVector<AffineMap> maps) {
  // linalg wants every dimension used: the other branch's own ones go.
  llvm::SmallBitVector unused = getUnusedDimsBitVector(maps);
  for (AffineMap &map : maps)
    map = projectDims(map, unused, /*compressDimsFlag=*/true);
  AffineMap accumulatorMap = maps.back();
  SmallVector<utils::IteratorType> iterators;
  for (unsigned dim = 0; dim < accumulatorMap.getNumDims(); ++dim)
    iterators.push_back(accumulatorMap.isFunctionOfDim(dim)
                            ? utils::IteratorType::parallel
                            : utils::IteratorType::reduction);

  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    SmallVector<Value> sums;
    for (Value sum : args.drop_front(inputs.size())) {
      Type type = sum.getType();
      Value x = convertScalar(b, loc, args[0], type);
      Value w = convertScalar(b, loc, args[1 + sums.size()], type);
      sums.push_back(createMulAdd(b, loc, x, w, sum));
    }
    linalg::YieldOp::create(b, loc, sums);
  };
  bool tensors = isa<RankedTensorType>(accumulators.front().getType());
  return linalg::GenericOp::create(
      builder, loc, tensors ? TypeRange(accumulators) : TypeRange(), inputs,
      accumulators, maps, iterators, body);
}

namespace {

class Decomposer {
public:
  Decomposer(GatedOpInterface op, OpBuilder &builder)
      : op(op), builder(builder), loc(op.getLoc()),
        destinations(cast<DestinationStyleOpInterface>(op.getOperation())),
        tensors(destinations.hasPureTensorSemantics()) {}

  FailureOr<SmallVector<Value>> run();

private:
  Value makeZero(AffineMap map, Type element);
  SmallVector<Value> contract(ArrayRef<Branch> branches, ArrayRef<Type> types);
  FailureOr<SmallVector<Value>> gate();

  GatedOpInterface op;
  OpBuilder &builder;
  Location loc;
  DestinationStyleOpInterface destinations;
  bool tensors;
  /// What the gating function's g and v read, and by which map.
  Value operands[2];
  AffineMap maps[2];
};

} // namespace

Value Decomposer::makeZero(AffineMap map, Type element) {
  SmallVector<OpFoldResult> sizes;
  for (AffineExpr expr : map.getResults())
    sizes.push_back(
        op.getLoopSize(builder, cast<AffineDimExpr>(expr).getPosition()));
  if (tensors)
    return createZeroTensor(builder, loc, sizes, element);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamicSizes;
  dispatchIndexOpFoldResults(sizes, dynamicSizes, shape);
  Value buffer = memref::AllocOp::create(
      builder, loc, MemRefType::get(shape, element), dynamicSizes);
  linalg::FillOp::create(builder, loc, zero, buffer);
  return buffer;
}

/// acc_i += input * weight_i for branches that read one input by one map.
SmallVector<Value> Decomposer::contract(ArrayRef<Branch> branches,
                                        ArrayRef<Type> types) {
  AffineMap accumulatorMap = getAccumulatorMap(op, branches.front());
  SmallVector<Value> inputs = {branches.front().input->get()};
  SmallVector<AffineMap> maps = {op.getMap(branches.front().input)};
  SmallVector<Value> accumulators;
  for (auto [branch, type] : llvm::zip_equal(branches, types)) {
    inputs.push_back(branch.weight->get());
    maps.push_back(op.getMap(branch.weight));
    accumulators.push_back(makeZero(accumulatorMap, type));
  }
  maps.append(branches.size(), accumulatorMap);
  linalg::GenericOp generic =
      createContraction(builder, loc, inputs, accumulators, maps);
  return tensors ? SmallVector<Value>(generic.getResults()) : accumulators;
}

/// outs = f(acc + bias, acc + bias, extras...)
FailureOr<SmallVector<Value>> Decomposer::gate() {
  Branch branches[] = {op.getGateBranch(), op.getValueBranch()};
  SmallVector<Value> inputs = {operands[0], operands[1]};
  SmallVector<AffineMap> inputMaps = {maps[0], maps[1]};
  SmallVector<int> biasArg(2, -1);
  for (auto [i, branch] : llvm::enumerate(branches))
    if (branch.bias) {
      biasArg[i] = inputs.size();
      inputs.push_back(branch.bias->get());
      inputMaps.push_back(op.getMap(branch.bias));
    }
  unsigned firstExtra = inputs.size();
  OperandRange extras = op.getExtraOperands();
  for (unsigned i = 0; i < extras.size(); ++i) {
    OpOperand &operand = op->getOpOperand(extras.getBeginOperandIndex() + i);
    inputs.push_back(operand.get());
    inputMaps.push_back(op.getMap(&operand));
  }
  for (OpOperand &out : destinations.getDpsInitsMutable())
    inputMaps.push_back(op.getMap(&out));

  // Reduction dimensions play no part here.
  llvm::SmallBitVector reductions(inputMaps.front().getNumDims());
  for (unsigned dim : op.getReductionDims())
    reductions.set(dim);
  for (AffineMap &map : inputMaps)
    map = projectDims(map, reductions, /*compressDimsFlag=*/true);
  SmallVector<utils::IteratorType> iterators(inputMaps.front().getNumDims(),
                                             utils::IteratorType::parallel);

  auto body = [&](OpBuilder &b, Location loc, ValueRange args) {
    IRMapping mapping;
    Block *block = op.getGatingBlock();
    for (unsigned i = 0; i < 2; ++i) {
      Value branch = args[i];
      if (biasArg[i] >= 0)
        branch = addBias(b, loc, branch, args[biasArg[i]]);
      mapping.map(block->getArgument(i), branch);
    }
    for (unsigned i = 0; i < extras.size(); ++i)
      mapping.map(block->getArgument(2 + i), args[firstExtra + i]);
    for (Operation &nested : block->without_terminator())
      b.clone(nested, mapping);
    SmallVector<Value> results;
    for (Value value : block->getTerminator()->getOperands())
      results.push_back(mapping.lookup(value));
    linalg::YieldOp::create(b, loc, results);
  };
  auto generic = linalg::GenericOp::create(builder, loc, op->getResultTypes(),
                                           inputs, destinations.getDpsInits(),
                                           inputMaps, iterators, body);
  return SmallVector<Value>(generic.getResults());
}

FailureOr<SmallVector<Value>> Decomposer::run() {
  Branch branches[] = {op.getGateBranch(), op.getValueBranch()};
  Type types[] = {op.getGateType(), op.getValueType()};
  for (unsigned i = 0; i < 2; ++i) {
    bool projects = branches[i].isProjection();
    operands[i] = projects ? Value() : branches[i].input->get();
    maps[i] = projects ? getAccumulatorMap(op, branches[i])
                       : op.getMap(branches[i].input);
  }
  if (sharesContraction(op)) {
    SmallVector<Value> sums = contract(branches, types);
    llvm::copy(sums, operands);
  } else {
    for (unsigned i = 0; i < 2; ++i)
      if (!operands[i])
        operands[i] = contract(branches[i], types[i]).front();
  }
  FailureOr<SmallVector<Value>> results = gate();
  if (!tensors)
    for (unsigned i = 0; i < 2; ++i)
      if (branches[i].isProjection())
        memref::DeallocOp::create(builder, loc, operands[i]);
  return results;
}

FailureOr<SmallVector<Value>> GateOp::decomposeOperation(OpBuilder &builder) {
  return Decomposer(*this, builder).run();
}

FailureOr<SmallVector<Value>>
GatedProjectionOp::decomposeOperation(OpBuilder &builder) {
  return Decomposer(*this, builder).run();
}
