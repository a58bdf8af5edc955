//===- GLUInterfaces.td - What gated units have in common -*- tablegen -*-===//

#ifndef GLU_IR_GLUINTERFACES_TD
#define GLU_IR_GLUINTERFACES_TD

include "mlir/IR/OpBase.td"

def GLU_GatedOpInterface : OpInterface<"GatedOpInterface"> {
  let cppNamespace = "::glu";
  let description = [{
    An operation `outs = f(gate, value, extras)`: two branches, further operands
    over parallel dimensions, and the gating function as a region.

    Dimensions of the iteration space that an output's map uses are parallel,
    the others are reductions.
  }];
  let methods = [
    InterfaceMethod<"The operands of the gate branch: (tensor), (input, weight) "
      "or (input, weight, bias).",
      "::glu::Branch", "getGateBranch", (ins), [{
        return ::glu::Branch($_op.getGateMutable());
      }]>,
    InterfaceMethod<"The operands of the value branch.",
      "::glu::Branch", "getValueBranch", (ins), [{
        return ::glu::Branch($_op.getValueMutable());
      }]>,
    InterfaceMethod<"The block of the gating function: arguments g, v, then one "
      "per extra; its terminator is a `glu.yield`.",
      "::mlir::Block *", "getGatingBlock", (ins), [{
        return &$_op.getGating().front();
      }]>,
    InterfaceMethod<"Further operands of the gating function.",
      "::mlir::OperandRange", "getExtraOperands", (ins), [{
        return $_op.getExtras();
      }]>,
    InterfaceMethod<"Takes away an operand that is not a destination; maps and "
      "region are left to the caller (`eraseInput` does all).",
      "void", "eraseInputOperand", (ins "unsigned":$number), [{
        unsigned begin = 0;
        for (::mlir::MutableOperandRange range :
             {$_op.getGateMutable(), $_op.getValueMutable(),
              $_op.getExtrasMutable()}) {
          unsigned end = begin + range.size();
          if (number >= begin && number < end) {
            range.erase(number - begin);
            return;
          }
          begin = end;
        }
      }]>,
  ];
  let extraSharedClassDeclaration = [{
    /// The operands that are not destinations, in order.
    ::llvm::SmallVector<::mlir::OpOperand *> getInputOperands();
    /// The map of an operand.
    ::mlir::AffineMap getMap(::mlir::OpOperand *operand);
    /// The region's argument that stands for an extra.
    ::mlir::BlockArgument getExtraArgument(unsigned extra) {
      return $_op.getGatingBlock()->getArgument(2 + extra);
    }
    /// Replaces the map of an operand.
    void setMap(::mlir::OpOperand *operand, ::mlir::AffineMap map);
    /// Takes away an operand that is not a destination (a bias or an extra),
    /// its map and, of an extra, the region's argument, which must be unused.
    void eraseInput(unsigned number);
    /// Types in which the branches are accumulated: those of g and v.
    ::mlir::Type getGateType() {
      return $_op.getGatingBlock()->getArgument(0).getType();
    }
    ::mlir::Type getValueType() {
      return $_op.getGatingBlock()->getArgument(1).getType();
    }
    /// Positions of the dimensions that are parallel or reductions.
    ::llvm::SmallVector<unsigned> getParallelDims();
    ::llvm::SmallVector<unsigned> getReductionDims();
    /// The size of a dimension of the iteration space, read off an operand (a
    /// static one if possible) that it indexes.
    ::mlir::OpFoldResult getLoopSize(::mlir::OpBuilder &builder, unsigned dim);
  }];
}

#endif // GLU_IR_GLUINTERFACES_TD
