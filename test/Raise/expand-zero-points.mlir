// RUN: glu-opt %s --glu-expand-zero-points --split-input-file | FileCheck %s
// RUN: glu-opt %s --glu-raise --glu-fuse --split-input-file | FileCheck %s --check-prefix=RAISE

// Both: 32 a b, too.

// CHECK-DAG: #[[ROW:.+]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[COLUMN:.+]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @both
// CHECK-SAME: %[[X:.+]]: tensor<?x32xi8>, %[[W:.+]]: tensor<32x16xi8>, %[[A:.+]]: i32, %[[B:.+]]: i32, %[[O:.+]]: tensor<?x16xi32>
// CHECK: %[[P:.+]] = linalg.matmul ins(%[[X]], %[[W]] : tensor<?x32xi8>, tensor<32x16xi8>) outs(%[[O]] : tensor<?x16xi32>)
// CHECK: %[[AB:.+]] = arith.muli %[[A]], %[[B]]
// CHECK: %[[C:.+]] = arith.muli %[[AB]], %{{.+}}
// CHECK: %[[SX:.+]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%[[X]] :
// CHECK: %[[TX:.+]] = linalg.generic {{.*}} ins(%[[SX]] : tensor<?xi32>)
// CHECK: arith.muli %{{.+}}, %[[B]]
// CHECK: arith.subi %{{.+}}, %[[C]]
// CHECK: %[[Q:.+]] = linalg.generic {{.*}}#[[ROW]]{{.*}} ins(%[[P]], %[[TX]] :
// CHECK: %[[SW:.+]] = linalg.generic {{.*}}iterator_types = ["reduction", "parallel"]} ins(%[[W]] :
// CHECK: %[[TW:.+]] = linalg.generic {{.*}} ins(%[[SW]] : tensor<16xi32>)
// CHECK: arith.muli %{{.+}}, %[[A]]
// CHECK: %[[Y:.+]] = linalg.generic {{.*}}#[[COLUMN]]{{.*}} ins(%[[Q]], %[[TW]] :
// CHECK: return %[[Y]]
func.func @both(%x: tensor<?x32xi8>, %w: tensor<32x16xi8>, %a: i32, %b: i32, %o: tensor<?x16xi32>) -> tensor<?x16xi32> {
  %y = linalg.quantized_matmul ins(%x, %w, %a, %b : tensor<?x32xi8>, tensor<32x16xi8>, i32, i32) outs(%o : tensor<?x16xi32>) -> tensor<?x16xi32>
  return %y : tensor<?x16xi32>
}

// -----

// Weights without one leave the input alone; a batch.

// CHECK-LABEL: @input_only
// CHECK: linalg.batch_matmul
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]} ins(%arg1 :
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT: linalg.generic
func.func @input_only(%x: tensor<3x8x32xi8>, %w: tensor<3x32x16xi8>, %a: i32, %o: tensor<3x8x16xi32>) -> tensor<3x8x16xi32> {
  %zero = arith.constant 0 : i32
  %y = linalg.quantized_batch_matmul ins(%x, %w, %a, %zero : tensor<3x8x32xi8>, tensor<3x32x16xi8>, i32, i32) outs(%o : tensor<3x8x16xi32>) -> tensor<3x8x16xi32>
  return %y : tensor<3x8x16xi32>
}

// CHECK-LABEL: @none
// CHECK-NEXT: arith.constant
// CHECK-NEXT: linalg.matmul
// CHECK-NEXT: return
func.func @none(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %o: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %zero = arith.constant 0 : i32
  %y = linalg.quantized_matmul ins(%x, %w, %zero, %zero : tensor<8x32xi8>, tensor<32x16xi8>, i32, i32) outs(%o : tensor<8x16xi32>) -> tensor<8x16xi32>
  return %y : tensor<8x16xi32>
}

// Not i32, or not on tensors.

// CHECK-LABEL: @others
// CHECK: linalg.quantized_matmul
// CHECK: linalg.quantized_matmul
func.func @others(%x: tensor<8x32xi8>, %w: tensor<32x16xi8>, %a: i64, %o: tensor<8x16xi64>, %mx: memref<8x32xi8>, %mw: memref<32x16xi8>, %b: i32, %mo: memref<8x16xi32>) -> tensor<8x16xi64> {
  %y = linalg.quantized_matmul ins(%x, %w, %a, %a : tensor<8x32xi8>, tensor<32x16xi8>, i64, i64) outs(%o : tensor<8x16xi64>) -> tensor<8x16xi64>
  linalg.quantized_matmul ins(%mx, %mw, %b, %b : memref<8x32xi8>, memref<32x16xi8>, i32, i32) outs(%mo : memref<8x16xi32>)
  return %y : tensor<8x16xi64>
}

// -----

// A gated unit of TOSA, whose weights have a zero point.

// RAISE-LABEL: @tosa
// RAISE-NOT: quantized
// RAISE: glu.gated_projection gate({{.*}} : tensor<8x32xi8>, tensor<32x16xi8>) value({{.*}} : tensor<8x32xi8>, tensor<32x16xi8>) extras({{.*}} : tensor<8xi32>)
// RAISE-NOT: quantized
func.func @tosa(%x: tensor<1x8x32xi8>, %g: tensor<1x32x16xi8>, %v: tensor<1x32x16xi8>) -> tensor<1x8x16xf32> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %gz = "tosa.const"() <{values = dense<3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %p = tosa.matmul %x, %g, %z, %gz : (tensor<1x8x32xi8>, tensor<1x32x16xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x16xi32>
  %q = tosa.matmul %x, %v, %z, %z : (tensor<1x8x32xi8>, tensor<1x32x16xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x16xi32>
  %pf = tosa.cast %p : (tensor<1x8x16xi32>) -> tensor<1x8x16xf32>
  %qf = tosa.cast %q : (tensor<1x8x16xi32>) -> tensor<1x8x16xf32>
  %t = tosa.tanh %pf : (tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.mul %t, %qf, %shift : (tensor<1x8x16xf32>, tensor<1x8x16xf32>, tensor<1xi8>) -> tensor<1x8x16xf32>
  return %y : tensor<1x8x16xf32>
}
