// RUN: glu-opt %s --glu-raise --glu-fuse --split-input-file | FileCheck %s

// Interleaved columns as front ends gather them: constant indices in an
// arithmetic progression.
// CHECK-LABEL: func @gather
//   CHECK-DAG:   %[[E:.*]] = tensor.extract_slice %arg1[0, 0] [8, 3] [1, 2]
//   CHECK-DAG:   %[[O:.*]] = tensor.extract_slice %arg1[0, 1] [8, 3] [1, 2]
//       CHECK:   glu.gated_projection tanh gate(%arg0, %[[E]] : {{.*}}) value(%arg0, %[[O]] : {{.*}})
#j = affine_map<(d0, d1) -> (d1)>
#ij = affine_map<(d0, d1) -> (d0, d1)>
func.func @gather(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>) -> tensor<4x3xf32> {
  %even = arith.constant dense<[0, 2, 4]> : tensor<3xi32>
  %odd = arith.constant dense<[1, 3, 5]> : tensor<3xi32>
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x3xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = linalg.generic {indexing_maps = [#j, #j, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%even, %odd : tensor<3xi32>, tensor<3xi32>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%a: i32, %b: i32, %o: f32):
    %i = linalg.index 0 : index
    %ja = arith.index_cast %a : i32 to index
    %jb = arith.index_cast %b : i32 to index
    %g = tensor.extract %p[%i, %ja] : tensor<4x6xf32>
    %v = tensor.extract %p[%i, %jb] : tensor<4x6xf32>
    %t = math.tanh %g : f32
    %q = arith.mulf %t, %v : f32
    linalg.yield %q : f32
  } -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Indices that are no progression stay a gather.
// CHECK-LABEL: func @gather_not
//   CHECK-NOT:   glu.
#j = affine_map<(d0, d1) -> (d1)>
#ij = affine_map<(d0, d1) -> (d0, d1)>
func.func @gather_not(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>) -> tensor<4x3xf32> {
  %even = arith.constant dense<[0, 2, 5]> : tensor<3xi32>
  %odd = arith.constant dense<[1, 3, 4]> : tensor<3xi32>
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x3xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = linalg.generic {indexing_maps = [#j, #j, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%even, %odd : tensor<3xi32>, tensor<3xi32>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%a: i32, %b: i32, %o: f32):
    %i = linalg.index 0 : index
    %ja = arith.index_cast %a : i32 to index
    %jb = arith.index_cast %b : i32 to index
    %g = tensor.extract %p[%i, %ja] : tensor<4x6xf32>
    %v = tensor.extract %p[%i, %jb] : tensor<4x6xf32>
    %t = math.tanh %g : f32
    %q = arith.mulf %t, %v : f32
    linalg.yield %q : f32
  } -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Gating that elementwise fusion put into the body of the down projection.
// CHECK-LABEL: func @in_reduction_body
//       CHECK:   %[[H:.*]] = glu.gated_projection tanh gate(%arg0, %arg1
//       CHECK:   linalg.generic {{.*}} ins(%arg3, %[[H]] :
//  CHECK-NEXT:   ^bb0(%[[W:.*]]: f32, %[[A:.*]]: f32, %[[O:.*]]: f32):
//  CHECK-NEXT:     %[[P:.*]] = arith.mulf %[[A]], %[[W]]
//  CHECK-NEXT:     arith.addf %[[O]], %[[P]]
#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @in_reduction_body(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>, %wd: tensor<6x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %zd = arith.constant dense<0.0> : tensor<4x8xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = linalg.generic {indexing_maps = [#mk, #mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%g, %v, %wd : tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x8xf32>) outs(%zd : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %w: f32, %o: f32):
    %t = math.tanh %a : f32
    %h = arith.mulf %t, %b : f32
    %p = arith.mulf %h, %w : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

// The same with one packed projection, read through views: those that only the
// fused form needed are gone, or the projection would be needed elsewhere.
// CHECK-LABEL: func @packed_in_reduction_body
//   CHECK-NOT:   linalg.matmul
//   CHECK-NOT:   tensor.expand_shape
//       CHECK:   %[[H:.*]] = glu.gated_projection tanh gate(%arg0,
//       CHECK:   %[[E:.*]] = tensor.expand_shape %[[H]]
//       CHECK:   linalg.generic {{.*}} ins(%arg2, %[[E]] :
#bmk = affine_map<(b, m, n, k) -> (b, m, k)>
#bkn = affine_map<(b, m, n, k) -> (k, n)>
#bmn = affine_map<(b, m, n, k) -> (b, m, n)>
func.func @packed_in_reduction_body(%x: tensor<4x8xf32>, %w: tensor<8x12xf32>, %wd: tensor<6x8xf32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x12xf32>
  %zd = arith.constant dense<0.0> : tensor<1x4x8xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x12xf32>) outs(%zero : tensor<4x12xf32>) -> tensor<4x12xf32>
  %g0 = tensor.extract_slice %p[0, 0] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %v0 = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %g = tensor.expand_shape %g0 [[0, 1], [2]] output_shape [1, 4, 6] : tensor<4x6xf32> into tensor<1x4x6xf32>
  %v = tensor.expand_shape %v0 [[0, 1], [2]] output_shape [1, 4, 6] : tensor<4x6xf32> into tensor<1x4x6xf32>
  %y = linalg.generic {indexing_maps = [#bmk, #bmk, #bkn, #bmn], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%g, %v, %wd : tensor<1x4x6xf32>, tensor<1x4x6xf32>, tensor<6x8xf32>) outs(%zd : tensor<1x4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %t = math.tanh %a : f32
    %h = arith.mulf %t, %b : f32
    %q = arith.mulf %h, %c : f32
    %s = arith.addf %o, %q : f32
    linalg.yield %s : f32
  } -> tensor<1x4x8xf32>
  return %y : tensor<1x4x8xf32>
}

// -----

// A tensor in the place of a projection, a broadcast operand as extra, and two
// results of one elementwise operation.
// CHECK-LABEL: func @tensor_value
//       CHECK:   %[[R:.*]]:2 = glu.gated_projection gate(%arg0, %arg1 : {{.*}}) value(%arg2 : {{.*}}) extras(%arg3 : tensor<4xf32>)
//       CHECK:   return %[[R]]#0, %[[R]]#1
#i = affine_map<(d0, d1) -> (d0)>
#ij = affine_map<(d0, d1) -> (d0, d1)>
func.func @tensor_value(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %v: tensor<4x6xf32>, %m: tensor<4xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y:2 = linalg.generic {indexing_maps = [#ij, #ij, #i, #ij, #ij], iterator_types = ["parallel", "parallel"]}
      ins(%g, %v, %m : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4xf32>) outs(%e, %e : tensor<4x6xf32>, tensor<4x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32, %p: f32):
    %t = math.tanh %a : f32
    %h = arith.mulf %t, %b : f32
    %q = arith.mulf %h, %c : f32
    linalg.yield %q, %t : f32, f32
  } -> (tensor<4x6xf32>, tensor<4x6xf32>)
  return %y#0, %y#1 : tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// A sum of two units is two units.
// CHECK-LABEL: func @sum_of_units
// CHECK-COUNT-2: glu.gated_projection tanh
//       CHECK:   arith.addf
func.func @sum_of_units(%x: tensor<4x8xf32>, %w0: tensor<8x6xf32>, %w1: tensor<8x6xf32>, %w2: tensor<8x6xf32>, %w3: tensor<8x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %g0 = linalg.matmul ins(%x, %w0 : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v0 = linalg.matmul ins(%x, %w1 : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %g1 = linalg.matmul ins(%x, %w2 : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v1 = linalg.matmul ins(%x, %w3 : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %t0 = math.tanh %g0 : tensor<4x6xf32>
  %h0 = arith.mulf %t0, %v0 : tensor<4x6xf32>
  %t1 = math.tanh %g1 : tensor<4x6xf32>
  %h1 = arith.mulf %t1, %v1 : tensor<4x6xf32>
  %y = arith.addf %h0, %h1 : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// A dimension of size one behind a cast to a dynamic one.
// CHECK-LABEL: func @hidden_unit
//   CHECK-NOT:   linalg.matmul
//       CHECK:   glu.gated_projection tanh
func.func @hidden_unit(%x: tensor<?x?x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> tensor<?x?x6xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f0 = arith.constant 0.0 : f32
  %c = tensor.cast %x : tensor<?x?x8xf32> to tensor<?x1x8xf32>
  %col = tensor.collapse_shape %c [[0, 1], [2]] : tensor<?x1x8xf32> into tensor<?x8xf32>
  %m = tensor.dim %x, %c0 : tensor<?x?x8xf32>
  %e = tensor.empty(%m) : tensor<?x6xf32>
  %z = linalg.fill ins(%f0 : f32) outs(%e : tensor<?x6xf32>) -> tensor<?x6xf32>
  %g = linalg.matmul ins(%col, %wg : tensor<?x8xf32>, tensor<8x6xf32>) outs(%z : tensor<?x6xf32>) -> tensor<?x6xf32>
  %v = linalg.matmul ins(%col, %wv : tensor<?x8xf32>, tensor<8x6xf32>) outs(%z : tensor<?x6xf32>) -> tensor<?x6xf32>
  %ge = tensor.expand_shape %g [[0, 1], [2]] output_shape [%m, 1, 6] : tensor<?x6xf32> into tensor<?x1x6xf32>
  %gc = tensor.cast %ge : tensor<?x1x6xf32> to tensor<?x?x6xf32>
  %ve = tensor.expand_shape %v [[0, 1], [2]] output_shape [%m, 1, 6] : tensor<?x6xf32> into tensor<?x1x6xf32>
  %vc = tensor.cast %ve : tensor<?x1x6xf32> to tensor<?x?x6xf32>
  %t = math.tanh %gc : tensor<?x?x6xf32>
  %y = arith.mulf %t, %vc : tensor<?x?x6xf32>
  return %y : tensor<?x?x6xf32>
}
