// RUN: glu-opt %s --glu-pack --canonicalize --cse --glu-tile --canonicalize --cse --split-input-file | FileCheck %s

// Tasks of 12 x 16 and in them tiles of 6 x 8, columns outside, rows inside.

// CHECK-LABEL: @gated
// CHECK: scf.forall (%{{.+}}, %{{.+}}) = (0, 0) to (4, 6) step (2, 2) shared_outs
// CHECK: scf.for %[[N:.+]] = %c0 to %c2
// CHECK: scf.for %[[M:.+]] = %c0 to %c2
// CHECK: tensor.extract_slice %{{.+}}[%[[M]], 0, 0] [1, 6, 32]
// CHECK: tensor.extract_slice %{{.+}}[%[[N]], 0, 0, 0] [1, 32, 2, 8]
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x6x32xf32>, tensor<1x32x2x8xf32>
// CHECK-NOT: glu.packed
// CHECK-SAME: -> tensor<1x6x1x8xf32>
// CHECK: tensor.parallel_insert_slice
func.func @gated(%x: tensor<24x32xf32>, %g: tensor<32x48xf32>, %v: tensor<32x48xf32>) -> tensor<24x48xf32> {
  %e = tensor.empty() : tensor<24x48xf32>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<24x32xf32>, tensor<32x48xf32>)
    value(%x, %v : tensor<24x32xf32>, tensor<32x48xf32>)
    outs(%e : tensor<24x48xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 16>} -> tensor<24x48xf32>
  return %y : tensor<24x48xf32>
}

// -----

// Batches and dynamic rows.

// CHECK-LABEL: @batch
// CHECK: scf.forall (%{{.+}}, %{{.+}}, %{{.+}}) =
// CHECK: scf.for
// CHECK: linalg.generic
// CHECK-SAME: ins(%{{.+}}, %{{.+}} : tensor<1x1x6x32xf32>, tensor<1x1x32x8xf32>)
func.func @batch(%x: tensor<3x?x32xf32>, %w: tensor<3x32x48xf32>, %o: tensor<3x?x48xf32>) -> tensor<3x?x48xf32> {
  %y = linalg.batch_matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 16>}
    ins(%x, %w : tensor<3x?x32xf32>, tensor<3x32x48xf32>) outs(%o : tensor<3x?x48xf32>) -> tensor<3x?x48xf32>
  return %y : tensor<3x?x48xf32>
}
