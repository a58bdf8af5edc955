// What is computed goes to its destination: of whole tiles nothing is allocated
// but a panel of each weight and the gated unit between the projections.

// RUN: glu-opt %S/Inputs/ffn.mlir --glu-to-cpu="target-cpu=x86-64-v3 threads=1 destinations" \
// RUN:   --mlir-print-ir-before=glu-expand-copies --mlir-print-ir-module-scope --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s
// RUN: glu-opt %S/Inputs/ffn.mlir --glu-to-cpu="target-cpu=x86-64-v3 threads=2 destinations" \
// RUN:   --mlir-print-ir-before=glu-expand-copies --mlir-print-ir-module-scope --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s
// CHECK: func.func @ffn({{.*}}, %{{[a-z0-9]*}}: memref<48x64xf32>)
// CHECK-NOT: memref.copy
// CHECK-COUNT-3: memref.alloc()
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy

// Any number of rows, one at a time: as before.
// RUN: glu-opt %s --glu-to-cpu="target-cpu=x86-64-v3 threads=1 destinations" \
// RUN:   --mlir-print-ir-before=glu-expand-copies --mlir-print-ir-module-scope --mlir-disable-threading -o /dev/null 2>&1 | FileCheck %s --check-prefix=ELEMENTWISE
// ELEMENTWISE: func.func @gate(
// ELEMENTWISE-NOT: memref.alloc
// ELEMENTWISE-NOT: memref.copy
func.func @gate(%g: tensor<?x64xf32>, %v: tensor<?x64xf32>, %n: index) -> tensor<?x64xf32> {
  %0 = tensor.empty(%n) : tensor<?x64xf32>
  %1 = glu.gate silu gate(%g : tensor<?x64xf32>) value(%v : tensor<?x64xf32>) outs(%0 : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %1 : tensor<?x64xf32>
}

// Arithmetic on whole tensors has an operand in the place of its result, which
// is not to be written to: of any size, and as a vector.
// ELEMENTWISE: func.func @arithmetic(
// ELEMENTWISE-NOT: memref.alloc
// ELEMENTWISE-NOT: memref.copy
// ELEMENTWISE: func.func @vector(
// ELEMENTWISE-NOT: memref.alloc
// ELEMENTWISE-NOT: memref.copy
func.func @arithmetic(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %0 = arith.addf %x, %x : tensor<?x64xf32>
  return %0 : tensor<?x64xf32>
}
func.func @vector(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = arith.addf %x, %x : tensor<8xf32>
  return %0 : tensor<8xf32>
}
