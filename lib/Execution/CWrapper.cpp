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
  SizeBuilder(llvm::IRBuilder<> &builder, llvm::ArrayRef<Value *> sizes)
      : builder(builder), sizes(sizes) {}

  Value *visitConstantExpr(mlir::AffineConstantExpr expr) {
    return builder.getInt64(expr.getValue());
  }
  Value *visitSymbolExpr(mlir::AffineSymbolExpr expr) {
    return sizes[expr.getPosition()];
  }
  Value *visitDimExpr(mlir::AffineDimExpr) {
    llvm_unreachable("sizes depend on symbols");
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
  llvm::ArrayRef<Value *> sizes;
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

llvm::Function *glu::addCFunction(llvm::Module &module,
                                  const CFunction &function,
                                  llvm::StringRef name) {
  llvm::LLVMContext &context = module.getContext();
  llvm::IRBuilder<> builder(context);
  llvm::Type *pointer = builder.getPtrTy(), *size = builder.getInt64Ty();
  using Kind = llvm::Attribute::AttrKind;

  // The parameters, in the order of the declaration.
  llvm::SmallVector<std::pair<llvm::Type *, Kind>> parameters;
  bool hasPacked = false;
  for (const CArgument &argument : function.arguments) {
    bool isPacked = argument.role == CArgument::Packed;
    if (!argument.isUsed || (isPacked && hasPacked))
      continue;
    hasPacked |= isPacked;
    parameters.push_back(argument.type.isScalar
                             ? getNumberType(builder, argument.type.element)
                             : std::pair(pointer, Kind::None));
  }
  for (unsigned i = 0; i < function.sizes.size(); ++i)
    if (function.needsSize(i))
      parameters.push_back({size, Kind::None});
  std::pair<llvm::Type *, Kind> result = {builder.getVoidTy(), Kind::None};
  if (function.kind == CFunction::PackedBytes)
    result.first = size;
  else if (function.result)
    result = getNumberType(builder, *function.result);

  auto types =
      llvm::map_to_vector(parameters, [](auto type) { return type.first; });
  auto *code = llvm::Function::Create(
      llvm::FunctionType::get(result.first, types, /*isVarArg=*/false),
      llvm::Function::ExternalLinkage, name, module);
  for (auto [i, type] : llvm::enumerate(parameters))
    if (type.second != Kind::None)
      code->addParamAttr(i, type.second);
  if (result.second != Kind::None)
    code->addRetAttr(result.second);
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", code));
  if (function.kind == CFunction::PackedBytes) {
    builder.CreateRet(builder.getInt64(function.bytes));
    return code;
  }

  unsigned position = code->arg_size();
  llvm::SmallVector<Value *> sizes(function.sizes.size(), builder.getInt64(0));
  for (unsigned i = sizes.size(); i-- > 0;)
    if (function.needsSize(i))
      sizes[i] = code->getArg(--position);
  llvm::Function *callee = module.getFunction(function.symbol);
  llvm::SmallVector<Value *> arguments;
  Value *packed = nullptr;
  position = 0;
  for (const CArgument &argument : function.arguments) {
    Value *value;
    if (argument.role == CArgument::Packed) {
      if (!packed)
        packed = code->getArg(position++);
      value = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), packed,
                                                 argument.offset);
    } else if (argument.isUsed) {
      value = code->getArg(position++);
    } else {
      value = llvm::Constant::getNullValue(
          callee->getFunctionType()->getParamType(arguments.size()));
    }
    if (argument.type.isScalar) {
      arguments.push_back(builder.CreateBitCast(
          value, callee->getFunctionType()->getParamType(arguments.size())));
      continue;
    }
    llvm::SmallVector<Value *> shape, strides;
    for (mlir::AffineExpr expr : argument.sizes)
      shape.push_back(SizeBuilder(builder, sizes).visit(expr));
    Value *stride = builder.getInt64(1);
    for (Value *length : llvm::reverse(shape)) {
      strides.push_back(stride);
      stride = builder.CreateMul(stride, length);
    }
    arguments.append({value, value, builder.getInt64(0)});
    arguments.append(shape);
    arguments.append(strides.rbegin(), strides.rend());
  }
  Value *call = builder.CreateCall(callee, arguments);
  if (result.first->isVoidTy())
    builder.CreateRetVoid();
  else
    builder.CreateRet(builder.CreateBitCast(call, result.first));
  return code;
}
