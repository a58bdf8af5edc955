// RUN: glu-opt %s --glu-pack=single-row --canonicalize --cse | FileCheck %s

// A version for one row, of the panels that the other reads: four at once, with
// tasks that have a multiple of them.

// CHECK-LABEL: @gated
//       CHECK:   linalg.pack %arg1
//       CHECK:   linalg.pack %arg2
//       CHECK:   %[[W:.*]] = tensor.insert_slice
//   CHECK-NOT:   linalg.pack
//       CHECK:   %[[ONE:.*]] = arith.cmpi eq, %{{.*}}, %c1
//       CHECK:   %[[Y:.*]] = scf.if %[[ONE]] -> (tensor<?x96xf32>) {
//       CHECK:     glu.gated_projection silu gate(%{{.*}}, %[[W]] : tensor<1x1x32xf32>, tensor<12x32x2x8xf32>)
//  CHECK-SAME:       glu.packed, glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 32, panels = 4>
//       CHECK:     scf.yield
//       CHECK:   } else {
//       CHECK:     glu.gated_projection silu gate(%{{.*}}, %[[W]] : tensor<?x6x32xf32>, tensor<12x32x2x8xf32>)
//  CHECK-SAME:       glu.packed, glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 64>
//       CHECK:     scf.yield
//       CHECK:   %[[R:.*]] = tensor.extract_slice %[[Y]][0, 0]
//       CHECK:   return %[[R]]
func.func @gated(%x: tensor<?x32xf32>, %g: tensor<32x96xf32>, %v: tensor<32x96xf32>, %o: tensor<?x96xf32>) -> tensor<?x96xf32> {
  %y = glu.gated_projection silu
    gate(%x, %g : tensor<?x32xf32>, tensor<32x96xf32>)
    value(%x, %v : tensor<?x32xf32>, tensor<32x96xf32>)
    outs(%o : tensor<?x96xf32>) attributes {
      glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 12, block_columns = 64>} -> tensor<?x96xf32>
  return %y : tensor<?x96xf32>
}

// Zeros are filled in by each version, and columns of no known number are one
// panel at a time.

// CHECK-LABEL: @zeros
//       CHECK:   scf.if
//       CHECK:     linalg.fill ins(%cst : f32) outs(%{{.*}} : tensor<1x1x?x8xf32>)
//       CHECK:     glu.schedule = #glu.schedule<rows = 1, columns = 8, block_rows = 1, block_columns = 16>
//       CHECK:   } else {
//       CHECK:     linalg.fill ins(%cst : f32) outs(%{{.*}} : tensor<?x6x?x8xf32>)
func.func @zeros(%x: tensor<?x32xf32>, %w: tensor<32x?xf32>, %o: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %z = linalg.fill ins(%zero : f32) outs(%o : tensor<?x?xf32>) -> tensor<?x?xf32>
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 16>}
    ins(%x, %w : tensor<?x32xf32>, tensor<32x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// Rows that are known, tile registers and windows have one version.

// CHECK-LABEL: @others
//   CHECK-NOT:   scf.if
func.func @others(%x: tensor<6x32xf32>, %w: tensor<32x16xf32>, %o: tensor<6x16xf32>,
                  %a: tensor<?x32xbf16>, %b: tensor<32x16xbf16>, %p: tensor<?x16xf32>,
                  %c: tensor<?x8xf32>, %k: tensor<3x8x16xf32>, %q: tensor<?x16xf32>)
    -> (tensor<6x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>) {
  %y = linalg.matmul {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>}
    ins(%x, %w : tensor<6x32xf32>, tensor<32x16xf32>) outs(%o : tensor<6x16xf32>) -> tensor<6x16xf32>
  %z = linalg.matmul {glu.schedule = #glu.schedule<rows = 16, columns = 16, block_rows = 16, block_columns = 16, group = 2, depth = 32>}
    ins(%a, %b : tensor<?x32xbf16>, tensor<32x16xbf16>) outs(%p : tensor<?x16xf32>) -> tensor<?x16xf32>
  %t = glu.gated_projection sigmoid gate(%c, %k : tensor<?x8xf32>, tensor<3x8x16xf32>)
    value(%c, %k : tensor<?x8xf32>, tensor<3x8x16xf32>) outs(%q : tensor<?x16xf32>)
    attributes {glu.schedule = #glu.schedule<rows = 6, columns = 8, block_rows = 6, block_columns = 8>,
                indexing_maps = [affine_map<(m, n, s, k) -> (m + s, k)>, affine_map<(m, n, s, k) -> (s, k, n)>,
                                 affine_map<(m, n, s, k) -> (m + s, k)>, affine_map<(m, n, s, k) -> (s, k, n)>,
                                 affine_map<(m, n, s, k) -> (m, n)>]} -> tensor<?x16xf32>
  return %y, %z, %t : tensor<6x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>
}
