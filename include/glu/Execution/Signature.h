//===- Signature.h - What a function takes and gives ------------*- C++ -*-===//
//
// The types of a function that compiled code is called by, and the checks of
// arrays against them.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_EXECUTION_SIGNATURE_H
#define GLU_EXECUTION_SIGNATURE_H

#include "glu/Execution/Array.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace glu {

/// The type of an argument or result: a scalar, or an array (a ranked tensor
/// without encoding, or a memref with the identity layout) with negative sizes
/// where dynamic.
struct ValueType {
  ElementType element;
  bool isScalar = false;
  /// Whether the function may write to it and the caller sees that.
  bool isMemRef = false;
  llvm::SmallVector<int64_t> shape;

  /// As in messages: "?x16xf32".
  std::string format() const { return formatType(shape, element); }
};

/// The types of a function, before it is lowered.
struct Signature {
  std::string name;
  llvm::SmallVector<ValueType> arguments, results;
};

/// The element type of arrays that hold elements of `type`; an error names the
/// type if there is none. `index` is i64.
llvm::Expected<ElementType> getElementType(mlir::Type type);

/// The signature of `function`; an error says which type cannot be passed.
llvm::Expected<Signature> getSignature(mlir::func::FuncOp function);

/// The public functions of `module` with bodies; an error if there is none.
llvm::Expected<llvm::SmallVector<mlir::func::FuncOp>>
findEntries(mlir::ModuleOp module);

/// The public function of `module` called `name`; without a name the only
/// public function with a body, or `main`. An error lists those there are.
llvm::Expected<mlir::func::FuncOp> findEntry(mlir::ModuleOp module,
                                             llvm::StringRef name);

/// Makes all functions of `module` but `entries` private, so that what they do
/// not call is not compiled. Those with bodies get new names, so that one
/// called @exp or @malloc is not taken for the C library's: "glu." before the
/// old one. Returns those of the entries.
llvm::SmallVector<std::string>
isolateEntries(mlir::ModuleOp module, llvm::ArrayRef<llvm::StringRef> entries);

/// The same for a single entry.
std::string isolateEntry(mlir::ModuleOp module, llvm::StringRef entry);

/// Keeps bufferisation from computing in the place of an argument of
/// `function` that is a tensor.
void protectArguments(mlir::func::FuncOp function);

/// Checks that an array of that element type and shape can be passed as (or
/// compared with) a value of `type`. `what` names it in errors, which say what
/// was expected: element type, rank or size.
llvm::Error conform(ElementType element, llvm::ArrayRef<int64_t> shape,
                    const ValueType &type, llvm::Twine what);

/// The same for `array`, whose raw bytes are then taken for what they are.
llvm::Error conform(Array &array, const ValueType &type, llvm::Twine what);

} // namespace glu

#endif // GLU_EXECUTION_SIGNATURE_H
