//===- CFunction.cpp - Compiled functions as C sees them ------------------===//

#include "glu/Execution/CFunction.h"
#include "CNames.h"

#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Expected;

SmallVector<CParameter> CFunction::getParameters() const {
  auto isInSizes = [&](llvm::function_ref<bool(AffineExpr)> contains) {
    return llvm::any_of(arguments, [&](const CArgument &argument) {
      return argument.isUsed && llvm::any_of(argument.sizes, contains);
    });
  };
  SmallVector<CParameter> parameters;
  auto addArguments = [&](bool outputs) {
    for (unsigned i = 0; i < arguments.size(); ++i) {
      CArgument::Role role = arguments[i].role;
      if (role == CArgument::Packed || (role == CArgument::Output) != outputs)
        continue;
      if (arguments[i].isUsed ||
          isInSizes([&](AffineExpr size) { return size.isFunctionOfDim(i); }))
        parameters.push_back({CParameter::Argument, i});
    }
  };
  addArguments(/*outputs=*/false);
  if (kind == Pack || kind == UsesPacked)
    parameters.push_back({CParameter::Packed});
  addArguments(/*outputs=*/true);
  if (canFail && result)
    parameters.push_back({CParameter::Result});
  for (unsigned i = 0; i < sizes.size(); ++i)
    if (isInSizes([&](AffineExpr size) { return size.isFunctionOfSymbol(i); }))
      parameters.push_back({CParameter::Size, i});
  return parameters;
}

namespace {
/// Makes the description of a function.
class Describer {
public:
  Describer(func::FuncOp function, CFunction &result)
      : function(function), result(result), context(function.getContext()) {}

  void addInputs(ArrayRef<ValueType> types, ArrayRef<std::string> known);
  llvm::Error addResults(ArrayRef<ValueType> types);

private:
  /// A new size parameter.
  AffineExpr addSize(StringRef array, unsigned dim) {
    result.sizes.push_back(names.add((array + "_dim" + Twine(dim)).str()));
    return getAffineSymbolExpr(result.sizes.size() - 1, context);
  }
  /// Dimension `dim` of result `i` by the sizes of arguments; null if there is
  /// no telling.
  AffineExpr getSize(unsigned i, unsigned dim);

  func::FuncOp function;
  CFunction &result;
  MLIRContext *context;
  CNames names;
};
} // namespace

void Describer::addInputs(ArrayRef<ValueType> types,
                          ArrayRef<std::string> known) {
  for (auto [i, type] : llvm::enumerate(types)) {
    CArgument &argument = result.arguments.emplace_back();
    argument.role = type.isMemRef ? CArgument::InOut : CArgument::Input;
    argument.type = type;
    argument.name = names.add(i < known.size() && !known[i].empty()
                                  ? known[i]
                                  : ("arg" + Twine(i)).str());
  }
  for (CArgument &argument : result.arguments)
    for (auto [d, size] : llvm::enumerate(argument.type.shape))
      argument.sizes.push_back(size >= 0 ? getAffineConstantExpr(size, context)
                                         : addSize(argument.name, d));
}

AffineExpr Describer::getSize(unsigned i, unsigned dim) {
  if (!function.getBody().hasOneBlock())
    return {};
  Value value = function.getBody().front().getTerminator()->getOperand(i);
  auto isArgument = [&](Value value) {
    return value.getParentBlock() == &function.getBody().front() &&
           isa<BlockArgument>(value);
  };
  AffineMap map;
  ValueDimList operands;
  if (failed(ValueBoundsConstraintSet::computeBound(
          map, operands, presburger::BoundType::EQ, {value, dim},
          [&](Value value, std::optional<int64_t> dim,
              ValueBoundsConstraintSet &) {
            return isArgument(value) && (dim || value.getType().isIndex());
          })))
    return {};
  SmallVector<AffineExpr> sizes;
  for (auto [operand, operandDim] : operands) {
    if (!isArgument(operand))
      return {};
    unsigned position = cast<BlockArgument>(operand).getArgNumber();
    sizes.push_back(operandDim ? result.arguments[position].sizes[*operandDim]
                               : getAffineDimExpr(position, context));
  }
  ArrayRef<AffineExpr> all = sizes;
  return map.getResult(0).replaceDimsAndSymbols(
      all.take_front(map.getNumDims()), all.drop_front(map.getNumDims()));
}

