func.func @f(%x: tensor<33x40xi8>, %w: tensor<40x70xi8>, %y: tensor<33x70xi32>) -> tensor<33x70xi32> {
  %r = linalg.matmul ins(%x, %w : tensor<33x40xi8>, tensor<40x70xi8>) outs(%y : tensor<33x70xi32>) -> tensor<33x70xi32>
  return %r : tensor<33x70xi32>
}
