//===- CWrapper.cpp - The code of C functions -----------------------------===//

#include "CWrapper.h"

#include "mlir/IR/AffineExprVisitor.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace glu;
using llvm::Value;

namespace {
/// A size as code.
class SizeBuilder : public mlir::AffineExprVisitor<SizeBuilder, Value *> {
public:
  SizeBuilder(llvm::IRBuilder<> &builder, llvm::ArrayRef<Value *> sizes,
              llvm::ArrayRef<Value *> arguments)
      : builder(builder), sizes(sizes), arguments(arguments) {}

  Value *visitConstantExpr(mlir::AffineConstantExpr expr) {
    return builder.getInt64(expr.getValue());
  }
  Value *visitSymbolExpr(mlir::AffineSymbolExpr expr) {
    return sizes[expr.getPosition()];
  }
  Value *visitDimExpr(mlir::AffineDimExpr expr) {
    return arguments[expr.getPosition()];
  }
  Value *visitAddExpr(mlir::AffineBinaryOpExpr expr) {
    return builder.CreateAdd(visit(expr.getLHS()), visit(expr.getRHS()));
  }
  Value *visitMulExpr(mlir::AffineBinaryOpExpr expr) {
    return builder.CreateMul(visit(expr.getLHS()), visit(expr.getRHS()));
  }
  // Divisors are positive, and what is divided may be negative.
  Value *visitFloorDivExpr(mlir::AffineBinaryOpExpr expr) {
    Value *divisor = visit(expr.getRHS());
    Value *remainder = visitModExpr(expr);
    return builder.CreateSDiv(
        builder.CreateSub(visit(expr.getLHS()), remainder), divisor);
  }
  Value *visitCeilDivExpr(mlir::AffineBinaryOpExpr expr) {
    Value *zero = builder.getInt64(0), *dividend = visit(expr.getLHS());
    Value *divisor = visit(expr.getRHS());
    Value *remainder = builder.CreateSRem(dividend, divisor);
    return builder.CreateAdd(
        builder.CreateSDiv(dividend, divisor),
        builder.CreateZExt(builder.CreateICmpSGT(remainder, zero),
                           builder.getInt64Ty()));
  }
  Value *visitModExpr(mlir::AffineBinaryOpExpr expr) {
    Value *zero = builder.getInt64(0), *divisor = visit(expr.getRHS());
    Value *remainder = builder.CreateSRem(visit(expr.getLHS()), divisor);
    return builder.CreateSelect(builder.CreateICmpSLT(remainder, zero),
                                builder.CreateAdd(remainder, divisor),
                                remainder);
  }

private:
  llvm::IRBuilder<> &builder;
  llvm::ArrayRef<Value *> sizes, arguments;
};
} // namespace

/// The type by which a number is passed in C, and how it is made wider.
static std::pair<llvm::Type *, llvm::Attribute::AttrKind>
getNumberType(llvm::IRBuilder<> &builder, ElementType type) {
  constexpr auto none = llvm::Attribute::None, sign = llvm::Attribute::SExt,
                 zero = llvm::Attribute::ZExt;
  switch (type) {
  case ElementType::Float32:
    return {builder.getFloatTy(), none};
  case ElementType::Float64:
    return {builder.getDoubleTy(), none};
  case ElementType::Bool:
    return {builder.getInt1Ty(), zero};
  case ElementType::Int8:
    return {builder.getInt8Ty(), sign};
  case ElementType::Int16:
    return {builder.getInt16Ty(), sign};
  default:
    return {builder.getIntNTy(8 * getByteWidth(type)),
            getByteWidth(type) < 4 ? zero : none};
  }
}