llvm::Error Describer::addResults(ArrayRef<ValueType> types) {
  unsigned tensors = llvm::count_if(
      types, [](const ValueType &type) { return !type.isScalar; });
  for (auto [i, type] : llvm::enumerate(types)) {
    if (type.isMemRef)
      return createStringError("function '" + function.getName() +
                               "' returns a memref, which nobody in C would "
                               "free; let it return a tensor");
    if (type.isScalar) {
      if (result.result)
        return createStringError("function '" + function.getName() +
                                 "' returns several numbers, and one of C "
                                 "returns one; let it return a tensor");
      result.result = type.element;
      continue;
    }
    CArgument argument;
    argument.role = CArgument::Output;
    argument.type = type;
    argument.name = names.add(tensors == 1 ? "out" : ("out" + Twine(i)).str());
    for (auto [d, size] : llvm::enumerate(type.shape)) {
      AffineExpr known =
          size >= 0 ? getAffineConstantExpr(size, context) : getSize(i, d);
      argument.sizes.push_back(known ? known : addSize(argument.name, d));
    }
    result.arguments.push_back(std::move(argument));
  }
  if (result.result)
    result.resultName = names.add("result");
  return llvm::Error::success();
}

Expected<CFunction> glu::describeFunction(func::FuncOp function, StringRef name,
                                          ArrayRef<std::string> argumentNames) {
  if (!isFunctionName(name))
    return createStringError(
        "no function of C can be called '" + name +
        "'; give it another name with --entry=" + function.getName() + ":NAME");
  Expected<Signature> signature = getSignature(function);
  if (!signature)
    return signature.takeError();
  CFunction result;
  result.name = name.str();
  Describer describer(function, result);
  describer.addInputs(signature->arguments, argumentNames);
  if (llvm::Error error = describer.addResults(signature->results))
    return std::move(error);
  return result;
}

Expected<std::vector<CFunction>> glu::describePacking(const CFunction &plain,
                                                      func::FuncOp pack,
                                                      func::FuncOp packed) {
  Expected<Signature> signature = getSignature(pack);
  if (!signature)
    return signature.takeError();
  CFunction bytes, packs = plain, uses = plain;
  bytes.kind = CFunction::PackedBytes;
  bytes.name = plain.name + "_packed_bytes";
  packs.kind = CFunction::Pack;
  packs.name = plain.name + "_pack";
  packs.symbol = pack.getName().str();
  packs.result = std::nullopt;
  uses.kind = CFunction::UsesPacked;
  uses.name = plain.name + "_packed";
  uses.symbol = packed.getName().str();

  unsigned inputs = pack.getNumArguments();
  packs.arguments.truncate(inputs);
  SmallVector<CArgument> outputs(llvm::drop_begin(uses.arguments, inputs));
  uses.arguments.truncate(inputs);
  for (unsigned i = 0; i < inputs; ++i) {
    packs.arguments[i].isUsed = !pack.getArgument(i).use_empty();
    uses.arguments[i].isUsed = !packed.getArgument(i).use_empty();
  }
  constexpr int64_t alignment = 64;
  for (const ValueType &type : signature->results) {
    std::optional<int64_t> count = countElements(type.shape, type.element);
    if (!count)
      return createStringError("cannot pack the weights of '" + plain.name +
                               "' once: packed, they are " + type.format() +
                               ", whose sizes are known only at run time");
    CArgument part;
    part.role = CArgument::Packed;
    part.type = type;
    part.offset = bytes.bytes;
    for (int64_t size : type.shape)
      part.sizes.push_back(getAffineConstantExpr(size, pack.getContext()));
    bytes.bytes +=
        llvm::alignTo(*count * getByteWidth(type.element), alignment);
    packs.arguments.push_back(part);
    uses.arguments.push_back(part);
  }
  uses.arguments.append(outputs);
  return std::vector<CFunction>{bytes, packs, uses};
}
