// RUN: glu-opt %s --glu-fold-contraction-views --split-input-file | FileCheck %s

// A weight kept out x in, in bf16, is transposed and widened by nobody.

// CHECK-DAG: #[[MK:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[NK:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[MN:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func.func @matmul
// CHECK-SAME: (%[[X:.*]]: tensor<8x32xf32>, %[[W:.*]]: tensor<16x32xbf16>, %[[Y:.*]]: tensor<8x16xf32>)
// CHECK-NOT: linalg.transpose
// CHECK-NOT: linalg.generic
// CHECK: linalg.contract indexing_maps = [#[[MK]], #[[NK]], #[[MN]]] {glu.schedule = {{.*}}} ins(%[[X]], %[[W]] : tensor<8x32xf32>, tensor<16x32xbf16>) outs(%[[Y]]
func.func @matmul(%x: tensor<8x32xf32>, %w: tensor<16x32xbf16>, %y: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %e = tensor.empty() : tensor<32x16xbf16>
  %t = linalg.transpose ins(%w : tensor<16x32xbf16>) outs(%e : tensor<32x16xbf16>) permutation = [1, 0]
  %f = tensor.empty() : tensor<32x16xf32>
  %wide = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%t : tensor<32x16xbf16>) outs(%f : tensor<32x16xf32>) {
  ^bb0(%a: bf16, %o: f32):
    %b = arith.extf %a : bf16 to f32
    linalg.yield %b : f32
  } -> tensor<32x16xf32>
  %r = linalg.matmul {glu.schedule = #glu.schedule<rows = 2, columns = 1, block_rows = 16, block_columns = 8, depth = 8>}
      ins(%x, %wide : tensor<8x32xf32>, tensor<32x16xf32>) outs(%y : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// -----

// A contraction that is a generic keeps its body; unsigned casts stay.

// CHECK-DAG: #[[KM:.*]] = affine_map<(d0, d1, d2) -> (d2, d0)>
// CHECK-DAG: #[[KN:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: func.func @generic
// CHECK: linalg.generic {indexing_maps = [#[[KM]], #[[KN]], #{{.*}}]
// CHECK-SAME: ins(%arg0, %arg1 : tensor<32x128xi8>, tensor<32x16xi8>)
// CHECK-LABEL: func.func @unsigned
// CHECK: linalg.contract indexing_maps = [#[[KM]], #[[KN]], #{{.*}}] {cast = #linalg.type_fn<cast_unsigned>} ins(%arg0, %arg1
func.func @generic(%x: tensor<32x128xi8>, %w: tensor<32x16xi8>, %y: tensor<128x16xi32>) -> tensor<128x16xi32> {
  %e = tensor.empty() : tensor<128x32xi8>
  %t = linalg.transpose ins(%x : tensor<32x128xi8>) outs(%e : tensor<128x32xi8>) permutation = [1, 0]
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%t, %w : tensor<128x32xi8>, tensor<32x16xi8>) outs(%y : tensor<128x16xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %0 = arith.extui %a : i8 to i32
    %1 = arith.extsi %b : i8 to i32
    %2 = arith.muli %0, %1 : i32
    %3 = arith.addi %c, %2 : i32
    linalg.yield %3 : i32
  } -> tensor<128x16xi32>
  return %r : tensor<128x16xi32>
}
func.func @unsigned(%x: tensor<32x128xi8>, %w: tensor<32x16xi8>, %y: tensor<128x16xi32>) -> tensor<128x16xi32> {
  %e = tensor.empty() : tensor<128x32xi8>
  %t = linalg.transpose ins(%x : tensor<32x128xi8>) outs(%e : tensor<128x32xi8>) permutation = [1, 0]
  %r = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%t, %w : tensor<128x32xi8>, tensor<32x16xi8>)
      outs(%y : tensor<128x16xi32>) -> tensor<128x16xi32>
  return %r : tensor<128x16xi32>
}

// -----

// What only looks like a view, and what is wider than the sum, stay.

