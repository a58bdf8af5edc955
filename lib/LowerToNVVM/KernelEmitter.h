//===- KernelEmitter.h - What kernels are written with ----------*- C++ -*-===//
//
// The base of the classes that write the kernels of projections: arithmetic on
// indices, and elements at the edges of matrices.
//
//===----------------------------------------------------------------------===//

#ifndef GLU_LIB_LOWERTONVVM_KERNELEMITTER_H
#define GLU_LIB_LOWERTONVVM_KERNELEMITTER_H

#include "ProjectionKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace glu {

class KernelEmitter {
protected:
  KernelEmitter(mlir::OpBuilder &builder, const ProjectionKernel &kernel)
      : b(builder), loc(kernel.op->getLoc()), kernel(kernel) {}

  mlir::Value index(int64_t value) {
    return mlir::arith::ConstantIndexOp::create(b, loc, value);
  }
  mlir::Value add(mlir::Value lhs, mlir::Value rhs) {
    return mlir::arith::AddIOp::create(b, loc, lhs, rhs);
  }
  mlir::Value add(mlir::Value lhs, int64_t rhs) {
    return rhs == 0 ? lhs : add(lhs, index(rhs));
  }
  mlir::Value multiply(mlir::Value lhs, int64_t rhs) {
    return mlir::arith::MulIOp::create(b, loc, lhs, index(rhs));
  }
  mlir::Value divide(mlir::Value lhs, int64_t rhs) {
    return mlir::arith::DivUIOp::create(b, loc, lhs, index(rhs));
  }
  mlir::Value remainder(mlir::Value lhs, int64_t rhs) {
    return mlir::arith::RemUIOp::create(b, loc, lhs, index(rhs));
  }
  mlir::Value isBelow(mlir::Value lhs, mlir::Value rhs) {
    return mlir::arith::CmpIOp::create(b, loc, mlir::arith::CmpIPredicate::ult,
                                       lhs, rhs);
  }
  /// Zero where a matrix ends.
  mlir::Value zero(mlir::Type type) {
    return mlir::arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  }

  /// The element of `operand` at `point` of the rows or columns and at `sum` of
  /// the sums, or zero if there is none.
  mlir::Value loadOrZero(const MappedValue &operand, const LoopGroup &group,
                         mlir::Value point, mlir::Value sum);

  /// All loops at `row` and `column` of the result.
  llvm::SmallVector<mlir::Value> getLoops(mlir::Value row, mlir::Value column);
  mlir::Value isInside(mlir::Value row, mlir::Value column);

  /// Runs `body` with the loops of the element of the result at `row` and
  /// `column`, if there is one.
  mlir::scf::IfOp
  atElement(mlir::Value row, mlir::Value column, mlir::TypeRange types,
            llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> body);

  /// What the sum of a product starts from at `row` and `column`.
  mlir::Value createFirstSum(unsigned product, mlir::Value row,
                             mlir::Value column);

  /// Biases, gating and store of the element at `row` and `column`, if there is
  /// one.
  void storeElement(mlir::Value row, mlir::Value column, mlir::ValueRange sums);

  mlir::OpBuilder &b;
  mlir::Location loc;
  const ProjectionKernel &kernel;
  BlockPosition position;
};

} // namespace glu

#endif // GLU_LIB_LOWERTONVVM_KERNELEMITTER_H
