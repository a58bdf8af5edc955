func.func @f(%x: tensor<7x33xf32>, %y: tensor<7x33xf32>) -> tensor<7x33xf32> {
  %r = linalg.softmax dimension(1) ins(%x : tensor<7x33xf32>) outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return %r : tensor<7x33xf32>
}
