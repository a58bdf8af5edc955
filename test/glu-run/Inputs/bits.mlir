// Has no meaning in f64.
func.func @bits(%x: tensor<4xf32>) -> tensor<4xi32> {
  %r = arith.bitcast %x : tensor<4xf32> to tensor<4xi32>
  return %r : tensor<4xi32>
}
