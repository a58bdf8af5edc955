func.func @f(%x: tensor<?x16xf32>, %wg: tensor<16x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %r = glu.gated_projection silu gate(%x, %wg : tensor<?x16xf32>, tensor<16x8xf32>)
    value(%x, %wg : tensor<?x16xf32>, tensor<16x8xf32>) outs(%y : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %r : tensor<?x8xf32>
}
