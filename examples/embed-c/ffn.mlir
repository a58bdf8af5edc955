// A feed-forward as Llama has it: y = (silu(x Wg) * (x Wu)) Wd, for any number
// of rows of x.

#id = affine_map<(m, n) -> (m, n)>
func.func @ffn(%x: tensor<?x64xf32>, %w_gate: tensor<64x176xf32>,
               %w_up: tensor<64x176xf32>, %w_down: tensor<176x64xf32>)
    -> tensor<?x64xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %rows = tensor.dim %x, %c0 : tensor<?x64xf32>
  %wide = tensor.empty(%rows) : tensor<?x176xf32>
  %init = linalg.fill ins(%zero : f32) outs(%wide : tensor<?x176xf32>) -> tensor<?x176xf32>
  %gate = linalg.matmul ins(%x, %w_gate : tensor<?x64xf32>, tensor<64x176xf32>)
                        outs(%init : tensor<?x176xf32>) -> tensor<?x176xf32>
  %up = linalg.matmul ins(%x, %w_up : tensor<?x64xf32>, tensor<64x176xf32>)
                      outs(%init : tensor<?x176xf32>) -> tensor<?x176xf32>
  %hidden = linalg.generic {indexing_maps = [#id, #id, #id],
                            iterator_types = ["parallel", "parallel"]}
      ins(%gate, %up : tensor<?x176xf32>, tensor<?x176xf32>)
      outs(%wide : tensor<?x176xf32>) {
  ^bb0(%g: f32, %v: f32, %unused: f32):
    %minus = arith.negf %g : f32
    %exp = math.exp %minus : f32
    %sum = arith.addf %exp, %one : f32
    %silu = arith.divf %g, %sum : f32
    %y = arith.mulf %silu, %v : f32
    linalg.yield %y : f32
  } -> tensor<?x176xf32>
  %narrow = tensor.empty(%rows) : tensor<?x64xf32>
  %init_down = linalg.fill ins(%zero : f32) outs(%narrow : tensor<?x64xf32>) -> tensor<?x64xf32>
  %down = linalg.matmul ins(%hidden, %w_down : tensor<?x176xf32>, tensor<176x64xf32>)
                        outs(%init_down : tensor<?x64xf32>) -> tensor<?x64xf32>
  return %down : tensor<?x64xf32>
}
