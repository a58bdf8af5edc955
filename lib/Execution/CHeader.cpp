//===- CHeader.cpp - Declarations of C functions --------------------------===//

#include "PackedFunctions.h"
#include "glu/Execution/CFunction.h"

#include "mlir/IR/AffineExprVisitor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace glu;
using llvm::StringRef;
using llvm::Twine;

StringRef glu::getCType(ElementType type) {
  switch (type) {
  case ElementType::Bool:
    return "bool";
  case ElementType::Int8:
    return "int8_t";
  case ElementType::Int16:
    return "int16_t";
  case ElementType::Int32:
    return "int32_t";
  case ElementType::Int64:
    return "int64_t";
  case ElementType::UInt8:
  case ElementType::Float8E4M3FN:
  case ElementType::Float8E5M2:
  case ElementType::Raw1:
    return "uint8_t";
  case ElementType::UInt16:
  case ElementType::Float16:
  case ElementType::BFloat16:
  case ElementType::Raw2:
    return "uint16_t";
  case ElementType::UInt32:
    return "uint32_t";
  case ElementType::UInt64:
    return "uint64_t";
  case ElementType::Float32:
    return "float";
  case ElementType::Float64:
    return "double";
  }
  llvm_unreachable("all types are there");
}

/// A size as C writes it.
static std::string formatSize(mlir::AffineExpr size,
                              const CFunction &function) {
  if (auto constant = mlir::dyn_cast<mlir::AffineConstantExpr>(size))
    return std::to_string(constant.getValue());
  if (auto symbol = mlir::dyn_cast<mlir::AffineSymbolExpr>(size))
    return function.sizes[symbol.getPosition()];
  if (auto argument = mlir::dyn_cast<mlir::AffineDimExpr>(size))
    return function.arguments[argument.getPosition()].name;
  auto binary = mlir::cast<mlir::AffineBinaryOpExpr>(size);
  std::string lhs = formatSize(binary.getLHS(), function);
  std::string rhs = formatSize(binary.getRHS(), function);
  if (binary.getKind() != mlir::AffineExprKind::Add &&
      StringRef(lhs).contains(' '))
    lhs = "(" + lhs + ")";
  switch (binary.getKind()) {
  case mlir::AffineExprKind::Add:
    if (StringRef(rhs).starts_with("-"))
      return lhs + " - " + rhs.substr(1);
    return lhs + " + " + rhs;
  case mlir::AffineExprKind::Mul:
    if (rhs == "-1")
      return "-" + lhs;
    return lhs + " * " + rhs;
  case mlir::AffineExprKind::FloorDiv:
    return lhs + " / " + rhs;
  case mlir::AffineExprKind::CeilDiv:
    return "(" + lhs + " + " + rhs + " - 1) / " + rhs;
  default:
    return lhs + " % " + rhs;
  }
}

/// The parameters as a declaration lists them.
static llvm::SmallVector<std::string>
formatParameters(const CFunction &function) {
  llvm::SmallVector<std::string> texts;
  for (const CParameter &parameter : function.getParameters()) {
    if (parameter.kind == CParameter::Size) {
      texts.push_back("int64_t " + function.sizes[parameter.index]);
    } else if (parameter.kind == CParameter::Packed) {
      texts.push_back(function.kind == CFunction::Pack ? "void *packed"
                                                       : "const void *packed");
    } else if (parameter.kind == CParameter::Result) {
      texts.push_back(
          (Twine(getCType(*function.result)) + " *" + function.resultName)
              .str());
    } else {
      const CArgument &argument = function.arguments[parameter.index];
      bool isConst =
          argument.role == CArgument::Input && !argument.type.isScalar;
      texts.push_back((Twine(isConst ? "const " : "") +
                       getCType(argument.type.element) +
                       (argument.type.isScalar ? " " : " *") + argument.name)
                          .str());
    }
  }
  if (texts.empty())
    texts.push_back("void");
  return texts;
}

std::string glu::formatDeclaration(const CFunction &function) {
  std::string text = function.kind == CFunction::PackedBytes ? "int64_t "
                     : function.canFail                      ? "const char *"
                     : function.result
                         ? (Twine(getCType(*function.result)) + " ").str()
                         : "void ";
  text += function.name + "(";
  constexpr size_t width = 80;
  size_t column = text.size();
  auto parameters = formatParameters(function);
  for (auto [i, parameter] : llvm::enumerate(parameters)) {
    bool isLast = i + 1 == parameters.size();
    size_t needed = parameter.size() + (i ? 1 : 0) + (isLast ? 2 : 1);
    if (i && column + needed > width) {
      text += "\n    ";
      column = 4;
    } else if (i) {
      text += " ";
      ++column;
    }
    text += parameter + (isLast ? ")" : ",");
    column += parameter.size() + 1;
  }
  return text;
}

/// What the bits of an element are, where the C type does not say it.
static StringRef describeElement(ElementType type) {
  switch (type) {
  case ElementType::Float16:
    return ", the bits of f16";
  case ElementType::BFloat16:
    return ", the bits of bf16";
  case ElementType::Float8E4M3FN:
    return ", the bits of f8E4M3FN";
  case ElementType::Float8E5M2:
    return ", the bits of f8E5M2";
  default:
    return "";
  }
}

