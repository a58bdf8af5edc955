// RUN: glu-opt %s --glu-raise --glu-fuse --canonicalize | FileCheck %s
// RUN: for f in separate packed sum; do \
// RUN:   glu-run %s --verify --entry=$f --dim=0.0=3 --dim=0.1=5 > %t.txt || { echo $f; cat %t.txt; exit 1; }; \
// RUN: done

// Batch and time are projected as one dimension and split afterwards, and
// neither is known: the split happens after the gating instead.
#ijk = affine_map<(i, j, k) -> (i, j, k)>
#k = affine_map<(i, j, k) -> (k)>

// CHECK-LABEL: func @separate
//       CHECK:   %[[Y:.*]] = glu.gated_projection silu gate(%{{.*}}, %arg1 : tensor<?x64xf32>, tensor<64x24xf32>) value(%{{.*}}, %arg2 : {{.*}}) {{.*}} -> tensor<?x24xf32>
//       CHECK:   tensor.expand_shape %[[Y]] {{\[\[}}0, 1], [2]] output_shape [%{{.*}}, %{{.*}}, 24]
//   CHECK-NOT:   linalg.generic
func.func @separate(%x: tensor<?x?x64xf32>, %wg: tensor<64x24xf32>, %wv: tensor<64x24xf32>) -> tensor<?x?x24xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x64xf32>
  %t = tensor.dim %x, %c1 : tensor<?x?x64xf32>
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x64xf32> into tensor<?x64xf32>
  %m = tensor.dim %flat, %c0 : tensor<?x64xf32>
  %e = tensor.empty(%m) : tensor<?x24xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %g = linalg.matmul ins(%flat, %wg : tensor<?x64xf32>, tensor<64x24xf32>) outs(%f : tensor<?x24xf32>) -> tensor<?x24xf32>
  %v = linalg.matmul ins(%flat, %wv : tensor<?x64xf32>, tensor<64x24xf32>) outs(%f : tensor<?x24xf32>) -> tensor<?x24xf32>
  %g3 = tensor.expand_shape %g [[0, 1], [2]] output_shape [%b, %t, 24] : tensor<?x24xf32> into tensor<?x?x24xf32>
  %v3 = tensor.expand_shape %v [[0, 1], [2]] output_shape [%b, %t, 24] : tensor<?x24xf32> into tensor<?x?x24xf32>
  %o = tensor.empty(%b, %t) : tensor<?x?x24xf32>
  %y = linalg.generic {indexing_maps = [#ijk, #ijk, #ijk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%g3, %v3 : tensor<?x?x24xf32>, tensor<?x?x24xf32>) outs(%o : tensor<?x?x24xf32>) {
  ^bb0(%a: f32, %c: f32, %old: f32):
    %n = arith.negf %a : f32
    %exp = math.exp %n : f32
    %d = arith.addf %exp, %one : f32
    %s = arith.divf %a, %d : f32
    %p = arith.mulf %s, %c : f32
    linalg.yield %p : f32
  } -> tensor<?x?x24xf32>
  return %y : tensor<?x?x24xf32>
}

// Halves of one projection, sliced after the split, with a bias added before,
// in two elementwise operations.
// CHECK-LABEL: func @packed
//   CHECK-DAG:   %[[WG:.*]] = tensor.extract_slice %arg1[0, 0] [64, 12] [1, 1]
//   CHECK-DAG:   %[[WV:.*]] = tensor.extract_slice %arg1[0, 12] [64, 12] [1, 1]
//       CHECK:   glu.gated_projection relu gate(%{{.*}}, %[[WG]], %{{.*}} : tensor<?x64xf32>, {{.*}}) value(%{{.*}}, %[[WV]], %{{.*}} : {{.*}}) {{.*}} -> tensor<?x12xf32>
//   CHECK-NOT:   linalg.generic
func.func @packed(%x: tensor<?x?x64xf32>, %w: tensor<64x24xf32>, %bias: tensor<24xf32>) -> tensor<?x?x12xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x64xf32>
  %t = tensor.dim %x, %c1 : tensor<?x?x64xf32>
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x64xf32> into tensor<?x64xf32>
  %m = tensor.dim %flat, %c0 : tensor<?x64xf32>
  %e = tensor.empty(%m) : tensor<?x24xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %h = linalg.matmul ins(%flat, %w : tensor<?x64xf32>, tensor<64x24xf32>) outs(%f : tensor<?x24xf32>) -> tensor<?x24xf32>
  %h3 = tensor.expand_shape %h [[0, 1], [2]] output_shape [%b, %t, 24] : tensor<?x24xf32> into tensor<?x?x24xf32>
  %o24 = tensor.empty(%b, %t) : tensor<?x?x24xf32>
  %hb = linalg.generic {indexing_maps = [#ijk, #k, #ijk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%h3, %bias : tensor<?x?x24xf32>, tensor<24xf32>) outs(%o24 : tensor<?x?x24xf32>) {
  ^bb0(%a: f32, %c: f32, %old: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<?x?x24xf32>
  %g3 = tensor.extract_slice %hb[0, 0, 0] [%b, %t, 12] [1, 1, 1] : tensor<?x?x24xf32> to tensor<?x?x12xf32>
  %v3 = tensor.extract_slice %hb[0, 0, 12] [%b, %t, 12] [1, 1, 1] : tensor<?x?x24xf32> to tensor<?x?x12xf32>
  %o = tensor.empty(%b, %t) : tensor<?x?x12xf32>
  %r = linalg.generic {indexing_maps = [#ijk, #ijk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%g3 : tensor<?x?x12xf32>) outs(%o : tensor<?x?x12xf32>) {
  ^bb0(%a: f32, %old: f32):
    %s = arith.maximumf %a, %zero : f32
    linalg.yield %s : f32
  } -> tensor<?x?x12xf32>
  %y = linalg.generic {indexing_maps = [#ijk, #ijk, #ijk], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%r, %v3 : tensor<?x?x12xf32>, tensor<?x?x12xf32>) outs(%o : tensor<?x?x12xf32>) {
  ^bb0(%a: f32, %c: f32, %old: f32):
    %p = arith.mulf %a, %c : f32
    linalg.yield %p : f32
  } -> tensor<?x?x12xf32>
  return %y : tensor<?x?x12xf32>
}

// A reduction over what is split stays where it is.
// CHECK-LABEL: func @sum
//       CHECK:   tensor.expand_shape
//       CHECK:   linalg.reduce
func.func @sum(%x: tensor<?x?x4xf32>, %w: tensor<4x4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x4xf32>
  %t = tensor.dim %x, %c1 : tensor<?x?x4xf32>
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x4xf32> into tensor<?x4xf32>
  %m = tensor.dim %flat, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%m) : tensor<?x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %h = linalg.matmul ins(%flat, %w : tensor<?x4xf32>, tensor<4x4xf32>) outs(%f : tensor<?x4xf32>) -> tensor<?x4xf32>
  %h3 = tensor.expand_shape %h [[0, 1], [2]] output_shape [%b, %t, 4] : tensor<?x4xf32> into tensor<?x?x4xf32>
  %s = tensor.empty(%b) : tensor<?x4xf32>
  %z = linalg.fill ins(%zero : f32) outs(%s : tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = linalg.reduce {arith.addf} ins(%h3 : tensor<?x?x4xf32>) outs(%z : tensor<?x4xf32>) dimensions = [1]
  return %y : tensor<?x4xf32>
}
