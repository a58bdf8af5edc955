func.func @swiglu(%x: tensor<5x16xf32>, %wg: tensor<16x24xf32>,
                  %wv: tensor<16x24xf32>, %y: tensor<5x24xf32>)
    -> tensor<5x24xf32> {
  %r = glu.gated_projection silu
         gate(%x, %wg : tensor<5x16xf32>, tensor<16x24xf32>)
         value(%x, %wv : tensor<5x16xf32>, tensor<16x24xf32>)
         outs(%y : tensor<5x24xf32>) -> tensor<5x24xf32>
  return %r : tensor<5x24xf32>
}
