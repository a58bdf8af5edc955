// Packing of odd sizes and layouts, in registers of every width.

// RUN: for cpu in host x86-64-v3 neoverse-n1; do \
// RUN:   for f in squares rows word_squares row_groups; do for d in "1 1" "33 17" "5 70" "70 3"; do set -- $d; \
// RUN:     glu-run %s --entry=$f --verify --dim=0.0=$1 --dim=0.1=$2 --target-cpu=$cpu --emulate || exit 1; \
// RUN:   done; done; \
// RUN:   for m in 1 13 300; do for f in gated_squares gated_rows; do for t in 1 2; do \
// RUN:     glu-run %s --entry=$f --verify --dim=0.0=$m --threads=$t --target-cpu=$cpu --emulate || exit 1; \
// RUN:   done; done; done; \
// RUN:   for f in experts experts_io conv conv_perm conv_in_first twelve; do \
// RUN:     glu-run %s --entry=$f --verify --threads=2 --target-cpu=$cpu --emulate || exit 1; \
// RUN:   done; \
// RUN: done
func.func @squares(%w: tensor<?x?xf32>) -> tensor<?x?x16xf32> {
  %z = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %w, %c0 : tensor<?x?xf32>
  %k = tensor.dim %w, %c1 : tensor<?x?xf32>
  %t = affine.apply affine_map<()[s] -> (s ceildiv 16)>()[%n]
  %e = tensor.empty(%t, %k) : tensor<?x?x16xf32>
  %p = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<?x?xf32> -> tensor<?x?x16xf32>
  return %p : tensor<?x?x16xf32>
}
func.func @rows(%w: tensor<?x?xf32>) -> tensor<?x?x16xf32> {
  %z = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %w, %c1 : tensor<?x?xf32>
  %k = tensor.dim %w, %c0 : tensor<?x?xf32>
  %t = affine.apply affine_map<()[s] -> (s ceildiv 16)>()[%n]
  %e = tensor.empty(%t, %k) : tensor<?x?x16xf32>
  %p = linalg.pack %w padding_value(%z : f32) outer_dims_perm = [1, 0] inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<?x?xf32> -> tensor<?x?x16xf32>
  return %p : tensor<?x?x16xf32>
}
func.func @word_squares(%w: tensor<?x?xi8>) -> tensor<?x?x16x4xi8> {
  %z = arith.constant 0 : i8
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %w, %c0 : tensor<?x?xi8>
  %k = tensor.dim %w, %c1 : tensor<?x?xi8>
  %t = affine.apply affine_map<()[s] -> (s ceildiv 16)>()[%n]
  %u = affine.apply affine_map<()[s] -> (s ceildiv 4)>()[%k]
  %e = tensor.empty(%t, %u) : tensor<?x?x16x4xi8>
  %p = linalg.pack %w padding_value(%z : i8) inner_dims_pos = [0, 1] inner_tiles = [16, 4] into %e : tensor<?x?xi8> -> tensor<?x?x16x4xi8>
  return %p : tensor<?x?x16x4xi8>
}
func.func @row_groups(%w: tensor<?x?xbf16>) -> tensor<?x?x16x2xbf16> {
  %z = arith.constant 0.0 : bf16
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %w, %c1 : tensor<?x?xbf16>
  %k = tensor.dim %w, %c0 : tensor<?x?xbf16>
  %t = affine.apply affine_map<()[s] -> (s ceildiv 16)>()[%n]
  %u = affine.apply affine_map<()[s] -> (s ceildiv 2)>()[%k]
  %e = tensor.empty(%t, %u) : tensor<?x?x16x2xbf16>
  %p = linalg.pack %w padding_value(%z : bf16) outer_dims_perm = [1, 0] inner_dims_pos = [1, 0] inner_tiles = [16, 2] into %e : tensor<?x?xbf16> -> tensor<?x?x16x2xbf16>
  return %p : tensor<?x?x16x2xbf16>
}
func.func @experts(%w: tensor<3x40x37xf32>) -> tensor<3x2x37x32xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x2x37x32xf32>
  %p = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [1] inner_tiles = [32] into %e : tensor<3x40x37xf32> -> tensor<3x2x37x32xf32>
  return %p : tensor<3x2x37x32xf32>
}
func.func @experts_io(%w: tensor<3x37x540xf16>) -> tensor<3x17x37x32xf16> {
  %z = arith.constant 0.0 : f16
  %e = tensor.empty() : tensor<3x17x37x32xf16>
  %p = linalg.pack %w padding_value(%z : f16) outer_dims_perm = [0, 2, 1] inner_dims_pos = [2] inner_tiles = [32] into %e : tensor<3x37x540xf16> -> tensor<3x17x37x32xf16>
  return %p : tensor<3x17x37x32xf16>
}
func.func @conv(%w: tensor<40x21x3xf32>) -> tensor<3x21x3x16xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x21x3x16xf32>
  %p = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<40x21x3xf32> -> tensor<3x21x3x16xf32>
  return %p : tensor<3x21x3x16xf32>
}
func.func @conv_perm(%w: tensor<40x3x21xf32>) -> tensor<3x21x3x16xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x21x3x16xf32>
  %p = linalg.pack %w padding_value(%z : f32) outer_dims_perm = [0, 2, 1] inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<40x3x21xf32> -> tensor<3x21x3x16xf32>
  return %p : tensor<3x21x3x16xf32>
}
func.func @conv_in_first(%w: tensor<3x40x21xi8>) -> tensor<3x3x21x16xi8> {
  %z = arith.constant 7 : i8
  %e = tensor.empty() : tensor<3x3x21x16xi8>
  %p = linalg.pack %w padding_value(%z : i8) outer_dims_perm = [1, 0, 2] inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<3x40x21xi8> -> tensor<3x3x21x16xi8>
  return %p : tensor<3x3x21x16xi8>
}
func.func @twelve(%w: tensor<40x21xf64>) -> tensor<4x21x12xf64> {
  %z = arith.constant 1.0 : f64
  %e = tensor.empty() : tensor<4x21x12xf64>
  %p = linalg.pack %w padding_value(%z : f64) inner_dims_pos = [0] inner_tiles = [12] into %e : tensor<40x21xf64> -> tensor<4x21x12xf64>
  return %p : tensor<4x21x12xf64>
}

// Packed panel by panel, in the tasks that use them.
func.func @gated_squares(%x: tensor<?x37xbf16>, %wg: tensor<150x37xbf16>, %wv: tensor<150x37xbf16>) -> tensor<?x150xbf16> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x37xbf16>
  %e = tensor.empty(%m) : tensor<?x150xbf16>
  %y = glu.gated_projection silu gate(%x, %wg : tensor<?x37xbf16>, tensor<150x37xbf16>) value(%x, %wv : tensor<?x37xbf16>, tensor<150x37xbf16>)
    outs(%e : tensor<?x150xbf16>) attributes {indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, n)>]} -> tensor<?x150xbf16>
  return %y : tensor<?x150xbf16>
}

func.func @gated_rows(%x: tensor<?x37xf32>, %wg: tensor<37x950xf32>, %wv: tensor<37x950xf32>) -> tensor<?x950xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x37xf32>
  %e = tensor.empty(%m) : tensor<?x950xf32>
  %y = glu.gated_projection silu gate(%x, %wg : tensor<?x37xf32>, tensor<37x950xf32>) value(%x, %wv : tensor<?x37xf32>, tensor<37x950xf32>)
    outs(%e : tensor<?x950xf32>) -> tensor<?x950xf32>
  return %y : tensor<?x950xf32>
}
