// An assertion that fails in a kernel ends it.

// RUN: not glu-run %s --target=nvvm --emulate --verify 2>&1 | FileCheck %s
// CHECK: glu-run: error: kernel '{{.*}}', block (0, 0, 0), thread {{[0-3]}}: a trap: an assertion of the program failed, at {{.*}}assertion.mlir:[[@LINE+11]]

#id = affine_map<(d0) -> (d0)>
func.func @f(%x: tensor<4xi32>) -> tensor<4xi32> {
  %e = tensor.empty() : tensor<4xi32>
  %most = arith.constant 2147483647 : i32
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
         ins(%x : tensor<4xi32>) outs(%e : tensor<4xi32>) {
  ^bb0(%a: i32, %o: i32):
    %p = arith.cmpi eq, %a, %most : i32
    // Never.
    cf.assert %p, "the largest"
    linalg.yield %a : i32
  } -> tensor<4xi32>
  return %r : tensor<4xi32>
}