/// Lines about the parameters of a function.
static void printParameters(const CFunction &function,
                            llvm::raw_ostream &stream) {
  size_t width = 6; // "packed", "result"
  for (const CArgument &argument : function.arguments)
    width = std::max(width, argument.name.size());
  for (const CParameter &parameter : function.getParameters()) {
    if (parameter.kind == CParameter::Size)
      continue;
    if (parameter.kind == CParameter::Packed) {
      stream << " *   " << llvm::left_justify("packed", width)
             << (function.kind == CFunction::Pack ? "  out     " : "  in      ")
             << "the packed weights\n";
      continue;
    }
    if (parameter.kind == CParameter::Result) {
      stream << " *   " << llvm::left_justify(function.resultName, width)
             << "  out     " << getCType(*function.result)
             << describeElement(*function.result) << "\n";
      continue;
    }
    const CArgument &argument = function.arguments[parameter.index];
    StringRef role = argument.role == CArgument::Input    ? "in"
                     : argument.role == CArgument::Output ? "out"
                                                          : "in, out";
    stream << " *   " << llvm::left_justify(argument.name, width) << "  "
           << llvm::left_justify(role, 8) << getCType(argument.type.element);
    for (mlir::AffineExpr size : argument.sizes)
      stream << "[" << formatSize(size, function) << "]";
    stream << describeElement(argument.type.element) << "\n";
  }
  if (function.canFail)
    stream << " *   returns null, or the message of an assertion that failed: "
              "then what is\n *           written is undefined\n";
  else if (function.result)
    stream << " *   returns " << getCType(*function.result)
           << describeElement(*function.result) << "\n";
}

/// A comment about a function, and its declaration.
static void printFunction(const CFunction &function,
                          llvm::raw_ostream &stream) {
  StringRef name = function.name;
  stream << "\n/* ";
  switch (function.kind) {
  case CFunction::Plain:
    stream << "The function @" << getExportedName(function.symbol) << ".\n";
    break;
  case CFunction::PackedBytes:
    stream << "The bytes that the packed weights take on this chip. */\n"
           << formatDeclaration(function) << ";\n";
    return;
  case CFunction::Pack:
    stream << "Packs weights for " << name.drop_back(strlen("_pack"))
           << "_packed. Packed weights are for this chip, this\n"
              " * library and this process: keep the weights, not their packed "
              "form.\n";
    break;
  case CFunction::UsesPacked:
    stream << "As " << name.drop_back(strlen("_packed"))
           << ", with weights packed before, as often as they stay the same.\n";
    break;
  }
  printParameters(function, stream);
  stream << " */\n" << formatDeclaration(function) << ";\n";
}

std::string glu::formatHeader(llvm::ArrayRef<CFunction> functions,
                              StringRef file,
                              llvm::ArrayRef<std::string> targets,
                              int64_t threads) {
  std::string guard;
  for (char c : file)
    guard += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  if (!llvm::isAlpha(guard.front()))
    guard = "GLU" + guard; // Such identifiers are the implementation's.
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "/* Written by glu-compile.\n *\n"
         << " * Compiled for " << llvm::join(targets, ", ") << ".";
  if (targets.size() > 1)
    stream << " The code for the chip at hand\n"
              " * is chosen when the library is loaded.";
  stream << "\n * A call on a chip that cannot run it writes a message and "
            "aborts.\n *\n";
  if (threads == 1)
    stream << " * Functions run on the thread that calls them";
  else if (threads == 0)
    stream << " * Functions share their work among the threads of OpenMP\n"
              " * (OMP_NUM_THREADS, else one for each core; libomp.so.5)";
  else
    stream << " * Functions share their work among " << threads
           << " threads of OpenMP (libomp.so.5)";
  stream << ";\n * several threads may call them at once.\n"
            " *\n"
            " * Arrays are dense, in row-major order: element [i][j] of an "
            "array [m][n] is at\n"
            " * i * n + j. Any alignment that suits the elements is right, 64 "
            "bytes are\n"
            " * fastest. What is written may overlap nothing else. Sizes that "
            "are given are\n"
            " * not checked: they are 0 or more, and those that the function "
            "multiplies or\n"
            " * adds element by element fit together.\n"
            " */\n#ifndef "
         << guard << "\n#define " << guard << "\n\n";
  bool hasBool = llvm::any_of(functions, [](const CFunction &function) {
    return function.result == ElementType::Bool ||
           llvm::any_of(function.arguments, [](const CArgument &argument) {
             return argument.type.element == ElementType::Bool;
           });
  });
  stream << (hasBool ? "#include <stdbool.h>\n" : "")
         << "#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" "
            "{\n#endif\n";
  for (const CFunction &function : functions)
    printFunction(function, stream);
  stream << "\n#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n\n#endif /* "
         << guard << " */\n";
  return text;
}
