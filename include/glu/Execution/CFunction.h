//===- CFunction.h - Compiled functions as C sees them ----------*- C++ -*-===//
//
// A function of the IR becomes a C function with plain pointers, numbers and
// sizes. What each parameter is, is described here once; the code of the
// function and its declaration in a header are made from that.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_CFUNCTION_H
#define GLU_EXECUTION_CFUNCTION_H

#include "glu/Execution/Signature.h"

#include "mlir/IR/AffineExpr.h"

namespace glu {

/// An argument of a compiled function.
struct CArgument {
  /// Who it comes from.
  enum Role {
    Input,  ///< The caller, who finds it unchanged.
    InOut,  ///< The caller; the function writes to it (a memref).
    Output, ///< The caller gives memory and finds a result there.
    Packed, ///< Part of the packed weights.
  };
  Role role = Input;
  /// A C identifier; of `Packed` no one's.
  std::string name;
  ValueType type;
  /// The sizes of an array: constants, symbols that stand for the size
  /// parameters of the function (`CFunction::sizes`) by position, and
  /// dimensions that stand for its arguments that are indices.
  llvm::SmallVector<mlir::AffineExpr> sizes;
  /// Where a part of the packed weights begins, in bytes.
  int64_t offset = 0;
  /// Whether the code reads it. The caller does not give what it does not.
  bool isUsed = true;
};

/// A parameter of a C function.
struct CParameter {
  enum Kind {
    Argument, ///< One of `CFunction::arguments`.
    Packed,   ///< All packed weights.
    Result,   ///< Where a number goes that a function that can fail gives.
    Size,     ///< One of `CFunction::sizes`, an int64_t.
  };
  Kind kind;
  /// Its position in the list that it is from.
  unsigned index = 0;
};

/// A compiled function.
struct CFunction {
  enum Kind {
    Plain,
    PackedBytes, ///< Returns how many bytes the packed weights take.
    Pack,        ///< Packs weights.
    UsesPacked,  ///< As `Plain`, with packed weights.
  };
  Kind kind = Plain;
  /// A C identifier.
  std::string name;
  /// The function in the IR; none of `PackedBytes`.
  std::string symbol;
  llvm::SmallVector<CArgument> arguments;
  /// A number that is returned, and what it is called where it is a parameter.
  std::optional<ElementType> result;
  std::string resultName;
  /// Whether it returns a message, null if all went well, as it has assertions.
  bool canFail = false;
  /// Of `PackedBytes`: the number.
  int64_t bytes = 0;
  /// Names of the size parameters, for all arguments.
  llvm::SmallVector<std::string> sizes;

  /// What C gives it: the used arguments in order, the packed weights between
  /// inputs and outputs, then where a number goes that it does not return, then
  /// the sizes that used arguments depend on.
  llvm::SmallVector<CParameter> getParameters() const;
};

/// The C function called `name` for `function`, which has not been lowered
/// yet. `argumentNames` are what arguments are called, as far as known. Sizes
/// of results that can be told from those of arguments are no parameters.
/// Errors: a type that C has no parameter for, several numbers as results, a
/// `name` that is not one in C.
llvm::Expected<CFunction>
describeFunction(mlir::func::FuncOp function, llvm::StringRef name,
                 llvm::ArrayRef<std::string> argumentNames);

/// From the C function of @f those of @f.pack and @f.packed, which
/// `glu-outline-packing` has made: how many bytes, packing, and use. Errors:
/// weights whose packed sizes are known only at run time.
llvm::Expected<std::vector<CFunction>>
describePacking(const CFunction &plain, mlir::func::FuncOp pack,
                mlir::func::FuncOp packed);

/// The C type of elements, as in `uint16_t` for bf16.
llvm::StringRef getCType(ElementType type);

/// The declaration, without the semicolon.
std::string formatDeclaration(const CFunction &function);

/// What a C header says about a library of `functions`; `file` is its name.
/// `targets` and `threads` are what it was compiled for.
std::string formatHeader(llvm::ArrayRef<CFunction> functions,
                         llvm::StringRef file,
                         llvm::ArrayRef<std::string> targets, int64_t threads);

} // namespace glu

#endif // GLU_EXECUTION_CFUNCTION_H