/// Adds `function` to `module`, without its code.
static llvm::Function *declare(llvm::Module &module, const CFunction &function,
                               llvm::ArrayRef<CParameter> parameters,
                               llvm::StringRef name) {
  llvm::IRBuilder<> builder(module.getContext());
  constexpr auto none = llvm::Attribute::None;
  auto getType = [&](const CParameter &parameter)
      -> std::pair<llvm::Type *, llvm::Attribute::AttrKind> {
    if (parameter.kind == CParameter::Size)
      return {builder.getInt64Ty(), none};
    if (parameter.kind == CParameter::Argument) {
      const ValueType &type = function.arguments[parameter.index].type;
      if (type.isScalar)
        return getNumberType(builder, type.element);
    }
    return {builder.getPtrTy(), none};
  };
  std::pair<llvm::Type *, llvm::Attribute::AttrKind> result = {
      builder.getVoidTy(), none};
  if (function.kind == CFunction::PackedBytes)
    result.first = builder.getInt64Ty();
  else if (function.canFail)
    result.first = builder.getPtrTy();
  else if (function.result)
    result = getNumberType(builder, *function.result);
  auto types = llvm::map_to_vector(parameters, getType);
  auto *code = llvm::Function::Create(
      llvm::FunctionType::get(result.first,
                              llvm::to_vector(llvm::make_first_range(types)),
                              /*isVarArg=*/false),
      llvm::Function::ExternalLinkage, name, module);
  for (auto [i, type] : llvm::enumerate(types))
    if (type.second != none)
      code->addParamAttr(i, type.second);
  if (result.second != none)
    code->addRetAttr(result.second);
  return code;
}

bool glu::hasFailureArgument(const CFunction &function, size_t parameters) {
  size_t own = 0;
  for (const CArgument &argument : function.arguments)
    own += argument.type.isScalar ? 1 : 3 + 2 * argument.type.shape.size();
  return parameters > own;
}

llvm::Function *glu::addCFunction(llvm::Module &module,
                                  const CFunction &function,
                                  llvm::StringRef name) {
  llvm::IRBuilder<> builder(module.getContext());
  auto parameters = function.getParameters();
  llvm::Function *code = declare(module, function, parameters, name);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", code));
  if (function.kind == CFunction::PackedBytes) {
    builder.CreateRet(builder.getInt64(function.bytes));
    return code;
  }

  // By position; what the caller does not give, nobody reads.
  llvm::SmallVector<Value *> given(function.arguments.size());
  llvm::SmallVector<Value *> sizes(function.sizes.size(), builder.getInt64(0));
  Value *packed = nullptr, *result = nullptr;
  for (auto [parameter, value] : llvm::zip(parameters, code->args()))
    (parameter.kind == CParameter::Argument ? given[parameter.index]
     : parameter.kind == CParameter::Size   ? sizes[parameter.index]
     : parameter.kind == CParameter::Result ? result
                                            : packed) = &value;

  llvm::Function *callee = module.getFunction(function.symbol);
  llvm::SmallVector<Value *> arguments;
  SizeBuilder sizeBuilder(builder, sizes, given);
  for (auto [argument, givenValue] : llvm::zip(function.arguments, given)) {
    Value *value = givenValue;
    llvm::Type *type =
        callee->getFunctionType()->getParamType(arguments.size());
    if (argument.role == CArgument::Packed)
      value = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), packed,
                                                 argument.offset);
    else if (!value)
      value = llvm::Constant::getNullValue(type);
    if (argument.type.isScalar) {
      arguments.push_back(builder.CreateBitCast(value, type));
      continue;
    }
    llvm::SmallVector<Value *> shape, strides;
    for (mlir::AffineExpr expr : argument.sizes)
      shape.push_back(sizeBuilder.visit(expr));
    Value *stride = builder.getInt64(1);
    for (Value *length : llvm::reverse(shape)) {
      strides.push_back(stride);
      stride = builder.CreateMul(stride, length);
    }
    arguments.append({value, value, builder.getInt64(0)});
    arguments.append(shape);
    arguments.append(strides.rbegin(), strides.rend());
  }
  if (!function.canFail) {
    Value *call = builder.CreateCall(callee, arguments);
    if (code->getReturnType()->isVoidTy())
      builder.CreateRetVoid();
    else
      builder.CreateRet(builder.CreateBitCast(call, code->getReturnType()));
    return code;
  }
  // Where the message goes (`glu-return-failures`), if it can fail on this
  // chip.
  llvm::Type *pointer = builder.getPtrTy();
  Value *failure = builder.CreateAlloca(pointer);
  builder.CreateStore(llvm::Constant::getNullValue(pointer), failure);
  if (hasFailureArgument(function, callee->arg_size()))
    arguments.push_back(failure);
  Value *call = builder.CreateCall(callee, arguments);
  if (result)
    builder.CreateStore(call, result);
  builder.CreateRet(builder.CreateLoad(pointer, failure));
  return code;
}
