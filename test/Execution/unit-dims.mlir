// Dimensions of size one that say nothing about which others are meant.
// RUN: glu-run %s --verify --entry=halves_of_channels
// RUN: glu-run %s --verify --entry=sliced_halves --dim=0.2=7 --dim=1.2=7
// RUN: glu-opt %s --glu-raise --glu-fuse | FileCheck %s

// One image: its channels are all there is, and the first half of them is not
// the whole.
// CHECK-LABEL: func @halves_of_channels
// CHECK-DAG: tensor.extract_slice %arg1[0, 0, 0] [5, 13, 1]
// CHECK-DAG: tensor.extract_slice %arg1[5, 0, 0] [5, 13, 1]
// CHECK: glu.gated_projection
func.func @halves_of_channels(%x: tensor<1x13x2xf32>, %w: tensor<10x13x1xf32>, %b: tensor<10xf32>, %shift: tensor<1xf32>) -> tensor<1x5x2xf32> {
  %e = tensor.empty() : tensor<1x10x2xf32>
  %bias = linalg.broadcast ins(%b : tensor<10xf32>) outs(%e : tensor<1x10x2xf32>) dimensions = [0, 2]
  %p = linalg.conv_1d_ncw_fcw {strides = dense<1> : tensor<1xi64>, dilations = dense<1> : tensor<1xi64>}
    ins(%x, %w : tensor<1x13x2xf32>, tensor<10x13x1xf32>) outs(%bias : tensor<1x10x2xf32>) -> tensor<1x10x2xf32>
  %halves = tensor.expand_shape %p [[0], [1, 2], [3]] output_shape [1, 2, 5, 2] : tensor<1x10x2xf32> into tensor<1x2x5x2xf32>
  %v = tensor.extract_slice %halves[0, 0, 0, 0] [1, 1, 5, 2] [1, 1, 1, 1] : tensor<1x2x5x2xf32> to tensor<1x5x2xf32>
  %g = tensor.extract_slice %halves[0, 1, 0, 0] [1, 1, 5, 2] [1, 1, 1, 1] : tensor<1x2x5x2xf32> to tensor<1x5x2xf32>
  %o = tensor.empty() : tensor<1x5x2xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(n, c, w) -> (n, c, w)>, affine_map<(n, c, w) -> (n, c, w)>, affine_map<(n, c, w) -> (n)>, affine_map<(n, c, w) -> (n, c, w)>], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%g, %v, %shift : tensor<1x5x2xf32>, tensor<1x5x2xf32>, tensor<1xf32>) outs(%o : tensor<1x5x2xf32>) {
  ^bb0(%a: f32, %b1: f32, %s1: f32, %c: f32):
    %one = arith.constant 1.0 : f32
    %n = arith.negf %a : f32
    %x1 = math.exp %n : f32
    %d = arith.addf %x1, %one : f32
    %s = arith.divf %b1, %d : f32
    %r = arith.addf %s, %s1 : f32
    linalg.yield %r : f32
  } -> tensor<1x5x2xf32>
  return %y : tensor<1x5x2xf32>
}

// The general path, which is the reference here: the first dimension of the
// weights stays, the third one goes.
func.func @sliced_halves(%x: tensor<1x13x?xf32>, %w: tensor<1x10x?xf32>) -> tensor<1x13x5xf32> {
  %c2 = arith.constant 2 : index
  %k = tensor.dim %x, %c2 : tensor<1x13x?xf32>
  %pairs = tensor.expand_shape %w [[0], [1, 2], [3]] output_shape [1, 5, 2, %k] : tensor<1x10x?xf32> into tensor<1x5x2x?xf32>
  %wv = tensor.extract_slice %pairs[0, 0, 0, 0] [1, 5, 1, %k] [1, 1, 1, 1] : tensor<1x5x2x?xf32> to tensor<1x5x?xf32>
  %wg = tensor.extract_slice %pairs[0, 0, 1, 0] [1, 5, 1, %k] [1, 1, 1, 1] : tensor<1x5x2x?xf32> to tensor<1x5x?xf32>
  %e = tensor.empty() : tensor<1x13x5xf32>
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x13x5xf32>) -> tensor<1x13x5xf32>
  %v = linalg.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%x, %wv : tensor<1x13x?xf32>, tensor<1x5x?xf32>) outs(%f : tensor<1x13x5xf32>) -> tensor<1x13x5xf32>
  %g = linalg.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%x, %wg : tensor<1x13x?xf32>, tensor<1x5x?xf32>) outs(%f : tensor<1x13x5xf32>) -> tensor<1x13x5xf32>
  %t = linalg.tanh ins(%g : tensor<1x13x5xf32>) outs(%e : tensor<1x13x5xf32>) -> tensor<1x13x5xf32>
  %y = linalg.mul ins(%t, %v : tensor<1x13x5xf32>, tensor<1x13x5xf32>) outs(%e : tensor<1x13x5xf32>) -> tensor<1x13x5xf32>
  return %y : tensor<1x13x5xf32>
}
