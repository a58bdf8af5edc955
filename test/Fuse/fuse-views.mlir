// RUN: glu-opt %s --glu-fuse --split-input-file | FileCheck %s

// Halves of one projection: the slices move onto the weight and the bias, which
// was broadcast into the accumulator.
// CHECK-LABEL: func @packed_bias_in_accumulator
//   CHECK-NOT:   linalg
//   CHECK-DAG:   %[[WG:.*]] = tensor.extract_slice %arg1[6, 0] [6, 8] [1, 1]
//   CHECK-DAG:   %[[WV:.*]] = tensor.extract_slice %arg1[0, 0] [6, 8] [1, 1]
//   CHECK-DAG:   %[[BG:.*]] = tensor.extract_slice %arg2[6] [6] [1]
//   CHECK-DAG:   %[[BV:.*]] = tensor.extract_slice %arg2[0] [6] [1]
//       CHECK:   glu.gated_projection sigmoid gate(%arg0, %[[WG]], %[[BG]] : {{.*}}) value(%arg0, %[[WV]], %[[BV]] :
func.func @packed_bias_in_accumulator(%x: tensor<4x8xf32>, %w: tensor<12x8xf32>, %b: tensor<12xf32>) -> tensor<4x6xf32> {
  %et = tensor.empty() : tensor<8x12xf32>
  %ep = tensor.empty() : tensor<4x12xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %t = linalg.transpose ins(%w : tensor<12x8xf32>) outs(%et : tensor<8x12xf32>) permutation = [1, 0]
  %init = linalg.broadcast ins(%b : tensor<12xf32>) outs(%ep : tensor<4x12xf32>) dimensions = [0]
  %p = linalg.matmul ins(%x, %t : tensor<4x8xf32>, tensor<8x12xf32>) outs(%init : tensor<4x12xf32>) -> tensor<4x12xf32>
  %v = tensor.extract_slice %p[0, 0] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %g = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %y = glu.gate sigmoid gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// An accumulator that starts elsewhere is added in the region: with a full
// tensor as an extra, with a constant as it is.
// CHECK-LABEL: func @accumulators
//       CHECK:   glu.gated_projection gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2 : {{.*}}) extras(%arg3 :
//       CHECK:   ^bb0(%[[G:.*]]: f32, %[[V:.*]]: f32, %[[R:.*]]: f32):
//   CHECK-DAG:     arith.addf %[[G]], %[[R]]
//   CHECK-DAG:     arith.addf %[[V]], %[[C:.*]] : f32
func.func @accumulators(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>, %r: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %half = arith.constant dense<-0.5> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %g = linalg.matmul ins(%x, %wg : tensor<4x8xf32>, tensor<8x6xf32>) outs(%r : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xf32>, tensor<8x6xf32>) outs(%half : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate sigmoid gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Widened operands: the operation converts by itself.
// CHECK-LABEL: func @widened
//       CHECK:   glu.gated_projection silu gate(%arg0, %arg1 : tensor<4x8xbf16>, tensor<8x6xbf16>) value(%arg0, %arg2 :
func.func @widened(%x: tensor<4x8xbf16>, %wg: tensor<8x6xbf16>, %wv: tensor<8x6xbf16>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %xf = arith.extf %x : tensor<4x8xbf16> to tensor<4x8xf32>
  %wf = arith.extf %wg : tensor<8x6xbf16> to tensor<8x6xf32>
  %g = linalg.matmul ins(%xf, %wf : tensor<4x8xf32>, tensor<8x6xf32>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %v = linalg.matmul ins(%x, %wv : tensor<4x8xbf16>, tensor<8x6xbf16>) outs(%zero : tensor<4x6xf32>) -> tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Weight first, result [N, M], used transposed; batch and row of the input
// become one dimension.
// CHECK-LABEL: func @weight_first
//       CHECK:   %[[X:.*]] = tensor.collapse_shape %arg0 {{\[}}[0, 1], [2]]
//       CHECK:   %[[Y:.*]] = glu.gated_projection silu gate(%[[X]], %arg1 : {{.*}}) value(%[[X]], %arg2 : {{.*}}) outs(%{{.*}} : tensor<10x6xf32>)
//       CHECK:   tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]]
#w = affine_map<(n, b, t, k) -> (n, k)>
#x = affine_map<(n, b, t, k) -> (b, t, k)>
#y = affine_map<(n, b, t, k) -> (n, b, t)>
func.func @weight_first(%x: tensor<2x5x8xf32>, %wg: tensor<6x8xf32>, %wv: tensor<6x8xf32>) -> tensor<2x5x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<6x2x5xf32>
  %e = tensor.empty() : tensor<2x5x6xf32>
  %g0 = linalg.contract indexing_maps = [#w, #x, #y] ins(%wg, %x : tensor<6x8xf32>, tensor<2x5x8xf32>) outs(%zero : tensor<6x2x5xf32>) -> tensor<6x2x5xf32>
  %v0 = linalg.contract indexing_maps = [#w, #x, #y] ins(%wv, %x : tensor<6x8xf32>, tensor<2x5x8xf32>) outs(%zero : tensor<6x2x5xf32>) -> tensor<6x2x5xf32>
  %g = linalg.transpose ins(%g0 : tensor<6x2x5xf32>) outs(%e : tensor<2x5x6xf32>) permutation = [1, 2, 0]
  %v = linalg.transpose ins(%v0 : tensor<6x2x5xf32>) outs(%e : tensor<2x5x6xf32>) permutation = [1, 2, 0]
  %y = glu.gate silu gate(%g : tensor<2x5x6xf32>) value(%v : tensor<2x5x6xf32>) outs(%e : tensor<2x5x6xf32>) -> tensor<2x5x6xf32>
  return %y : tensor<2x5x6xf32>
}

// -----

// A strided, dilated convolution keeps its index expression; the reduction over
// a kernel of width one is gone.
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4 * 3, d2, d5)>
// CHECK-LABEL: func @convolution
//       CHECK:   glu.gated_projection tanh_sigmoid
func.func @convolution(%x: tensor<1x11x1x4xf32>, %wg: tensor<3x1x4x6xf32>, %wv: tensor<3x1x4x6xf32>) -> tensor<1x3x1x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<1x3x1x6xf32>
  %e = tensor.empty() : tensor<1x3x1x6xf32>
  %g = linalg.conv_2d_nhwc_hwcf {strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[3, 1]> : tensor<2xi64>}
    ins(%x, %wg : tensor<1x11x1x4xf32>, tensor<3x1x4x6xf32>) outs(%zero : tensor<1x3x1x6xf32>) -> tensor<1x3x1x6xf32>
  %v = linalg.conv_2d_nhwc_hwcf {strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[3, 1]> : tensor<2xi64>}
    ins(%x, %wv : tensor<1x11x1x4xf32>, tensor<3x1x4x6xf32>) outs(%zero : tensor<1x3x1x6xf32>) -> tensor<1x3x1x6xf32>
  %y = glu.gate tanh_sigmoid gate(%g : tensor<1x3x1x6xf32>) value(%v : tensor<1x3x1x6xf32>) outs(%e : tensor<1x3x1x6xf32>) -> tensor<1x3x1x6xf32>
  return %y : tensor<1x3x1x6xf32>
}

// -----

// Weights that are concatenated and split again.
// CHECK-LABEL: func @concatenated
//   CHECK-NOT:   tensor.concat
//       CHECK:   glu.gated_projection silu gate(%arg0, %arg1 : {{.*}}) value(%arg0, %arg2 :
func.func @concatenated(%x: tensor<4x8xf32>, %wg: tensor<8x6xf32>, %wv: tensor<8x6xf32>) -> tensor<4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x12xf32>
  %e = tensor.empty() : tensor<4x6xf32>
  %w = tensor.concat dim(1) %wg, %wv : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x12xf32>
  %p = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x12xf32>) outs(%zero : tensor<4x12xf32>) -> tensor<4x12xf32>
  %g = tensor.extract_slice %p[0, 0] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %v = tensor.extract_slice %p[0, 6] [4, 6] [1, 1] : tensor<4x12xf32> to tensor<4x6xf32>
  %y = glu.gate silu gate(%g : tensor<4x6xf32>) value(%v : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// One product, and the slice that takes the weight out of a packed one drops
// the other unit dimension: the reduction is still a dimension of its own.
// CHECK-LABEL: func @one_product
//       CHECK:   glu.gated_projection identity gate(%[[X:.*]], %{{.*}} : tensor<7x1xf32>, tensor<1x5xf32>) value(%[[X]], %{{.*}} : {{.*}}) outs(%{{.*}}) -> tensor<7x5xf32>
func.func @one_product(%x: tensor<1x7x1xf32>, %w: tensor<1x10xf32>) -> tensor<7x5xf32> {
  %zero = arith.constant dense<0.0> : tensor<7x5xf32>
  %w2 = tensor.expand_shape %w [[0], [1, 2]] output_shape [1, 2, 5] : tensor<1x10xf32> into tensor<1x2x5xf32>
  %wg = tensor.extract_slice %w2[0, 0, 0] [1, 1, 5] [1, 1, 1] : tensor<1x2x5xf32> to tensor<1x5xf32>
  %wv = tensor.extract_slice %w2[0, 1, 0] [1, 1, 5] [1, 1, 1] : tensor<1x2x5xf32> to tensor<1x5xf32>
  %x2 = tensor.collapse_shape %x [[0, 1], [2]] : tensor<1x7x1xf32> into tensor<7x1xf32>
  %g = linalg.matmul ins(%x2, %wg : tensor<7x1xf32>, tensor<1x5xf32>) outs(%zero : tensor<7x5xf32>) -> tensor<7x5xf32>
  %v = linalg.matmul ins(%x2, %wv : tensor<7x1xf32>, tensor<1x5xf32>) outs(%zero : tensor<7x5xf32>) -> tensor<7x5xf32>
  %e = tensor.empty() : tensor<7x5xf32>
  %y = glu.gate gate(%g : tensor<7x5xf32>) value(%v : tensor<7x5xf32>) outs(%e : tensor<7x5xf32>) {
  ^bb0(%a: f32, %b: f32):
    %p = arith.mulf %a, %b : f32
    glu.yield %p : f32
  } -> tensor<7x5xf32>
  return %y : tensor<7x5xf32>
}
