// RUN: glu-opt %s --glu-dry-run --canonicalize --split-input-file | FileCheck %s

// CHECK:       func.func private @glu_count_flops(i64)
// CHECK-LABEL: func.func @matmul
// CHECK-SAME:    (%[[X:.*]]: tensor<?x4xf32>, %{{.*}}: tensor<4x8xf32>, %[[Y:.*]]: tensor<?x8xf32>) {
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C:.*]] = arith.constant {{8|64}} : index
// CHECK:         %[[M:.*]] = tensor.dim %[[X]], %[[C0]]
// CHECK:         %[[R:.*]] = tensor.dim %[[Y]], %[[C0]]
// CHECK:         %[[FITS:.*]] = arith.cmpi eq, %[[R]], %[[M]]
// CHECK:         cf.assert %[[FITS]], "linalg.matmul\0A^ dimension 0 of operand 2 has another size
// CHECK-NOT:     cf.assert
// CHECK-NOT:     linalg.matmul
// CHECK:         call @glu_count_flops(%{{.*}}) : (i64) -> ()
// CHECK-NEXT:    return
func.func @matmul(%x: tensor<?x4xf32>, %w: tensor<4x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %r = linalg.matmul ins(%x, %w : tensor<?x4xf32>, tensor<4x8xf32>) outs(%y : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}

// -----

// Two products in one operation count twice: 2 * 2 * (2*4*3).
// CHECK-LABEL: func.func @dual
// CHECK:         %[[C96:.*]] = arith.constant 96 : i64
// CHECK:         call @glu_count_flops(%[[C96]])
#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (k, n)>
#y = affine_map<(m, n, k) -> (m, n)>
func.func @dual(%x: tensor<2x3xbf16>, %w: tensor<3x4xbf16>, %y: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %r:2 = linalg.generic {indexing_maps = [#x, #w, #w, #y, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w, %w : tensor<2x3xbf16>, tensor<3x4xbf16>, tensor<3x4xbf16>) outs(%y, %y : tensor<2x4xf32>, tensor<2x4xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: bf16, %g: f32, %v: f32):
    %0 = arith.extf %a : bf16 to f32
    %1 = arith.extf %b : bf16 to f32
    %2 = arith.mulf %0, %1 : f32
    %3 = arith.addf %g, %2 : f32
    %4 = arith.mulf %a, %c : bf16
    %5 = arith.extf %4 : bf16 to f32
    %6 = arith.addf %5, %v : f32
    linalg.yield %3, %6 : f32, f32
  } -> (tensor<2x4xf32>, tensor<2x4xf32>)
  return %r#0, %r#1 : tensor<2x4xf32>, tensor<2x4xf32>
}

// -----

// Sums, maxima and elementwise operations do not count; without any count there
// is no counter. What calls a function needs its results, and
// gets a copy of it that has them.
// CHECK-NOT:   glu_count_flops
// CHECK-LABEL: func.func @others(%{{.*}}) {
// CHECK-NEXT:    return
// CHECK-LABEL: func.func @called(%{{.*}}) {
// CHECK-NEXT:    return
// CHECK-LABEL: func.func @caller(%{{.*}}) {
// CHECK-NEXT:    call @[[COPY:.+]](%{{.*}}) : (tensor<4xf32>) -> tensor<4xf32>
// CHECK-LABEL: func.func private @declared() -> f32
// CHECK:       func.func private @[[COPY]](%{{.*}}: tensor<4xf32>) -> tensor<4xf32>
func.func @others(%x: tensor<4x8xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %r = linalg.reduce ins(%x : tensor<4x8xf32>) outs(%y : tensor<4xf32>) dimensions = [1]
    (%a: f32, %b: f32) { %0 = arith.addf %a, %b : f32
                         linalg.yield %0 : f32 }
  return %r : tensor<4xf32>
}
func.func @called(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
func.func @caller(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = call @called(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
func.func private @declared() -> f32

// -----

// Kernels that the program brings say nothing of sizes.
// CHECK-NOT: gpu.module
// CHECK-LABEL: func.func @launches(%{{.*}}: memref<4xi32>) {
// CHECK-NEXT: return
// CHECK-NOT: @helper
module attributes {gpu.container_module} {
  gpu.module @kernels {
    llvm.func @k(%x: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
      llvm.return
    }
  }
  func.func private @helper()
  func.func @launches(%x: memref<4xi32>) -> memref<4xi32> {
    call @helper() : () -> ()
    return %x : memref<4xi32>
  }
}
