func.func @double(%x: tensor<4xbf16>) -> tensor<4xbf16> {
  %r = linalg.add ins(%x, %x : tensor<4xbf16>, tensor<4xbf16>) outs(%x : tensor<4xbf16>) -> tensor<4xbf16>
  return %r : tensor<4xbf16>
}
