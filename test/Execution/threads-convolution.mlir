// Channels first: rows are written with a stride, which needs no buffer in the
// threads' loops.
// RUN: glu-run %s --verify --threads=2

func.func @f(%x: tensor<3x1x3xf32>, %w: tensor<10x1x1xf32>) -> tensor<3x5x2xf32> {
  %zero = arith.constant dense<0.0> : tensor<3x10x2xf32>
  %e = tensor.empty() : tensor<3x5x2xf32>
  %p = linalg.conv_1d_ncw_fcw {strides = dense<2> : tensor<1xi64>, dilations = dense<1> : tensor<1xi64>}
    ins(%x, %w : tensor<3x1x3xf32>, tensor<10x1x1xf32>) outs(%zero : tensor<3x10x2xf32>) -> tensor<3x10x2xf32>
  %g = tensor.extract_slice %p[0, 0, 0] [3, 5, 2] [1, 1, 1] : tensor<3x10x2xf32> to tensor<3x5x2xf32>
  %v = tensor.extract_slice %p[0, 5, 0] [3, 5, 2] [1, 1, 1] : tensor<3x10x2xf32> to tensor<3x5x2xf32>
  %t = linalg.tanh ins(%g : tensor<3x5x2xf32>) outs(%e : tensor<3x5x2xf32>) -> tensor<3x5x2xf32>
  %y = linalg.mul ins(%t, %v : tensor<3x5x2xf32>, tensor<3x5x2xf32>) outs(%e : tensor<3x5x2xf32>) -> tensor<3x5x2xf32>
  return %y : tensor<3x5x2xf32>
}
