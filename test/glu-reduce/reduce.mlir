// What glu-fuse needs to find something is all that is left.
// RUN: glu-reduce %s --reduction-tree="traversal-mode=0 test=%S/Inputs/is_fused.sh" | FileCheck %s
// CHECK-NOT: @plain
// CHECK: func.func @unit
// CHECK-NOT: math.exp
// CHECK: glu.gate silu
// CHECK-NOT: @plain

// The second reduction runs passes, ours too, as long as it stays interesting.
// RUN: glu-reduce %s --opt-reduction-pass="opt-pass=symbol-dce test=%S/Inputs/is_fused.sh" -o %t
// RUN: FileCheck %s --check-prefix=PASS --input-file=%t
// PASS: glu.gate silu

// Bad use: a script that is not there, and a file that is not interesting.
// RUN: not glu-reduce %s --reduction-tree="traversal-mode=0 test=%S/Inputs/none.sh" 2>&1 | FileCheck %s --check-prefix=NO-SCRIPT
// NO-SCRIPT: Error running interestingness test: {{.*}}No such file
// RUN: not glu-reduce %S/Inputs/plain.mlir --reduction-tree="traversal-mode=0 test=%S/Inputs/is_fused.sh" 2>&1 | FileCheck %s --check-prefix=BORING
// BORING: glu-reduce: nothing reduced: if no error is above, the test did not exit with 1 for the input

func.func @plain(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = math.exp %x : tensor<4x8xf32>
  return %e : tensor<4x8xf32>
}

func.func @unit(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> (tensor<4x6xf32>, tensor<4x8xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y, %x : tensor<4x6xf32>, tensor<4x8xf32>
}
