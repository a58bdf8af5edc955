//===- CNames.cpp - Identifiers of C --------------------------------------===//

#include "CNames.h"
#include "RuntimeLibraries.h"

#include "llvm/ADT/StringExtras.h"

using namespace glu;
using llvm::StringRef;

/// Words of C and C++, and types that a declaration of ours uses.
static bool isReserved(StringRef name) {
  static const llvm::StringSet<> words = {
      "alignas",   "alignof",  "and",       "asm",          "auto",
      "bitand",    "bitor",    "bool",      "break",        "case",
      "catch",     "char",     "class",     "compl",        "concept",
      "const",     "continue", "decltype",  "default",      "delete",
      "do",        "double",   "else",      "enum",         "explicit",
      "export",    "extern",   "false",     "float",        "for",
      "friend",    "goto",     "if",        "inline",       "int",
      "long",      "mutable",  "namespace", "new",          "noexcept",
      "not",       "nullptr",  "operator",  "or",           "private",
      "protected", "public",   "register",  "requires",     "restrict",
      "return",    "short",    "signed",    "sizeof",       "static",
      "struct",    "switch",   "template",  "this",         "throw",
      "true",      "try",      "typedef",   "typeid",       "typename",
      "union",     "unsigned", "using",     "virtual",      "void",
      "volatile",  "while",    "xor",       "constexpr",    "thread_local",
      "size_t",    "typeof",   "int8_t",    "int16_t",      "int32_t",
      "int64_t",   "uint8_t",  "uint16_t",  "uint32_t",     "uint64_t",
      "linux",     "unix",     "NULL",      "static_assert"};
  return words.contains(name);
}

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

bool glu::isFunctionName(StringRef name) {
  return isIdentifier(name) && !isReserved(name) && name != "main" &&
         !isRuntimeFunction(name);
}

std::string glu::CNames::add(StringRef wanted) {
  std::string name;
  for (char c : wanted)
    name += llvm::isAlnum(c) || c == '_' ? c : '_';
  if (name.empty() || llvm::isDigit(name.front()))
    name = "arg" + name;
  // All packed weights of a function are one parameter of this name.
  while (isReserved(name) || name == "packed" || !taken.insert(name).second)
    name += "_";
  return name;
}
