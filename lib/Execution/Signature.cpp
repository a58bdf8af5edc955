//===- Signature.cpp - What a function takes and gives --------------------===//

#include "glu/Execution/Signature.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "llvm/Support/raw_ostream.h"

using namespace glu;
using namespace mlir;
using llvm::createStringError;
using llvm::Expected;

static std::string toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static std::optional<ElementType> getIntegerType(unsigned width,
                                                 bool isUnsigned) {
  switch (width) {
  case 1:
    return ElementType::Bool;
  case 8:
    return isUnsigned ? ElementType::UInt8 : ElementType::Int8;
  case 16:
    return isUnsigned ? ElementType::UInt16 : ElementType::Int16;
  case 32:
    return isUnsigned ? ElementType::UInt32 : ElementType::Int32;
  case 64:
    return isUnsigned ? ElementType::UInt64 : ElementType::Int64;
  default:
    return std::nullopt;
  }
}

Expected<ElementType> glu::getElementType(Type type) {
  if (type.isIndex())
    return ElementType::Int64;
  if (auto integer = dyn_cast<IntegerType>(type))
    if (auto result = getIntegerType(integer.getWidth(), integer.isUnsigned()))
      return *result;
  if (type.isF16())
    return ElementType::Float16;
  if (type.isBF16())
    return ElementType::BFloat16;
  if (type.isF32())
    return ElementType::Float32;
  if (type.isF64())
    return ElementType::Float64;
  if (isa<Float8E4M3FNType>(type))
    return ElementType::Float8E4M3FN;
  if (isa<Float8E5M2Type>(type))
    return ElementType::Float8E5M2;
  return createStringError("elements of type " + toString(type) +
                           " cannot be passed");
}

static Expected<ValueType> getValueType(Type type) {
  ValueType result;
  Type element = type;
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    auto memref = dyn_cast<MemRefType>(type);
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!(tensor && !tensor.getEncoding()) &&
        !(memref && memref.getLayout().isIdentity()))
      return createStringError("values of type " + toString(type) +
                               " cannot be passed; expected a ranked tensor "
                               "without an encoding, a memref without a "
                               "layout, or a number");
    result.shape.assign(shaped.getShape().begin(), shaped.getShape().end());
    for (int64_t &size : result.shape)
      size = ShapedType::isDynamic(size) ? -1 : size;
    result.isMemRef = bool(memref);
    element = shaped.getElementType();
  } else {
    result.isScalar = true;
  }
  Expected<ElementType> elementType = getElementType(element);
  if (!elementType)
    return elementType.takeError();
  result.element = *elementType;
  return result;
}

Expected<Signature> glu::getSignature(func::FuncOp function) {
  Signature signature;
  signature.name = function.getName().str();
  auto collect = [&](TypeRange types, SmallVectorImpl<ValueType> &values,
                     StringRef kind) -> llvm::Error {
    for (auto [i, type] : llvm::enumerate(types)) {
      Expected<ValueType> value = getValueType(type);
      if (!value)
        return createStringError("function '" + signature.name + "', " + kind +
                                 " " + Twine(i) + ": " +
                                 llvm::toString(value.takeError()));
      values.push_back(*value);
    }
    return llvm::Error::success();
  };
  if (llvm::Error error =
          collect(function.getArgumentTypes(), signature.arguments, "argument"))
    return std::move(error);
  if (llvm::Error error =
          collect(function.getResultTypes(), signature.results, "result"))
    return std::move(error);
  return signature;
}

Expected<SmallVector<func::FuncOp>> glu::findEntries(ModuleOp module) {
  SmallVector<func::FuncOp> entries;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      entries.push_back(function);
  if (entries.empty())
    return createStringError("there is no public function with a body");
  return std::move(entries);
}

Expected<func::FuncOp> glu::findEntry(ModuleOp module, StringRef name) {
  auto candidates = findEntries(module);
  if (!candidates)
    return candidates.takeError();
  for (func::FuncOp function : *candidates)
    if (function.getName() == (name.empty() ? "main" : name))
      return function;
  if (name.empty() && candidates->size() == 1)
    return candidates->front();
  std::string names;
  for (func::FuncOp function : *candidates)
    names += (names.empty() ? "'" : ", '") + function.getName().str() + "'";
  if (name.empty())
    return createStringError("there are several public functions; choose one "
                             "with --entry: " +
                             names);
  return createStringError("there is no public function '" + name +
                           "' with a body; there are: " + names);
}

SmallVector<std::string> glu::isolateEntries(ModuleOp module,
                                             ArrayRef<StringRef> entries) {
  SmallVector<std::string> newEntries(entries.begin(), entries.end());
  for (auto function :
       llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    auto *entry = llvm::find(newEntries, function.getName());
    if (entry == newEntries.end())
      function.setPrivate();
    if (function.isDeclaration())
      continue;
    std::string name = function.getName().str();
    do
      name = "glu." + name;
    while (module.lookupSymbol(name));
    auto newName = StringAttr::get(module.getContext(), name);
    if (failed(SymbolTable::replaceAllSymbolUses(function, newName, module)))
      continue;
    function.setSymNameAttr(newName);
    if (entry != newEntries.end())
      *entry = name;
  }
  return newEntries;
}

std::string glu::isolateEntry(ModuleOp module, StringRef entry) {
  return isolateEntries(module, entry).front();
}

void glu::protectArguments(func::FuncOp function) {
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (isa<TensorType>(type))
      function.setArgAttr(
          i, bufferization::BufferizationDialect::kWritableAttrName,
          BoolAttr::get(function.getContext(), false));
}

/// Whether bytes of type `have` can be taken for elements of `want`.
static bool isSameRepresentation(ElementType have, ElementType want) {
  if (have == want)
    return true;
  switch (want) {
  case ElementType::BFloat16:
    return have == ElementType::Raw2 || have == ElementType::UInt16;
  case ElementType::Float8E4M3FN:
  case ElementType::Float8E5M2:
    return have == ElementType::Raw1 || have == ElementType::UInt8;
  // MLIR's signless integers are either; the bits are the same.
  case ElementType::Int8:
    return have == ElementType::UInt8;
  case ElementType::Int16:
    return have == ElementType::UInt16;
  case ElementType::Int32:
    return have == ElementType::UInt32;
  case ElementType::Int64:
    return have == ElementType::UInt64;
  default:
    return false;
  }
}

llvm::Error glu::conform(ElementType element, ArrayRef<int64_t> shape,
                         const ValueType &type, Twine what) {
  if (!isSameRepresentation(element, type.element))
    return createStringError(what + ": element type " + getName(element) +
                             ", expected " + getName(type.element) + " as in " +
                             type.format());
  std::string have = formatType(shape, element);
  if (shape.size() != type.shape.size())
    return createStringError(what + ": rank " + Twine(shape.size()) + " (" +
                             have + "), expected rank " +
                             Twine(type.shape.size()) + " as in " +
                             type.format());
  if (!countElements(shape, element))
    return createStringError(what + ": shape " + have +
                             " is no shape of an array in memory");
  for (auto [size, want] : llvm::zip(shape, type.shape))
    if (want >= 0 && size != want)
      return createStringError(what + ": shape " + have + ", expected " +
                               type.format());
  return llvm::Error::success();
}

llvm::Error glu::conform(Array &array, const ValueType &type, Twine what) {
  if (llvm::Error error =
          conform(array.getType(), array.getShape(), type, what))
    return error;
  array.reinterpret(type.element);
  return llvm::Error::success();
}
