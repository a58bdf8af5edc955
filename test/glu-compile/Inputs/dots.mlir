// Products of narrow matrices, of sizes that no tile divides.
func.func @bf16(%x: tensor<11x37xbf16>, %w: tensor<37x53xbf16>) -> tensor<11x53xf32> {
  %zero = arith.constant dense<0.0> : tensor<11x53xf32>
  %y = linalg.matmul ins(%x, %w : tensor<11x37xbf16>, tensor<37x53xbf16>) outs(%zero : tensor<11x53xf32>) -> tensor<11x53xf32>
  return %y : tensor<11x53xf32>
}

func.func @int8(%x: tensor<11x37xi8>, %w: tensor<37x53xi8>) -> tensor<11x53xi32> {
  %zero = arith.constant dense<0> : tensor<11x53xi32>
  %y = linalg.matmul ins(%x, %w : tensor<11x37xi8>, tensor<37x53xi8>) outs(%zero : tensor<11x53xi32>) -> tensor<11x53xi32>
  return %y : tensor<11x53xi32>
}