// CHECK-LABEL: func.func @scaled
// CHECK: linalg.generic
// CHECK: linalg.matmul
func.func @scaled(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %y: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %f = tensor.empty() : tensor<32x16xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<32x16xf32>) outs(%f : tensor<32x16xf32>) {
  ^bb0(%a: f32, %o: f32):
    %b = arith.addf %a, %a : f32
    linalg.yield %b : f32
  } -> tensor<32x16xf32>
  %r = linalg.matmul ins(%x, %s : tensor<8x32xf32>, tensor<32x16xf32>) outs(%y : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// CHECK-LABEL: func.func @widerThanTheSum
// CHECK: linalg.generic
// CHECK: linalg.matmul
func.func @widerThanTheSum(%x: tensor<8x32xf16>, %w: tensor<32x16xf16>, %y: tensor<8x16xf16>) -> tensor<8x16xf16> {
  %f = tensor.empty() : tensor<32x16xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<32x16xf16>) outs(%f : tensor<32x16xf32>) {
  ^bb0(%a: f16, %o: f32):
    %b = arith.extf %a : f16 to f32
    linalg.yield %b : f32
  } -> tensor<32x16xf32>
  %r = linalg.matmul ins(%x, %s : tensor<8x32xf16>, tensor<32x16xf32>) outs(%y : tensor<8x16xf16>) -> tensor<8x16xf16>
  return %r : tensor<8x16xf16>
}

// -----

// A weight that batches share is read as one; a batch stays in one operand.

