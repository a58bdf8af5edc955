//===- ExecutionPasses.td - Passes of lib/Execution --------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_EXECUTIONPASSES_TD
#define GLU_TRANSFORMS_EXECUTIONPASSES_TD

include "mlir/Pass/PassBase.td"

def WidenToFloat64 : Pass<"glu-widen", "::mlir::ModuleOp"> {
  let summary = "Turn every float type into f64";
  let description = [{
    Makes a module that computes the same in double precision: the reference
    that results of narrower types are compared with. Float types become f64
    wherever they occur, constants too (with the values that they had in their
    own type), and conversions between float types vanish, with their rounding.
    Runs on linalg, tensor, arith and math. An operation that looks at the bits
    of a float (`arith.bitcast`) is an error.

    Before:

    ```mlir
    func.func @f(%x: bf16) -> bf16 {
      %c = arith.constant 1.0e-1 : f32
      %e = arith.extf %x : bf16 to f32
      %m = arith.mulf %e, %c : f32
      %t = arith.truncf %m : f32 to bf16
      return %t : bf16
    }
    ```

    After:

    ```mlir
    func.func @f(%x: f64) -> f64 {
      %c = arith.constant 0.10000000149011612 : f64
      %m = arith.mulf %x, %c : f64
      return %m : f64
    }
    ```
  }];
}

def DryRun : Pass<"glu-dry-run", "::mlir::ModuleOp"> {
  let summary = "Keep only what depends on shapes, and count the arithmetic";
  let description = [{
    Before every linalg operation that sums up products, a call tells
    `@glu_count_flops` the number of its floating-point operations, two for each
    multiply-add. Assertions say where operands disagree on the size of a loop.
    Public functions lose their results. After canonicalisation
    and dead code elimination a program is left that does no arithmetic on
    elements but evaluates shapes: run with `-generate-runtime-verification`
    before it, it tells whether arguments fit together, and how much work a call
    is, dynamic sizes and loops included. Without `count-flops` it only checks.
    Of a module with kernels of its own (a `gpu.module`) nothing is known: its
    functions do nothing.

    Before:

    ```mlir
    func.func @f(%x: tensor<?x4xf32>, %w: tensor<4x8xf32>,
                 %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %r = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<4x8xf32>)
                         outs(%y : tensor<?x8xf32>) -> tensor<?x8xf32>
      return %r : tensor<?x8xf32>
    }
    ```

    After, and after `-canonicalize`:

    ```mlir
    func.func private @glu_count_flops(i64)
    func.func @f(%x: tensor<?x4xf32>, %w: tensor<4x8xf32>,
                 %y: tensor<?x8xf32>) {
      %c0 = arith.constant 0 : index
      %c64 = arith.constant 64 : index
      %m = tensor.dim %x, %c0 : tensor<?x4xf32>
      %n = arith.muli %m, %c64 : index
      %i = arith.index_cast %n : index to i64
      call @glu_count_flops(%i) : (i64) -> ()
      return
    }
    ```
  }];
  let options = [
    Option<"countFlops", "count-flops", "bool", "true",
           "tell how much work a call is">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::cf::ControlFlowDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // GLU_TRANSFORMS_EXECUTIONPASSES_TD
