// SwiGLU and its down projection, weights out x in.
func.func @ffn(%x: tensor<48x128xbf16>, %g: tensor<128x128xbf16>, %v: tensor<128x128xbf16>, %d: tensor<128x128xbf16>) -> tensor<48x128xbf16> {
  %e = tensor.empty() : tensor<48x128xbf16>
  %h = glu.gated_projection silu
    gate(%x, %g : tensor<48x128xbf16>, tensor<128x128xbf16>)
    value(%x, %v : tensor<48x128xbf16>, tensor<128x128xbf16>)
    outs(%e : tensor<48x128xbf16>) attributes {indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (m, n)>]} -> tensor<48x128xbf16>
  %zero = arith.constant dense<0.0> : tensor<48x128xbf16>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%h, %d : tensor<48x128xbf16>, tensor<128x128xbf16>) outs(%zero : tensor<48x128xbf16>) -> tensor<48x128xbf16>
  return %y : tensor<48x128xbf16>
}
