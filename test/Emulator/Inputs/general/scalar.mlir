#id = affine_map<(d0) -> (d0)>
#s = affine_map<(d0) -> ()>
func.func @f(%x: tensor<33xf32>) -> (f32, tensor<33xf32>) {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %i = linalg.fill ins(%z : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %r = linalg.generic {indexing_maps = [#id, #s], iterator_types = ["reduction"]} ins(%x : tensor<33xf32>) outs(%i : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %t = arith.addf %a, %o : f32
    linalg.yield %t : f32
  } -> tensor<f32>
  %v = tensor.extract %r[] : tensor<f32>
  %c = arith.constant dense<2.0> : tensor<33xf32>
  %w = linalg.elementwise kind=#linalg.elementwise_kind<mul> ins(%x, %c : tensor<33xf32>, tensor<33xf32>) outs(%x : tensor<33xf32>) -> tensor<33xf32>
  return %v, %w : f32, tensor<33xf32>
}
