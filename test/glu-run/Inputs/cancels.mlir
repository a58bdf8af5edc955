// Loses all digits in f32, and none in f64.
func.func @cancels(%x: tensor<?xf32>) -> tensor<?xf32> {
  %big = arith.constant 1.0e+09 : f32
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%x : tensor<?xf32>) {
  ^bb0(%a: f32):
    %0 = arith.addf %a, %big : f32
    %1 = arith.subf %0, %big : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}
