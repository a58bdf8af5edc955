// RUN: glu-opt %s --glu-pack --canonicalize --cse --glu-outline-packing --glu-tile --canonicalize --cse | FileCheck %s
// RUN: glu-opt %s --glu-pack --canonicalize --cse --glu-tile --canonicalize --cse | FileCheck %s --check-prefix=HERE

// Tiles of two panels; of one where tasks or columns do not come out even, or
// the columns are not known.

// CHECK-LABEL: @panels.packed(
// CHECK: scf.forall (%{{.+}}) = (0) to (6) step (2)
// CHECK-NOT: scf.for
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<2x32x2x8xf32>
// CHECK: scf.forall (%{{.+}}) = (0) to (6) step (4)
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<1x32x2x8xf32>
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x32xf32>, tensor<1x32x2x8xf32>

// Weights that are packed in the function are packed panel by panel later.
// HERE-LABEL: @panels(
// HERE-COUNT-3: tensor<1x32xf32>, tensor<1x32x2x8xf32>)
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

// Of groups for a dot product a tile takes one panel, whatever its schedule says.
// CHECK-LABEL: @groups.packed(
// CHECK: glu.gated_projection silu
// CHECK-SAME: tensor<1x16x2x8x2xbf16>
func.func @groups(%x: tensor<1x32xbf16>, %g: tensor<32x48xbf16>, %v: tensor<32x48xbf16>) -> tensor<1x48xbf16> {
  %e = tensor.empty() : tensor<1x48xbf16>
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<1x32xbf16>, tensor<32x48xbf16>)
    value(%x, %v : tensor<1x32xbf16>, tensor<32x48xbf16>)
    outs(%e : tensor<1x48xbf16>) attributes {
      glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 16, group = 2, depth = 2, panels = 2>} -> tensor<1x48xbf16>
  return %y : tensor<1x48xbf16>
}
