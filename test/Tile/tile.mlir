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

// -----

// Tiles of two panels; of one where tasks or columns do not come out even, or
// the columns are not known.

// CHECK-LABEL: @panels
// CHECK: scf.forall (%{{.+}}) = (0) to (6) step (2)
// CHECK-NOT: scf.for
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<2x32x2x8xf32>
// CHECK: scf.forall (%{{.+}}) = (0) to (6) step (4)
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<1x32x2x8xf32>
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<1x32x2x8xf32>
func.func @panels(%x: tensor<1x32xf32>, %g: tensor<32x48xf32>, %v: tensor<32x48xf32>, %w: tensor<32x?xf32>, %n: index)
    -> (tensor<1x48xf32>, tensor<1x48xf32>, tensor<1x?xf32>) {
  %e = tensor.empty() : tensor<1x48xf32>
  %f = tensor.empty(%n) : tensor<1x?xf32>
  %a = glu.gated_projection silu
    gate(%x, %g : tensor<1x32xf32>, tensor<32x48xf32>)
    value(%x, %v : tensor<1x32xf32>, tensor<32x48xf32>)
    outs(%e : tensor<1x48xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 16, panels = 2>} -> tensor<1x48xf32>
  %b = glu.gated_projection silu
    gate(%x, %g : tensor<1x32xf32>, tensor<32x48xf32>)
    value(%x, %v : tensor<1x32xf32>, tensor<32x48xf32>)
    outs(%e : tensor<1x48xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 32, panels = 4>} -> tensor<1x48xf32>
  %c = glu.gated_projection silu
    gate(%x, %w : tensor<1x32xf32>, tensor<32x?xf32>)
    value(%x, %w : tensor<1x32xf32>, tensor<32x?xf32>)
    outs(%f : tensor<1x?xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 16, panels = 2>} -> tensor<1x?xf32>
  return %a, %b, %c : tensor<1x48xf32>, tensor<1x48xf32>, tensor<1x?xf32>
}
