func.func @f(%x: tensor<33x40xf8E4M3FN>, %wg: tensor<40x70xf8E4M3FN>, %wv: tensor<40x70xf8E4M3FN>, %y: tensor<33x70xf16>) -> tensor<33x70xf16> {
  %r = glu.gated_projection silu gate(%x, %wg : tensor<33x40xf8E4M3FN>, tensor<40x70xf8E4M3FN>)
    value(%x, %wv : tensor<33x40xf8E4M3FN>, tensor<40x70xf8E4M3FN>) outs(%y : tensor<33x70xf16>) -> tensor<33x70xf16>
  return %r : tensor<33x70xf16>
}
