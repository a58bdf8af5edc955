func.func @meet(%x: tensor<?x?xf32>, %w: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %r = linalg.matmul ins(%x, %w : tensor<?x?xf32>, tensor<?x2xf32>) outs(%y : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}