// CHECK-DAG: #[[BMK:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[KN:.*]] = affine_map<(d0, d1, d2, d3) -> (d3, d2)>
// CHECK-DAG: #[[BMN:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: func.func @broadcast
// CHECK: linalg.contract indexing_maps = [#[[BMK]], #[[KN]], #[[BMN]]] ins(%arg0, %arg1 :
// CHECK-LABEL: func.func @one
// CHECK: %[[X:.*]] = tensor.expand_shape %arg0
// CHECK: linalg.contract indexing_maps = [#[[BMK]], #[[KN]], #[[BMN]]] ins(%[[X]], %arg1 :
func.func @broadcast(%x: tensor<2x8x32xf32>, %w: tensor<32x16xf32>, %y: tensor<2x8x16xf32>) -> tensor<2x8x16xf32> {
  %e = tensor.empty() : tensor<2x32x16xf32>
  %b = linalg.broadcast ins(%w : tensor<32x16xf32>) outs(%e : tensor<2x32x16xf32>) dimensions = [0]
  %r = linalg.batch_matmul ins(%x, %b : tensor<2x8x32xf32>, tensor<2x32x16xf32>) outs(%y : tensor<2x8x16xf32>) -> tensor<2x8x16xf32>
  return %r : tensor<2x8x16xf32>
}
func.func @one(%x: tensor<8x32xf32>, %w: tensor<32x16xf32>, %y: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %a = tensor.expand_shape %x [[0, 1], [2]] output_shape [1, 8, 32] : tensor<8x32xf32> into tensor<1x8x32xf32>
  %b = tensor.expand_shape %w [[0, 1], [2]] output_shape [1, 32, 16] : tensor<32x16xf32> into tensor<1x32x16xf32>
  %r = linalg.batch_matmul ins(%a, %b : tensor<1x8x32xf32>, tensor<1x32x16xf32>) outs(%y : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
  return %r : tensor<1x8x16xf32>
}

// -----

// The sum's own dimension cannot be repeated.

// CHECK-LABEL: func.func @repeatedSum
// CHECK: linalg.broadcast
// CHECK: linalg.matmul
func.func @repeatedSum(%x: tensor<8x32xf32>, %w: tensor<16xf32>, %y: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %e = tensor.empty() : tensor<32x16xf32>
  %b = linalg.broadcast ins(%w : tensor<16xf32>) outs(%e : tensor<32x16xf32>) dimensions = [0]
  %r = linalg.matmul ins(%x, %b : tensor<8x32xf32>, tensor<32x16xf32>) outs(%y : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// -----

// An unsigned matmul would widen these otherwise.

// CHECK-LABEL: func.func @signedThenUnsigned
// CHECK: linalg.generic
// CHECK: linalg.matmul {cast = #linalg.type_fn<cast_unsigned>}
func.func @signedThenUnsigned(%x: tensor<8x32xi32>, %w: tensor<32x16xi8>, %y: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %f = tensor.empty() : tensor<32x16xi32>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%w : tensor<32x16xi8>) outs(%f : tensor<32x16xi32>) {
  ^bb0(%a: i8, %o: i32):
    %b = arith.extsi %a : i8 to i32
    linalg.yield %b : i32
  } -> tensor<32x16xi32>
  %r = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%x, %s : tensor<8x32xi32>, tensor<32x16xi32>)
      outs(%y : tensor<8x16xi32>) -> tensor<8x16xi32>
  return %r : tensor<8x16xi32>
}

// -----

// Kernels want the sum innermost in f8, and in few rows, which are soon copied;
// and batches of an input are no columns.

// CHECK-LABEL: func.func @float8
// CHECK: linalg.transpose
// CHECK: linalg.matmul
// CHECK-LABEL: func.func @fewRows
// CHECK: linalg.transpose
// CHECK: linalg.matmul
// CHECK-LABEL: func.func @manyRows
// CHECK-NOT: linalg.transpose
// CHECK: linalg.contract
// CHECK-LABEL: func.func @sharedInput
// CHECK: linalg.broadcast
// CHECK: linalg.batch_matmul
#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @float8(%x: tensor<128x32xf8E4M3FN>, %w: tensor<32x128xf8E4M3FN>, %y: tensor<128x128xf32>) -> tensor<128x128xf32> {
  %e = tensor.empty() : tensor<128x32xf8E4M3FN>
  %t = linalg.transpose ins(%w : tensor<32x128xf8E4M3FN>) outs(%e : tensor<128x32xf8E4M3FN>) permutation = [1, 0]
  %r = linalg.matmul indexing_maps = [#mk, #nk, #mn] ins(%x, %t : tensor<128x32xf8E4M3FN>, tensor<128x32xf8E4M3FN>)
      outs(%y : tensor<128x128xf32>) -> tensor<128x128xf32>
  return %r : tensor<128x128xf32>
}
func.func @fewRows(%x: tensor<32x16xf16>, %w: tensor<32x128xf16>, %y: tensor<16x128xf32>) -> tensor<16x128xf32> {
  %e = tensor.empty() : tensor<16x32xf16>
  %t = linalg.transpose ins(%x : tensor<32x16xf16>) outs(%e : tensor<16x32xf16>) permutation = [1, 0]
  %r = linalg.matmul ins(%t, %w : tensor<16x32xf16>, tensor<32x128xf16>) outs(%y : tensor<16x128xf32>) -> tensor<16x128xf32>
  return %r : tensor<16x128xf32>
}
func.func @manyRows(%x: tensor<32x?xf16>, %w: tensor<32x128xf16>, %y: tensor<?x128xf32>, %e: tensor<?x32xf16>) -> tensor<?x128xf32> {
  %t = linalg.transpose ins(%x : tensor<32x?xf16>) outs(%e : tensor<?x32xf16>) permutation = [1, 0]
  %r = linalg.matmul ins(%t, %w : tensor<?x32xf16>, tensor<32x128xf16>) outs(%y : tensor<?x128xf32>) -> tensor<?x128xf32>
  return %r : tensor<?x128xf32>
}
func.func @sharedInput(%x: tensor<8x32xf16>, %w: tensor<2x32x16xf16>, %y: tensor<2x8x16xf32>) -> tensor<2x8x16xf32> {
  %e = tensor.empty() : tensor<2x8x32xf16>
  %b = linalg.broadcast ins(%x : tensor<8x32xf16>) outs(%e : tensor<2x8x32xf16>) dimensions = [0]
  %r = linalg.batch_matmul ins(%b, %w : tensor<2x8x32xf16>, tensor<2x32x16xf16>) outs(%y : tensor<2x8x16xf32>) -> tensor<2x8x16xf32>
  return %r : tensor<2x8x16xf32>
}
