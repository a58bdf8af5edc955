//===- GLU.h - The glu dialect ----------------------------------*- C++ -*-===//
//
// The dialect, its operations, attributes and interfaces. See
// docs/Dialect.md for what they mean.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_IR_GLU_H
#define GLU_IR_GLU_H

#include "glu/IR/GatingFunctions.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/IndexingMapOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace glu {

// Upstream's AggregatedOpInterface declares its method with unqualified names.
using llvm::SmallVector;
using mlir::FailureOr;
using mlir::OpBuilder;
using mlir::Value;

/// The operands of a gate or value branch: (tensor), (input, weight) or
/// (input, weight, bias). A missing one is null.
struct Branch {
  explicit Branch(mlir::MutableOperandRange operands)
      : input(get(operands, 0)), weight(get(operands, 1)),
        bias(get(operands, 2)) {}

  /// Whether the branch is computed (has a weight) rather than given.
  bool isProjection() const { return weight; }

  mlir::OpOperand *input, *weight, *bias;

private:
  static mlir::OpOperand *get(mlir::MutableOperandRange operands, unsigned i) {
    return i < operands.size() ? &operands[i] : nullptr;
  }
};

} // namespace glu

#include "glu/IR/GLUDialect.h.inc"
#include "glu/IR/GLUInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "glu/IR/GLUAttributes.h.inc"

#define GET_OP_CLASSES
#include "glu/IR/GLUOps.h.inc"

namespace glu {

/// The indexing maps that need not be written out: those of a matmul, batched
/// where weight and destination have the same rank. Null maps where the ranks
/// of the operands fit no such matmul.
llvm::SmallVector<mlir::AffineMap>
getDefaultIndexingMaps(mlir::MLIRContext *context, mlir::TypeRange gate,
                       mlir::TypeRange value, mlir::TypeRange extras,
                       mlir::TypeRange outs);

/// The type in which products of `element` are summed unless said otherwise:
/// f32 for narrower floats, i32 for narrower integers, else `element`.
mlir::Type getDefaultAccumulatorType(mlir::Type element);

/// `value`, a float or integer, converted to `type` of the same kind; integers
/// by sign extension.
mlir::Value convertScalar(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value value, mlir::Type type);

/// lhs * rhs + sum, floats or integers of one type.
mlir::Value createMulAdd(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value lhs, mlir::Value rhs, mlir::Value sum);

/// Patterns that take superfluous dimensions of size one out of gated
/// operations (see the pass glu-fold-unit-dims).
void populateFoldUnitDimsPatterns(mlir::RewritePatternSet &patterns);

/// The slices of `operands` that the tile at `offsets` with `sizes` of the
/// iteration space touches, in order; scalars as they are, and one slice where
/// two operands are one tensor by one map. The operations that take the slices
/// are appended to `slices`.
llvm::SmallVector<mlir::Value>
makeTiledOperands(GatedOpInterface op, mlir::OpBuilder &builder,
                  mlir::Location loc,
                  llvm::ArrayRef<mlir::OpOperand *> operands,
                  llvm::ArrayRef<mlir::OpFoldResult> offsets,
                  llvm::ArrayRef<mlir::OpFoldResult> sizes,
                  llvm::SmallVectorImpl<mlir::Operation *> &slices);

} // namespace glu

#endif // GLU_IR_GLU_H
