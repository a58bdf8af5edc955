//===- EmulateInstructions.h - Instructions as calls ------------*- C++ -*-===//

#ifndef GLU_LIB_EMULATOR_EMULATEINSTRUCTIONS_H
#define GLU_LIB_EMULATOR_EMULATEINSTRUCTIONS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace glu {

/// Rewrites the code of kernels, in the LLVM and NVVM dialects, to calls of the
/// emulator. Functions are declared in `host`.
class InstructionEmulator {
public:
  InstructionEmulator(mlir::ModuleOp host, mlir::RewriterBase &rewriter)
      : host(host), rewriter(rewriter) {}

  /// Rewrites what is in `function`; an error names an instruction that the
  /// emulator does not know. `shared` are the offsets of shared memory.
  mlir::LogicalResult rewrite(mlir::LLVM::LLVMFuncOp function,
                              const llvm::StringMap<int64_t> &shared);

  /// Where in the program the code is that accesses refer to by number.
  llvm::SmallVector<std::string> sites;

  /// A call of `name` with `operands`, which is declared if it is not.
  mlir::Value call(mlir::Location loc, llvm::StringRef name, mlir::Type result,
                   mlir::ValueRange operands);
  mlir::Value createInt(mlir::Location loc, unsigned width, int64_t value);

private:
  mlir::LogicalResult rewriteNVVM(mlir::Operation *op);
  // Nothing if `op` is none of these.
  std::optional<mlir::LogicalResult> rewriteMbarrier(mlir::Operation *op);
  std::optional<mlir::LogicalResult> rewriteBulkCopy(mlir::Operation *op);
  std::optional<mlir::LogicalResult> rewriteWgmma(mlir::Operation *op);
  mlir::LogicalResult rewriteArrival(mlir::Operation *op, mlir::Value pointer,
                                     mlir::Value count, mlir::Value bytes,
                                     bool drops, bool isRelaxed);
  template <typename Op>
  mlir::LogicalResult rewriteTest(Op op, bool mayBlock);
  mlir::LogicalResult rewriteProduct(mlir::Operation *op);
  mlir::LogicalResult readAccumulators(mlir::Operation *function);
  mlir::LogicalResult failUnknown(mlir::Operation *op);
  mlir::LogicalResult replaceByCall(mlir::Operation *op, llvm::StringRef name,
                                    mlir::ValueRange operands);
  void branchAround(mlir::Operation *op, mlir::Value predicate);
  void rewriteAddress(mlir::Operation *op);
  mlir::Value repeatOperands(mlir::LLVM::InlineAsmOp op);
  void checkAccess(mlir::Operation *op, mlir::Value pointer, mlir::Type type,
                   uint64_t alignment, bool isWrite);
  mlir::Value toGeneric(mlir::Location loc, mlir::Value pointer);
  mlir::Value toInt(mlir::Location loc, mlir::Value value);
  mlir::Value createBuffer(mlir::Location loc, int64_t bytes);
  mlir::Value pack(mlir::Location loc, mlir::ValueRange values);
  mlir::Value getSite(mlir::Operation *op);

  mlir::ModuleOp host;
  mlir::RewriterBase &rewriter;
  llvm::StringMap<int64_t> siteNumbers;
};

} // namespace glu

#endif // GLU_LIB_EMULATOR_EMULATEINSTRUCTIONS_H
