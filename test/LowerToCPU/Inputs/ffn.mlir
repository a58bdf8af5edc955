// SwiGLU and its down projection, weights out x in.
func.func @ffn(%x: tensor<48x64xf32>, %g: tensor<128x64xf32>, %v: tensor<128x64xf32>, %d: tensor<64x128xf32>) -> tensor<48x64xf32> {
  %e = tensor.empty() : tensor<48x128xf32>
  %h = glu.gated_projection silu
    gate(%x, %g : tensor<48x64xf32>, tensor<128x64xf32>)
    value(%x, %v : tensor<48x64xf32>, tensor<128x64xf32>)
    outs(%e : tensor<48x128xf32>) attributes {indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, n)>]} -> tensor<48x128xf32>
  %zero = arith.constant dense<0.0> : tensor<48x64xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%h, %d : tensor<48x128xf32>, tensor<64x128xf32>) outs(%zero : tensor<48x64xf32>) -> tensor<48x64xf32>
  return %y : tensor<48x64xf32>
}
